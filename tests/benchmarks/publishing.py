"""How late posts are: lone ones, and 200 due in the same second on 20 pages, at 200 ms network latency."""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import QueuePool, func, select, text

from app.connectors import http
from app.domain.publications import Status
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.publications import Publication
from app.worker.clock import PublishingClock
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support import stand as stands
from tests.support.databases import Databases
from tests.support.practice import PracticeServer

LATENCY_MS = 200


def run(name: str, databases: Databases) -> bool:
    """Both, on one kind of database (`name`); prints as it goes."""
    runs = f"The network answers after {LATENCY_MS} ms; its own process, the clock in this one."
    return show(f"Publishing on {name}", runs, ("value",), _figures(databases))


def _figures(databases: Databases) -> Iterator[Figure]:
    late = lone(databases)
    for words, value, most in (
        ("median", median(late), 0.05),
        ("p95", p95(late), 0.2),
        ("the latest", max(late), 1.0),
    ):
        yield Figure(
            f"{len(late)} lone posts, from the second to the visible call, s: {words}", [(value, most)], ".3f"
        )
    last, middle, latest, connections = together(databases)
    yield Figure("200 due at once on 20 pages: the last is public, s", [(last, 3)], ".2f")
    yield Figure("their visible calls, s: median", [(middle, None)], ".2f")
    yield Figure("their visible calls, s: the latest", [(latest, None)], ".2f")
    yield Figure("database connections of the process, at most", [(connections, 12)])


def lone(databases: Databases, count: int = 60) -> list[float]:
    """Seconds from its second to the start of the visible call, for `count` posts one second apart."""
    with running(databases, pages=1) as stand:
        begin = clock.now() + timedelta(seconds=8)
        for number in range(count):
            stand.plan(f"Lone {number}", due_in=(begin - clock.now()).total_seconds() + number * 1.3)
        settled(stand.ground, count, 40 + count * 1.5)
        return sorted(lateness(stand.ground))


def together(databases: Databases, pages: int = 20, each: int = 10) -> tuple[float, float, float, int]:
    """200 due at once: seconds until the last is public, median and last start of the visible calls, and how
    many connections to the database there were at most."""
    with running(databases, pages) as stand:
        due_in = 8.0 + pages * each * 0.06
        begin = clock.now()
        for page in range(pages):
            stand.channel_id = stand.ids[page]  # type: ignore[attr-defined]
            for number in range(each):
                stand.plan(f"Page {page}, post {number}", due_in - (clock.now() - begin).total_seconds())
        due = begin + timedelta(seconds=due_in)
        with stand.database.writes() as session:
            for row in session.scalars(select(Publication)):
                row.due_at = due
        connections = settled(stand.ground, pages * each, 120)
        late = sorted(lateness(stand.ground))
        with stand.database.reads() as session:
            last = max(session.scalars(select(Publication.published_at)))  # type: ignore[type-var]
        assert last is not None
        return (last - due).total_seconds(), median(late), late[-1], connections


@contextmanager
def running(databases: Databases, pages: int) -> Iterator[stands.Stand]:
    """A library with so many Pages (`ids`: of their channels), and the clock at work in this process."""
    from app.foundation.database import Database, make_engine

    with (
        tempfile.TemporaryDirectory() as folder,
        databases.fresh() as url,
        practice_beside(Path(folder)) as practice,
    ):
        engine = make_engine(url)
        settings = Settings(data_dir=Path(folder), practice_port=practice.port, _env_file=None)
        stand = stands.build(Database(engine), practice, settings)
        stand.ids = [stand.channel_id, *stands.more_channels(stand, pages - 1)]  # type: ignore[attr-defined]
        http.set_up(settings.network_timeout_seconds)
        ground = Ground(settings, stand.database, stand.ground.keyring)
        practice.switches(latency_ms=LATENCY_MS)
        clock_work = PublishingClock(ground)
        clock_work.start()
        gc.freeze()  # as the commands do
        yield stand
        clock_work.stop()
        engine.dispose()


@contextmanager
def practice_beside(folder: Path) -> Iterator[PracticeServer]:
    """The practice network in a process of its own, so that it does not share our interpreter."""
    from tests.support.server import free_port

    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "practice"],
        env={**os.environ, "DATA_DIR": str(folder), "PRACTICE_PORT": str(port)},
    )
    practice = PracticeServer.__new__(PracticeServer)
    practice.attach(folder, port)
    try:
        yield practice
    finally:
        practice.http.close()
        practice.control.close()
        child.terminate()
        child.wait()


def settled(ground: Ground, count: int, patience: float) -> int:
    """Wait until so many are public. Returns the most connections that were seen meanwhile."""
    end, most = time.monotonic() + patience, 0
    while time.monotonic() < end:
        with ground.database.reads() as session:
            published = select(func.count()).where(Publication.status == Status.PUBLISHED)
            done = session.scalars(published).one()
        most = max(most, _connections(ground))
        if done == count:
            return most
        time.sleep(0.2)
    raise AssertionError(f"only {done} of {count} were published")


def _connections(ground: Ground) -> int:
    """Connections to the database; on SQLite those that the pool holds."""
    if ground.database.is_sqlite:
        pool = ground.database.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedin() + pool.checkedout()
    with ground.database.reads() as session:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        return int(session.scalar(text(asked)) or 0)


def lateness(ground: Ground) -> list[float]:
    """Seconds from its second to the start of each visible call."""
    with ground.database.reads() as session:
        rows = session.execute(
            select(Attempt.started_at, Publication.due_at)
            .join(Publication, Publication.id == Attempt.publication_id)
            .where(Attempt.kind == "show")
        ).all()
    return [(row[0] - row[1]).total_seconds() for row in rows]
