"""Results: what counts as the figure of a post, over which time, and against what it is held.

A figure is that of 7 days after publication, so that old and new posts are asked at the same age. A story is
gone after a day and keeps the numbers that it ended with: those stand for 7 days too. What the network did
not tell is None and never 0; how many figures are missing is told beside every number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from zlib import crc32

from app.domain.networks import Format
from app.domain.posts import Tone
from app.domain.readings import STORY_LIFE, stands_for

AGE = timedelta(days=7)  # at which posts are held against each other
SETTLED = timedelta(days=8)  # after a period's last day its last posts have their figure, or never will
LEAST_REACH = 50  # below, a rate says more about who happened to look than about the post
FEW = 8  # posts: with fewer nothing is compared
LAST_YEAR = 2200  # a later day is a mistyped one
BASELINE = timedelta(days=90)


class Outcome(StrEnum):
    """What informative and human posts are compared by."""

    REACH = "reach"
    ENGAGEMENT = "engagement"
    RATE = "rate"


# The one outcome that may be given a verdict is the one that a unit's strategy declares. Where none does, it
# is the reach, because that is what being human is said to lift (more see the post).
PRIMARY = Outcome.REACH


class Paid(StrEnum):
    """Whether money was spent on showing a post to more people."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Figures:
    """What one reading tells of one post. `age`: of the post when it was read. Counts, or None: not told."""

    age: timedelta
    views: int | None = None
    reach: int | None = None
    clicks: int | None = None
    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    engagement: int | None = None

    @property
    def rate(self) -> float | None:
        """Engagement by reach, 0.04 for 4 of 100; None when either is not told or too few saw the post."""
        return rate(self.engagement, self.reach)


def rate(engagement: int | None, reach: int | None) -> float | None:
    """Engagement by reach, 0.04 for 4 of 100. None: either is not told, or fewer than 50 accounts reached."""
    if engagement is None or reach is None or reach < LEAST_REACH:
        return None
    return engagement / reach


def final_age(kind: Format) -> timedelta:
    """The age whose figures stand for 7 days: 7 days, and of a story the day that it lives."""
    return STORY_LIFE if kind is Format.STORY else AGE


def at_seven_days(figures: Iterable[Figures], kind: Format = Format.POST) -> Figures | None:
    """Of all readings of a post the one nearest to 7 days, the earlier of two as near; None: none within 12
    hours of it. Of a story: nearest to the end of its day, within 6 hours.
    """
    wanted = final_age(kind)
    near = [one for one in figures if stands_for(one.age, wanted)]
    return min(near, key=lambda one: (abs(one.age - wanted), one.age), default=None)


def latest(figures: Iterable[Figures]) -> Figures | None:
    """Of all readings of a post the one at its highest age; None without any."""
    return max(figures, key=lambda one: one.age, default=None)


def basis_of(sources: Mapping[str, str], *names: str) -> int:
    """A number for the network's names behind some of our names; another name gives another number.

    Figures are only compared on the same basis: when a network renames what it counts, it counts otherwise.
    """
    return crc32("\n".join(sources.get(name, "") for name in names).encode()) >> 1


@dataclass(frozen=True)
class Median:
    """The middle of several posts' figures. `n`: posts that have the figure; `missing`: posts that have none.

    `value` is None when n is 0. Reach is only ever told like this, never added up.
    """

    value: float | None
    n: int
    missing: int = 0

    @property
    def is_few(self) -> bool:
        """Whether so few posts stand behind it that another post could change it much."""
        return self.n < FEW


@dataclass(frozen=True)
class Total:
    """A sum over posts (views, engagement, clicks; never reach). `n` posts told theirs, `missing` did not."""

    value: int | None
    n: int
    missing: int = 0


def median_of(values: Iterable[float | None]) -> Median:
    """The middle of what is told."""
    told, missing = _told(values)
    return Median(median(told) if told else None, len(told), missing)


def total_of(values: Iterable[int | None]) -> Total:
    """The sum of what is told; None when nothing is."""
    told, missing = _told(values)
    return Total(int(sum(told)) if told else None, len(told), missing)


def _told(values: Iterable[float | None]) -> tuple[list[float], int]:
    found = list(values)
    told = [value for value in found if value is not None]
    return told, len(found) - len(told)


@dataclass(frozen=True)
class Baseline:
    """What the same channel's comparable posts (same format, paid alike) of the 90 days before it reached.

    The post itself is left out. Each is None when fewer than 8 posts have the figure; the counts say how
    many.
    """

    reach: float | None = None
    engagement: float | None = None
    rate: float | None = None
    reach_n: int = 0
    engagement_n: int = 0
    rate_n: int = 0


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, `number` 1 to 4, by the days of where the post was published."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.moved(1).begins_on - timedelta(days=1)

    @property
    def place(self) -> int:
        """Its place in the line of all quarters."""
        return self.year * 4 + self.number - 1

    def moved(self, quarters: int) -> "Quarter":
        """So many quarters later (or, below zero, earlier)."""
        year, place = divmod(self.place + quarters, 4)
        return Quarter(year, place + 1)


@dataclass(frozen=True, order=True)
class Period:
    """Days from `from_on` to `to_on`, both counted, by the calendar of where each post was published."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.to_on - self.from_on).days + 1

    @property
    def before(self) -> "Period":
        """The period of as many days that ends on the day before this one begins."""
        return Period(self.from_on - timedelta(days=self.days), self.from_on - timedelta(days=1))

    @property
    def is_year_of_quarters(self) -> bool:
        """Whether it is four whole quarters: the only periods that are given a verdict."""
        last = Quarter.of(self.to_on)
        return self.to_on == last.ends_on and self.from_on == last.moved(-3).begins_on

    @property
    def is_too_far(self) -> bool:
        """Whether it ends so late that the day is mistyped, and days after it may not exist at all."""
        return self.to_on.year > LAST_YEAR

    def is_settled(self, today: date) -> bool:
        """Whether its last posts are old enough to have their figure at 7 days."""
        return today >= self.to_on + SETTLED


def year_until(quarter: Quarter) -> Period:
    """The four quarters that end with this one."""
    return Period(quarter.moved(-3).begins_on, quarter.ends_on)


def newest_verdict_period(today: date) -> Period:
    """The four quarters of the verdict: until the latest quarter end whose posts all have their figure."""
    quarter = Quarter.of(today).moved(-1)
    whole = year_until(quarter)
    return whole if whole.is_settled(today) else year_until(quarter.moved(-1))


def offered_periods(today: date) -> list[Period]:
    """The periods that are summed up beforehand, so that they are told at once.

    In this order: the last 28, 90 and 365 days, this quarter so far, the last whole quarter, the four
    quarters of the newest verdict.
    """
    this = Quarter.of(today)
    last = this.moved(-1)
    found = [
        *(Period(today - timedelta(days=days - 1), today) for days in (28, 90, 365)),
        Period(this.begins_on, today),
        Period(last.begins_on, last.ends_on),
        newest_verdict_period(today),
    ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Group:
    """Posts with one thing in common (a channel, a format), as far as the second question asks.

    `key`: the channel's id or the format's word. Medians are of figures at 7 days. `followers`: of a channel,
    as last told within the period.
    """

    key: str
    name: str
    posts: int
    views: Median
    reach: Median
    engagement: Median
    rate: Median
    followers: int | None = None


def per_thousand(reach: Median, population: int | None) -> float | None:
    """The reach of a usual post on one channel for every 1,000 inhabitants; None when either is not told.

    Only of one channel: reach is never added up, and the middle over channels is nobody's.
    """
    if reach.value is None or not population:
        return None
    return reach.value * 1000 / population


@dataclass(frozen=True)
class ToneCount:
    """How many posts of each tone; `unknown`: found on the page and not asked yet."""

    informative: int = 0
    human: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Posts whose tone is known."""
        return self.informative + self.human


def count_tones(tones: Iterable[str | None]) -> ToneCount:
    """Counted by tone (`Tone`, or its word)."""
    found = list(tones)
    return ToneCount(found.count(Tone.INFORMATIVE), found.count(Tone.HUMAN), found.count(None))
