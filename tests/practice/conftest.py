"""One practice network per worker, set back before each test."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.practice.graph import Graph
from tests.practice.instagram import Instagram
from tests.practice.shelf import Shelf
from tests.support.practice import PracticeServer


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    """The server."""
    with PracticeServer(tmp_path_factory.mktemp("practice")) as server:
        yield server


@pytest.fixture
def practice(running: PracticeServer) -> PracticeServer:
    """The server, fresh, fast, with lists that do not lag."""
    running.reset("world")
    running.app.world.offset = timedelta(0)  # for one test after another; the network itself never goes back
    running.switches(
        latency_ms=1,
        list_lag_seconds=0,
        list_pages="full",
        container_seconds=0,
        media_lag_seconds=0,
        comment_lag_seconds=0,
        video_processing_seconds=0,
        reel_live_seconds=0,
    )
    return running


@pytest.fixture
def graph(practice: PracticeServer) -> Graph:
    """A client with the first Page's token."""
    return Graph(practice)


@pytest.fixture
def shelf(practice: PracticeServer) -> Iterator[Shelf]:
    """A server of pictures that the practice network may fetch from."""
    with Shelf() as shelf:
        practice.ask("origins", {"origins": [shelf.url]})
        yield shelf


@pytest.fixture
def instagram(practice: PracticeServer, shelf: Shelf) -> Instagram:
    """A client of the first profile."""
    return Instagram(practice, shelf)
