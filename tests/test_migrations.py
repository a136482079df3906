"""The numbered migrations: one line, up and down on both databases, and they make what the models say."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from app.foundation.database import Base, make_engine
from tests.support.databases import ROOT, Databases, alembic_config

VERSIONS = ROOT / "migrations" / "versions"


def tables(engine: Engine) -> set[str]:
    """The names of our tables; Alembic's own is left out."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    """An engine on a database without tables."""
    with databases.empty() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def config_of(engine: Engine) -> Any:
    """Alembic's settings for the engine's database."""
    return alembic_config(engine.url.render_as_string(hide_password=False))


def test_files_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert names, "no migration yet"
    for number, name in enumerate(names, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+\.py", name), name


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory.from_config(alembic_config("sqlite://"))
    newest_first = list(scripts.walk_revisions())
    assert len(scripts.get_heads()) == 1
    assert all(later.down_revision == earlier.revision for later, earlier in pairwise(newest_first))
    for script in newest_first:
        assert f"{script.revision}_" in str(script.path), "the number of a file is its revision"


def test_up_down_and_up(empty: Engine) -> None:
    config = config_of(empty)
    command.upgrade(config, "head")
    made = tables(empty)
    assert made == set(Base.metadata.tables)
    command.downgrade(config, "base")
    assert tables(empty) == set()
    command.upgrade(config, "head")
    assert tables(empty) == made


def test_models_and_tables_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
