"""Write transactions are short and hold no network call: on SQLite everybody else waits for them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.actions import publications
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands import fetch
from app.errands.ground import Ground
from app.foundation.database import Database
from tests.support.stand import Hand, Stand

MOST = 0.020  # seconds of work; the wait for the disk is the machine's


class Watched(Database):
    """A database that knows how long its writers work, and whether one is at it in this thread."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self.took: list[float] = []
        self.here = threading.local()

    @contextmanager
    def writes(self) -> Iterator[Session]:
        began = time.thread_time()
        self.here.writing = True
        try:
            with super().writes() as session:
                yield session
        finally:
            self.here.writing = False
            self.took.append(time.thread_time() - began)


class Watching:
    """A network that refuses to be called while this thread holds a write transaction."""

    def __init__(self, inner: Any, database: Watched) -> None:
        self.inner, self.database, self.calls = inner, database, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._guarded(found) if callable(found) else found

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **named: Any) -> Any:
            assert not getattr(self.database.here, "writing", False), "a network call inside a transaction"
            self.calls += 1
            return call(*args, **named)

        return guarded


@pytest.fixture
def watched(stand: Stand) -> Stand:
    """The stand, watched."""
    database = Watched(stand.database)
    network = Watching(stand.ground.networks(NetworkKind.FACEBOOK), database)
    stand.ground = Ground(stand.ground.settings, database, stand.ground.keyring, lambda _kind: network)
    return stand


def test_from_plan_to_numbers(watched: Stand, traveller: time_machine.Traveller) -> None:
    hand = Hand(watched, traveller)
    first, second = watched.plan("One"), watched.plan("Two")
    watched.practice.script("closed", calls="show", moment="after")
    hand.run_to(first, Status.PUBLISHED)
    with watched.database.writes() as session:
        publications.cancel(session, watched.writer, second)
    watched.practice.forward(hours=2)
    fetch.fetch_all(watched.ground)
    from app.errands import leases

    leases.end(watched.database, hand.life)
    database = watched.database
    assert isinstance(database, Watched)
    assert len(database.took) > 10
    # The first statements of a process are compiled; what counts is what every later one takes.
    assert sorted(database.took)[-3] < MOST
