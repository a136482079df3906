"""What people have in hand: what can be handed over and to whom, standing in for somebody, being on duty."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import Fault
from app.domain.roles import Right, Scope

MOST_DAYS = 366  # so long somebody may stand in; for longer the roles are given to them


class Kind(StrEnum):
    """What somebody may have in hand.

    Of posts: drafts, those in review, those that have their yes and are not out. Of publications that they
    planned: those that go out, and those that wait for a person's answer. Tasks: to be posted by hand by
    them. Places: where they usually post by hand. Channels: whose owner or deputy they are. Ideas: still
    to be answered, which they look after.
    """

    DRAFTS = "drafts"
    REVIEWS = "reviews"
    APPROVED = "approved"
    PLANNED = "planned"
    QUESTIONS = "questions"
    TASKS = "tasks"
    PLACES = "places"
    CHANNELS = "channels"
    IDEAS = "ideas"


# Who takes something over needs one of these rights where it is.
NEEDS: Mapping[Kind, frozenset[Right]] = {
    Kind.DRAFTS: frozenset({Right.WRITE}),
    Kind.REVIEWS: frozenset({Right.WRITE}),
    Kind.APPROVED: frozenset({Right.WRITE}),
    Kind.PLANNED: frozenset({Right.SCHEDULE}),
    Kind.QUESTIONS: frozenset({Right.SCHEDULE}),
    Kind.TASKS: frozenset({Right.SEE}),
    Kind.PLACES: frozenset({Right.SEE}),
    Kind.CHANNELS: frozenset({Right.SCHEDULE, Right.CHANNELS}),
    Kind.IDEAS: frozenset({Right.SEE}),
}


class SignIns(StrEnum):
    """What becomes of somebody's sign-ins at networks: all stay, those that no channel needs go, all go."""

    KEEP = "keep"
    SPARE = "spare"
    ALL = "all"


def may_take(kind: Kind, rights: Collection[Right]) -> bool:
    """Whether somebody with these rights where a thing is may have it in hand."""
    return not NEEDS[kind].isdisjoint(rights)


@dataclass(frozen=True)
class Thing:
    """One thing that somebody has in hand. `id`: of a post, publication, channel or idea, as its kind says.

    `state`: of that post, publication, channel or idea. `where`: the channel of a publication, else empty.
    """

    kind: Kind
    id: int
    unit_id: int
    unit: str
    name: str
    state: str
    where: str


@dataclass(frozen=True)
class Taker:
    """Somebody who may take things over. `rights`: by unit."""

    id: int
    name: str
    rights: Mapping[int, frozenset[Right]]

    def may_take(self, thing: Thing) -> bool:
        """Whether their rights where the thing is are enough."""
        return may_take(thing.kind, self.rights.get(thing.unit_id, frozenset()))


def beyond(things: Iterable[Thing], theirs: Scope) -> list[Thing]:
    """Those that somebody with this scope has in hand and has not the rights for any more."""
    return [one for one in things if not may_take(one.kind, theirs.rights.get(one.unit_id, frozenset()))]


def by_kind(things: Iterable[Thing]) -> dict[Kind, list[Thing]]:
    """The things of each kind, in the order of the kinds; kinds without any are left out."""
    found: dict[Kind, list[Thing]] = {}
    for one in things:
        found.setdefault(one.kind, []).append(one)
    return found


@dataclass(frozen=True)
class Cover:
    """Somebody stands in for a person; `until_on`: the last day of it."""

    id: int
    person_id: int
    person: str
    deputy_id: int
    deputy: str
    until_on: date


def instants(from_on: date, until_on: date, zone: str) -> tuple[datetime, datetime]:
    """When a time of whole days in a zone begins and is over, UTC; both days count."""
    place = ZoneInfo(zone)
    ends = (from_on, until_on + timedelta(days=1))
    begin, over = (datetime.combine(day, time(), place).astimezone(UTC) for day in ends)
    return begin, over


def wrong_days(from_on: date, until_on: date, today: date) -> list[Fault]:
    """What is wrong with the days that somebody shall stand in; `today`: where the person is."""
    if until_on < from_on:
        return [Fault("period_backwards", "until_on")]
    if until_on < today:
        return [Fault("days_past", "until_on")]
    if from_on - today >= timedelta(days=MOST_DAYS):
        return [Fault("time_too_far", "from_on")]
    if until_on - from_on >= timedelta(days=MOST_DAYS):
        return [Fault("too_many_days", "until_on", {"most": MOST_DAYS})]
    return []


def deputies_of(people: Iterable[int], covers: Mapping[int, Collection[int]]) -> list[int]:
    """Who is told in the place of these people too, each once: their deputies, and those of the deputies.

    `covers`: person -> who stands in for them just now.
    """
    asked = list(people)
    known, found = set(asked), []
    while asked:
        for deputy_id in covers.get(asked.pop(0), ()):
            if deputy_id not in known:
                known.add(deputy_id)
                found.append(deputy_id)
                asked.append(deputy_id)
    return found


def on_duty(owner: int | None, deputy: int | None, covers: Mapping[int, Collection[int]]) -> int | None:
    """Who answers for a channel just now: its owner; while they are away whom they named, else its deputy.

    None when nobody is named, or all of them are away.
    """
    named = deputies_of([owner], covers) if owner is not None else []
    asked = (owner, *named, deputy)
    return next((one for one in asked if one is not None and not covers.get(one)), None)
