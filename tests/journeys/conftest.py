"""An installation of one's own, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.installation import Installation, installed


@pytest.fixture
def installation(databases: Databases, tmp_path: Path) -> Iterator[Installation]:
    """A fresh one: nobody has been there."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with databases.fresh() as url:
        sqlite = url.startswith("sqlite")
        with installed(data_dir, "" if sqlite else url) as running:
            yield running
