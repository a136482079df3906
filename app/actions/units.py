"""Building the tree of units: a branch below a library, a new name, a last day."""

from collections.abc import Collection
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Country, Id, Input, LocaleCode, Name, Zone
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right
from app.domain.unit_files import POPULATION_MOST
from app.domain.unit_places import folded
from app.domain.units import UnitKind, path_of, root_of
from app.foundation import clock
from app.foundation.crypto import new_token
from app.models.units import Unit

PATH_MOST = 400
Population = Annotated[int, Field(ge=0, le=POPULATION_MOST)]


class NewUnit(Input):
    """A unit below another. What isn't given is the same as above."""

    parent_id: Id
    name: Name
    kind: UnitKind = UnitKind.BRANCH
    country: Country | None = None
    zone: Zone | None = None
    locale: LocaleCode | None = None
    population: Population | None = None
    opens_on: date | None = None


class UnitEdit(Input):
    """What may be changed of a unit; what isn't given stays."""

    name: Name | None = None
    kind: UnitKind | None = None
    country: Country | None = None
    zone: Zone | None = None
    locale: LocaleCode | None = None
    population: Population | None = None
    opens_on: date | None = None


class SecondFactorRule(Input):
    """Whether people who may publish, approve or administer need a second factor."""

    wanted: bool = False


class UnitClosing(Input):
    """The last day of a unit, a date there; without one it stays open."""

    closes_on: date | None = Field(default=None)


def add(session: Session, actor: Actor, data: NewUnit) -> Unit:
    """A new unit. Raises Invalid for a parent out of sight or a name that is taken, Conflict
    ("unit_too_deep")."""
    if not actor.scope.may(Right.UNITS, data.parent_id):
        raise Invalid("unit_not_yours", "parent_id")
    parent = locked(session, data.parent_id)
    check_name(session, parent.id, data.name)
    unit = Unit(
        parent_id=parent.id,
        path=new_token(),
        kind=data.kind,
        name=data.name,
        country=data.country or parent.country,
        zone=data.zone or parent.zone,
        locale=data.locale or parent.locale,
        population=data.population,
        opens_on=data.opens_on,
        created_at=clock.now(),
    )
    _put(session, unit, parent.path)
    history.record(
        session,
        actor,
        "unit",
        unit.id,
        "made",
        unit_id=unit.id,
        now=unit.created_at,
        name=unit.name,
        kind=unit.kind,
    )
    return unit


def add_root(session: Session, unit: Unit) -> Unit:
    """A unit with nothing above it, its path written. Who may do so is the caller's to know."""
    unit.path = new_token()
    return _put(session, unit, "")


def _put(session: Session, unit: Unit, parent_path: str) -> Unit:
    """The path holds the unit's own id, which the database gives; until then a random text is unique."""
    session.add(unit)
    session.flush()
    put_below(unit, parent_path)
    session.flush()
    return unit


def put_below(unit: Unit, parent_path: str) -> None:
    """Write the path of a unit that has its id. Raises Conflict("unit_too_deep")."""
    unit.path = path_of(parent_path, unit.id)
    if len(unit.path) > PATH_MOST:
        raise Conflict("unit_too_deep")


def lock_trees(session: Session, unit_ids: Collection[int]) -> None:
    """Let nobody else make, move or import units of these units' trees: their roots' rows are locked.

    Else a branch that somebody adds while its library moves would keep a path that leads nowhere. While one
    waits for a lock a root may have moved below another; then that one is locked as well.
    """
    held: set[int] = set()
    while True:
        paths = session.scalars(select(Unit.path).where(Unit.id.in_(unit_ids)))
        roots = {root_of(path) for path in paths} - held
        if not roots:
            return
        session.execute(select(Unit.id).where(Unit.id.in_(roots)).order_by(Unit.id).with_for_update())
        held |= roots


def locked(session: Session, unit_id: int) -> Unit:
    """A unit as it is once its tree is locked."""
    lock_trees(session, [unit_id])
    return session.get_one(Unit, unit_id, populate_existing=True)


def check_name(session: Session, parent_id: int | None, name: str, besides: int = 0) -> None:
    """Nothing, when no other unit below the same one has this name. Raises Invalid."""
    siblings = select(Unit.name).where(Unit.parent_id == parent_id, Unit.id != besides)
    if parent_id is not None and folded(name) in {folded(one) for one in session.scalars(siblings)}:
        raise Invalid("unit_name_taken", "name", name=name)


def edit(session: Session, actor: Actor, unit_id: int, data: UnitEdit) -> Unit:
    """The unit with its changes. Raises NotFound, Forbidden."""
    unit = _changeable(session, actor, unit_id)
    wanted = data.model_dump(exclude_none=True)
    before = {name: getattr(unit, name) for name in wanted}
    changed = {name: str(value) for name, value in wanted.items() if before[name] != value}
    if not changed:
        return unit
    if "name" in changed and folded(wanted["name"]) != folded(unit.name):
        check_name(session, unit.parent_id, wanted["name"], unit.id)
    for name in changed:
        setattr(unit, name, wanted[name])
    was = {f"was_{name}": str(before[name]) for name in changed}
    history.record(
        session, actor, "unit", unit.id, "changed", unit_id=unit.id, now=clock.now(), **changed, **was
    )
    return unit


def close(session: Session, actor: Actor, unit_id: int, data: UnitClosing) -> Unit:
    """The unit with its last day, or open again. Raises NotFound, Forbidden, Conflict, Invalid."""
    unit = _changeable(session, actor, unit_id)
    if unit.parent_id is None and data.closes_on is not None:
        raise Conflict("root_stays", "closes_on")
    if unit.opens_on and data.closes_on and data.closes_on < unit.opens_on:
        raise Invalid("closes_before_opening", "closes_on", opens_on=unit.opens_on)
    unit.closes_on = data.closes_on
    verb, day = ("closed", str(data.closes_on)) if data.closes_on else ("opened", None)
    history.record(session, actor, "unit", unit.id, verb, unit_id=unit.id, now=clock.now(), closes_on=day)
    return unit


def want_second_factor(session: Session, actor: Actor, unit_id: int, data: SecondFactorRule) -> Unit:
    """The unit, with its rule. It holds for all below, so only a unit at the top has one.

    Raises NotFound, Forbidden, Conflict("second_factor_at_top").
    """
    unit = _changeable(session, actor, unit_id)
    if unit.parent_id is not None:
        raise Conflict("second_factor_at_top", "wanted")
    if unit.second_factor != data.wanted:
        unit.second_factor = data.wanted
        verb = "second_factor_wanted" if data.wanted else "second_factor_not_wanted"
        history.record(session, actor, "unit", unit.id, verb, unit_id=unit.id, now=clock.now())
    return unit


def _changeable(session: Session, actor: Actor, unit_id: int) -> Unit:
    if unit_id not in actor.scope.units:
        raise NotFound
    if not actor.scope.may(Right.UNITS, unit_id):
        raise Forbidden("units_not_yours")
    return session.get_one(Unit, unit_id)
