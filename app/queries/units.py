"""Units as a tree, as far as the asker may see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.naming import in_order
from app.domain.roles import Right, Scope
from app.domain.units import UnitKind
from app.models.units import Unit


@dataclass(frozen=True)
class UnitRow:
    """One line of the tree. `depth`: 0 for the highest unit that the asker sees. `open`: may look inside."""

    id: int
    parent_id: int | None
    name: str
    kind: UnitKind
    zone: str
    locale: str
    country: str
    closes_on: date | None
    depth: int
    open: bool


def tree(session: Session, scope: Scope, locale: str = "en") -> list[UnitRow]:
    """Every unit that the asker sees, parents before children, siblings by name.

    The units above the asker's own stand in it too, to tell where one is; they are not `open`.
    """
    units = session.execute(
        select(
            Unit.id,
            Unit.parent_id,
            Unit.name,
            Unit.kind,
            Unit.zone,
            Unit.locale,
            Unit.country,
            Unit.closes_on,
        ).where(Unit.id.in_(scope.units | scope.shared))
    ).all()
    known = {unit.id for unit in units}
    children: dict[int | None, list[UnitRow]] = defaultdict(list)
    for unit in units:
        row = UnitRow(*unit, depth=0, open=unit.id in scope.units)
        children[unit.parent_id if unit.parent_id in known else None].append(row)
    return _flat(children, None, 0, locale)


def _flat(
    children: Mapping[int | None, Sequence[UnitRow]], parent: int | None, depth: int, locale: str
) -> list[UnitRow]:
    found: list[UnitRow] = []
    for row in in_order(children.get(parent, ()), lambda unit: unit.name, locale):
        found.append(UnitRow(**{**row.__dict__, "depth": depth}))
        found.extend(_flat(children, row.id, depth + 1, locale))
    return found


def unit(session: Session, scope: Scope, unit_id: int) -> Unit:
    """One unit that the asker may look into. Raises NotFound."""
    found = session.get(Unit, unit_id) if unit_id in scope.units else None
    if found is None:
        raise NotFound
    return found


def names(
    session: Session, scope: Scope, right: Right = Right.SEE, locale: str = "en"
) -> list[tuple[int, str]]:
    """Pairs (id, name) of the units where the asker has a right, in the tree's order; for choosing one."""
    return [(row.id, row.name) for row in tree(session, scope, locale) if scope.may(right, row.id)]
