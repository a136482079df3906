"""The interval behind a comparison: van Elteren's test by clusters, inverted over shifts of the logarithm.

For a shift the human posts' values are moved back by it, and all posts are ranked within their stratum. The
score is the sum of the human posts' ranks above the middle, each stratum weighed by 1 / (posts + 1) as van
Elteren (1960) does. A cluster's part of the score is what its posts add to it; clusters are independent, so
the sum of their squares is the score's variance (with each stratum's part enlarged for having estimated its
own middle). The shift at which the score is zero is the Hodges-Lehmann estimate; those at which it stays
within the limit are the interval. The limit is Student's, turned to a score whose variance is taken under
the tested shift: with few clusters it is wider. No lots are drawn: the same posts give the same interval.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf, sqrt
from statistics import NormalDist
from typing import NamedTuple

_FINE = 5e-4  # how exactly an end is found, in natural logarithm: 0.05 %
_WIDEST = 12.0  # a ratio of 160,000: beyond, an end counts as open
_MOST_STEPS = 60
_NOUGHT = 1e-9  # a score nearer to zero is zero but for rounding


class Valued(NamedTuple):
    """A post with the logarithm of what is compared."""

    value: float
    human: bool
    stratum: Hashable
    cluster: Hashable


@dataclass(frozen=True)
class Shift:
    """Human less informative, in natural logarithm. `low` and `high` None: no end found there.

    `clusters` and `strata`: counts. `weight`: the clusters' number as if all weighed the same.
    """

    middle: float
    low: float | None
    high: float | None
    clusters: int
    strata: int
    weight: float


class _Entry(NamedTuple):
    """One post within its stratum. `rank`: its midrank among its own side, less the stratum's middle rank.
    `part`: by what its rank is multiplied in its cluster's part of the score."""

    value: float
    rank: float
    cluster: int
    part: float


@dataclass(frozen=True)
class _Layer:
    """A stratum ready to be ranked under any shift. Values are sorted."""

    weight: float
    human: Sequence[_Entry]
    other: Sequence[_Entry]
    human_values: Sequence[float]
    other_values: Sequence[float]


def estimate(posts: Sequence[Valued], confidence: float = 0.95) -> Shift:
    """The shift and its interval. Every stratum must have posts of both kinds; there must be at least one."""
    numbers = {cluster: place for place, cluster in enumerate(dict.fromkeys(one.cluster for one in posts))}
    strata: dict[Hashable, list[Valued]] = defaultdict(list)
    for one in posts:
        strata[one.stratum].append(one)
    layers = [_layer(its, numbers) for its in strata.values()]
    weight = _weight(layers, len(numbers))
    limit = _limit(weight, confidence)

    def score(shift: float) -> float:
        return _score(layers, len(numbers), shift)[0]

    def tested(shift: float) -> float:
        total, spread = _score(layers, len(numbers), shift)
        return total / spread if spread else 0.0  # parts that are all zero make a score of zero

    spread = _spread(layers)
    middle = _middle(score, _centre(layers), spread)
    reach = max(4 * _FINE, spread * 4 / sqrt(len(posts)))
    low = _end(lambda shift: tested(shift) - limit, middle, -reach)
    high = _end(lambda shift: -tested(shift) - limit, middle, reach)
    return Shift(middle, low, high, len(numbers), len(layers), weight)


def _layer(posts: Sequence[Valued], numbers: dict[Hashable, int]) -> _Layer:
    size, humans = len(posts), sum(one.human for one in posts)
    share, weight = humans / size, 1 / (size + 1)
    enlarged = _enlarged(posts, share)
    sides = {}
    for human in (True, False):
        its = sorted((one for one in posts if one.human is human), key=lambda one: one.value)
        ranks = _midranks([one.value for one in its])
        apart = weight * ((1 - share) if human else -share)
        sides[human] = [
            _Entry(one.value, rank - (size + 1) / 2, numbers[one.cluster], apart * enlarged[one.cluster])
            for one, rank in zip(its, ranks, strict=True)
        ]
    human_values, other_values = ([one.value for one in sides[human]] for human in (True, False))
    return _Layer(weight, sides[True], sides[False], human_values, other_values)


def _enlarged(posts: Iterable[Valued], share: float) -> dict[Hashable, float]:
    """By what each cluster's part is multiplied, because its posts pulled the stratum's middle towards them.

    A cluster of one tone pulls by its share of the stratum; one with both tones in the stratum's own
    proportion does not, for what it adds is told apart within itself.
    """
    counts: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    size = 0
    for one in posts:
        counts[one.cluster][one.human] += 1
        size += 1
    found = {}
    for cluster, (others, humans) in counts.items():
        pulled = humans * (1 - share) - others * share
        squares = humans * (1 - share) ** 2 + others * share**2
        found[cluster] = 1 / sqrt(1 - pulled**2 / squares / size)
    return found


def _midranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1 of sorted values; equal ones share the middle of theirs."""
    ranks: list[float] = []
    for _value, same in groupby(values):
        many = len(list(same))
        ranks.extend([len(ranks) + (many + 1) / 2] * many)
    return ranks


def _score(layers: Sequence[_Layer], clusters: int, shift: float) -> tuple[float, float]:
    """The score under a shift, and its standard deviation. Called some thirty times: kept plain and quick."""
    total, parts, below = 0.0, [0.0] * clusters, bisect_left
    for layer in layers:
        others, humans, its = layer.other_values, layer.human_values, 0.0
        for value, rank, cluster, part in layer.human:
            away = rank + below(others, value - shift)
            its += away
            parts[cluster] += part * away
        for value, rank, cluster, part in layer.other:
            parts[cluster] += part * (rank + below(humans, value + shift))
        total += layer.weight * its
    return total, sqrt(sum([part * part for part in parts]))


def _weight(layers: Sequence[_Layer], clusters: int) -> float:
    """How many clusters of equal weight these amount to (their squared sum by the sum of squares)."""
    parts = [0.0] * clusters
    for layer in layers:
        for entry in (*layer.human, *layer.other):
            # Ranks spread in proportion to the size of the stratum, which `weight` has divided by.
            parts[entry.cluster] += (entry.part / layer.weight) ** 2
    return sum(parts) ** 2 / sum(part * part for part in parts)


def _limit(clusters: float, confidence: float) -> float:
    """How far from zero a score may lie, in its own standard deviations.

    Student's limit for the deviation around the mean, turned to that around zero, which the test takes: then
    a score can't exceed the root of the number of clusters, and the limit comes near to it when they are few.
    """
    if clusters <= 2:
        return inf
    student = _student(1 - (1 - confidence) / 2, clusters - 1)
    return student * sqrt(clusters / (clusters - 1 + student * student))


def _student(share: float, freedom: float) -> float:
    """Student's quantile by Cornish and Fisher's expansion; off by less than 0.01 from 3 degrees on."""
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _centre(layers: Sequence[_Layer]) -> float:
    """Where to begin looking: the difference of means within strata."""
    total = weights = 0.0
    for layer in layers:
        humans, others = len(layer.human), len(layer.other)
        weight = layer.weight * humans * others
        apart = sum(layer.human_values) / humans - sum(layer.other_values) / others
        total, weights = total + weight * apart, weights + weight
    return total / weights


def _spread(layers: Sequence[_Layer]) -> float:
    """A rough standard deviation within sides, for the width of the first steps; at least a tenth."""
    squares = posts = 0.0
    for layer in layers:
        for values in (layer.human_values, layer.other_values):
            mean = sum(values) / len(values)
            squares += sum((value - mean) ** 2 for value in values)
            posts += len(values)
    return max(0.1, sqrt(squares / posts))


def _middle(score: Callable[[float], float], start: float, step: float) -> float:
    """Where the falling score passes zero; of a stretch on which it is zero the middle."""
    is_high = score(start) > _NOUGHT
    ends = _outwards(lambda shift: score(shift) - _NOUGHT, start, step if is_high else -step)
    begins = start if ends is None else ends
    if score(begins + 2 * _FINE) < -_NOUGHT:
        return begins
    ends = _outwards(lambda shift: score(shift) + _NOUGHT, begins + 2 * _FINE, step)
    return begins if ends is None else (begins + ends) / 2


def _end(beyond: Callable[[float], float], middle: float, step: float) -> float | None:
    """The end of an interval on one side: where a function that is below zero within rises above it.

    It is put where the function is above already, so that what is searched no finer never seems clear.
    """
    fine = 2 * _FINE if step > 0 else -2 * _FINE
    if beyond(middle + fine) > 0:
        return middle + fine
    found = _outwards(beyond, middle, step)
    return None if found is None else found + fine / 2


def _outwards(function: Callable[[float], float], start: float, step: float) -> float | None:
    """The first place on the way from a start where the function's sign changes; None: not within 12.

    Steps double until it has changed; then the place is narrowed down.
    """
    near, near_value = start, function(start)
    reached = step
    while abs(reached) <= _WIDEST:
        far = start + reached
        far_value = function(far)
        if (far_value > 0) != (near_value > 0):
            return _narrowed(function, (near, near_value), (far, far_value))
        near, near_value, reached = far, far_value, reached * 2
    return None


def _narrowed(
    function: Callable[[float], float], near: tuple[float, float], far: tuple[float, float]
) -> float:
    """The place of the change of sign between two places, by false position with halving (Illinois)."""
    (one, its), (other, others) = near, far
    for turn in range(_MOST_STEPS):
        if abs(one - other) <= _FINE:
            break
        share = its / (its - others) if turn % 3 != 2 and its != others else 0.5
        place = one + (other - one) * min(0.98, max(0.02, share))
        found = function(place)
        if (found > 0) == (its > 0):
            one, its = place, found
        else:
            other, others = place, found
    return (one + other) / 2
