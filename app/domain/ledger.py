"""Minutes with people and minutes on posts of our own: their kinds, their weeks, and who may see whose.

A library in social media takes at least as much time for others as for its own posts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.roles import Role, Scope

NOTE_MOST = 200
MINUTES_MOST = 720  # of one entry: nobody works longer on a day
DAYS_BACK = 13  # so long ago may a day be that somebody still remembers
WEEKS_SHOWN = 8
TARGET = 1.0  # as long as no strategy says otherwise
LEAST_ENTRIES = 3  # fewer tell about the writing down, not about the work
LEAST_PEOPLE = 3  # of fewer a sum would tell what one of them did
_WEEK = timedelta(days=7)


class Side(StrEnum):
    """Whom the time was for: people out there, or posts of our own."""

    INTERACTING = "interacting"
    PUBLISHING = "publishing"


class LedgerKind(StrEnum):
    """What the time went to. Task: a post put out by hand; gathering: the meeting of the editors."""

    REPLY = "reply"
    QUESTION = "question"
    GROUP = "group"
    RESIDENTS = "residents"
    IDEA = "idea"
    POST = "post"
    PICTURE = "picture"
    TASK = "task"
    GATHERING = "gathering"


_K = LedgerKind
INTERACTING = frozenset({_K.REPLY, _K.QUESTION, _K.GROUP, _K.RESIDENTS})


def side_of(kind: LedgerKind) -> Side:
    """The side that a kind of work is on."""
    return Side.INTERACTING if kind in INTERACTING else Side.PUBLISHING


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def may_undo(written_on: date, today: date) -> bool:
    """Whether what was written down on a day may still be taken back: until the end of that week.

    Both are days in the unit's calendar.
    """
    return week_of(written_on) == week_of(today)


@dataclass(frozen=True)
class Line:
    """Minutes of one person on one day, and of how many entries they are the sum."""

    day: date
    person_id: int
    unit_id: int
    kind: LedgerKind
    minutes: int
    entries: int


@dataclass(frozen=True)
class Promise:
    """What the strategy in force asks: minutes with people per minute on posts, and hours a week (None: it
    says nothing)."""

    target: float = TARGET
    hours: float | None = None


class Verdict(StrEnum):
    """What may be said of a week. Alone: there were no minutes on posts to compare with."""

    TOO_LITTLE = "too_little"
    BELOW = "below"
    REACHED = "reached"
    ALONE = "alone"


@dataclass(frozen=True)
class Week:
    """The sums of one week, in minutes. `begins_on`: its Monday; `people`: how many wrote something down."""

    begins_on: date
    interacting: int = 0
    publishing: int = 0
    entries: int = 0
    people: int = 0

    @property
    def minutes(self) -> int:
        """All of it."""
        return self.interacting + self.publishing

    @property
    def ratio(self) -> float | None:
        """Minutes with people per minute on posts; None when too little is written down, or none on posts."""
        if self.entries < LEAST_ENTRIES or not self.publishing:
            return None
        return self.interacting / self.publishing

    def judged(self, target: float) -> Verdict:
        """What may be said of it against a target."""
        if self.entries < LEAST_ENTRIES or not self.minutes:
            return Verdict.TOO_LITTLE
        if self.ratio is None:
            return Verdict.ALONE
        # As it is shown: 0.96 reads as 1.0, and nobody would see why that falls short of 1.0.
        return Verdict.REACHED if round(self.ratio, 1) >= target else Verdict.BELOW


@dataclass(frozen=True)
class Eyes:
    """Whose minutes an asker may see one by one: their own, and everybody's in units that they coordinate."""

    person_id: int
    coordinated: Collection[int] = frozenset()

    def see(self, line: Line) -> bool:
        """Whether this line may be shown to them by itself."""
        return line.person_id == self.person_id or line.unit_id in self.coordinated


def summed(begins_on: date, lines: Iterable[Line]) -> Week:
    """The sums of one week's lines."""
    lines = list(lines)
    sides = {side: sum(line.minutes for line in lines if side_of(line.kind) is side) for side in Side}
    entries, people = sum(line.entries for line in lines), {line.person_id for line in lines}
    return Week(begins_on, sides[Side.INTERACTING], sides[Side.PUBLISHING], entries, len(people))


def shown(week: Week, lines: Iterable[Line], eyes: Eyes) -> Week | None:
    """The week, or None where its sums would tell what somebody did whose minutes are not theirs to see.

    A sum is of three people at least; and were all but one in sight, it would tell the minutes of that one.
    """
    hidden = {line.person_id for line in lines if not eyes.see(line)}
    if not hidden or (len(hidden) > 1 and week.people >= LEAST_PEOPLE):
        return week
    return None


def weeks(lines: Sequence[Line], eyes: Eyes, last: date, many: int = WEEKS_SHOWN) -> list[Week | None]:
    """The weeks up to that of the day `last`, the earliest first; None where a sum may not be shown."""
    by_week: Mapping[date, list[Line]] = {
        week_of(last) - _WEEK * back: [] for back in range(many - 1, -1, -1)
    }
    for line in lines:
        if (monday := week_of(line.day)) in by_week:
            by_week[monday].append(line)
    return [shown(summed(monday, part), part, eyes) for monday, part in by_week.items()]


def eyes(scope: Scope, person_id: int) -> Eyes:
    """Whose minutes somebody may see: a coordinator those of their units, everybody else only their own."""
    here = (unit_id for unit_id, roles in scope.roles.items() if Role.COORDINATOR in roles)
    return Eyes(person_id, frozenset(here))
