"""The calendar feed of the person whose program asks."""

from datetime import datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import feeds
from app.api.paging import Listed, whole
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.queries import feeds as questions

router = api_router(prefix="/feeds", tags=["feeds"])


class FeedOut(Shape):
    """Your feed. `used_at`: when a calendar program last fetched it, null if never."""

    id: int
    created_at: datetime
    used_at: datetime | None


class FeedMade(FeedOut):
    """A new feed. `url` is shown this once; whoever has it reads what you may see of the plan."""

    url: str


@router.get("")
def listed(viewer: ByToken, session: Reads) -> Listed[FeedOut]:
    """Your feed, if you have one."""
    row = questions.own(session, viewer.actor.scope, viewer.person_id)
    return whole([row] if row else [], FeedOut.model_validate)


@router.post("", status_code=201, response_model=FeedMade)
def renew(viewer: ByToken, sent: Sent, settings: Configured) -> Response:
    """Make your feed, or give it a new address; the one before stops working at once."""
    return sent.once(201, lambda session: _renewed(session, viewer, settings.address))


def _renewed(session: Session, viewer: Viewer, address: str) -> FeedMade:
    row, token = feeds.renew(session, viewer.actor)
    return FeedMade(**FeedOut.model_validate(row).model_dump(), url=f"{address}/feeds/{token}.ics")


@router.delete("", status_code=204)
def end(viewer: ByToken, db: Db) -> None:
    """Make your feed's address stop working at once."""
    with db.writes() as session:
        feeds.end(session, viewer.actor)
