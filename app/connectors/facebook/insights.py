"""The numbers of many posts: fifty to a call, and names that died are found and left out.

One name that Facebook no longer knows fails a post's whole answer with code 100, and one missing permission
does so with code 10 or 200. Then each name is asked alone, of one post, and the posts are asked again without
the bad ones. Source: Meta, Graph API reference, Page Insights; batch requests; field expansion.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.connectors.contract import Access, Numbered, Numbers
from app.connectors.facebook import errors
from app.connectors.facebook.profile import COUNTS, INSIGHTS, PROFILE
from app.connectors.meta_graph import BATCH_MOST, Batch, Graph, GraphError
from app.connectors.reasons import Reason

_SOURCES = {**INSIGHTS, **COUNTS}
_UNKNOWN_NAME = (100, 3001, 12)


@dataclass(frozen=True)
class _Round:
    numbers: tuple[Numbers, ...]
    refused: tuple[str, ...]


def read(graph: Graph, access: Access, remote_ids: Sequence[str], dead: Sequence[str]) -> Numbered:
    """Numbers of posts by id. Raises RateLimited, Reconnect (token), or RetryLater if nothing is told.

    A missing permission for numbers does not raise: what it hides is None.
    """
    names = tuple(name for name in _SOURCES.values() if name not in dead)
    numbers: list[Numbers] = []
    died: set[str] = set()
    for start in range(0, len(remote_ids), BATCH_MOST):
        first = _ask(graph, access, remote_ids[start : start + BATCH_MOST], names)
        numbers += first.numbers
        if first.refused:
            names, unknown = _probe(graph, access, first.refused[0], names)
            died |= unknown
            numbers += _ask(graph, access, first.refused, names).numbers
    return Numbered(tuple(numbers), tuple(sorted(died)))


def _ask(graph: Graph, access: Access, remote_ids: Sequence[str], names: tuple[str, ...]) -> _Round:
    batch = _batch(graph, access, [f"{one}?{_fields(names)}" for one in remote_ids])
    numbers: list[Numbers] = []
    refused: list[str] = []
    for remote_id, item in zip(remote_ids, batch.items, strict=True):
        if isinstance(item, GraphError):
            verdict, _ = errors.rule_for(item)
            if verdict is errors.Verdict.GONE:
                numbers.append(Numbers(remote_id, {}, {}, batch.network_at, gone=True))
            elif verdict is not errors.Verdict.DOUBT:
                refused.append(remote_id)
        elif item is not None:
            numbers.append(_numbers(remote_id, item, names, batch))
    return _Round(tuple(numbers), tuple(refused))


def _probe(
    graph: Graph, access: Access, remote_id: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], set[str]]:
    """Each name alone, of one post: the names that answer, and those that Facebook does not know.

    Should none of them be known, then it is the post that is odd: all stay.
    """
    batch = _batch(graph, access, [f"{remote_id}?{_fields((name,))}" for name in names])
    answers = dict(zip(names, batch.items, strict=True))
    good = tuple(name for name, item in answers.items() if not isinstance(item, GraphError))
    unknown = {
        name
        for name, item in answers.items()
        if isinstance(item, GraphError) and item.code in _UNKNOWN_NAME and item.subcode != 33
    }
    return (names, set()) if unknown == set(names) else (good, unknown)


def _batch(graph: Graph, access: Access, urls: Sequence[str]) -> Batch:
    """A batch in which nothing was refused for the token's or the allowance's sake; that raises for all."""
    with errors.reading():
        batch = graph.batch(access, urls)
    for item in batch.items:
        if isinstance(item, GraphError) and _concerns_all(item):
            raise errors.failure_for(item, errors.Call.READ)
    return batch


def _concerns_all(error: GraphError) -> bool:
    verdict, reason = errors.rule_for(error)
    missing_only = reason is Reason.PERMISSION_MISSING
    return verdict is errors.Verdict.LIMITED or (verdict is errors.Verdict.RECONNECT and not missing_only)


def _fields(names: tuple[str, ...]) -> str:
    metrics = ",".join(name for name in names if name in INSIGHTS.values())
    fields = ["id", *(_field(name) for name in names if name in COUNTS.values())]
    if metrics:
        fields.append(f"insights.metric({metrics})")
    return urlencode({"fields": ",".join(fields)}, safe="(),.")


def _field(name: str) -> str:
    return name if name == "shares" else f"{name}.limit(0).summary(true)"


def _numbers(remote_id: str, item: dict[str, Any], names: tuple[str, ...], batch: Batch) -> Numbers:
    found = {**dict(_insights(item)), **dict(_counts(item))}
    values = {metric: found.get(_SOURCES[metric]) for metric in PROFILE.metrics}
    sources = {metric: name for metric, name in _SOURCES.items() if name in names}
    return Numbers(remote_id, values, sources, batch.network_at)


def _insights(item: dict[str, Any]) -> Iterator[tuple[str, int]]:
    # No row, or a row without values, is "not told yet" and not a zero.
    for row in (item.get("insights") or {}).get("data") or ():
        values = row.get("values") or ()
        value = values[0].get("value") if values else None
        if isinstance(value, int):
            yield str(row.get("name")), value


def _counts(item: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name in COUNTS.values():
        told = item.get(name) or {}
        count = told.get("count") if name == "shares" else (told.get("summary") or {}).get("total_count")
        if isinstance(count, int):
            yield name, count
