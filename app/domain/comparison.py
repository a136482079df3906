"""Informative against human, honestly: an association with its interval, and a verdict only where it may be given.

Posts are compared within strata (`results.Stratum`), because channels, formats and seasons differ more than
tones do: pooled medians say x 1.8 where there is no effect at all. The test is van Elteren's, a rank test
within strata; the ratio is its Hodges-Lehmann estimate, and the interval are all ratios that the test does
not reject. Posts of one unit's week or of one campaign are not independent: they count as one cluster.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.posts import Tone
from app.domain.results import FEW, PRIMARY, Outcome, Period

ENOUGH = 30  # posts a side before anything is called clear
POINTS = 0.10  # by so much the shares of withheld rates may differ before the rate says nothing
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Piece:
    """One post on one channel. `stratum`: see `results.Stratum`; `cluster`: its campaign, else unit and week.

    `reach` and `engagement` are those at 7 days, None when not told. `publication_id` is only carried along.
    """

    tone: Tone
    stratum: Hashable
    cluster: Hashable
    reach: int | None
    engagement: int | None
    publication_id: int = 0


class Verdict(StrEnum):
    """What may be said of the primary outcome at a quarter's end. Always of an association, never a cause."""

    HUMAN_MORE = "human_more"
    HUMAN_LESS = "human_less"
    NOT_CLEAR = "not_clear"


class NoVerdict(StrEnum):
    """Why there is no verdict."""

    TOO_FEW = "too_few"  # under 8 posts a side: not even a ratio
    UNDER_THIRTY = "under_thirty"  # a ratio and its interval, no more
    NOT_COMPARABLE = "not_comparable"  # no stratum has posts of both tones
    FEW_WEEKS = "few_weeks"  # too few weeks or campaigns to know how much they differ by themselves
    NOT_PRIMARY = "not_primary"  # another outcome than the one that was declared
    NOT_FIXED_DATE = "not_fixed_date"  # another period than four quarters until a quarter's end
    NOT_SETTLED = "not_settled"  # the latest posts are not 7 days old yet
    WITHHELD_UNLIKE = "withheld_unlike"  # rates are withheld much more often on one side: the reach decides


@dataclass(frozen=True)
class Side:
    """One tone's posts. `posts`: all; `used`: those that have the figure and somebody to be compared with in
    their stratum; `missing`: those without the figure (not told); `withheld`: rates left out, because fewer
    than 50 accounts were reached or the reach is not told. `middle`: the plain median of those with a
    figure, for orientation only: it mixes channels.
    """

    tone: Tone
    posts: int
    used: int
    missing: int
    withheld: int
    middle: float | None


@dataclass(frozen=True)
class Ratio:
    """Human by informative: 1.2 is a fifth more. `low` to `high`: 95 % interval; None: it has no end there.

    All three are positive. `clusters`: weeks or campaigns that stand behind it.
    """

    value: float
    low: float | None
    high: float | None
    clusters: int
    strata: int

    @property
    def is_clear(self) -> bool:
        """Whether 1.0 (no difference) lies outside the interval."""
        return (self.low is not None and self.low > 1) or (self.high is not None and self.high < 1)


@dataclass(frozen=True)
class Comparison:
    """The answer for one outcome. Either `verdict` or `why_not` is None. `ratio` is None under 8 posts a side."""

    outcome: Outcome
    informative: Side
    human: Side
    ratio: Ratio | None
    verdict: Verdict | None
    why_not: NoVerdict | None

    @property
    def is_too_few(self) -> bool:
        """Whether the answer is "too few posts" and nothing else."""
        return min(self.informative.used, self.human.used) < FEW


def compare(
    pieces: Sequence[Piece],
    period: Period,
    is_settled: bool,
    outcome: Outcome = PRIMARY,
    primary: Outcome = PRIMARY,
) -> Comparison:
    """Human against informative posts by one outcome.

    `is_settled`: whether the period's last posts have had their 7 days. For each outcome the ratio is of:
    reach + 1; engagement + 0.5; (engagement + 0.5) / (reach + 1), where posts below 50 reached are left out.
    """
    raise NotImplementedError
