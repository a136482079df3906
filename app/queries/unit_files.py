"""The tree as files of units know it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.naming import in_order
from app.domain.roles import Right, Scope
from app.domain.unit_files import COLUMNS
from app.domain.unit_places import Known, references
from app.domain.units import UnitKind
from app.foundation.database import AnyRow
from app.foundation.spreadsheets import Cell
from app.models.units import Unit


def known(session: Session, scope: Scope) -> list[Known]:
    """Every unit that the asker sees, by id; those above their own too, of which only the names are told."""
    rows = session.execute(
        select(
            Unit.id, Unit.parent_id, Unit.name, Unit.kind, Unit.zone, Unit.locale, Unit.country,
            Unit.population, Unit.opens_on, Unit.closes_on,
        )
        .where(Unit.id.in_(scope.units | scope.shared))
        .order_by(Unit.id)
    )  # fmt: skip
    mine = scope.units_with(Right.UNITS)
    values = [name for name in COLUMNS if name not in ("name", "parent")]

    def told(row: AnyRow) -> dict[str, Any]:
        return {name: getattr(row, name) for name in values} if row.id in scope.units else {}

    return [Known(row.id, row.parent_id, row.name, row.id in mine, told(row)) for row in rows]


def rows(
    session: Session, scope: Scope, kind_name: Callable[[UnitKind], str], locale: str
) -> list[list[Cell]]:
    """The units that the asker may look into as rows of a file, parents before children, siblings by name.

    Read in again, they change nothing.
    """
    units = known(session, scope)
    by_id = {one.id: one for one in units}
    names = references(units)
    children: dict[int | None, list[Known]] = {}
    for one in in_order(units, lambda unit: unit.name, locale):
        children.setdefault(one.parent_id if one.parent_id in by_id else None, []).append(one)
    found: list[list[Cell]] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        one = waiting.pop()
        waiting += children.get(one.id, [])[::-1]
        if one.id in scope.units:
            above = names.get(one.parent_id or 0, "")
            values = {**one.values, "kind": kind_name(one.values["kind"])}
            found.append([one.name, values["kind"], above, *(values[name] for name in COLUMNS[3:])])
    return found
