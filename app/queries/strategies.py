"""Questions about strategies: what holds in a unit, its versions, one of them, and what was said about it.

A strategy is shared downwards: whoever belongs to a unit reads those of the units above too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.domain import strategies as rules
from app.domain.errors import NotFound
from app.domain.mix import Target
from app.domain.roles import Right, Scope
from app.domain.strategies import Kind, Point, Source, Standing, StrategyInForce, Version
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.database import AnyRow, is_id
from app.models.people import Person
from app.models.strategies import Strategy, StrategyComment, StrategyLine, StrategyPoint
from app.models.units import Unit


def in_force(
    session: Session, scope: Scope, unit_id: int, now: datetime | None = None, *, lists: bool = True
) -> StrategyInForce:
    """What holds in a unit, with everything that it has from above; without any strategy the defaults.

    Asks two questions, one without its `lists`. `now`: of which instant (UTC), this one without. Raises
    NotFound.
    """
    found = in_force_in(session, scope, [unit_id], now, lists=lists)
    if unit_id not in found:
        raise NotFound
    return found[unit_id]


def in_force_in(
    session: Session,
    scope: Scope,
    unit_ids: Iterable[int],
    now: datetime | None = None,
    *,
    lists: bool = True,
) -> Mapping[int, StrategyInForce]:
    """The same of several units at once, in as many questions; units out of sight are left out."""
    units = sorted(_seen(scope).intersection(unit_ids))
    if not units:
        return {}
    instant = now or clock.now()
    chosen: dict[int, list[Version]] = {unit_id: [] for unit_id in units}
    for (unit_id, zone, _path), rows in _by_place(session.execute(_above(), {"units": units})).items():
        holding = rules.in_force([_version(row) for row in rows], to_local(instant, zone).date())
        chosen[unit_id] += [holding] if holding else []
    sources = {one.source for found in chosen.values() for one in found} if lists else set()
    points = _points_of(session, sources)
    return {
        unit_id: rules.resolve(unit_id, [_with(one, points) for one in found])
        for unit_id, found in chosen.items()
    }


def _seen(scope: Scope) -> frozenset[int]:
    return scope.units | scope.shared


def _by_place(rows: Iterable[AnyRow]) -> Mapping[tuple[int, str, str], list[AnyRow]]:
    """Versions by the unit that is asked about, and then by the unit that they are of, the top first."""
    found: dict[tuple[int, str, str], list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.for_id, row.zone, row.path].append(row)
    return found


@cache  # to build a question takes longer than to answer it
def _above() -> Select[*tuple[Any, ...]]:
    asked = aliased(Unit)
    return (
        _versions()
        .add_columns(asked.id.label("for_id"), asked.zone, Unit.path)
        .join(asked, asked.path.startswith(Unit.path))
        .where(asked.id.in_(bindparam("units", expanding=True)), Strategy.from_on.is_not(None))
        .order_by(asked.id, Unit.path)
    )


def _versions() -> Select[*tuple[Any, ...]]:
    return select(
        Strategy.id, Strategy.unit_id, Strategy.number, Strategy.from_on, Strategy.purpose,
        Strategy.mix_low, Strategy.mix_high, Strategy.outcome, Strategy.interaction_percent,
        Strategy.minutes_per_week, Strategy.house_rules, Strategy.review_on,
        Strategy.own_goals, Strategy.own_audiences, Strategy.own_pillars, Unit.name.label("unit"),
    ).join(Unit, Unit.id == Strategy.unit_id)  # fmt: skip


def _version(row: AnyRow) -> Version:
    """Without its lists."""
    instead = (
        (Kind.GOAL, row.own_goals), (Kind.AUDIENCE, row.own_audiences), (Kind.PILLAR, row.own_pillars),
    )  # fmt: skip
    ranged = row.mix_low is not None and row.mix_high is not None
    return Version(
        Source(row.id, row.number, row.unit_id, row.unit, row.from_on),
        purpose=row.purpose,
        instead=frozenset(kind for kind, own in instead if own),
        mix=Target(row.mix_low / 100, row.mix_high / 100) if ranged else None,
        outcome=row.outcome,
        interaction_target=_part(row.interaction_percent, 100),
        hours_per_week=_part(row.minutes_per_week, 60),
        house_rules=row.house_rules,
        review_on=row.review_on,
    )


def _part(number: int | None, of: int) -> Decimal | None:
    return None if number is None else round(Decimal(number) / of, 2)


def _points_of(session: Session, sources: Iterable[Source]) -> Mapping[int, tuple[Point, ...]]:
    """For each version the rows of its lists in their order."""
    units = {source.strategy_id: source for source in sources}
    found: dict[int, list[Point]] = defaultdict(list)
    if units:
        for row in session.execute(_lines(), {"ids": sorted(units)}):
            of = units[row.strategy_id]
            found[row.strategy_id].append(Point(row.id, row.kind, row.name, row.note, of.unit_id, of.unit))
    return {strategy_id: tuple(points) for strategy_id, points in found.items()}


@cache
def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            StrategyLine.strategy_id, StrategyPoint.id, StrategyPoint.kind,
            StrategyLine.name, StrategyLine.note,
        )
        .join(StrategyPoint, StrategyPoint.id == StrategyLine.point_id)
        .where(StrategyLine.strategy_id.in_(bindparam("ids", expanding=True)))
        .order_by(StrategyLine.strategy_id, StrategyLine.position, StrategyPoint.id)
    )  # fmt: skip


def _with(version: Version, points: Mapping[int, tuple[Point, ...]]) -> Version:
    return replace(version, points=points.get(version.source.strategy_id, ()))


@dataclass(frozen=True)
class VersionRow:
    """A version in a list. `author`: who began it; `adopter`: who took it into force; instants in UTC."""

    source: Source
    standing: Standing
    review_on: date | None
    open_since: datetime | None
    author: str
    adopter: str | None
    changed_at: datetime


def listed(session: Session, scope: Scope, unit_id: int, now: datetime | None = None) -> list[VersionRow]:
    """The versions of a unit that the asker may read, the newest first. Raises NotFound."""
    if unit_id not in _seen(scope):
        raise NotFound
    rows = session.execute(_of_unit(), {"unit_id": unit_id}).all()
    sources = {row.id: _version(row).source for row in rows}
    today = to_local(now or clock.now(), rows[0].zone).date() if rows else None
    stands = rules.standings(sources.values(), today) if today else {}
    return [
        VersionRow(
            sources[row.id], stands[row.id], row.review_on, row.open_since,
            row.author, row.adopter, row.changed_at,
        )
        for row in rows
        if _may_read(scope, row)
    ]  # fmt: skip


@cache
def _of_unit() -> Select[*tuple[Any, ...]]:
    return _with_people().where(Strategy.unit_id == bindparam("unit_id")).order_by(Strategy.number.desc())


def _with_people() -> Select[*tuple[Any, ...]]:
    author, adopter = aliased(Person), aliased(Person)
    return (
        _versions()
        .add_columns(
            Strategy.open_since, Strategy.changed_at, Unit.zone,
            author.name.label("author"), adopter.name.label("adopter"),
        )
        .join(author, author.id == Strategy.created_by_id)
        .outerjoin(adopter, adopter.id == Strategy.adopted_by_id)
    )  # fmt: skip


def _may_read(scope: Scope, row: Any) -> bool:
    """A draft is read by those who write it, and by everybody on staff once it is open for comments."""
    if row.unit_id not in _seen(scope):
        return False
    if row.from_on is not None or row.open_since is not None:
        return True
    return scope.may(Right.STRATEGY, row.unit_id)


def strategy(session: Session, scope: Scope, strategy_id: int) -> Strategy:
    """One version that the asker may read. Raises NotFound."""
    found = session.get(Strategy, strategy_id) if is_id(strategy_id) else None
    if found is None or not _may_read(scope, found):
        raise NotFound
    return found


def version(session: Session, scope: Scope, strategy_id: int) -> Version:
    """What one version says itself, for those who may read it. Raises NotFound."""
    strategy(session, scope, strategy_id)
    row = session.execute(_one(), {"id": strategy_id}).one()
    found = _version(row)
    return _with(found, _points_of(session, [found.source]))


@cache
def _one() -> Select[*tuple[Any, ...]]:
    return _versions().where(Strategy.id == bindparam("id"))


def would_hold(
    session: Session, scope: Scope, found: Version, now: datetime | None = None
) -> StrategyInForce:
    """What holds in its unit while a version is the one in force there, over what is in force above now.
    Raises NotFound.
    """
    unit_id = found.source.unit_id
    if unit_id not in _seen(scope):
        raise NotFound
    units = {"units": [unit_id]}
    instant = now or clock.now()
    above: list[Version] = []
    for (_, zone, _path), rows in _by_place(session.execute(_above(), units)).items():
        holding = rules.in_force([_version(row) for row in rows], to_local(instant, zone).date())
        if holding and holding.source.unit_id != unit_id:
            above.append(holding)
    points = _points_of(session, [one.source for one in above])
    return rules.resolve(unit_id, [*(_with(one, points) for one in above), found])


def comments(session: Session, scope: Scope, strategy_id: int) -> Sequence[AnyRow]:
    """What was said about a version, the earliest first: id, person, text, at. Raises NotFound."""
    strategy(session, scope, strategy_id)
    return session.execute(
        select(
            StrategyComment.id, Person.name.label("person"), StrategyComment.text, StrategyComment.at
        )
        .join(Person, Person.id == StrategyComment.person_id)
        .where(StrategyComment.strategy_id == strategy_id)
        .order_by(StrategyComment.id)
    ).all()  # fmt: skip
