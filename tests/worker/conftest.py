"""Two workers on one PostgreSQL, of which a test may kill the one at work."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from tests.support.databases import PostgresDatabases
from tests.support.lender import Lender
from tests.support.nursery import Born, Nursery
from tests.support.practice import PracticeServer
from tests.support.stand import Stand, build

TIMEOUT = 8.0  # seconds that a call may take


@pytest.fixture
def killing_ground(postgres_databases: PostgresDatabases, tmp_path: Path) -> Iterator[Stand]:
    """A library on a PostgreSQL of its own."""
    with PracticeServer(tmp_path) as practice, postgres_databases.fresh() as url, Lender() as lender:
        practice.switches(latency_ms=5, list_lag_seconds=0, media_lag_seconds=0, container_seconds=0)
        practice.ask("origins", {"origins": [lender.url]})
        engine = make_engine(url)
        settings = Settings(
            data_dir=tmp_path, practice_port=practice.port, database_url=url, public_url=lender.url,
            network_timeout_seconds=TIMEOUT, _env_file=None,
        )  # fmt: skip
        stand = build(Database(engine), practice, settings)
        lender.ground = stand.ground
        yield stand
        stand.ground.close()
        engine.dispose()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where workers come from."""
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def two_workers(killing_ground: Stand, nursery: Nursery) -> Iterator[list[Born]]:
    """Two `kuliss worker` processes that have said that they are ready."""
    stand = killing_ground
    environment = {
        **os.environ,
        "DATABASE_URL": stand.ground.settings.database_url,
        "PUBLIC_URL": stand.ground.settings.public_url,
        "DATA_DIR": str(stand.ground.settings.data_dir),
        "PRACTICE_PORT": str(stand.practice.port),
        "NETWORK_TIMEOUT_SECONDS": str(TIMEOUT),
        "LOG_LEVEL": "error",
    }
    workers = [nursery.born(["worker"], environment) for _ in range(2)]
    for worker in workers:
        assert "ready" in worker.line()
    yield workers
    for worker in workers:
        worker.end()
