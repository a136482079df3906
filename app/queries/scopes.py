"""What a person may see and do, worked out from their memberships in one question; and how a scope
narrows a list."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.domain.roles import RIGHTS, Right, Role, Scope
from app.domain.units import ancestors
from app.foundation.database import Aside
from app.models.people import Membership
from app.models.units import Unit


def scope_of(session: Session, person_id: int) -> Scope:
    """The scope of a person; an empty one for somebody without a role, or unknown."""
    held: dict[int, set[Role]] = defaultdict(set)
    above: set[int] = set()
    for top, role, unit_id in session.execute(_held(), {"person_id": person_id}):
        held[unit_id].add(role)
        above.update(ancestors(top))
    roles = {unit_id: frozenset(here) for unit_id, here in held.items()}
    rights = {unit_id: _rights(here) for unit_id, here in roles.items()}
    return Scope(rights, frozenset(above - rights.keys()), roles)


@cache
def _rights(roles: frozenset[Role]) -> frozenset[Right]:
    return frozenset().union(*(RIGHTS[role] for role in roles))


@cache  # asked before every page: to build a question takes longer than to answer it
def _held() -> Select[str, Role, int]:
    """Every unit that a role of a person reaches: path of the unit where it is held, the role, the unit."""
    top = aliased(Unit)
    return (
        select(top.path, Membership.role, Unit.id)
        .join(top, top.id == Membership.unit_id)
        .join(Unit, Unit.path.startswith(top.path))
        .where(Membership.person_id == bindparam("person_id"))
    )


FEW = 3


def within(unit_id: Any, few: bool) -> ColumnElement[bool]:
    """Whether a row belongs to one of the parameter `units`, for lists of which only the beginning is read.

    Rows of few units are found by unit; of many it is quicker to walk along the list's order and look.
    """
    return (unit_id if few else Aside(unit_id)).in_(bindparam("units", expanding=True))


def are_few(units: Collection[int]) -> bool:
    """Whether rows are best found by unit."""
    return len(units) <= FEW
