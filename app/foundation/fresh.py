"""A database built beside the one in use, and put into its place when it is whole.

On SQLite it is a file beside the other, on PostgreSQL a schema of the same database. Whatever goes wrong
before the last step, the one in use was not touched. What was in the place before is kept once:
`<file>.replaced`, or the schema `kuliss_replaced`. The last step is one: there is always a whole database in
the place, the one of before or the new one.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from app.foundation import migrations
from app.foundation.database import make_engine
from app.foundation.files import sync

_NEW, _OLD = "kuliss_fresh", "kuliss_replaced"
_PATIENCE = 5  # seconds that a file may be read by somebody else
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def rows_in(url: str) -> bool:
    """Whether the database holds anything: a row in any table but the one that numbers its migrations.

    A file that can't be read as a database holds something too.
    """
    path = _file(url)
    if path is not None and not path.exists():
        return False
    try:
        with _engine(url) as engine, engine.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            return any(
                connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').scalar()  # noqa: S608
                for name in names
            )
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if _is_broken(error):
            return True
        raise


def kept_of_before(url: str) -> str:
    """Where something is kept that was replaced before, and goes when the next is; an empty text for none."""
    path = _file(url)
    if path is not None:
        return f"the file {_aside(path).name}" if _aside(path).exists() else ""
    with _engine(url) as engine, engine.connect() as connection:
        there = connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": _OLD})
    return f"the schema {_OLD}" if there else ""


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

    def put_in_place(self, keep_old: bool, unless: Callable[[Connection], None] | None = None) -> None:
        """Let it take the place. `keep_old`: what was there is kept aside, else it goes.

        `unless`: called on PostgreSQL when nobody else can touch what is there any more; if it raises, all
        stays as it was. Raises SQLAlchemyError and OSError, BlockingIOError when a file is being read.
        """
        new, old = _file(self.url), _file(self._place)
        if new is None or old is None:
            self._swap_schemas(keep_old, unless)
            return
        _settle(new)
        if old.exists():
            _like(new, old)
            _make_room(old, keep_old)
        new.replace(old)
        sync(old.parent)

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

    def _swap_schemas(self, keep_old: bool, unless: Callable[[Connection], None] | None) -> None:
        with self._in_place() as connection:
            here = connection.execute(text("SELECT quote_ident(current_schema())")).scalar()
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            for table in _there_already(connection):
                connection.exec_driver_sql(f"LOCK TABLE {here}.{table} IN ACCESS EXCLUSIVE MODE")
            if unless:
                unless(connection)
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


def _there_already(connection: Connection) -> list[str]:
    """Names, quoted, of the tables in the place that have a namesake in the new schema."""
    found = connection.exec_driver_sql(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() AND tablename IN"
        " (SELECT tablename FROM pg_tables WHERE schemaname = %s) ORDER BY tablename",
        (_NEW,),
    )
    return [str(name) for name in found.scalars()]


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
    """Bring what SQLite keeps beside its file into it. Raises BlockingIOError when somebody is reading it."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)) as connection:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise BlockingIOError(errno.EBUSY, "another program is using it", str(path))


def _make_room(old: Path, keep: bool) -> None:
    """Keep what is there under its other name as well, and leave nothing that would be read with the new."""
    try:
        _settle(old)
    except sqlite3.DatabaseError as error:
        if not _is_broken(error):  # a broken one may be why the backup is put back
            raise BlockingIOError(errno.EBUSY, str(error), str(old)) from error
    if keep:
        _drop_beside(_aside(old))
        _keep(old, _aside(old))
    _drop_beside(old)


def _keep(path: Path, aside: Path) -> None:
    """The same file under a second name; where a disk knows no second names, a copy."""
    part = aside.with_name(f"{aside.name}.part")
    part.unlink(missing_ok=True)
    try:
        try:
            part.hardlink_to(path)
        except OSError:
            shutil.copy2(path, part)
        part.replace(aside)
    finally:
        part.unlink(missing_ok=True)  # two names of one file are not replaced by each other


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.replaced")


def _like(new: Path, old: Path) -> None:
    """Who may read it, and whose it is, stays; whose it is only where the system lets us."""
    told = old.stat()
    new.chmod(told.st_mode & 0o777)
    with suppress(OSError):
        os.chown(new, told.st_uid, told.st_gid)


def _is_broken(error: Exception) -> bool:
    """Whether SQLite says that a file is no database, or a damaged one."""
    cause = getattr(error, "orig", None) or error
    return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in _BROKEN


def _drop(path: Path) -> None:
    path.unlink(missing_ok=True)
    _drop_beside(path)


def _drop_beside(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
