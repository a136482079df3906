"""A channel's numbers per day, apart from those of its posts."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from app.api.paging import Listed, whole
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Reads
from app.dependencies.viewers import ByToken
from app.domain.errors import Invalid
from app.domain.readings import Basis
from app.foundation import clock
from app.queries import channel_days

router = api_router(prefix="/channels/{channel_id}/days", tags=["channels"])
USUAL, MOST = timedelta(days=28), timedelta(days=366)


class ChannelDayOut(Shape):
    """One day as the network counts days. Null: not told, never 0. `reach` is never added over days.

    `basis` posts: the network tells nothing of so small a page; `engagement` is that of the day's posts.
    `sources`: our name -> the network's; where these differ, two days can't be compared.
    """

    day: date
    followers: int | None
    reach: int | None
    views: int | None
    engagement: int | None
    visits: int | None
    basis: Basis
    api_version: str
    sources: dict[str, str]


@router.get("")
def listed(
    viewer: ByToken,
    session: Reads,
    channel_id: PathId,
    first: Annotated[date | None, Query(alias="from", description="Without: four weeks earlier.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Without: today.")] = None,
) -> Listed[ChannelDayOut]:
    """Days of a channel, the newest first, at most a year of them."""
    until = last or clock.now().date()
    since = first or max(until, date.min + USUAL) - USUAL
    if until < since:
        raise Invalid("period_backwards", "to")
    if until - since > MOST:
        raise Invalid("days_too_many", "from")
    rows = channel_days.days(session, viewer.actor.scope, channel_id, since, until)
    return whole(rows, ChannelDayOut.model_validate)
