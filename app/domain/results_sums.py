"""The three questions summed up from lines of figures: medians, totals, groups, pieces of a comparison."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter, itemgetter
from typing import NamedTuple

from app.domain.comparison import Comparison, Piece, compare
from app.domain.posts import Tone
from app.domain.results import (
    LEAST_REACH,
    PRIMARY,
    Group,
    Median,
    Outcome,
    Period,
    Total,
    median_of,
    total_of,
)


class Line(NamedTuple):
    """What is summed of one post: some columns of its row of results (`models.results.Result`), as stored.

    Figures are those at 7 days; None: not told.
    """

    id: int
    unit_id: int
    channel_id: int
    format: str
    paid: str
    tone: str | None
    day: int
    quarter: int
    views: int | None
    reach: int | None
    clicks: int | None
    comments: int | None
    engagement: int | None
    reach_basis: int
    engagement_basis: int
    usual_reach: float | None
    usual_engagement: float | None
    usual_rate: float | None


@dataclass(frozen=True)
class ReachOut:
    """Do we reach out? Posts, how often they were shown, how many accounts the middle post reached.

    `against_baseline`: the median over posts of reach by own baseline (1.1: a tenth above the usual).
    """

    posts: int
    views: Total
    reach: Median
    against_baseline: Median


@dataclass(frozen=True)
class Effect:
    """Does it have an effect? What people did, as far as the network tells.

    `against_baseline`: the median over posts of engagement by own baseline.
    """

    engagement: Total
    clicks: Total
    comments: Total
    engagement_middle: Median
    rate: Median
    against_baseline: Median


def within(lines: Iterable[Line], from_on: date, to_on: date) -> list[Line]:
    """The lines of days from one to another, both counted."""
    first, last = from_on.toordinal(), to_on.toordinal()
    return [line for line in lines if first <= line.day <= last]


def reach_out(lines: Sequence[Line]) -> ReachOut:
    """The first question."""
    against = [_by(line.reach, line.usual_reach) for line in lines]
    return ReachOut(
        len(lines),
        total_of([line.views for line in lines]),
        median_of([line.reach for line in lines]),
        median_of(against),
    )


def effect(lines: Sequence[Line]) -> Effect:
    """The third question."""
    engagement = [line.engagement for line in lines]
    against = [_by(line.engagement, line.usual_engagement) for line in lines]
    return Effect(
        total_of(engagement),
        total_of([line.clicks for line in lines]),
        total_of([line.comments for line in lines]),
        median_of(engagement),
        median_of(_rates(lines)),
        median_of(against),
    )


def _by(value: int | None, usual: float | None) -> float | None:
    return value / usual if value is not None and usual else None


def _rates(lines: Iterable[Line]) -> list[float | None]:
    """As `results.rate`, written out: this is asked of every post of two years."""
    return [
        None
        if line.engagement is None or line.reach is None or line.reach < LEAST_REACH
        else line.engagement / line.reach
        for line in lines
    ]


def groups(
    lines: Iterable[Line], by: str, names: Mapping[str, str], followers: Mapping[str, int] | None = None
) -> list[Group]:
    """The second question: the posts parted by a column ("channel_id" or "format"), most posts first.

    `names`: key -> how it is called; a key without a name is called by itself.
    """
    parted: dict[str, list[Line]] = defaultdict(list)
    key_of = attrgetter(by)
    for line in lines:
        parted[key_of(line)].append(line)
    found = [_group(str(key), its, names, followers or {}) for key, its in parted.items()]
    return sorted(found, key=lambda group: (-group.posts, group.name, group.key))


def _group(key: str, lines: Sequence[Line], names: Mapping[str, str], followers: Mapping[str, int]) -> Group:
    return Group(
        key,
        names.get(key, key),
        len(lines),
        median_of([line.views for line in lines]),
        median_of([line.reach for line in lines]),
        median_of([line.engagement for line in lines]),
        median_of(_rates(lines)),
        followers.get(key),
    )


def pieces(lines: Iterable[Line]) -> list[Piece]:
    """The posts of a comparison: those whose tone is known, always in one order, so that sums are the same.

    Weeks run from Monday. There are no campaigns to belong to yet, so a cluster is a unit's week.
    """
    known = {tone.value: tone for tone in Tone}
    return [
        Piece(
            known[line.tone],
            (line.channel_id, line.format, line.paid, line.quarter),
            (line.unit_id, (line.day - 1) // 7),
            line.reach,
            line.engagement,
            line.reach_basis,
            line.engagement_basis,
            line.id,
        )
        for line in sorted(lines, key=itemgetter(0))
        if line.tone is not None
    ]


def compared(
    lines: Iterable[Line],
    period: Period,
    today: date,
    outcome: Outcome = PRIMARY,
    primary: Outcome = PRIMARY,
) -> Comparison:
    """Informative against human among some lines, as seen on a day."""
    return compare(pieces(lines), period, period.is_settled(today), outcome, primary)
