"""The numbers of many posts: fifty to a call, and names that died are found and left out.

One name that Meta no longer knows fails a post's whole answer with code 100, and one missing permission does
so with code 10 or 200. Then each name is asked alone, of one post, and the posts are asked again without the
bad ones. Source: Meta, Graph API, batch requests, field expansion; Page Insights; Instagram media insights.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.connectors.contract import Access, Numbered, Numbers
from app.connectors.meta_errors import Call, Dictionary, Verdict
from app.connectors.meta_graph import BATCH_MOST, Batch, Graph, GraphError
from app.connectors.reasons import Reason

UNKNOWN_NAME = (100, 3001, 12)


def batch_of(dictionary: Dictionary, graph: Graph, access: Access, urls: Sequence[str]) -> Batch:
    """A batch in which nothing was refused for the token's or the allowance's sake; that raises."""
    with dictionary.reading():
        batch = graph.batch(access, urls)
    for item in batch.items:
        if isinstance(item, GraphError) and _concerns_all(dictionary, item):
            raise dictionary.failure_for(item, Call.READ)
    return batch


def _concerns_all(dictionary: Dictionary, error: GraphError) -> bool:
    verdict, reason = dictionary.rule_for(error)
    missing_only = reason is Reason.PERMISSION_MISSING
    return verdict is Verdict.LIMITED or (verdict is Verdict.RECONNECT and not missing_only)


@dataclass(frozen=True)
class _Round:
    numbers: tuple[Numbers, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Numbering:
    """How one network is asked: our metric name -> insight, or -> field of the post.

    `field`: how a field is written; `counted`: its count in a post's answer, None where it is not told.
    `vague`: a name that does not fit a post is answered as trouble, without a number of its own.
    """

    insights: Mapping[str, str]
    counts: Mapping[str, str]
    metrics: tuple[str, ...]
    dictionary: Dictionary
    field: Callable[[str], str]
    counted: Callable[[str, dict[str, Any]], Any]
    vague: bool = False

    def read(self, graph: Graph, access: Access, remote_ids: Sequence[str], dead: Sequence[str]) -> Numbered:
        """Numbers of posts by id. Raises RateLimited, Reconnect (token), or RetryLater if nothing is told.

        A missing permission for numbers does not raise: what it hides is None.
        """
        names = tuple(name for name in self._sources.values() if name not in dead)
        numbers: list[Numbers] = []
        died: set[str] = set()
        for start in range(0, len(remote_ids), BATCH_MOST):
            first = self._ask(graph, access, remote_ids[start : start + BATCH_MOST], names)
            numbers += first.numbers
            if first.refused:
                names, unknown = self._probe(graph, access, first.refused[0], names)
                died |= unknown
                numbers += self._ask(graph, access, first.refused, names).numbers
        return Numbered(tuple(numbers), tuple(sorted(died)))

    @property
    def _sources(self) -> dict[str, str]:
        return {**self.insights, **self.counts}

    def _ask(self, graph: Graph, access: Access, remote_ids: Sequence[str], names: tuple[str, ...]) -> _Round:
        batch = self._batch(graph, access, [f"{one}?{self._fields(names)}" for one in remote_ids])
        numbers: list[Numbers] = []
        refused: list[str] = []
        for remote_id, item in zip(remote_ids, batch.items, strict=True):
            if isinstance(item, GraphError):
                verdict, _ = self.dictionary.rule_for(item)
                if verdict is Verdict.GONE:
                    numbers.append(Numbers(remote_id, {}, {}, batch.network_at, gone=True))
                elif self.vague or verdict is not Verdict.DOUBT:
                    refused.append(remote_id)
            elif item is not None:
                numbers.append(self._numbers(remote_id, item, names, batch))
        return _Round(tuple(numbers), tuple(refused))

    def _probe(
        self, graph: Graph, access: Access, remote_id: str, names: tuple[str, ...]
    ) -> tuple[tuple[str, ...], set[str]]:
        """Each name alone, of one post: the names that answer, and those that Meta does not know.

        Should none of them be known, or where trouble is vague none answer, then it is the post that is odd:
        all stay.
        """
        batch = self._batch(graph, access, [f"{remote_id}?{self._fields((name,))}" for name in names])
        answers = dict(zip(names, batch.items, strict=True))
        good = tuple(name for name, item in answers.items() if not isinstance(item, GraphError))
        unknown = {
            name
            for name, item in answers.items()
            if isinstance(item, GraphError) and item.code in UNKNOWN_NAME and item.subcode != 33
        }
        odd = unknown == set(names) or (self.vague and not good)
        return (names, set()) if odd else (good, unknown)

    def _batch(self, graph: Graph, access: Access, urls: Sequence[str]) -> Batch:
        return batch_of(self.dictionary, graph, access, urls)

    def _fields(self, names: tuple[str, ...]) -> str:
        metrics = ",".join(name for name in names if name in self.insights.values())
        fields = ["id", *(self.field(name) for name in names if name in self.counts.values())]
        if metrics:
            fields.append(f"insights.metric({metrics})")
        return urlencode({"fields": ",".join(fields)}, safe="(),.")

    def _numbers(self, remote_id: str, item: dict[str, Any], names: tuple[str, ...], batch: Batch) -> Numbers:
        found = {**dict(_insights(item)), **dict(self._counts(item))}
        values = {metric: found.get(self._sources.get(metric, "")) for metric in self.metrics}
        sources = {metric: name for metric, name in self._sources.items() if name in names}
        return Numbers(remote_id, values, sources, batch.network_at)

    def _counts(self, item: dict[str, Any]) -> Iterator[tuple[str, int]]:
        for name in self.counts.values():
            count = self.counted(name, item)
            if isinstance(count, int):
                yield name, count


def _insights(item: dict[str, Any]) -> Iterator[tuple[str, int]]:
    # No row, or a row without values, is "not told yet" and not a zero.
    for row in (item.get("insights") or {}).get("data") or ():
        values = row.get("values") or ()
        value = values[0].get("value") if values else None
        if isinstance(value, int):
            yield str(row.get("name")), value
