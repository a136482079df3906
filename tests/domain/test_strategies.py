"""The rules of strategies: which version holds on a day, and what a unit has from above."""

from datetime import date
from decimal import Decimal

from app.domain.mix import USUAL, Target
from app.domain.results import Outcome
from app.domain.strategies import Kind, Part, Point, Source, Standing, Version, in_force, resolve, standings

LIBRARY, BRANCH = 1, 2
YEAR = date(2030, 1, 1)


def source(number: int, from_on: date | None = YEAR, unit_id: int = LIBRARY) -> Source:
    """A version of a unit."""
    return Source(unit_id * 100 + number, number, unit_id, f"Unit {unit_id}", from_on)


def point(number: int, kind: Kind = Kind.GOAL, unit_id: int = LIBRARY) -> Point:
    """A row of a list."""
    return Point(number, kind, f"{kind} {number}", "1.1 Reading", unit_id, f"Unit {unit_id}")


def test_the_last_that_began_is_in_force() -> None:
    first, same_day, later = source(1), source(2), source(3, date(2030, 6, 1))
    draft = source(4, None)
    versions = [Version(one) for one in (first, same_day, later, draft)]
    assert in_force(versions, date(2029, 12, 31)) is None
    assert in_force(versions, YEAR) is versions[1]
    stands = standings([first, same_day, later, draft], date(2030, 5, 31))
    assert list(stands.values()) == [
        Standing.REPLACED, Standing.IN_FORCE, Standing.COMING, Standing.DRAFT,
    ]  # fmt: skip
    assert standings([same_day, later], date(2030, 6, 1))[later.strategy_id] is Standing.IN_FORCE


def test_without_a_strategy_there_are_the_defaults() -> None:
    found = resolve(BRANCH, [])
    assert not found.is_there
    assert found.target == USUAL
    assert (found.interaction_target, found.hours_per_week, found.review_on) == (Decimal(1), None, None)


def test_a_unit_has_what_it_does_not_say_otherwise() -> None:
    above = Version(
        source(1), "For everybody", (point(1), point(2), point(3, Kind.PILLAR)), mix=Target(0.4, 0.6),
        outcome=Outcome.ENGAGEMENT, hours_per_week=Decimal(16), house_rules="Answer kindly", review_on=YEAR,
    )  # fmt: skip
    own = Version(
        source(1, unit_id=BRANCH), house_rules="", hours_per_week=Decimal(3),
        instead=frozenset({Kind.PILLAR}), points=(point(4, unit_id=BRANCH), point(5, Kind.PILLAR, BRANCH)),
    )  # fmt: skip
    found = resolve(BRANCH, [above, own])
    assert [one.id for one in found.goals] == [1, 2, 4]
    assert [one.id for one in found.pillars] == [5]
    assert (found.purpose, found.house_rules, found.hours_per_week) == ("For everybody", "", Decimal(3))
    assert (found.mix_low, found.mix_high, found.outcome) == (0.4, 0.6, Outcome.ENGAGEMENT)
    assert found.sources[Part.MIX].unit_id == LIBRARY
    assert found.sources[Part.GOALS] is own.source is found.own
    assert Part.INTERACTION not in found.sources
    assert resolve(BRANCH, [above]).own is None
    assert found.is_overdue(YEAR)
    assert not found.is_overdue(date(2029, 12, 31))
