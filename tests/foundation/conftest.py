"""The image reader, and a short way to give it files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.foundation.images import Pictures, Taken
from tests.support.pictures import MOST_MEMORY, peak


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    """One reader for many tests."""
    found = Pictures(tmp_path_factory.mktemp("reader"), seconds=20)
    yield found
    assert found.pid is None or peak(found.pid) <= MOST_MEMORY
    found.close()


@pytest.fixture
def take(pictures: Pictures, tmp_path: Path) -> Callable[[bytes], Taken]:
    """Take in the bytes of a file, told to be a JPEG whatever they are."""

    def taken(data: bytes) -> Taken:
        (tmp_path / "given.jpg").write_bytes(data)
        return pictures.take_in(tmp_path / "given.jpg", tmp_path / "into")

    return taken
