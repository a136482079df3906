"""One practice network for all, in this process; a scene per test, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.foundation.database import Database, make_engine
from tests.faults.inside import PracticeInside
from tests.faults.passage import Passage, no_other_loop
from tests.faults.scene import Scene, make_empty, set_up
from tests.faults.trouble import NAME
from tests.support.databases import Databases


@pytest.fixture(scope="session")
def faults_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the practice network and the app share: pictures are cut once for all tests."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="package")
def passage() -> Iterator[Passage]:
    """Time that is moved by hand."""
    with no_other_loop():
        passage = Passage()
        yield passage
        passage.close()


@pytest.fixture(scope="package")
def inside(faults_folder: Path, passage: Passage) -> Iterator[PracticeInside]:
    """The practice network, in its own ways only while these tests run."""
    with PracticeInside(faults_folder, passage) as practice:
        yield practice


@pytest.fixture(scope="session")
def lasting_database(databases: Databases) -> Iterator[Database]:
    """A database of each kind for all these tests: what it has learnt about our questions stays."""
    with databases.fresh() as url:
        engine = make_engine(_named(url))
        yield Database(engine)
        engine.dispose()


def _named(url: str) -> str:
    """The same with a name for its connections, where they can have one."""
    if url.startswith("sqlite"):
        return url
    return make_url(url).update_query_dict({"application_name": NAME}).render_as_string(hide_password=False)


@pytest.fixture
def empty_database(lasting_database: Database) -> Database:
    """The same with nothing in it."""
    make_empty(lasting_database)
    return lasting_database


@pytest.fixture
def scene(empty_database: Database, inside: PracticeInside, faults_folder: Path) -> Iterator[Scene]:
    """A scene without a worker."""
    with set_up(empty_database, inside, faults_folder) as scene:
        yield scene
