"""Which rhythms this process is at, so that no other does the same: one connection holds all their locks.

A connection for each lock would leave none for the work itself where as many rhythms begin on one second as
the process has connections: then each of them waits for another one to end.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.foundation.database import Database

LOCK_CLASS = 76
_TAKE = text("SELECT pg_try_advisory_lock(:class, :number)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:class, :number)")


class Singles:
    """The rhythms that are at work just now, by their numbers. On SQLite there is no other process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = threading.Lock()
        self._taken: set[int] = set()
        self._connection: Connection | None = None

    @contextmanager
    def alone(self, number: int) -> Iterator[bool]:
        """Whether nobody else is at a rhythm just now; nobody begins it before the block ends."""
        if self._database.is_sqlite:
            yield True
            return
        mine = self._take(number)
        try:
            yield mine
        finally:
            if mine:
                self._give_back(number)

    def _take(self, number: int) -> bool:
        with self._turn:
            if number in self._taken:  # the server would give its own connection the same lock once more
                return False
            try:
                mine = bool(self._held().scalar(_TAKE, {"class": LOCK_CLASS, "number": number}))
            except BaseException:
                self._lose()
                raise
            if mine:
                self._taken.add(number)
            self._rest()
            return mine

    def _give_back(self, number: int) -> None:
        with self._turn:
            self._taken.discard(number)
            if self._connection is None:  # lost, and the lock with it
                return
            try:
                self._connection.execute(_GIVE_BACK, {"class": LOCK_CLASS, "number": number})
            except BaseException:
                self._lose()
                raise
            self._rest()

    def _held(self) -> Connection:
        if self._connection is None:
            connection = self._database.engine.connect()
            self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _rest(self) -> None:
        if not self._taken and self._connection is not None:
            self._connection.close()
            self._connection = None

    def _lose(self) -> None:
        # It closes for good: given to somebody else, it would go on holding our locks.
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
