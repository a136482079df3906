"""Trouble on our own side: a process that dies at a chosen moment, a database that is away or full."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

NAME = "faults"  # of our connections; those of whoever made the database are spared


class Killed(BaseException):
    """The process died; nothing of it catches this."""


class Trouble:
    """What goes wrong around the work of the clock, and only there (`at_work`).

    `moments`: every moment at which a process may die, in order: before a request is sent, while it is in
    flight, when its answer is there, and before anything is written down. `dies_in`: how many more it lives
    through; None: it does not die. `away`: the database does not answer. `full`: nothing can be written.
    `lost`: connections were cut.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.moments: list[str] = []
        self.dies_in: int | None = None
        self.away = self.full = self.lost = False
        self._at_work = False
        event.listen(engine, "before_cursor_execute", self._asked)
        event.listen(engine, "commit", self._commits)

    def close(self) -> None:
        """Leave the engine alone."""
        event.remove(self._engine, "before_cursor_execute", self._asked)
        event.remove(self._engine, "commit", self._commits)
        if self.lost:
            self._engine.dispose()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The clock is at work during the block."""
        before, self._at_work = self._at_work, True
        try:
            yield
        finally:
            self._at_work = before

    def moment(self, name: str) -> None:
        """A moment at which the process may die. Raises Killed."""
        if not self._at_work or asyncio._get_running_loop() is not None:  # what the network does is not ours
            return
        self.moments.append(name)
        if self.dies_in is None:
            return
        self.dies_in -= 1
        if self.dies_in < 0:
            self.dies_in = None
            raise Killed(name)

    def lose_connections(self) -> None:
        """As when a PostgreSQL is started anew: every connection to this database is cut."""
        if self._engine.dialect.name == "sqlite":
            return
        self.lost = True
        with self._engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND application_name = :name"
                ),
                {"name": NAME},
            )

    def _asked(self, *_asked: Any) -> None:
        if self.away and self._at_work:
            raise OperationalError("the database is away", None, OSError())

    def _commits(self, connection: Any) -> None:
        # A lock's own connection writes nothing.
        if not self._at_work or connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
            return
        if self.full:
            raise OperationalError("database or disk is full", None, OSError())
        self.moment("writing down")
