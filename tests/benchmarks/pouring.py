"""Rows by the hundred thousand: by COPY into PostgreSQL, which takes them five times as fast as inserts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.foundation.database import Base, Database, table_of


def pour(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows, all with the same columns, into the table of a model."""
    if not rows:
        return
    table = table_of(model)
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite":
        session.execute(insert(table), rows)
        return
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if isinstance(column.default, ScalarElementColumnDefault)
    }
    columns = [column for column in table.columns if column.name in {**defaults, **rows[0]}]
    processors = [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in columns
    ]
    names = ", ".join(name for name, _ in processors)
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            whole = {**defaults, **row}
            copy.write_row([process(whole[name]) if process else whole[name] for name, process in processors])


def tidy(database: Database, models: Iterable[type[Base]]) -> None:
    """What a PostgreSQL does by itself within a minute, and counters that know of the rows of some models."""
    if database.is_sqlite:
        return
    with database.writes() as session:
        for name in (table_of(model).name for model in models):
            session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) + 1 FROM {name}))"))  # noqa: S608 - names of ours
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
