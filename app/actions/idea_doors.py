"""Doors: links of a unit by which anybody sends an idea. Made, renewed and closed; and counted when used."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.actions import history, tries
from app.actions.inputs import Id, Input
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.idea_doors import (
    A_DAY_MOST,
    DOOR_NAME_MOST,
    DOORS_MOST,
    TRIES_MOST,
    WAITING_MOST,
    keeps,
    place,
)
from app.domain.ideas import OPEN
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import CannotOpen, Keyring, new_token, token_hash
from app.foundation.database import lock
from app.models.idea_doors import IdeaDoor
from app.models.ideas import Idea
from app.models.units import Unit
from app.queries import idea_doors as questions

ADDRESS_BYTES = 12  # 16 letters that nobody guesses, and that one can type off a poster
TOKEN_MOST = 100  # letters of an address that can be one of ours


class DoorInput(Input):
    """A new door: of which unit, and what it is called there, for example where its poster hangs."""

    unit_id: Id
    name: Annotated[str, Field(min_length=1, max_length=DOOR_NAME_MOST)]


def make(session: Session, actor: Actor, keyring: Keyring, data: DoorInput) -> IdeaDoor:
    """A new door, open. Raises Invalid for another's unit, Forbidden, Conflict ("too_many_doors")."""
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    _check_keeps(actor, data.unit_id)
    lock(session, session.get_one(Unit, data.unit_id))  # or two at once would each count too few
    opened = select(func.count(IdeaDoor.id)).where(
        IdeaDoor.unit_id == data.unit_id, IdeaDoor.closed_at.is_(None)
    )
    if session.execute(opened).scalar_one() >= DOORS_MOST:
        raise Conflict("too_many_doors", most=DOORS_MOST)
    now, token = clock.now(), new_token(ADDRESS_BYTES)
    door = IdeaDoor(
        unit_id=data.unit_id, name=data.name, token_hash=token_hash(token), token_sealed="",
        made_by_id=actor.person_id, made_at=now,
    )  # fmt: skip
    session.add(door)
    session.flush()
    door.token_sealed = keyring.seal(token, place(door.id))
    _record(session, actor, door, "made", now)
    return door


def renew(session: Session, actor: Actor, keyring: Keyring, door_id: int) -> IdeaDoor:
    """The door under a new address, open; the one before is dead at once. Raises NotFound, Forbidden."""
    door = _kept(session, actor, door_id)
    now, token = clock.now(), new_token(ADDRESS_BYTES)
    door.token_hash, door.token_sealed = token_hash(token), keyring.seal(token, place(door.id))
    door.renewed_at, door.closed_at = now, None
    _record(session, actor, door, "renewed", now)
    return door


def close(session: Session, actor: Actor, door_id: int) -> IdeaDoor:
    """Let nobody in by it any more; twice is as good as once. Raises NotFound, Forbidden."""
    door = _kept(session, actor, door_id)
    if door.closed_at is None:
        door.closed_at = now = clock.now()
        _record(session, actor, door, "closed", now)
    return door


def opened(session: Session, token: str) -> IdeaDoor:
    """The open door with this secret in its address. Raises NotFound ("door_gone")."""
    found = None
    if token.isascii() and len(token) <= TOKEN_MOST:
        asked = select(IdeaDoor).where(IdeaDoor.token_hash == token_hash(token))
        found = session.scalar(asked.where(IdeaDoor.closed_at.is_(None)))
    if found is None:
        raise NotFound("door_gone")
    return found


def unsealed(keyring: Keyring, door_id: int, sealed: str) -> str:
    """The secret of a door; empty when it was sealed with a key that is gone."""
    try:
        return keyring.open(sealed, place(door_id))
    except CannotOpen:
        return ""


def try_once(session: Session, door_id: int, address: str, now: datetime) -> None:
    """Count one try at a door, and one of the network address that it comes from.

    Raises Conflict("door_too_often", minutes=...) after thirty within a quarter of an hour for either.
    """
    keys = (f"door:{door_id}", f"door from:{tries.place_of(address)}")
    tries.count(session, dict.fromkeys(keys, TRIES_MOST), "door_too_often", now)


def count_in(session: Session, door_id: int, now: datetime) -> None:
    """Count one idea that comes in. Raises Conflict ("door_full") when none may: today, or until some are
    answered; NotFound ("door_gone") when somebody closed it meanwhile."""
    waiting = select(func.count(Idea.id)).where(Idea.door_id == door_id, Idea.state.in_(sorted(OPEN)))
    if session.execute(waiting).scalar_one() >= WAITING_MOST:
        raise Conflict("door_full")
    today = now.date()
    another_day: ColumnElement[bool] = or_(IdeaDoor.day_on.is_(None), IdeaDoor.day_on != today)
    counted = (
        update(IdeaDoor)
        .where(IdeaDoor.id == door_id, or_(another_day, IdeaDoor.day_count < A_DAY_MOST))
        .values(
            day_count=case((another_day, 1), else_=IdeaDoor.day_count + 1),
            day_on=today, came=IdeaDoor.came + 1,
        )
        .returning(IdeaDoor.closed_at)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    row = session.execute(counted).one_or_none()
    if row is None:
        raise Conflict("door_full")
    if row.closed_at is not None:
        raise NotFound("door_gone")


def _kept(session: Session, actor: Actor, door_id: int) -> IdeaDoor:
    door = questions.door(session, actor.scope, door_id)
    _check_keeps(actor, door.unit_id)
    lock(session, door)
    return door


def _check_keeps(actor: Actor, unit_id: int) -> None:
    if not keeps(actor.scope.rights.get(unit_id, frozenset())) or actor.person_id is None:
        raise Forbidden("not_allowed")


def _record(session: Session, actor: Actor, door: IdeaDoor, verb: str, now: datetime) -> None:
    history.record(session, actor, "idea_door", door.id, verb, unit_id=door.unit_id, now=now)
