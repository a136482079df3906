"""The results as programs read them. Null is "not told", never 0; shares and rates are of 1."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import PlainSerializer

from app.api.shapes import Shape
from app.domain.comparison import NoVerdict, Verdict
from app.domain.networks import Format, NetworkKind
from app.domain.posts import Tone
from app.domain.results import Outcome, Paid

Seconds = Annotated[timedelta, PlainSerializer(lambda age: int(age.total_seconds()), return_type=int)]


class PeriodOut(Shape):
    """Days, both counted, by the calendar of where each post was published."""

    from_on: date
    to_on: date


class MedianOut(Shape):
    """The middle of `n` posts' figures at seven days; `missing` posts have none."""

    value: float | None
    n: int
    missing: int


class TotalOut(Shape):
    """A sum over `n` posts; `missing` posts were not told. Reach is never summed."""

    value: int | None
    n: int
    missing: int


class ReachOut(Shape):
    """Do we reach out? `against_baseline`: the middle of reach by own baseline, 1 is as usual."""

    posts: int
    views: TotalOut
    reach: MedianOut
    against_baseline: MedianOut


class EffectOut(Shape):
    """Does it have an effect? Engagement is reactions, comments, shares and saves."""

    engagement: TotalOut
    clicks: TotalOut
    comments: TotalOut
    engagement_middle: MedianOut
    rate: MedianOut
    against_baseline: MedianOut


class GroupOut(Shape):
    """Whom do we reach? `key`: the channel's id, or the format. `followers`: of a channel, as told last.

    `reach_per_1000`: the reach of a usual post of a channel for every 1,000 inhabitants of the unit's area;
    accounts are not inhabitants, and it is never added up. Null: the unit has no population, or the reach is
    not told; of a format always.
    """

    key: str
    name: str
    posts: int
    views: MedianOut
    reach: MedianOut
    engagement: MedianOut
    rate: MedianOut
    followers: int | None
    reach_per_1000: float | None = None


class WeekOut(Shape):
    """One week from Monday; `reach` at seven days."""

    begins_on: date
    posts: int
    reach: MedianOut


class TonesOut(Shape):
    """Posts by tone; `unknown`: nobody has told yet."""

    informative: int
    human: int
    unknown: int


class SideOut(Shape):
    """One tone's posts. `used`: those that are compared; `missing`: without the figure; `withheld`: rates
    left out, because fewer than 50 accounts were reached.
    """

    tone: Tone
    posts: int
    used: int
    missing: int
    withheld: int
    middle: float | None


class RatioOut(Shape):
    """Human by informative, with its 95 % interval; null: it has no end there.

    `clusters`: weeks or campaigns behind it; `weight`: how many of equal weight they amount to.
    """

    value: float
    low: float | None
    high: float | None
    clusters: int
    strata: int
    weight: float


class ComparisonOut(Shape):
    """Human against informative: an association, never a cause. Without a verdict `why_not` says why.

    `primary`: the outcome that the strategy in force declares; only that one may get a verdict. `sentence`:
    the same in words, in your language.
    """

    outcome: Outcome
    informative: SideOut
    human: SideOut
    ratio: RatioOut | None
    verdict: Verdict | None
    why_not: NoVerdict | None
    primary: Outcome
    sentence: str


class TargetOut(Shape):
    """The share of human posts that is wanted."""

    low: float
    high: float


class MixOut(Shape):
    """The share of human posts on one channel in 28 days, with its 80 % interval.

    `decided`: the target is that of the strategy in force in the channel's unit.
    """

    channel_id: int
    channel: str
    network: NetworkKind
    counted: TonesOut
    share: float | None
    low: float | None
    high: float | None
    target: TargetOut
    decided: bool
    too_little_human: bool
    too_much_human: bool


class OverviewOut(Shape):
    """The three questions about a unit with everything below it; `…_before`: as many days before.

    `simulated`: the numbers are the practice network's. `counted_at`: up to when readings are counted;
    `waiting`: so many posts have newer figures that are not in it yet. `population`: of the unit's area.
    """

    unit_id: int
    population: int | None
    period: PeriodOut
    simulated: bool
    counted_at: datetime
    waiting: int
    reach: ReachOut
    reach_before: ReachOut
    weeks: list[WeekOut]
    whom: list[GroupOut]
    formats: list[GroupOut]
    tones: TonesOut
    effect: EffectOut
    effect_before: EffectOut
    comparison: ComparisonOut
    mixes: list[MixOut]


class FiguresOut(Shape):
    """What was told of one post. `age`: seconds since it was published."""

    age: Seconds
    views: int | None
    reach: int | None
    clicks: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    saves: int | None
    engagement: int | None
    rate: float | None


class BaselineOut(Shape):
    """The middles of the comparable posts of the 90 days before; null under 8 posts."""

    reach: float | None
    engagement: float | None
    rate: float | None
    reach_n: int
    engagement_n: int
    rate_n: int


class ResultOut(Shape):
    """One published post on one channel. `found_id`: it was made at the network itself, and has no post here.

    `at_seven_days`: null when no reading is near enough to it.
    """

    id: int
    publication_id: int | None
    post_id: int | None
    found_id: int | None
    title: str
    unit_id: int
    unit: str
    channel_id: int
    channel: str
    network: NetworkKind
    format: Format
    paid: Paid
    tone: Tone | None
    published_at: datetime
    zone: str
    permalink: str
    removed: bool
    simulated: bool
    at_seven_days: FiguresOut | None
    latest: FiguresOut | None
    baseline: BaselineOut
