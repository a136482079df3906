"""The health check: enthusiasm, resources and strategy, and which of the three is missing.

Three circles that overlap make good social media (Espoo City Library, slides on its strategy). Where the
lines are drawn below is a rule of thumb and is said to be one; the figures behind it are told with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

WINDOW = timedelta(days=90)  # of people, ideas and goals
LATELY = timedelta(days=28)  # of hours and rhythm: four weeks
SHARE_OF_STAFF = 0.2
IDEAS = 3
SHARE_OF_HOURS = 0.7
SHARE_OF_CHANNELS = 2 / 3
SHARE_WITH_GOAL = 0.5
ENOUGH = 0.5  # so many of its signs make a circle


class Circle(StrEnum):
    """One of the three."""

    ENTHUSIASM = "enthusiasm"
    RESOURCES = "resources"
    STRATEGY = "strategy"


class Sign(StrEnum):
    """A figure that stands for a circle."""

    CONTRIBUTORS = "contributors"
    IDEAS = "ideas"
    HOURS = "hours"
    KEEPERS = "keepers"
    RHYTHM = "rhythm"
    IN_FORCE = "in_force"
    REVIEWED = "reviewed"
    GOALS = "goals"
    PLANS = "plans"


SIGNS: Mapping[Circle, Sequence[Sign]] = {
    Circle.ENTHUSIASM: (Sign.CONTRIBUTORS, Sign.IDEAS),
    Circle.RESOURCES: (Sign.HOURS, Sign.KEEPERS, Sign.RHYTHM),
    Circle.STRATEGY: (Sign.IN_FORCE, Sign.REVIEWED, Sign.GOALS, Sign.PLANS),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a unit and all below it.

    `staff`: people with a role; `contributors`: of them who sent an idea or wrote a post in 90 days. `ideas`:
    sent in 90 days. `hours_promised`: a week, by the strategy; `hours_written`: a week, of the last four,
    None where too little is written down or a sum would tell what one person did. `channels`: in use, of
    which `kept` have an owner and a deputy who are there, and `planned` a whole plan; `promising` of them
    promise a rhythm, `in_rhythm` kept it in the last four weeks, and `young` are not there for so long.
    `reviewed`: whether the day to look at the strategy again is still to come, None without such a day.
    `posts`: that went out in 90 days, and how many of them name a goal.
    """

    staff: int = 0
    contributors: int = 0
    ideas: int = 0
    hours_promised: float | None = None
    hours_written: float | None = None
    channels: int = 0
    kept: int = 0
    planned: int = 0
    promising: int = 0
    in_rhythm: int = 0
    young: int = 0
    in_force: bool = False
    reviewed: bool | None = None
    posts: int = 0
    with_goal: int = 0


@dataclass(frozen=True)
class Measure:
    """A sign with its figure: `value` of `of` (None: not a part of anything). `good` None: not known."""

    sign: Sign
    good: bool | None
    value: float | None = None
    of: float | None = None


@dataclass(frozen=True)
class Judged:
    """A circle with its signs. `there` None: none of them is known."""

    circle: Circle
    measures: Sequence[Measure]
    there: bool | None
    strength: float


@dataclass(frozen=True)
class HealthCheck:
    """All three, in their order."""

    circles: Sequence[Judged]

    @property
    def missing(self) -> Judged | None:
        """The one that is missing, the weakest where it is more than one; None when none is known to be.

        Of equally weak ones the strategy comes first: hours and owners are promised by it.
        """
        weak = [one for one in reversed(self.circles) if one.there is False]
        return min(weak, key=lambda one: one.strength, default=None)

    @property
    def unknown(self) -> bool:
        """Whether too little is known to say that all three are there."""
        return any(one.there is None for one in self.circles)


def check(facts: Facts) -> HealthCheck:
    """The three circles, judged."""
    measured = {measure.sign: measure for measure in _measures(facts)}
    return HealthCheck([_judged(circle, [measured[sign] for sign in SIGNS[circle]]) for circle in Circle])


def _judged(circle: Circle, measures: Sequence[Measure]) -> Judged:
    known = [measure.good for measure in measures if measure.good is not None]
    if not known:
        return Judged(circle, measures, None, 0)
    strength = sum(known) / len(known)
    # Without a strategy in force none of its other signs can stand for it.
    fallen = any(measure.sign is Sign.IN_FORCE and not measure.good for measure in measures)
    return Judged(circle, measures, strength >= ENOUGH and not fallen, strength)


def _measures(facts: Facts) -> Iterable[Measure]:
    # Where nobody has begun there is no enthusiasm to miss yet.
    begun = bool(facts.contributors or facts.ideas or facts.posts or facts.channels)
    contributors = _share(Sign.CONTRIBUTORS, facts.contributors, facts.staff, SHARE_OF_STAFF)
    yield contributors if begun else replace(contributors, good=None)
    # Whoever works alone writes the post itself and sends no idea to anybody.
    several = facts.staff > 1
    yield Measure(Sign.IDEAS, facts.ideas >= IDEAS if several and begun else None, facts.ideas)
    yield _hours(facts)
    yield _share(Sign.KEEPERS, facts.kept, facts.channels, SHARE_OF_CHANNELS)
    rhythm = _share(Sign.RHYTHM, facts.in_rhythm, facts.promising - facts.young, SHARE_OF_CHANNELS)
    yield replace(rhythm, of=facts.promising)
    yield Measure(Sign.IN_FORCE, facts.in_force)
    yield Measure(Sign.REVIEWED, facts.reviewed if facts.in_force else None)
    yield _share(Sign.GOALS, facts.with_goal, facts.posts, SHARE_WITH_GOAL)
    yield _share(Sign.PLANS, facts.planned, facts.channels, SHARE_OF_CHANNELS)


def _share(sign: Sign, value: int, of: int, least: float) -> Measure:
    return Measure(sign, value / of >= least if of else None, value, of)


def _hours(facts: Facts) -> Measure:
    promised, written = facts.hours_promised, facts.hours_written
    known = promised is not None and written is not None and promised > 0
    good = written >= SHARE_OF_HOURS * promised if known and promised and written is not None else None
    return Measure(Sign.HOURS, good, written, promised)
