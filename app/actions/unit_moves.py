"""A unit with everything below it moves under another: the tree changes, and no publication does."""

from datetime import datetime

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history, units
from app.actions.inputs import ID_MOST, Id, Input
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.publications import Status
from app.domain.roles import Actor, Right, Role
from app.foundation import clock
from app.models.people import Membership, Person
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import unit_moves as questions
from app.queries.unit_moves import Ends


class UnitMove(Input):
    """Where a unit goes; null: to the top, as a tree of its own.

    `from_id`: where it was seen (0: at the top); then it only moves from there. `sure`: also if another Meta
    app holds there, so that channels stand still until they are connected again.
    """

    parent_id: Id | None
    from_id: int | None = Field(default=None, ge=0, le=ID_MOST)
    sure: bool = False


def check(actor: Actor, unit: Unit) -> None:
    """Nothing, when the actor may take a unit from where it is. Raises NotFound, Forbidden."""
    if unit.id not in actor.scope.units:
        raise NotFound
    if not actor.scope.may(Right.UNITS, unit.id):
        raise Forbidden("units_not_yours")
    if unit.parent_id is not None and not actor.scope.may(Right.UNITS, unit.parent_id):
        raise Forbidden("unit_above_not_yours")


def move(session: Session, actor: Actor, unit_id: int, data: UnitMove, settings_app: str) -> Unit:
    """The unit in its new place, everything below with it. Moving it back takes it back.

    `settings_app`: id of the settings' Meta app. Raises NotFound, Forbidden, Invalid (out of sight, into
    itself, there already, a name that is taken, "app_parts_channels" while nobody is sure), and Conflict:
    moved meanwhile, on its way, too deep, or a tree that nobody would administer.
    """
    between = _locked(session, actor, unit_id, data.parent_id)
    unit, parent, old_id = between.unit, between.parent, between.unit.parent_id
    if data.from_id is not None and data.from_id != (old_id or 0):
        raise Conflict("unit_moved_meanwhile", "parent_id")
    units.check_name(session, parent.id if parent else None, unit.name, unit.id)
    _check_calm(session, actor, unit)
    if parent is None:
        _check_administered(session, unit)
    app = questions.app_there(session, actor.scope, between, settings_app)
    if app and app.parted and not data.sure:
        raise Invalid("app_parts_channels", "sure", count=len(app.parted))
    now = clock.now()
    _put(session, unit, parent)
    _write_down(session, actor, unit, old_id, now)
    return unit


def _locked(session: Session, actor: Actor, unit_id: int, parent_id: int | None) -> Ends:
    """Both ends, looked at again once nobody else can change their trees."""
    between = questions.ends(session, actor.scope, unit_id, parent_id)
    check(actor, between.unit)
    units.lock_trees(session, [unit_id, *([parent_id] if parent_id else [])])
    session.expire_all()
    between = questions.ends(session, actor.scope, unit_id, parent_id)
    check(actor, between.unit)
    return between


def _check_calm(session: Session, actor: Actor, unit: Unit) -> None:
    """Nothing, when none of its posts is on its way just now. Raises Conflict."""
    going = select(Publication.id).where(
        Publication.unit_id.in_(questions.below(session, actor.scope, unit)),
        Publication.status == Status.PUBLISHING,
    )
    if session.scalar(going.limit(1)) is not None:
        raise Conflict("unit_on_its_way", "parent_id")


def _check_administered(session: Session, unit: Unit) -> None:
    """Nothing, when a tree of its own would have an administrator. Raises Conflict."""
    found = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.unit_id == unit.id, Membership.role == Role.ADMINISTRATOR, Person.active)
    )
    if session.scalar(found.limit(1)) is None:
        raise Conflict("top_needs_administrator", "parent_id")


def _put(session: Session, unit: Unit, parent: Unit | None) -> None:
    """Write the paths of a unit and of all below it."""
    old = unit.path
    unit.parent_id = parent.id if parent else None
    units.put_below(unit, parent.path if parent else "")
    new = unit.path
    for one in session.scalars(select(Unit).where(Unit.path.startswith(old), Unit.id != unit.id)).all():
        one.path = new + one.path.removeprefix(old)
        if len(one.path) > units.PATH_MOST:
            raise Conflict("unit_too_deep", "parent_id")
    session.flush()


def _write_down(session: Session, actor: Actor, unit: Unit, old_id: int | None, now: datetime) -> None:
    """In the history of the unit, and of both units above it: each tree's people see their own."""
    names = dict(
        session.execute(
            select(Unit.id, Unit.name).where(Unit.id.in_([id_ for id_ in (old_id, unit.parent_id) if id_]))
        ).all()
    )
    history.record(
        session, actor, "unit", unit.id, "moved_below", unit_id=unit.id, now=now,
        **{"from": names.get(old_id or 0), "to": names.get(unit.parent_id or 0)},
    )  # fmt: skip
    for above, verb in ((old_id, "unit_left"), (unit.parent_id, "unit_came")):
        if above is not None:
            history.record(session, actor, "unit", above, verb, unit_id=above, now=now, name=unit.name)
