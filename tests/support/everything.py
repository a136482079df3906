"""Rows in every table there is, with values that are hard to carry from one database to another."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Table, text, types

from app.foundation.database import Base, Instant, Word
from app.foundation.former import PersonName

HARD = "Ä'ö\"\\, tab\tline\r\nend 📚\u2028 NULL \\N é"
_numbers = count(1000)


def fill(connection: Connection, rows: int = 2) -> None:
    """Put rows 1, 2, ... into every table, each belonging to rows of the same number."""
    for table in _parents_first():
        connection.execute(table.insert(), [_row(table, number) for number in range(1, rows + 1)])
        if connection.dialect.name == "postgresql" and "id" in table.columns:
            # Numbers that were given by hand are not given out again.
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {rows})"))
    # The first belongs to the last: there is no order in which each row finds its parent.
    connection.execute(text("UPDATE units SET parent_id = :last WHERE id = 1"), {"last": rows})


def _parents_first() -> list[Table]:
    left, done = list(Base.metadata.tables.values()), list[Table]()
    while left:
        ready = [table for table in left if _needs(table) <= {one.name for one in done}]
        assert ready, left
        done += ready
        left = [table for table in left if table not in ready]
    return done


def _needs(table: Table) -> set[str]:
    return {
        key.column.table.name
        for column in table.columns
        if not column.nullable
        for key in column.foreign_keys
    }


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if column.foreign_keys:
        return None if column.nullable else number
    if column.primary_key and isinstance(kind, types.Integer):
        return number
    if column.nullable and number == 1:
        return None
    return _some(kind, next(_numbers))


def _some(kind: types.TypeEngine[Any], number: int) -> Any:
    if isinstance(kind, Word):
        members: Any = kind.kind
        return next(iter(members))
    if isinstance(kind, types.String | PersonName):
        return f"{number}{HARD}"[: kind.length or None]
    makers: list[tuple[type[types.TypeEngine[Any]], Any]] = [
        (Instant, datetime(2026, 3, 29, 1, 59, 59, number % 1_000_000, tzinfo=UTC)),
        (types.DateTime, datetime(2026, 10, 25, 3, 30)),  # noqa: DTZ001 - a wall time
        (types.Date, date(2026, 2, 28)),
        (types.Time, time(9, 30, 0, number % 1000)),
        (types.Boolean, bool(number % 2)),
        (types.JSON, {"b": [1, None, 0.1], "a": HARD} if number % 2 else [HARD]),
        (types.Float, number / 7),
        (types.BigInteger, 2**40 + number),
        (types.Integer, number),
    ]
    return next(value for maker, value in makers if isinstance(kind, maker))
