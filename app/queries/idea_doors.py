"""Questions about doors: those of units in sight, one of them, its address; what a sender may see."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.idea_doors import keepers_units, place
from app.domain.ideas import IdeaState
from app.domain.roles import Right, Scope
from app.foundation.crypto import CannotOpen, Keyring
from app.foundation.database import AnyRow, is_id
from app.models.idea_doors import GuestPicture, IdeaDoor
from app.models.ideas import Idea
from app.models.units import Unit

MOST_MERGED = 5  # of ideas that became part of one that became part of one …


def door(session: Session, scope: Scope, door_id: int) -> IdeaDoor:
    """One door of a unit in scope. Raises NotFound."""
    found = session.get(IdeaDoor, door_id) if is_id(door_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def kept(session: Session, scope: Scope) -> Sequence[AnyRow]:
    """The doors of units where the asker looks after them, with the unit's name; open ones first."""
    return session.execute(
        select(
            IdeaDoor.id, IdeaDoor.unit_id, Unit.name.label("unit"), IdeaDoor.name, IdeaDoor.made_at,
            IdeaDoor.renewed_at, IdeaDoor.closed_at, IdeaDoor.came, IdeaDoor.spam, IdeaDoor.token_sealed,
        )
        .join(Unit, Unit.id == IdeaDoor.unit_id)
        .where(IdeaDoor.unit_id.in_(keepers_units(scope)))
        .order_by(IdeaDoor.closed_at.is_not(None), Unit.path, IdeaDoor.name, IdeaDoor.id)
    ).all()  # fmt: skip


def token(session: Session, scope: Scope, keyring: Keyring, door_id: int) -> str:
    """The secret in an open door's address, for who looks after it; empty when no key opens it any more.

    Raises NotFound, also for a door that is closed.
    """
    found = door(session, scope, door_id)
    if found.closed_at is not None or found.unit_id not in keepers_units(scope):
        raise NotFound
    try:
        return keyring.open(found.token_sealed, place(found.id))
    except CannotOpen:
        return ""


def outcome(session: Session, scope: Scope, idea_id: int) -> Idea:
    """The idea that an idea in scope goes on as: itself, or what it became a part of. Raises NotFound."""
    found = session.get(Idea, idea_id)
    for _ in range(MOST_MERGED):
        if found is None or found.state is not IdeaState.MERGED or found.merged_into_id is None:
            break
        found = session.get(Idea, found.merged_into_id)
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def guest_picture(session: Session, scope: Scope, idea_id: int, number: int) -> GuestPicture:
    """A picture in quarantine (the first is 1), for who answers ideas there. Raises NotFound."""
    found = session.scalar(
        select(GuestPicture)
        .join(Idea, Idea.id == GuestPicture.idea_id)
        .where(GuestPicture.idea_id == idea_id, Idea.unit_id.in_(scope.units_with(Right.WRITE)))
        .order_by(GuestPicture.id)
        .offset(number - 1)
        .limit(1)
    ) if is_id(idea_id) and 0 < number < 100 else None  # fmt: skip
    if found is None:
        raise NotFound
    return found
