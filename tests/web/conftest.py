"""Fixtures for pages: the app on a database of its own, with the cast in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.domain.roles import Actor
from app.foundation.database import Database
from app.foundation.images import Pictures
from app.foundation.settings import Settings
from tests.cast import Cast, gathered
from tests.support.apps import lent_app
from tests.web.visitor import Visitor


@pytest.fixture
def app(database: Database, tmp_path: Path, reader: Pictures) -> Iterator[FastAPI]:
    """The app on an empty, migrated database."""
    settings = Settings(
        _env_file=None, data_dir=tmp_path, public_url="http://testserver", argon2_memory_mib=8
    )
    app = lent_app(settings, database)
    vars(app.state.ground)["pictures"] = reader
    yield app
    if app.state.ground.__dict__.get("pictures") is not reader:
        app.state.ground.close()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    """One reader of pictures for all: to start it takes longer than a test."""
    pictures = Pictures(tmp_path_factory.mktemp("reader"))
    yield pictures
    pictures.close()


@pytest.fixture
def cast(database: Database) -> Cast:
    """The standing cast, in the app's database."""
    return gathered(database)


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    """Somebody whom nobody knows."""
    return Visitor(app)


@pytest.fixture
def visit(app: FastAPI) -> Callable[[Actor], Visitor]:
    """`visit(cast.editor)`: one of the cast in a browser of their own."""
    return lambda who: Visitor(app).signed_in(who)
