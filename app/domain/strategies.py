"""The library's strategy: its parts, which version is in force on a day, and what a unit has from above.

A version belongs to one unit. A unit below has everything of the units above it that its own version in
force does not say otherwise; its lists either go on with theirs or stand instead of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.mix import USUAL, Target
from app.domain.results import PRIMARY, Outcome

TEXT_MOST, NAME_MOST, NOTE_MOST, COMMENT_MOST = 4000, 200, 1000, 2000
POINTS_MOST = 30  # of one list: nobody keeps more in mind
HOURS_MOST = Decimal(1000)
INTERACTION_LEAST, INTERACTION_MOST = Decimal(1), Decimal(10)
INTERACTION_USUAL = Decimal(1)  # at least as many minutes with people as with making posts


class Kind(StrEnum):
    """A list of a strategy."""

    GOAL = "goal"
    AUDIENCE = "audience"
    PILLAR = "pillar"


class Part(StrEnum):
    """What a strategy consists of; each may come from another unit."""

    PURPOSE = "purpose"
    GOALS = "goals"
    AUDIENCES = "audiences"
    PILLARS = "pillars"
    MIX = "mix"
    OUTCOME = "outcome"
    INTERACTION = "interaction"
    HOURS = "hours"
    RULES = "rules"
    REVIEW = "review"


class Standing(StrEnum):
    """Where a version stands on a day. Coming: taken into force from a day that is still to come."""

    DRAFT = "draft"
    COMING = "coming"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


LISTS: Mapping[Part, Kind] = {
    Part.GOALS: Kind.GOAL, Part.AUDIENCES: Kind.AUDIENCE, Part.PILLARS: Kind.PILLAR,
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A row of a list: a goal (`note`: the task of the library plan that it serves), an audience (`note`:
    where they are), a pillar. `unit_id` and `unit`: whose it is. Its `id` is the same in every version.
    """

    id: int
    kind: Kind
    name: str
    note: str
    unit_id: int
    unit: str


@dataclass(frozen=True)
class Source:
    """A version of a unit's strategy; `from_on`: its first day in the unit's calendar, None for a draft."""

    strategy_id: int
    number: int
    unit_id: int
    unit: str
    from_on: date | None


@dataclass(frozen=True)
class Version:
    """What one version says itself; None: as the units above say.

    `instead`: lists that stand instead of those from above; the others go on with them.
    """

    source: Source
    purpose: str | None = None
    points: tuple[Point, ...] = ()
    instead: frozenset[Kind] = frozenset()
    mix: Target | None = None
    outcome: Outcome | None = None
    interaction_target: Decimal | None = None
    hours_per_week: Decimal | None = None
    house_rules: str | None = None
    review_on: date | None = None

    def says(self, part: Part) -> bool:
        """Whether it says something of its own about a part."""
        if kind := LISTS.get(part):
            return kind in self.instead or any(point.kind is kind for point in self.points)
        return getattr(self, _FIELDS[part]) is not None


_FIELDS: Mapping[Part, str] = {
    Part.PURPOSE: "purpose", Part.MIX: "mix", Part.OUTCOME: "outcome",
    Part.INTERACTION: "interaction_target", Part.HOURS: "hours_per_week", Part.RULES: "house_rules",
    Part.REVIEW: "review_on",
}  # fmt: skip


@dataclass(frozen=True)
class StrategyInForce:
    """What holds in a unit, every part resolved; what nobody has said is as Kuliss begins with.

    `mix_low` and `mix_high`: the share of human posts that is wanted, 0 to 1. `interaction_target`: minutes
    with people by minutes of making posts. `sources`: for each part that somebody has said, the version
    that said it last. `own`: the unit's own version; None: it has everything from above, or nobody has any.
    """

    unit_id: int
    purpose: str = ""
    goals: tuple[Point, ...] = ()
    audiences: tuple[Point, ...] = ()
    pillars: tuple[Point, ...] = ()
    mix_low: float = USUAL.low
    mix_high: float = USUAL.high
    outcome: Outcome = PRIMARY
    interaction_target: Decimal = INTERACTION_USUAL
    hours_per_week: Decimal | None = None
    house_rules: str = ""
    review_on: date | None = None
    sources: Mapping[Part, Source] = field(default_factory=dict)
    own: Source | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is any strategy: the unit's own, or one above it."""
        return bool(self.sources) or self.own is not None

    @property
    def target(self) -> Target:
        """The share of human posts that is wanted, for `domain.mix`."""
        return Target(self.mix_low, self.mix_high)

    def points(self, kind: Kind) -> tuple[Point, ...]:
        """One of the lists."""
        return {Kind.GOAL: self.goals, Kind.AUDIENCE: self.audiences, Kind.PILLAR: self.pillars}[kind]

    def is_overdue(self, today: date) -> bool:
        """Whether the day on which it was to be looked at again has come."""
        return self.review_on is not None and self.review_on <= today


def in_force(versions: Iterable[Version], today: date) -> Version | None:
    """Of the versions of one unit the one that holds on a day: the last that began, the newest of one day."""
    begun = [one for one in versions if one.source.from_on is not None and one.source.from_on <= today]
    return max(begun, key=_began, default=None)


def standings(sources: Iterable[Source], today: date) -> dict[int, Standing]:
    """Where each version of one unit stands on a day, by its id."""
    all_of_it = [Version(source) for source in sources]
    holding = in_force(all_of_it, today)
    return {one.source.strategy_id: _standing(one, holding, today) for one in all_of_it}


def _began(version: Version) -> tuple[date, int]:
    assert version.source.from_on is not None
    return version.source.from_on, version.source.number


def _standing(one: Version, holding: Version | None, today: date) -> Standing:
    if one.source.from_on is None:
        return Standing.DRAFT
    if one.source.from_on > today:
        return Standing.COMING
    return Standing.IN_FORCE if one is holding else Standing.REPLACED


def resolve(unit_id: int, versions: Sequence[Version]) -> StrategyInForce:
    """What holds in a unit. `versions`: those in force there and above, the top first."""
    found = StrategyInForce(unit_id)
    for version in versions:
        found = _over(found, version)
    own = versions[-1].source if versions and versions[-1].source.unit_id == unit_id else None
    return replace(found, own=own)


def _over(above: StrategyInForce, version: Version) -> StrategyInForce:
    """What holds where a version is laid over what is said above it."""
    said = [part for part in Part if version.says(part)]
    changes: dict[str, object] = {
        _FIELDS[part]: getattr(version, _FIELDS[part]) for part in said if part in _FIELDS
    }
    if mix := version.mix:
        del changes["mix"]
        changes |= {"mix_low": mix.low, "mix_high": mix.high}
    for part in said:
        if kind := LISTS.get(part):
            own = tuple(point for point in version.points if point.kind is kind)
            changes[part.value] = own if kind in version.instead else (*above.points(kind), *own)
    changes["sources"] = {**above.sources, **dict.fromkeys(said, version.source)}
    return replace(above, **changes)  # type: ignore[arg-type]  # each value is of its field's kind


def lacking(version: Version, holds: StrategyInForce, from_on: date) -> Iterator[tuple[str, str]]:
    """What keeps a version from being taken into force on a day, as pairs of a code and a part.

    `holds`: what its unit would have with it. A goal without a task of the library plan is nobody's.
    """
    if not holds.purpose:
        yield "purpose_missing", Part.PURPOSE
    if not holds.goals:
        yield "goal_missing", Part.GOALS
    elif any(point.kind is Kind.GOAL and not point.note for point in version.points):
        yield "goal_serves_nothing", Part.GOALS
    if holds.review_on is None:
        yield "review_missing", "review_on"
    elif version.review_on is not None and version.review_on <= from_on:
        yield "review_too_early", "review_on"
