"""The rows of a database as lines of text that mean the same on SQLite and on PostgreSQL.

A line is a JSON list of one row's values, columns in the order told. Instants are UTC and wall times are as
written, both "YYYY-MM-DD HH:MM:SS.ffffff", a time of day the same without its day; yes and no are 1 and 0;
JSON is the text that was stored; bytes are hexadecimal. Lines come in the order of the primary key, texts by
their bytes, so that the same rows give the same lines and the same digest wherever they lie.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Connection, inspect, types

Value = str | int | float | None
_AT_ONCE = 1000  # rows
_VERSIONS = "alembic_version"
_AS_TEXT = "YYYY-MM-DD HH24:MI:SS.US"


class NotTheSame(Exception):
    """Rows that were copied are not those that came from the other side; the text says where."""


@dataclass(frozen=True)
class Shape:
    """A table: its columns in an order of their own, the kind of each, and its primary key."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: tuple[str, ...]

    def in_order(self, columns: Sequence[str]) -> "Shape":
        """The same with its columns in another order. Raises NotTheSame when they are not the same ones."""
        if sorted(columns) != sorted(self.columns):
            raise NotTheSame(f"{self.name}: columns {sorted(set(columns) ^ set(self.columns))}")
        kinds = dict(zip(self.columns, self.kinds, strict=True))
        return Shape(self.name, tuple(columns), tuple(kinds[name] for name in columns), self.key)


@dataclass(frozen=True)
class Digest:
    """How many rows a table has, and the SHA-256 of its lines."""

    rows: int
    sha256: str


def shapes(connection: Connection) -> dict[str, Shape]:
    """Every table of the database by name, without the one that numbers its migrations."""
    looker = inspect(connection)
    found = {}
    for name in sorted(looker.get_table_names()):
        if name == _VERSIONS:
            continue
        columns = looker.get_columns(name)
        names = tuple(column["name"] for column in columns)
        kinds = tuple(_kind(f"{name}.{column['name']}", column["type"]) for column in columns)
        key = tuple(looker.get_pk_constraint(name)["constrained_columns"])
        found[name] = Shape(name, names, kinds, key or names)
    return found


def revision(connection: Connection) -> str:
    """The number of the newest migration that the database has had; empty when it has no tables of ours."""
    if not inspect(connection).has_table(_VERSIONS):
        return ""
    return str(connection.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalar() or "")  # noqa: S608


def lines(connection: Connection, shape: Shape) -> Iterator[str]:
    """The lines of a table, without line ends, read piece by piece."""
    for row in values(connection, shape):
        yield as_line(row)


def values(connection: Connection, shape: Shape) -> Iterator[tuple[Value, ...]]:
    """The same as values."""
    lite = connection.dialect.name == "sqlite"
    wanted = ", ".join(_read(name, kind, lite) for name, kind in zip(shape.columns, shape.kinds, strict=True))
    order = ", ".join(_sorted(shape, name, lite) for name in shape.key)
    statement = f'SELECT {wanted} FROM "{shape.name}" ORDER BY {order}'  # noqa: S608 - names from the database
    with connection.exec_driver_sql(statement, execution_options={"yield_per": _AT_ONCE}) as found:
        for row in found:
            yield tuple(row)


def as_line(row: Sequence[Value]) -> str:
    """One row as its line."""
    return json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))


def of_line(line: str) -> list[Value]:
    """A line's row."""
    return list(json.loads(line))


def digest(connection: Connection, shape: Shape) -> Digest:
    """Count and digest of what a table holds now."""
    made, count = sha256(), 0
    for line in lines(connection, shape):
        made.update(line.encode() + b"\n")
        count += 1
    return Digest(count, made.hexdigest())


def fill(connection: Connection, shape: Shape, rows: Iterable[Sequence[Value]]) -> None:
    """Put rows into a table that is empty. On PostgreSQL numbers given out later follow on."""
    if connection.dialect.name == "sqlite":
        _fill_sqlite(connection, shape, rows)
    else:
        _fill_postgresql(connection, shape, rows)


def without_ties(connection: Connection, work: Callable[[], None]) -> None:
    """Do `work` while no row needs its parent row yet; afterwards each must have it, or this raises.

    Tables refer to each other in circles, so that there is no order to fill them in. On SQLite the
    connection must have been opened with foreign keys off (`PRAGMA foreign_keys`, sqlite.org).
    """
    if connection.dialect.name == "sqlite":
        work()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise NotTheSame(f"{orphans[0][0]}: a row without the {orphans[0][2]} that it belongs to")
        return
    ties = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).fetchall()
    for table, name, _ in ties:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    work()
    for table, name, definition in ties:
        connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _kind(where: str, found: types.TypeEngine[Any]) -> str:
    for kind, described in (
        ("time", types.DateTime), ("date", types.Date), ("hour", types.Time), ("bool", types.Boolean),
        ("json", types.JSON),
        ("bytes", types.LargeBinary), ("number", types.Integer), ("number", types.Float),
        ("text", types.String),
    ):  # fmt: skip
        if isinstance(found, described):
            return "instant" if kind == "time" and getattr(found, "timezone", False) else kind
    raise TypeError(f"{where}: a column of type {found} can't be copied yet")


def _read(name: str, kind: str, lite: bool) -> str:
    column = f'"{name}"'
    if lite:
        # A default that SQLite itself wrote has no fractions of a second.
        short = f"CASE length({column}) WHEN 19 THEN {column} || '.000000' ELSE {column} END"
        return {"time": short, "bytes": f"hex({column})"}.get(kind, column)
    return {
        "instant": f"to_char({column} AT TIME ZONE 'UTC', '{_AS_TEXT}')",
        "time": f"to_char({column}, '{_AS_TEXT}')",
        "date": f"to_char({column}, 'YYYY-MM-DD')",
        "hour": f"to_char({column}, 'HH24:MI:SS.US')",
        "bool": f"{column}::int",
        "json": f"{column}::text",
        "bytes": f"upper(encode({column}, 'hex'))",
    }.get(kind, column)


def _sorted(shape: Shape, name: str, lite: bool) -> str:
    is_text = shape.kinds[shape.columns.index(name)] == "text"
    return f'"{name}" COLLATE "C"' if is_text and not lite else f'"{name}"'


def _fill_sqlite(connection: Connection, shape: Shape, rows: Iterable[Sequence[Value]]) -> None:
    names = ", ".join(f'"{name}"' for name in shape.columns)
    marks = ", ".join("?" for _ in shape.columns)
    statement = f'INSERT INTO "{shape.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names from the database
    left = iter(rows)
    while some := [tuple(_stored(shape, row)) for row in islice(left, _AT_ONCE)]:
        connection.exec_driver_sql(statement, some)


def _fill_postgresql(connection: Connection, shape: Shape, rows: Iterable[Sequence[Value]]) -> None:
    import psycopg  # noqa: PLC0415 - on SQLite nobody needs it, and it takes long to load

    # What is written as UTC shall be read as UTC.
    connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    names = ", ".join(f'"{name}"' for name in shape.columns)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{shape.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(tuple(_stored(shape, row)))
    except psycopg.Error as error:
        told = [error.diag.message_primary or str(error), error.diag.context or ""]
        raise NotTheSame(f"{shape.name}: {'; '.join(filter(None, told))}") from error
    for name in shape.key:
        _go_on_after(connection, shape.name, name)


def _stored(shape: Shape, row: Sequence[Value]) -> Iterator[Value | bytes]:
    if len(row) != len(shape.columns):
        raise NotTheSame(f"{shape.name}: a row of {len(row)} values for {len(shape.columns)} columns")
    for kind, value in zip(shape.kinds, row, strict=True):
        yield bytes.fromhex(value) if kind == "bytes" and isinstance(value, str) else value


def _go_on_after(connection: Connection, table: str, column: str) -> None:
    sequence = connection.exec_driver_sql(
        "SELECT pg_get_serial_sequence(quote_ident(%s), %s)", (table, column)
    ).scalar()
    if sequence:
        connection.exec_driver_sql(
            f'SELECT setval(%s, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) FROM "{table}"',  # noqa: S608
            (sequence,),
        )
