"""Databases for the tests: made by the real migrations once per worker, and copied for each who needs one.

What a test leaves behind is taken away, and the next test gets the same place and the same engine: SQLAlchemy
keeps the statements that it has compiled with the engine, which is half the time of a short test.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.foundation.database import make_engine
from tests.support.postgres import in_database, statement

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, where Linux has one; containers keep it small
ROOM = 256 * 1024 * 1024


def roomy(folder: Path) -> bool:
    """Whether there is such a folder, with room for the databases of a worker."""
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def alembic_config(url: str) -> Config:
    """Alembic's own settings, aimed at one database."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Brings the database at `url` up to date, by the real migrations."""
    command.upgrade(alembic_config(url), "head")


class SQLiteDatabases:
    """Files in a folder: one migrated template, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._template = ""
        self._free: list[str] = []
        self._engines: dict[str, Engine] = {}

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without any table, gone after the block."""
        path = self._folder / f"{next(self._numbers)}.db"
        try:
            yield f"sqlite:///{path}"
        finally:
            _unlink(path)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a migrated database of one's own, gone after the block."""
        if not self._template:
            self._template = f"sqlite:///{self._folder / 'template.db'}"
            migrate(self._template)
        url = self._free.pop() if self._free else f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"
        shutil.copyfile(_path(self._template), _path(url))
        try:
            yield url
        finally:
            _unlink(_path(url))
            self._free.append(url)

    @contextmanager
    def opened(self, url: str) -> Iterator[Engine]:
        """An engine for a fresh database; its connections are closed after the block."""
        if url not in self._engines:
            self._engines[url] = make_engine(url)
        yield self._engines[url].execution_options()  # whoever listens to it listens to this view alone
        self._engines[url].dispose()

    def close(self) -> None:
        """Nothing stays open here."""


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _unlink(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


# Whoever still holds something here, for example a worker that was killed, would hold up the emptying.
_STRAYS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND (
        state <> 'idle' OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))
"""
# Row by row: truncating would write new files for each table and each index, which takes five times as long.
# As a replica, so that neither foreign keys nor the history's guard have their say.
_EMPTY = """
    DO $$ DECLARE one record; BEGIN
        SET LOCAL lock_timeout = '2s';
        SET LOCAL session_replication_role = replica;
        FOR one IN SELECT oid::regclass AS name FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
        LOOP EXECUTE 'DELETE FROM ' || one.name; END LOOP;
        PERFORM setval(seqrelid, 1, false) FROM pg_sequence
            WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
    END $$
"""
# What was made, dropped or altered shows here.
_SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', oid, relname, relnatts, relchecks, relhastriggers), '' ORDER BY oid))
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""


class Emptied:
    """A migrated database on PostgreSQL that can be emptied."""

    USES = 40  # emptied tables keep their size: in the end a new copy is quicker

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self._uses = 0
        self._connection = psycopg.connect(url, autocommit=True)
        self._shape = self._one(_SHAPE)

    def empty_again(self) -> bool:
        """Takes every row away and numbers from 1 again; False if it is no longer what it was."""
        self._uses += 1
        try:
            if self._uses > self.USES or self._one("SHOW is_superuser") != "on":
                return False
            if self._one(_SHAPE) != self._shape:
                return False
            self._connection.execute(_STRAYS)
            self._connection.execute(_EMPTY)
        except psycopg.OperationalError:
            return False
        return True

    def close(self) -> None:
        """Ends its own connection."""
        self._connection.close()

    def _one(self, sql: LiteralString) -> object:
        row = self._connection.execute(sql).fetchone()
        return row[0] if row else None


class PostgresDatabases:
    """Databases on one server: one migrated template, and copies of it, emptied after use."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._prefix = f"kuliss_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self._numbers = count()
        self._template: Emptied | None = None
        self._free: list[Emptied] = []
        self._engines: dict[str, Engine] = {}

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without any table, gone after the block."""
        name = self._copy_of("template0")
        try:
            yield in_database(self._server, name)
        finally:
            self._drop(name)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a migrated database of one's own, emptied for the next after the block."""
        one = self._free.pop() if self._free else self._made()
        try:
            yield one.url
        finally:
            if one.empty_again():
                self._free.append(one)
            else:
                self._forget(one)

    @contextmanager
    def opened(self, url: str) -> Iterator[Engine]:
        """An engine for a fresh database; its connections wait for the next who has the same one."""
        if url not in self._engines:
            self._engines[url] = make_engine(url)
        yield self._engines[url].execution_options()  # whoever listens to it listens to this view alone

    def _made(self) -> Emptied:
        if self._template is None:
            name = f"{self._prefix}_template"
            statement(self._server, f"CREATE DATABASE {name} TEMPLATE template0")
            migrate(in_database(self._server, name))
            self._template = Emptied(name, in_database(self._server, name))
            self._template.close()
        name = self._copy_of(self._template.name)
        return Emptied(name, in_database(self._server, name))

    def _copy_of(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        # Copying files takes 15 ms where writing them through the log takes 25.
        statement(self._server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def _drop(self, name: str) -> None:
        statement(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    def _forget(self, one: Emptied) -> None:
        one.close()
        if engine := self._engines.pop(one.url, None):
            engine.dispose()
        self._drop(one.name)

    def close(self) -> None:
        """Takes all databases away, for servers that live on."""
        for one in self._free:
            self._forget(one)
        if self._template is not None:
            self._drop(self._template.name)
        self._free, self._template = [], None


Databases = SQLiteDatabases | PostgresDatabases
