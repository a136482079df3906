"""Numbers per day: many days in one call, and names that died are found and left out.

One name that Meta no longer knows fails the whole answer with code 100; then each name is asked alone, and
the days are asked again without the bad ones. Source: Meta, Page Insights; Instagram user insights; batches.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.connectors.contract import Access
from app.connectors.meta_errors import Dictionary
from app.connectors.meta_graph import BATCH_MOST, Graph, GraphError
from app.connectors.meta_insights import UNKNOWN_NAME, batch_of

# The addresses to ask some names at.
Addresses = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Asked:
    """The answers to some addresses in their order, None where nothing was told; the names that answered.

    `network_at`: the network's time at the answer (UTC), None when it is not told.
    """

    items: list[dict[str, Any] | None]
    names: tuple[str, ...]
    dead: tuple[str, ...] = ()
    network_at: datetime | None = None


def ask(
    graph: Graph, access: Access, dictionary: Dictionary, names: Sequence[str], addresses: Addresses
) -> Asked:
    """Ask some names. Raises RateLimited, Reconnect (token), RetryLater; a missing permission tells nothing.

    Should none of several names be known, it is the question that is odd: none of them is called dead.
    """
    first, network_at = _items(graph, access, dictionary, addresses(names))
    if not any(isinstance(item, GraphError) and _is_unknown(item) for item in first):
        return Asked([_told(item) for item in first], tuple(names), (), network_at)
    alone, _ = _items(graph, access, dictionary, [addresses((name,))[0] for name in names])
    dead = tuple(
        name
        for name, item in zip(names, alone, strict=True)
        if isinstance(item, GraphError) and _is_unknown(item)
    )
    good = tuple(name for name in names if name not in dead)
    if not good:
        return Asked([None] * len(first), (), dead if len(names) == 1 else ())
    items, network_at = _items(graph, access, dictionary, addresses(good))
    return Asked([_told(item) for item in items], good, dead, network_at)


def _items(
    graph: Graph, access: Access, dictionary: Dictionary, urls: Sequence[str]
) -> tuple[list[dict[str, Any] | GraphError | None], datetime | None]:
    found: list[dict[str, Any] | GraphError | None] = []
    network_at = None
    for start in range(0, len(urls), BATCH_MOST):
        batch = batch_of(dictionary, graph, access, urls[start : start + BATCH_MOST])
        found += batch.items
        network_at = batch.network_at
    return found, network_at


def _is_unknown(error: GraphError) -> bool:
    return error.code in UNKNOWN_NAME and error.subcode != 33


def _told(item: dict[str, Any] | GraphError | None) -> dict[str, Any] | None:
    return item if isinstance(item, dict) else None


def rows(item: dict[str, Any] | None) -> Iterator[tuple[str, int, datetime | None]]:
    """Each name with its numbers, and the end of the time that each is about, where that is told."""
    for row in (item or {}).get("data") or ():
        name, total = str(row.get("name")), (row.get("total_value") or {}).get("value")
        if isinstance(total, int):
            yield name, total, None
        for one in row.get("values") or ():
            if isinstance(one.get("value"), int):
                yield name, one["value"], _instant(one.get("end_time"))


def _instant(told: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(told)).astimezone(UTC)
    except ValueError:
        return None


def midnight(day: date) -> datetime:
    """The beginning of a day, UTC."""
    return datetime.combine(day, time.min, UTC)


def span(first: date, last: date) -> list[date]:
    """The days from one to before another."""
    return [first + timedelta(days=n) for n in range((last - first).days)]


def by_ours(sources: Mapping[str, str], found: Mapping[str, int]) -> dict[str, int | None]:
    """Our names -> what was found under the network's, None where nothing was."""
    return {ours: found.get(theirs) for ours, theirs in sources.items()}
