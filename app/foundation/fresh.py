"""A database built beside the one in use, and put into its place when it is whole.

On SQLite it is a file beside the other, on PostgreSQL a schema of the same database. Whatever goes wrong
before the last step, the one in use was not touched. What was in the place before is kept once:
`<file>.replaced`, or the schema `kuliss_replaced`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

from app.foundation import migrations
from app.foundation.database import make_engine

_NEW, _OLD = "kuliss_fresh", "kuliss_replaced"


def rows_in(url: str) -> bool:
    """Whether the database holds anything: a row in any table but the one that numbers its migrations."""
    path = _file(url)
    if path is not None and not path.exists():
        return False
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            return any(
                connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').scalar()  # noqa: S608
                for name in names
            )
    finally:
        engine.dispose()


class Fresh:
    """The new database. `url`: where it is built."""

    def __init__(self, url: str) -> None:
        """Give the address of the place that it shall take; nothing is made yet."""
        self._place = url
        path = _file(url)
        if path is not None:
            self.url = f"sqlite:///{path}.fresh"
        else:
            options = make_url(url).query.get("options", "")
            search = f"{options} -csearch_path={_NEW}".strip()
            made = make_url(url).update_query_dict({"options": search})
            self.url = made.render_as_string(hide_password=False)

    def begin(self, revision: str) -> None:
        """Make it with the tables of one migration, without any row. Raises SQLAlchemyError, OSError."""
        self.discard()
        if _file(self.url) is None:
            with self._in_place() as connection:
                connection.execute(text(f"CREATE SCHEMA {_NEW}"))
        migrations.upgrade(self.url, revision)

    def upgrade(self) -> None:
        """Bring it from the migration that it began with to the newest."""
        migrations.upgrade(self.url)

    @contextmanager
    def writes(self, tied: bool = True) -> Iterator[Connection]:
        """One transaction in it, undone when the block raises; `tied` False: see `rows.without_ties`."""
        with _engine(self.url) as engine, engine.connect() as connection:
            if engine.dialect.name == "sqlite" and not tied:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                yield connection

    def put_in_place(self, keep_old: bool) -> None:
        """Let it take the place. `keep_old`: what was there is kept aside, else it goes."""
        new, old = _file(self.url), _file(self._place)
        if new is None or old is None:
            self._swap_schemas(keep_old)
            return
        _settle(new)
        if old.exists():
            _settle(old)
            if keep_old:
                _drop(old.with_name(f"{old.name}.replaced"))
                old.rename(old.with_name(f"{old.name}.replaced"))
            _drop(old)
        new.rename(old)

    def discard(self) -> None:
        """Take it away, also one that a killed process left; none there is no error."""
        path = _file(self.url)
        if path is not None:
            _drop(path)
            return
        with self._in_place() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {_NEW} CASCADE"))

    @contextmanager
    def _in_place(self) -> Iterator[Connection]:
        with _engine(self._place) as engine, engine.begin() as connection:
            yield connection

    def _swap_schemas(self, keep_old: bool) -> None:
        with self._in_place() as connection:
            here = connection.execute(text("SELECT quote_ident(current_schema())")).scalar()
            connection.execute(text(f"DROP SCHEMA IF EXISTS {_OLD} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {_OLD}"))
            tables, functions = _things(connection)
            # What is there under the same names goes aside, what others keep in this schema stays.
            for kind, names in (("TABLE IF EXISTS", tables), ("FUNCTION", _there(connection, functions))):
                for name in names:
                    connection.exec_driver_sql(f"ALTER {kind} {here}.{name} SET SCHEMA {_OLD}")
            for kind, names in (("TABLE", tables), ("FUNCTION", functions)):
                for name in names:
                    connection.exec_driver_sql(f"ALTER {kind} {_NEW}.{name} SET SCHEMA {here}")
            connection.execute(text(f"DROP SCHEMA {_NEW}"))
            if not keep_old:
                connection.execute(text(f"DROP SCHEMA {_OLD} CASCADE"))


def _things(connection: Connection) -> tuple[list[str], list[str]]:
    """Names of tables and functions in the new schema, quoted. Their sequences and indexes go with them."""
    tables = connection.exec_driver_sql(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = %s", (_NEW,)
    )
    functions = connection.exec_driver_sql(
        "SELECT format('%%I(%%s)', proname, pg_get_function_identity_arguments(oid)) FROM pg_proc"
        " WHERE pronamespace = to_regnamespace(%s)",
        (_NEW,),
    )
    return [str(name) for name in tables.scalars()], [str(name) for name in functions.scalars()]


def _there(connection: Connection, functions: list[str]) -> list[str]:
    """Those of the functions that stand in the place as well."""
    asked = "SELECT to_regprocedure(quote_ident(current_schema()) || '.' || %s) IS NOT NULL"
    return [name for name in functions if connection.exec_driver_sql(asked, (name,)).scalar()]


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def _file(url: str) -> Path | None:
    """The file of a SQLite database; None for the other kind."""
    made = make_url(url)
    return Path(made.database or "") if made.get_backend_name() == "sqlite" else None


def _settle(path: Path) -> None:
    """Bring what SQLite keeps beside its file into it."""
    with _engine(f"sqlite:///{path}") as engine, engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drop(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
