"""Long lists of Meta's, walked to a point in time: pages may be short or empty before the end.

Source: Meta, Graph API, paginated results; too much data in one call is code 1 and asks for fewer rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.connectors.contract import Access
from app.connectors.meta_graph import Graph, Refused, Reply, following
from app.foundation import clock

PAGES_MOST = 40
_LIMIT, _LIMIT_LEAST = 100, 6
_TOO_MUCH = 1
_EARLY = timedelta(seconds=5)
Row = dict[str, Any]


@dataclass
class Walk:
    """What a walk found, newest first. `whole`: everything since then. `ahead`: how far the network's clock
    is ahead of ours."""

    rows: list[Row] = field(default_factory=list)
    whole: bool = False
    ahead: timedelta = timedelta(0)
    network_at: datetime | None = None


def walk(
    graph: Graph,
    access: Access,
    path: str,
    fields: str,
    since: datetime,
    made_at: Callable[[Row], datetime | None],
) -> Walk:
    """Rows of a list, newest first, back to `since` (UTC, our clock). Raises as `Graph.ask`.

    `made_at`: when a row was made by the network's clock, None where it is not told: then it counts as new.
    """
    found, limit, after = Walk(), _LIMIT, ""
    for _ in range(PAGES_MOST):
        asked = {"fields": fields, "limit": str(limit), **({"after": after} if after else {})}
        try:
            reply = graph.ask(access, "GET", path, asked)
        except Refused as refused:
            if refused.error.code != _TOO_MUCH or limit <= _LIMIT_LEAST:
                raise
            limit //= 2
            continue
        _note_time(found, reply)
        rows = [row for row in reply.data.get("data") or () if isinstance(row, dict)]
        newer = [row for row in rows if _is_newer(made_at(row), since - _EARLY + found.ahead)]
        found.rows += newer
        after = following(reply.data)
        if not after or (rows and not newer):
            found.whole = True
            return found
    return found


def _note_time(found: Walk, reply: Reply) -> None:
    if reply.network_at:
        found.network_at, found.ahead = reply.network_at, reply.network_at - clock.now()


def _is_newer(made: datetime | None, then: datetime) -> bool:
    return made is None or made >= then
