"""A database of an earlier version comes up without loss: rows in every table, every value still there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select, text, types
from sqlalchemy.engine.interfaces import ReflectedPrimaryKeyConstraint

from app.domain.seals import BEGIN, SEALED, seal
from app.foundation.database import make_engine
from app.models.history import Event, Seal
from tests.support import everything
from tests.support.databases import Databases, alembic_config

# What was in use before: from here on nothing may be lost.
LANDED = "0002"
HARD = everything.HARD
# What a program reads as a word of its own; other texts are as hard as can be.
WORDS = {
    "zone": "Europe/Helsinki", "locale": "fi", "country": "FI", "kind": "branch", "tone": "human",
    "realm": "practice", "network": "facebook", "state": "active", "scope": "read", "used_by": "subtree",
    "token_state": "ok", "thing": "post", "verb": "edited", "via": "web",
}  # fmt: skip
# Columns that a later version keeps elsewhere: where their values are found then, by the row's id.
ELSEWHERE = {
    (
        "channels",
        "token_sealed",
    ): "SELECT coalesce(max(sealed), '') FROM channel_tokens WHERE channel_id = :id AND in_use",
}
# Tables into which a step lays what it worked out from others: after the rows that were there.
LAID_IN = {"search_entries"}
_numbers = count(1)


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    """An engine on a database without tables."""
    with databases.empty() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def to(engine: Engine, revision: str) -> None:
    """Migrate up or down to a revision, by its number, as whoever runs a version would."""
    config = alembic_config(engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        known = connection.dialect.has_table(connection, "alembic_version")
        now = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else ""
    engine.dispose()
    if revision == "head" or revision > (now or ""):
        command.upgrade(config, revision)
    else:
        command.downgrade(config, revision)


def tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, parents first."""
    shape = MetaData()
    shape.reflect(connection)
    return [table for table in shape.sorted_tables if table.name != "alembic_version"]


def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Everything, by table, in the order of the primary keys; as it lies there, without types."""
    keys = inspect(connection).get_multi_pk_constraint()
    return {
        name: [dict(row) for row in connection.exec_driver_sql(_everything(name, key)).mappings()]
        for (_, name), key in keys.items()
        if name != "alembic_version" and key
    }


def _everything(table: str, key: ReflectedPrimaryKeyConstraint) -> str:
    columns = ", ".join(f'"{name}"' for name in key["constrained_columns"])
    return f'SELECT * FROM "{table}" ORDER BY {columns}'  # noqa: S608 - names of our own tables


def fill(connection: Connection, most: int = 3) -> None:
    """Rows 1, 2, 3 in every table, each belonging to rows of the same number."""
    found = tables(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    else:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    for table in found:
        for number in range(1, most + 1):
            values = {column.name: _value(table.name, column, number) for column in table.columns}
            connection.execute(table.insert(), values)
    connection.commit()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = origin"))
        connection.commit()


def _value(table: str, column: Any, number: int) -> Any:
    if column.foreign_keys:
        return number
    if column.primary_key and isinstance(column.type, types.Integer):
        return number
    if column.nullable and number == 1:
        return None
    if column.name == "status" and isinstance(column.type, types.String):
        return "planned" if table == "publications" else "draft"
    if column.name == "path":
        return f"/{number}/"
    if isinstance(column.type, types.String) and column.name in WORDS and not column.primary_key:
        return WORDS[column.name]
    return _some(column.type, next(_numbers))


def _some(kind: types.TypeEngine[Any], number: int) -> Any:
    if isinstance(kind, types.String):
        return f"{number}{HARD}"[: kind.length or None]
    makers: list[tuple[type[types.TypeEngine[Any]], Any]] = [
        (types.JSON, {"b": [1, None, 0.1], "a": HARD}),
        (types.LargeBinary, bytes([number % 256])),
        (types.DateTime, datetime(2026, 3, 29, 1, 59, 59, number, tzinfo=UTC).replace(
            tzinfo=UTC if getattr(kind, "timezone", False) else None)),
        (types.Date, date(2026, 2, 28)),
        (types.Boolean, bool(number % 2)),
        (types.Float, number / 8),
        (types.Integer, number),
    ]  # fmt: skip
    return next(value for maker, value in makers if isinstance(kind, maker))


def lost(connection: Connection, before: dict[str, list[dict[str, Any]]]) -> list[str]:
    """What was there before and is not there any more, or is another."""
    now, missing = rows(connection), []
    for table, old in before.items():
        kept = now.get(table, [])
        if table in LAID_IN and len(kept) > len(old):
            kept = kept[: len(old)]
        if len(kept) != len(old):
            missing.append(f"{table}: {len(kept)} rows of {len(old)}")
            continue
        for row, there in zip(old, kept, strict=True):
            for name, value in row.items():
                found = there.get(name)
                if name not in there and (table, name) in ELSEWHERE:
                    found = connection.scalar(text(ELSEWHERE[table, name]), {"id": row["id"]})
                if found != value:
                    missing.append(f"{table}.{name}: {value!r} is {found!r}")
    return missing


def test_the_landed_version_comes_up_without_loss(empty: Engine) -> None:
    to(empty, LANDED)
    with empty.connect() as connection:
        fill(connection)
        before = rows(connection)
    assert all(len(found) == 3 for found in before.values())
    to(empty, "head")
    with empty.connect() as connection:
        assert lost(connection, before) == []
        _is_sealed(connection)


def _is_sealed(connection: Connection) -> None:
    """What the migration wrote is what the program would have written."""
    events, seals = Event.__table__, Seal.__table__
    before = BEGIN
    for place, row in enumerate(connection.execute(select(events).order_by(events.c.id)).mappings(), 1):
        before = seal(before, {name: row[name] for name in SEALED})
        found = connection.execute(select(seals).where(seals.c.place == place)).mappings().one()
        assert (found["history_id"], found["hash"]) == (row["id"], before)
    assert connection.scalar(select(func.count()).select_from(seals)) == 3


def test_each_step_can_be_taken_back_and_keeps_what_both_know(empty: Engine) -> None:
    to(empty, "head")
    with empty.connect() as connection:
        everything.fill(connection)
        connection.commit()
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
    for number in range(int(newest or 0) - 1, 0, -1):
        to(empty, f"{number:04}")
        with empty.connect() as connection:
            before = rows(connection)
        to(empty, f"{number + 1:04}")
        with empty.connect() as connection:
            assert lost(connection, before) == [], f"from {number:04} up"
        to(empty, f"{number:04}")
