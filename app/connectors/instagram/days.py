"""Numbers per day of a profile: a question a day, because a total is of the whole time that was asked for.

Source: Meta, Instagram Platform, reference, ig-user/insights (metric_type=total_value).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from app.connectors import meta_days
from app.connectors.contract import Access
from app.connectors.day_numbers import DayNumbers, DaysTold
from app.connectors.instagram import errors
from app.connectors.meta_graph import Graph
from app.domain.metrics import About, today
from app.domain.networks import NetworkKind

SOURCES = today(NetworkKind.INSTAGRAM, About.DAY, insight=True)
FIELDS = today(NetworkKind.INSTAGRAM, About.DAY, insight=False)


def days(graph: Graph, access: Access, since: date, until: date, dead: Sequence[str]) -> DaysTold:
    """See `contract.Network.days`; of followers only how many there are now is told."""
    wanted = {ours: theirs for ours, theirs in SOURCES.items() if theirs not in dead}
    span = meta_days.span(since, until)

    def addresses(names: Sequence[str]) -> list[str]:
        return [_address(access, names, day) for day in span]

    told = meta_days.ask(graph, access, errors.DICTIONARY, tuple(wanted.values()), addresses)
    sources = {ours: theirs for ours, theirs in wanted.items() if theirs in told.names}
    found = [
        DayNumbers(day, meta_days.by_ours(SOURCES, numbers), sources)
        for day, item in zip(span, told.items, strict=True)
        if (numbers := {name: value for name, value, _ in meta_days.rows(item)})
    ]
    return DaysTold(tuple(found), _followers(graph, access), told.dead)


def _address(access: Access, names: Sequence[str], day: date) -> str:
    asked = {
        "metric": ",".join(names),
        "period": "day",
        "metric_type": "total_value",
        "since": str(int(meta_days.midnight(day).timestamp())),
        "until": str(int(meta_days.midnight(day + timedelta(days=1)).timestamp())),
    }
    return f"{access.remote_id}/insights?{urlencode(asked, safe=',')}"


def _followers(graph: Graph, access: Access) -> int | None:
    field = FIELDS["followers"]
    with errors.reading():
        reply = graph.ask(access, "GET", access.remote_id, {"fields": field})
    count = reply.data.get(field)
    return count if isinstance(count, int) else None
