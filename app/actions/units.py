"""Building the tree of units: a branch below a library, a new name, a last day."""

from datetime import date

from pydantic import Field
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Country, Id, Input, LocaleCode, Name, Zone
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right
from app.domain.units import UnitKind, path_of
from app.foundation import clock
from app.foundation.crypto import new_token
from app.models.units import Unit

PATH_MOST = 400


class NewUnit(Input):
    """A unit below another. What isn't given is the same as above."""

    parent_id: Id
    name: Name
    kind: UnitKind = UnitKind.BRANCH
    country: Country | None = None
    zone: Zone | None = None
    locale: LocaleCode | None = None
    opens_on: date | None = None


class UnitEdit(Input):
    """What may be changed of a unit; what isn't given stays."""

    name: Name | None = None
    kind: UnitKind | None = None
    country: Country | None = None
    zone: Zone | None = None
    locale: LocaleCode | None = None
    opens_on: date | None = None


class UnitClosing(Input):
    """The last day of a unit, a date there; without one it stays open."""

    closes_on: date | None = Field(default=None)


def add(session: Session, actor: Actor, data: NewUnit) -> Unit:
    """A new unit. Raises Invalid for a parent out of sight, Forbidden, Conflict("unit_too_deep")."""
    if not actor.scope.may(Right.UNITS, data.parent_id):
        raise Invalid("unit_not_yours", "parent_id")
    parent = session.get_one(Unit, data.parent_id)
    unit = Unit(
        parent_id=parent.id,
        path=new_token(),
        kind=data.kind,
        name=data.name,
        country=data.country or parent.country,
        zone=data.zone or parent.zone,
        locale=data.locale or parent.locale,
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
    unit.path = path_of(parent_path, unit.id)
    if len(unit.path) > PATH_MOST:
        raise Conflict("unit_too_deep")
    session.flush()
    return unit


def edit(session: Session, actor: Actor, unit_id: int, data: UnitEdit) -> Unit:
    """The unit with its changes. Raises NotFound, Forbidden."""
    unit = _changeable(session, actor, unit_id)
    wanted = data.model_dump(exclude_none=True)
    before = {name: getattr(unit, name) for name in wanted}
    changed = {name: str(value) for name, value in wanted.items() if before[name] != value}
    if not changed:
        return unit
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


def _changeable(session: Session, actor: Actor, unit_id: int) -> Unit:
    if unit_id not in actor.scope.units:
        raise NotFound
    if not actor.scope.may(Right.UNITS, unit_id):
        raise Forbidden("units_not_yours")
    return session.get_one(Unit, unit_id)
