"""Informative against human, honestly: an association with its interval, and a verdict where it may be given.

Posts are compared within strata (channel, format, paid or not, quarter), because those differ more than
tones do: pooled medians say x 1.8 where there is no effect at all. The test is van Elteren's, a rank test
within strata; the ratio is its Hodges-Lehmann estimate, and the interval are all ratios that the test does
not reject. Posts of one unit's week or of one campaign are not independent: they count as one cluster.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from statistics import median

from app.domain.comparison_interval import Valued, estimate
from app.domain.posts import Tone
from app.domain.results import FEW, LEAST_REACH, PRIMARY, Outcome, Period

ENOUGH = 30  # posts a side before anything is called clear
POINTS = 0.10  # by so much the shares of withheld rates may differ before the rate says nothing
# What is called a 95 % interval is worked out for 96 %: a point is kept in hand for skew, ties and few weeks,
# so that by simulation a false "clear" stays at 5 % at most and the truth within 95 to 97 % of the time.
CONFIDENCE = 0.96
LEAST_CLUSTERS = 8.0  # of equal weight: with fewer it is not known how much weeks differ by themselves


@dataclass(frozen=True)
class Piece:
    """One post on one channel. `stratum`: its channel, format, whether paid, and quarter; `cluster`: its
    campaign, else its unit and week. `reach` and `engagement` are those at 7 days, None when not told;
    `reach_basis` and `engagement_basis`: what they were counted by (`results.basis_of`). `key` is only
    carried along, to find the posts behind a figure.
    """

    tone: Tone
    stratum: Hashable
    cluster: Hashable
    reach: int | None
    engagement: int | None
    reach_basis: int = 0
    engagement_basis: int = 0
    key: int = 0

    def layer(self, outcome: Outcome) -> Hashable:
        """Its stratum by an outcome: only what was counted alike is held side by side."""
        if outcome is Outcome.REACH:
            return self.stratum, self.reach_basis
        if outcome is Outcome.ENGAGEMENT:
            return self.stratum, self.engagement_basis
        return self.stratum, self.reach_basis, self.engagement_basis


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

    All three are positive. `clusters`: weeks or campaigns that stand behind it; `weight`: how many of equal
    weight they amount to (ten weeks of which two have nearly all the posts are little more than two).
    """

    value: float
    low: float | None
    high: float | None
    clusters: int
    strata: int
    weight: float

    @property
    def is_clear(self) -> bool:
        """Whether 1.0 (no difference) lies outside the interval."""
        return (self.low is not None and self.low > 1) or (self.high is not None and self.high < 1)


@dataclass(frozen=True)
class Comparison:
    """The answer for one outcome. Either `verdict` or `why_not` is None. `ratio`: None under 8 posts a
    side. `primary`: the outcome that was declared.
    """

    outcome: Outcome
    informative: Side
    human: Side
    ratio: Ratio | None
    verdict: Verdict | None
    why_not: NoVerdict | None
    primary: Outcome = PRIMARY

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

    `is_settled`: whether the period's last posts have had their 7 days. `primary`: the one outcome that may
    get a verdict; where it is the rate and rates are withheld unlike, it is the reach instead. The ratio is
    of: reach + 1; engagement + 0.5; (engagement + 0.5) / (reach + 1), posts below 50 reached left out.
    """
    measured = [one for one in pieces if value_of(one, outcome) is not None]
    used = comparable(measured, outcome)
    sides = {tone: _side(tone, pieces, measured, used, outcome) for tone in Tone}
    informative, human = sides[Tone.INFORMATIVE], sides[Tone.HUMAN]
    fewest = min(informative.used, human.used)
    ratio = None if fewest < FEW else _ratio(used, outcome)
    why_not = _why_not(informative, human, ratio, outcome)
    if why_not is None and outcome is not deciding(pieces, primary):
        why_not = NoVerdict.NOT_PRIMARY
    if why_not is None and not period.is_year_of_quarters:
        why_not = NoVerdict.NOT_FIXED_DATE
    if why_not is None and not is_settled:
        why_not = NoVerdict.NOT_SETTLED
    verdict = _verdict(ratio) if why_not is None and ratio else None
    return Comparison(outcome, informative, human, ratio, verdict, why_not, primary)


def value_of(piece: Piece, outcome: Outcome) -> float | None:
    """The natural logarithm of what is compared; None when it is not told, or the rate is withheld."""
    reach, engagement = piece.reach, piece.engagement
    if outcome is Outcome.REACH:
        return None if reach is None else log(reach + 1)
    if engagement is None:
        return None
    if outcome is Outcome.ENGAGEMENT:
        return log(engagement + 0.5)
    return None if is_withheld(piece) else log((engagement + 0.5) / ((reach or 0) + 1))


def is_withheld(piece: Piece) -> bool:
    """Whether its rate would say nothing: the reach is not told, or below 50."""
    return piece.reach is None or piece.reach < LEAST_REACH


def comparable(pieces: Sequence[Piece], outcome: Outcome) -> list[Piece]:
    """Those whose stratum has posts of both tones: the others have nobody to be held against."""
    tones: dict[Hashable, set[Tone]] = defaultdict(set)
    for piece in pieces:
        tones[piece.layer(outcome)].add(piece.tone)
    return [piece for piece in pieces if len(tones[piece.layer(outcome)]) > 1]


def deciding(pieces: Sequence[Piece], primary: Outcome) -> Outcome:
    """The outcome that the verdict is about: the declared one, or the reach where the rate says nothing."""
    shares = [_withheld_share([one for one in pieces if one.tone is tone]) for tone in Tone]
    unlike = primary is Outcome.RATE and _are_unlike(*shares)
    return Outcome.REACH if unlike else primary


def _withheld_share(pieces: Sequence[Piece]) -> float:
    return sum(map(is_withheld, pieces)) / len(pieces) if pieces else 0.0


def _are_unlike(one: float, other: float) -> bool:
    return abs(one - other) > POINTS + 1e-9


def _side(
    tone: Tone, pieces: Sequence[Piece], measured: Sequence[Piece], used: Sequence[Piece], outcome: Outcome
) -> Side:
    its = [one for one in pieces if one.tone is tone]
    figures = [_plain(one, outcome) for one in measured if one.tone is tone]
    withheld = sum(map(is_withheld, its)) if outcome is Outcome.RATE else 0
    return Side(
        tone=tone,
        posts=len(its),
        used=sum(one.tone is tone for one in used),
        missing=len(its) - len(figures) - withheld,
        withheld=withheld,
        middle=median(figures) if figures else None,
    )


def _plain(piece: Piece, outcome: Outcome) -> float:
    """What is shown of a piece that is measured."""
    reach, engagement = piece.reach or 0, piece.engagement or 0
    if outcome is Outcome.REACH:
        return reach
    return engagement if outcome is Outcome.ENGAGEMENT else engagement / reach


def _ratio(used: Sequence[Piece], outcome: Outcome) -> Ratio | None:
    posts = [
        Valued(value, one.tone is Tone.HUMAN, one.layer(outcome), one.cluster)
        for one in used
        if (value := value_of(one, outcome)) is not None
    ]
    shift = estimate(posts, CONFIDENCE)
    low, high = (None if end is None else exp(end) for end in (shift.low, shift.high))
    return Ratio(exp(shift.middle), low, high, shift.clusters, shift.strata, shift.weight)


def _why_not(informative: Side, human: Side, ratio: Ratio | None, outcome: Outcome) -> NoVerdict | None:
    """What stands in the way of a verdict in the posts themselves."""
    sides, told = (
        (informative, human),
        [one.posts - one.missing - one.withheld for one in (informative, human)],
    )
    fewest = min(one.used for one in sides)
    if ratio is None:
        return NoVerdict.NOT_COMPARABLE if min(told) >= FEW else NoVerdict.TOO_FEW
    if outcome is Outcome.RATE and _are_unlike(*(one.withheld / one.posts for one in sides)):
        return NoVerdict.WITHHELD_UNLIKE
    if fewest < ENOUGH:
        return NoVerdict.UNDER_THIRTY
    return NoVerdict.FEW_WEEKS if ratio.weight < LEAST_CLUSTERS else None


def _verdict(ratio: Ratio) -> Verdict:
    if not ratio.is_clear:
        return Verdict.NOT_CLEAR
    return Verdict.HUMAN_MORE if ratio.value > 1 else Verdict.HUMAN_LESS
