"""What a person may see and do, worked out from their memberships: two questions to the database."""

from collections import defaultdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.roles import RIGHTS, Right, Role, Scope
from app.domain.units import ancestors
from app.models.people import Membership
from app.models.units import Unit


def scope_of(session: Session, person_id: int) -> Scope:
    """The scope of a person; an empty one for somebody without a role, or unknown."""
    held = session.execute(
        select(Unit.path, Membership.role)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person_id)
    ).all()
    if not held:
        return Scope()
    by_top: dict[str, set[Role]] = defaultdict(set)
    for path, role in held:
        by_top[path].add(role)
    roles = _spread(session, by_top)
    rights: dict[int, frozenset[Right]] = {
        unit: frozenset().union(*(RIGHTS[role] for role in held_here)) for unit, held_here in roles.items()
    }
    above = {unit for path in by_top for unit in ancestors(path)}
    return Scope(rights, frozenset(above - rights.keys()), roles)


def _spread(session: Session, by_top: dict[str, set[Role]]) -> dict[int, frozenset[Role]]:
    """Every unit of the subtrees, with the roles that reach it."""
    units = session.execute(
        select(Unit.id, Unit.path).where(or_(*(Unit.path.startswith(top) for top in by_top)))
    ).all()
    return {
        unit_id: frozenset().union(*(roles for top, roles in by_top.items() if path.startswith(top)))
        for unit_id, path in units
    }
