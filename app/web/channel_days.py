"""A channel's numbers per day as a table, four weeks at a time, with its breaks."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn
from app.domain.errors import NotFound
from app.domain.metrics import breaks_seen
from app.domain.networks import NetworkKind, Realm
from app.domain.readings import Basis
from app.foundation import clock
from app.queries import channel_days, channels
from app.web import paging
from app.web.rendering import render
from app.words import metrics as words

router = APIRouter()
WEEKS = timedelta(days=28)
COLUMNS = ("followers", "reach", "views", "engagement", "visits")


@router.get("/channels/{channel_id}/days")
def listed(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    channel_id: int,
    until: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The page. `until`: the last day shown, else today."""
    scope, today = viewer.actor.scope, clock.now().date()
    channel = channels.channel(session, scope, channel_id)
    if channel.network is NetworkKind.MANUAL:
        raise NotFound
    last = min(_day(until) or today, today)
    # One day more than is shown, so that a break on the first of them is seen.
    rows = channel_days.days(session, scope, channel_id, last - WEEKS, last)
    seen = breaks_seen((row.day, row.sources) for row in reversed(rows))
    shown = [row for row in rows if row.day > last - WEEKS]
    here = f"/channels/{channel.id}/days"
    return render(
        request,
        "channels/days.html",
        channel=channel,
        practice=channel.realm is Realm.PRACTICE,
        rows=shown,
        columns=[
            (name, words.name(name, viewer.locale), words.meaning(name, viewer.locale)) for name in COLUMNS
        ],
        breaks=[words.broken(one, viewer.locale) for one in seen],
        by_posts=words.by_posts(viewer.locale) if any(row.basis is Basis.POSTS for row in shown) else "",
        earlier=paging.address(here, until=(last - WEEKS).isoformat()) if len(rows) > len(shown) else "",
        later=paging.address(here, until=(last + WEEKS).isoformat()) if last < today else "",
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 2000 else None  # long before there was any of this
