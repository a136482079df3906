"""Posts that were not made here but found on the page: listed, and their tone said for many at once."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import found
from app.actions.found import TonesInput
from app.actions.inputs import ID_MOST
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.shapes import PathId, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.errors import NotFound
from app.domain.networks import Format, NetworkKind, Realm
from app.domain.posts import Tone
from app.queries import found as questions
from app.queries.found import Told, Wanted

router = APIRouter(prefix="/found-posts", tags=["found posts"])


class FoundOut(Shape):
    """One post that somebody made in the network's own tools. `text`: its beginning. `tone` null and not
    `left_out`: it waits for its tone. `gone_at`: since when it is no longer there.
    """

    id: int
    channel_id: int
    channel: str
    network: NetworkKind
    realm: Realm
    unit_id: int
    made_at: datetime
    zone: str
    format: Format
    text: str
    permalink: str
    tone: Tone | None
    left_out: bool
    tone_by: str | None
    tone_at: datetime | None
    gone_at: datetime | None


class TonesOut(Shape):
    """Ids of the posts that have now what was said."""

    done: list[int]


@router.get("")
def listed(
    viewer: ByToken,
    session: Reads,
    page: Paged,
    told: Annotated[Told | None, Query(description="Whether a tone was said; without: all.")] = None,
    tone: Tone | None = None,
    channel: Annotated[int | None, Query(ge=1, le=ID_MOST)] = None,
) -> Listed[FoundOut]:
    """Posts found on the channels that your units use, the newest first; for those who write posts there."""
    wanted = Wanted(told, channel, tone)
    rows = questions.listed(session, viewer.actor.scope, wanted, page.limit + 1, page.moment())
    return page.cut(rows, _place, FoundOut.model_validate)


def _place(row: Any) -> tuple[datetime, int]:
    return row.made_at, row.id


@router.get("/{found_id}")
def one(viewer: ByToken, session: Reads, found_id: PathId) -> FoundOut:
    """One of them."""
    row = questions.one(session, viewer.actor.scope, found_id)
    if row is None:
        raise NotFound
    return FoundOut.model_validate(row)


@router.post("/tones", response_model=TonesOut)
def say(viewer: ByToken, sent: Sent, data: TonesInput) -> Response:
    """Say the tones of many at once; null takes one back. Should one be out of reach, none is changed."""

    def work(session: Session) -> TonesOut:
        return TonesOut(done=list(found.say(session, viewer.actor, data).done))

    return sent.once(200, work)
