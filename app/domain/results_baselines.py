"""Baselines: what a channel's comparable posts of the 90 days before a post reached, itself left out."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from app.domain.results import BASELINE, FEW, Baseline, rate


@dataclass(frozen=True)
class Comparable:
    """One post with its figures at 7 days. `group`: what comparable posts share (channel, format, paid)."""

    key: int
    group: Hashable
    published_at: datetime
    reach: int | None
    engagement: int | None
    reach_basis: int = 0
    engagement_basis: int = 0


Usual = tuple[float | None, int]  # the median, None under 8 posts; how many posts it is of
Measure = Callable[
    [Comparable], tuple[Hashable, float | None]
]  # what a figure must share with others; itself


def baselines(posts: Iterable[Comparable]) -> dict[int, Baseline]:
    """The baseline of each post, by its key.

    It looks back 90 days from the post, at posts published before it and never after, so that a baseline does
    not change as newer posts come. Figures on another basis than the post's own are left out.
    """
    found = sorted(posts, key=lambda one: one.published_at)
    reach, engagement, rates = (_usual(found, measure) for measure in (_reach, _engagement, _rate))
    return {one.key: _baseline(reach[one.key], engagement[one.key], rates[one.key]) for one in found}


def _baseline(reach: Usual, engagement: Usual, rates: Usual) -> Baseline:
    return Baseline(reach[0], engagement[0], rates[0], reach[1], engagement[1], rates[1])


def _reach(one: Comparable) -> tuple[Hashable, float | None]:
    return (one.group, one.reach_basis), one.reach


def _engagement(one: Comparable) -> tuple[Hashable, float | None]:
    return (one.group, one.engagement_basis), one.engagement


def _rate(one: Comparable) -> tuple[Hashable, float | None]:
    return (one.group, one.reach_basis, one.engagement_basis), rate(one.engagement, one.reach)


def _usual(posts: Sequence[Comparable], measure: Measure) -> dict[int, Usual]:
    """For each of the posts, which come in order of time, the middle of those before it."""
    alike: dict[Hashable, list[tuple[Comparable, float | None]]] = defaultdict(list)
    for one in posts:
        group, value = measure(one)
        alike[group].append((one, value))
    return {key: usual for its in alike.values() for key, usual in _walk(its)}


def _walk(posts: Sequence[tuple[Comparable, float | None]]) -> Iterator[tuple[int, Usual]]:
    """Along comparable posts, with the figures of the window before each kept in order of size."""
    window: list[float] = []
    newest = oldest = 0
    for one, _value in posts:
        while posts[newest][0].published_at < one.published_at:
            _put(window, posts[newest][1])
            newest += 1
        while oldest < newest and posts[oldest][0].published_at < one.published_at - BASELINE:
            _take(window, posts[oldest][1])
            oldest += 1
        yield one.key, (median(window) if len(window) >= FEW else None, len(window))


def _put(window: list[float], value: float | None) -> None:
    if value is not None:
        insort(window, value)


def _take(window: list[float], value: float | None) -> None:
    if value is not None:
        del window[bisect_left(window, value)]
