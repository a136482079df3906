"""Fixtures for every test. What touches a database runs twice: on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.foundation.database import Database, make_engine
from tests.support import plain_logs
from tests.support.apps import end_loop
from tests.support.databases import MEMORY, Databases, PostgresDatabases, SQLiteDatabases, roomy
from tests.support.postgres import postgres

pytest_plugins = ["tests.support.browser", "tests.faults.sampling"]

# No deadline for one example, nor for making them: machines are shared, and a slow moment is no defect.
# In CI the same examples each time, so that a red run is about the change; by hand always new ones.
SAME = bool(os.environ.get("CI"))
SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "kuliss", deadline=None, suppress_health_check=SLOW, print_blob=True, derandomize=SAME
)
hypothesis.settings.load_profile("kuliss")


def pytest_collection() -> None:
    """Nothing that is imported or collected becomes garbage: not to look there saves a tenth of the run."""
    gc.disable()


# Whole ways through the product, and processes that are killed and waited for: half a minute each.
LONG = ("tests/journeys/test_browser.py", "tests/journeys/test_programs.py", "tests/worker/test_kill.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first: begun last, one of them would keep a process busy while the others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _whole_run() -> Iterator[None]:
    """What any test may begin and all share ends after the last."""
    plain_logs.set_up()
    yield
    end_loop()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteDatabases]:
    """SQLite files of this worker, in memory where there is room: nobody waits for a disk."""
    if not roomy(MEMORY):
        yield SQLiteDatabases(tmp_path_factory.mktemp("sqlite"))
        return
    with TemporaryDirectory(prefix="kuliss-", dir=MEMORY) as folder:
        yield SQLiteDatabases(Path(folder))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Databases on this worker's own PostgreSQL."""
    with postgres() as server:
        databases = PostgresDatabases(server)
        yield databases
        databases.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases come from, once for each kind."""
    found: Databases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    return found


@pytest.fixture(scope="session")
def engine(databases: Databases) -> Iterator[Engine]:
    """A migrated database that this worker's tests share. Never commit here; take `session` or `database`."""
    with databases.fresh() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is taken back after the test, commits too."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_database(databases: Databases) -> Iterator[str]:
    """The URL of a migrated database of one's own: for several connections, threads or processes."""
    with databases.fresh() as url:
        yield url


@pytest.fixture
def database(databases: Databases, fresh_database: str) -> Iterator[Database]:
    """A migrated database of one's own, opened: for code that opens and commits sessions itself."""
    with databases.opened(fresh_database) as engine:
        yield Database(engine)
