"""Runs the numbered migrations on SQLite and PostgreSQL.

The database is, in this order: `-x url=...`, the `url` attribute of the Alembic config, the settings.
"""

import importlib
import pkgutil

from alembic import context
from sqlalchemy import Connection, text

import app.models
from app.foundation.database import Base, make_engine
from app.foundation.settings import Settings

# Any number will do, as long as every process that migrates asks for the same one.
MIGRATION_LOCK = 7_302_025


def database_url() -> str:
    """The database to migrate."""
    given = context.get_x_argument(as_dictionary=True).get("url") or context.config.attributes.get("url")
    return str(given or Settings().database)


def load_models() -> None:
    """Imports every file of app/models, so that the metadata knows all tables."""
    for module in pkgutil.walk_packages(app.models.__path__, "app.models."):
        importlib.import_module(module.name)


def run(connection: Connection) -> None:
    """Runs what was asked for, each migration in a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_sqlite(connection: Connection) -> None:
    """Without foreign keys, because a table that is made anew takes its children along; then checked."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    run(connection)
    orphans = driver.execute("PRAGMA foreign_key_check").fetchall()
    driver.execute("PRAGMA foreign_keys=ON")
    if orphans:
        raise RuntimeError(f"rows without their parents after the migration: {orphans[:5]}")


def run_on_postgresql(connection: Connection) -> None:
    """One process at a time: the others wait and then find nothing left to do."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    try:
        run(connection)
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()


def main() -> None:
    """Migrates, offline as SQL on standard output when `--sql` is given."""
    load_models()
    if context.is_offline_mode():
        context.configure(url=database_url(), target_metadata=Base.metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = make_engine(database_url())
    try:
        with engine.connect() as connection:
            (run_on_sqlite if connection.dialect.name == "sqlite" else run_on_postgresql)(connection)
    finally:
        engine.dispose()


main()
