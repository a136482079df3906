"""Rhythms that begin on one second: each has its work done, and no two processes do the same."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.foundation.database import Database, make_engine
from app.worker.singles import Singles
from tests.support.databases import PostgresDatabases

CONNECTIONS = 3


@pytest.fixture
def narrow(postgres_databases: PostgresDatabases) -> Iterator[tuple[Database, Database]]:
    """One PostgreSQL as two processes see it, each with few connections and little patience."""
    with postgres_databases.fresh() as url:
        engines = [make_engine(url, CONNECTIONS) for _ in range(2)]
        for engine in engines:
            vars(engine.pool)["_timeout"] = 2
        yield Database(engines[0]), Database(engines[1])
        for engine in engines:
            engine.dispose()


def test_as_many_rhythms_as_connections_keep_none_from_its_work(narrow: tuple[Database, Database]) -> None:
    database, _ = narrow
    singles, together = Singles(database), threading.Barrier(CONNECTIONS)

    def rhythm(number: int) -> object:
        with singles.alone(number) as mine:
            assert mine
            together.wait(10)
            with database.reads() as session:
                return session.scalar(text("SELECT 1"))

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        assert list(threads.map(rhythm, range(CONNECTIONS))) == [1] * CONNECTIONS
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # of a pool with a queue


def test_what_one_is_at_no_other_begins(narrow: tuple[Database, Database]) -> None:
    here, there = (Singles(database) for database in narrow)
    with here.alone(1) as first, here.alone(2) as second:
        assert (first, second) == (True, True)
        for other in (here, there):
            with other.alone(1) as again:
                assert not again
    for one in (there, here):
        with one.alone(1) as free:
            assert free


def test_a_lost_connection_frees_what_it_held(narrow: tuple[Database, Database]) -> None:
    here, there = (Singles(database) for database in narrow)
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 76")
    with narrow[1].engine.connect() as killer, pytest.raises(DBAPIError), here.alone(1):
        killer.execute(kill)
    for one in (there, here):
        with one.alone(1) as free:
            assert free
