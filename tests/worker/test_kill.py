"""Two workers on one PostgreSQL, the one at work is killed: a post is public once, whatever the moment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.publications import AttemptKind, Outcome, Status
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.leases import ChannelLease, Run
from tests.support.databases import PostgresDatabases
from tests.support.practice import PracticeServer
from tests.support.stand import Stand, build

PATIENCE = 40.0  # seconds; a look after a kill comes within five


@pytest.fixture
def killing_ground(postgres_databases: PostgresDatabases, tmp_path: Path) -> Iterator[tuple[Stand, str]]:
    """A library on a PostgreSQL of its own, and the database's URL."""
    with PracticeServer(tmp_path) as practice, postgres_databases.fresh() as url:
        practice.switches(latency_ms=5, list_lag_seconds=0)
        engine = make_engine(url)
        settings = Settings(data_dir=tmp_path, practice_port=practice.port, database_url=url, _env_file=None)
        yield build(Database(engine), practice, settings), url
        engine.dispose()


@pytest.fixture
def two_workers(killing_ground: tuple[Stand, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Two `kuliss worker` processes that have said that they are ready."""
    stand, url = killing_ground
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(stand.ground.settings.data_dir),
        "PRACTICE_PORT": str(stand.practice.port),
        "NETWORK_TIMEOUT_SECONDS": "8",
        "LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "app.cli", "worker"]
    workers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert "ready" in worker.stdout.readline()
    yield workers
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    for worker in workers:
        worker.communicate(timeout=20)


@pytest.mark.parametrize(
    ("calls", "moment"),
    [("show", "before"), ("show", "after"), ("create", "before"), ("create", "after")],
    ids=["before-the-call-is-done", "after-it-was-accepted", "staging-not-done", "staging-accepted"],
)
def test_killed_at_work(
    killing_ground: tuple[Stand, str], two_workers: list[subprocess.Popen[str]], calls: str, moment: str
) -> None:
    stand, _url = killing_ground
    stand.practice.script("timeout", calls=calls, moment=moment, seconds=6)
    kind = AttemptKind.SHOW if calls == "show" else AttemptKind.STAGE
    publication_id = stand.plan("Out once", due_in=2.5)
    _wait(lambda: _under_way(stand, publication_id, kind) and _accepted(stand, calls, moment))
    pid = _at_work(stand)
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    _wait(lambda: stand.read(publication_id).status is Status.PUBLISHED)
    assert time.monotonic() - killed < 30
    assert stand.public() == ["Out once"]
    assert Outcome.LOST in _outcomes(stand, publication_id)
    assert sorted(worker.poll() is None for worker in two_workers) == [False, True]


def _wait(done: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def _under_way(stand: Stand, publication_id: int, kind: AttemptKind) -> bool:
    with stand.database.reads() as session:
        rows = session.query(Attempt).filter_by(publication_id=publication_id, kind=kind).all()
        return any(row.ended_at is None for row in rows)


def _accepted(stand: Stand, calls: str, moment: str) -> bool:
    """Whether the network has carried the call out, where that is what the scene is about."""
    if moment == "before":
        return not stand.practice.state()["script"]
    posts = stand.practice.state()["posts"]
    return bool(posts) and (calls == "create" or bool(stand.public()))


def _at_work(stand: Stand) -> int:
    with stand.database.reads() as session:
        lease = session.get_one(ChannelLease, stand.channel_id)
        return session.get_one(Run, lease.run_id).pid


def _outcomes(stand: Stand, publication_id: int) -> list[Outcome | None]:
    with stand.database.reads() as session:
        return [row.outcome for row in session.query(Attempt).filter_by(publication_id=publication_id)]
