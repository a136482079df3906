"""Units from a file: what it would do is shown first, then all of it is done at once, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history, units
from app.actions.inputs import Input, countries, zones
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.roles import Actor, Right
from app.domain.unit_files import COLUMNS, Fate, Planned, Vocabulary, in_order, plan
from app.domain.unit_places import Line, fingerprint
from app.domain.units import UnitKind
from app.foundation import clock
from app.foundation.crypto import new_token
from app.foundation.csv_tables import Unreadable, decoded, table
from app.models.units import Unit
from app.queries import unit_files as questions
from app.words import unit_files as words

MOST_ROWS = 2000
MOST_SIGNS = 400_000


class UnitFile(Input):
    """A CSV file as text. `seen`: the mark of the tree that a dry run gave: then only that is changed."""

    csv: Annotated[str, Field(min_length=1, max_length=MOST_SIGNS)]
    seen: Annotated[str, Field(max_length=64)] | None = None


@dataclass(frozen=True)
class Outlook:
    """What a file would do, or did. `seen`: the mark of the tree that it was compared with."""

    rows: Sequence[Planned]
    seen: str

    def count(self, fate: Fate) -> int:
        """How many rows have this fate."""
        return sum(row.fate is fate for row in self.rows)

    @property
    def does_something(self) -> bool:
        """Whether it is free of faults and changes anything."""
        return not self.count(Fate.WRONG) and bool(self.count(Fate.MADE) or self.count(Fate.CHANGED))


def text_of(data: bytes) -> str:
    """The text of a file that was sent. Raises Invalid."""
    try:
        return decoded(data)
    except Unreadable:
        raise Invalid("file_unreadable", "csv") from None


def look(session: Session, actor: Actor, data: UnitFile) -> Outlook:
    """What a file would do; nothing is written. Raises Forbidden, and Invalid for what is no such file."""
    if not actor.scope.units_with(Right.UNITS):
        raise Forbidden("units_not_yours")
    lines = _lines(data.csv)
    known = questions.known(session, actor.scope)
    words_known = Vocabulary(words.kinds(), words.languages(), words.countries(countries()), zones())
    return Outlook(plan(known, lines, words_known), fingerprint(known))


def bring_in(session: Session, actor: Actor, data: UnitFile) -> Outlook:
    """Do what a file says, all of it or nothing; a second time it changes nothing.

    Raises as `look`, Conflict ("tree_changed") when the tree is not the one that was seen, and Invalid with
    every fault, as "rows.7.zone" (rows as a spreadsheet counts them).
    """
    scope = actor.scope
    units.lock_trees(session, scope.units)
    session.expire_all()
    outlook = look(session, actor, data)
    if data.seen is not None and data.seen != outlook.seen:
        raise Conflict("tree_changed", "csv")
    faults = [
        Fault(fault.code, f"rows.{row.number}.{fault.field}", dict(fault.params))
        for row in outlook.rows
        for fault in row.faults
    ]
    if faults:
        raise Invalid.of(faults)
    made = _make(session, actor, in_order(outlook.rows))
    for row in outlook.rows:
        if row.fate is Fate.CHANGED:
            _change(session, actor, row)
    rows = [replace(row, unit_id=made.get(row.number, row.unit_id)) for row in outlook.rows]
    return replace(outlook, rows=rows)


def _change(session: Session, actor: Actor, row: Planned) -> None:
    assert row.unit_id is not None
    told = {name: after for name, (_, after) in row.changes.items()}
    last = {name: told.pop(name) for name in ("closes_on",) if name in told}
    if told:  # first of all the first day: the last one is compared with it
        units.edit(session, actor, row.unit_id, units.UnitEdit(**told))
    if last:
        units.close(session, actor, row.unit_id, units.UnitClosing(**last))


def _make(session: Session, actor: Actor, rows: Sequence[Planned]) -> dict[int, int]:
    """Make the units level by level, as each needs the ids of those above; returns row -> id of its unit."""
    wanted = {row.parent.unit_id for row in rows if row.parent and row.parent.unit_id}
    there = {one.id: one for one in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    made: dict[int, Unit] = {}
    waiting = list(rows)
    while waiting:
        level = [row for row in waiting if row.parent and (row.parent.unit_id or row.parent.row in made)]
        parents = [_above(row, there, made) for row in level]
        new = [_unit(row, parent) for row, parent in zip(level, parents, strict=True)]
        session.add_all(new)
        session.flush()
        for row, parent, unit in zip(level, parents, new, strict=True):
            units.put_below(unit, parent.path)
            made[row.number] = unit
            history.record(
                session, actor, "unit", unit.id, "made",
                unit_id=unit.id, now=unit.created_at, name=unit.name, kind=unit.kind, row=row.number,
            )  # fmt: skip
        session.flush()
        waiting = [row for row in waiting if row.number not in made]
    return {number: unit.id for number, unit in made.items()}


def _above(row: Planned, there: dict[int, Unit], made: dict[int, Unit]) -> Unit:
    assert row.parent is not None
    return there[row.parent.unit_id] if row.parent.unit_id else made[row.parent.row or 0]


def _unit(row: Planned, parent: Unit) -> Unit:
    told = row.values
    return Unit(
        parent_id=parent.id,
        path=new_token(),
        kind=told.get("kind", UnitKind.BRANCH),
        name=row.name,
        country=told.get("country", parent.country),
        zone=told.get("zone", parent.zone),
        locale=told.get("locale", parent.locale),
        population=told.get("population"),
        opens_on=told.get("opens_on"),
        closes_on=told.get("closes_on"),
        created_at=clock.now(),
    )


def _lines(text: str) -> list[Line]:
    """The rows that say something. Raises Invalid."""
    known = words.columns()
    try:
        rows = table(text, lambda cell: words.plain(cell) in known)
    except Unreadable:
        raise Invalid("file_unreadable", "csv") from None
    columns = _columns(rows[0] if rows else [])
    found = [
        Line(number, dict(zip(columns, row, strict=False)))
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    beyond = [number for number, row in enumerate(rows[1:], start=2) if any(row[len(columns) :])]
    if beyond:
        raise Invalid("row_too_long", "csv", row=beyond[0], most=len(columns))
    if not found:
        raise Invalid("file_empty", "csv")
    if len(found) > MOST_ROWS:
        raise Invalid("file_too_long", "csv", count=len(found), most=MOST_ROWS)
    return found


def _columns(heads: Sequence[str]) -> list[str]:
    """The columns that headings name, in their order. Raises Invalid."""
    heads = list(heads)
    while heads and not heads[-1]:
        heads.pop()
    known = words.columns()
    found = [known.get(words.plain(head), "") for head in heads]
    faults = [
        Fault("column_unknown", "csv", {"head": head or "…"})
        for head, column in zip(heads, found, strict=True)
        if not column
    ]
    lacking = [column for column in ("name", "parent") if column not in found]
    if len(faults) == len(heads) or lacking:
        raise Invalid("columns_missing", "csv")
    if len(set(found)) < len(found) and not faults:
        raise Invalid("column_twice", "csv", head=next(one for one in found if found.count(one) > 1))
    if faults:
        raise Invalid.of(faults[: len(COLUMNS)])
    return found
