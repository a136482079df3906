"""Numbers per day of a page. Facebook's days end at midnight in California.

A page with fewer than a hundred likes is told nothing but its followers. Source: Meta, Page Insights.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from app.connectors import meta_days
from app.connectors.contract import Access
from app.connectors.day_numbers import DayNumbers, DaysTold
from app.connectors.facebook.errors import DICTIONARY
from app.connectors.meta_graph import Graph
from app.domain.metrics import About, today
from app.domain.networks import NetworkKind

SOURCES = today(NetworkKind.FACEBOOK, About.DAY, insight=True)
# Meta takes at most 90 days in one question; two are added at its ends, because its days are not ours.
_DAYS_MOST = 85
_HALF = timedelta(hours=12)
_FOLLOWERS = "followers_count"


def days(graph: Graph, access: Access, since: date, until: date, dead: Sequence[str]) -> DaysTold:
    """See `contract.Network.days`."""
    wanted = {ours: theirs for ours, theirs in SOURCES.items() if theirs not in dead}
    windows = _windows(since, until)

    def addresses(names: Sequence[str]) -> list[str]:
        return [_address(access, names, *window) for window in windows]

    told = meta_days.ask(graph, access, DICTIONARY, tuple(wanted.values()), addresses)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for item in told.items:
        for name, value, end in meta_days.rows(item):
            if end and since <= (end - _HALF).date() < until:
                found[(end - _HALF).date()][name] = value
    sources = {ours: theirs for ours, theirs in wanted.items() if theirs in told.names}
    numbers = [DayNumbers(day, meta_days.by_ours(SOURCES, found[day]), sources) for day in sorted(found)]
    return DaysTold(tuple(numbers), _followers(graph, access), told.dead)


def _windows(since: date, until: date) -> list[tuple[date, date]]:
    step = timedelta(days=_DAYS_MOST)
    count = max(-(-(until - since).days // _DAYS_MOST), 1)
    return [(since + n * step, min(since + (n + 1) * step, until)) for n in range(count)]


def _address(access: Access, names: Sequence[str], since: date, until: date) -> str:
    day = timedelta(days=1)
    asked = {
        "metric": ",".join(names),
        "period": "day",
        "since": str(int(meta_days.midnight(since - day).timestamp())),
        "until": str(int(meta_days.midnight(until + day).timestamp())),
    }
    return f"{access.remote_id}/insights?{urlencode(asked, safe=',')}"


def _followers(graph: Graph, access: Access) -> int | None:
    with DICTIONARY.reading():
        reply = graph.ask(access, "GET", access.remote_id, {"fields": _FOLLOWERS})
    count = reply.data.get(_FOLLOWERS)
    return count if isinstance(count, int) else None
