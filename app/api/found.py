"""Posts that were not made here but found on the page: listed, and what they are said for many at once."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import found
from app.actions.found import PaidInput, TonesInput
from app.actions.inputs import ID_MOST
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.errors import NotFound
from app.domain.networks import Format, NetworkKind, Realm
from app.domain.posts import Tone
from app.domain.results import Paid
from app.queries import found as questions
from app.queries.found import Told, Wanted

router = api_router(prefix="/found-posts", tags=["found posts"])


class FoundOut(Shape):
    """One post that somebody made in the network's own tools. `text`: its beginning. `tone` null and not
    `left_out`: it waits for its tone. `paid`: what people said about money behind it. `gone_at`: since when
    it is no longer there.
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
    paid: Paid
    paid_by: str | None
    paid_at: datetime | None
    gone_at: datetime | None


class SaidOut(Shape):
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
    paid: Paid | None = None,
) -> Listed[FoundOut]:
    """Posts found on the channels that your units use, the newest first; for those who write posts there."""
    wanted = Wanted(told, channel, tone, paid)
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


@router.post("/tones", response_model=SaidOut)
def say(viewer: ByToken, sent: Sent, data: TonesInput) -> Response:
    """Say the tones of many at once; null takes one back. Should one be out of reach, none is changed."""

    def work(session: Session) -> SaidOut:
        return SaidOut(done=list(found.say(session, viewer.actor, data).done))

    return sent.once(200, work)


@router.post("/paid", response_model=SaidOut)
def say_paid(viewer: ByToken, sent: Sent, data: PaidInput) -> Response:
    """Say of many at once whether they were paid for; "unknown" takes it back.

    Should one be out of reach, none is changed.
    """

    def work(session: Session) -> SaidOut:
        found.say_paid(session, viewer.actor, data)
        return SaidOut(done=sorted(one.id for one in data.posts))

    return sent.once(200, work)
