"""Pictures on their way in: what they take of memory, and how long a person waits for one."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from tests.benchmarks import camera
from tests.benchmarks.filling import HOME, Filled, fill
from tests.benchmarks.pages import pages
from tests.benchmarks.sending import Sender, send_all
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.tables import Figure, median, p95, show
from tests.benchmarks.weights import first_view
from tests.support.databases import Databases
from tests.support.waiting import comes

POSTS, BROWSED, PEOPLE, SINGLY = 2_000, 100, 3, 30
EVERY = 0.03  # seconds between two looks at the memory
PATIENCE = 90.0  # seconds until the reader, idle, has ended


def run(name: str, databases: Databases) -> bool:
    """Everything on one kind of database; prints as it goes."""
    runs = (
        f"{camera.MANY} different JPEGs of 12 MP by {PEOPLE} people, each two at a time, through the "
        f"resumable uploads; then {SINGLY} one after the other. Memory is PSS in MB."
    )
    return show(f"Uploads on {name}", runs, ("value",), _figures(databases))


@dataclass
class Memory:
    """What was seen while pictures came in, MB: the server, the process that reads pictures, both at once."""

    server: list[float] = field(default_factory=list)
    reader: list[float] = field(default_factory=list)

    @property
    def together(self) -> float:
        """The most that both had at one moment."""
        return max(one + other for one, other in zip(self.server, self.reader, strict=True))


def _figures(databases: Databases) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        with serving(url, Path(folder)):
            pass  # an installation of its own, before anything could look like a copy
        database = Database(make_engine(url))
        filled = fill(database, keyring(Path(folder)), POSTS)
        with serving(url, Path(folder)) as served:
            yield from _memory(served, database, filled)
            yield from _waits(served, database, filled)
            yield from first_view(served, token_of(database, filled.editor), "/pictures")
        database.engine.dispose()


def _memory(served: Served, database: Database, filled: Filled) -> Iterator[Figure]:
    files = camera.pictures()
    yield Figure("memory idle, no reader", [(served.memory(), 100)])
    _browse(served, token_of(database, filled.editor), filled)
    yield Figure(f"after {BROWSED} pages", [(served.memory(), 130)])
    people = [Sender(served, token_of(database, filled.editor), HOME) for _ in range(PEOPLE)]
    began = time.monotonic()
    with _watched(served) as seen:
        send_all(people, [partial(_fresh, path) for path in files])
    took = time.monotonic() - began
    yield Figure("peak during the uploads, server and reader", [(seen.together, 250)])
    yield Figure("the server's own peak", [(max(seen.server), None)])
    yield Figure("the reader's own peak", [(max(seen.reader), None)])
    yield Figure("seconds for all of them", [(took, None)], ".1f")
    time.sleep(2)
    yield Figure("two seconds after, server and reader", [(served.memory() + served.reader_memory(), 150)])
    yield Figure("of that the reader", [(served.reader_memory(), None)])
    assert comes(lambda: not served.children(), PATIENCE, every=0.5)
    yield Figure("after the reader, idle for a minute, has ended", [(served.memory(), 150)])


def _waits(served: Served, database: Database, filled: Filled) -> Iterator[Figure]:
    files = camera.pictures()[:SINGLY]
    sender = Sender(served, token_of(database, filled.editor), HOME)
    sender.send("first.jpg", _fresh(files[0]))  # starts the reader
    for kind, data in (
        ("12 MP", [_fresh(path) for path in files]),
        (f"shrunk to {camera.PHONE:,} px by the phone", [camera.shrunk(path) for path in files]),
    ):
        size = sum(map(len, data)) / len(data) / 1e6
        times = [sender.send("one.jpg", one) for one in data]
        told = f"upload to ready, {kind}, {size:.1f} MB each, s"
        yield Figure(f"{told}: median", [(median(times), None)], ".2f")
        yield Figure(f"{told}: p95", [(p95(times), None)], ".2f")


def _fresh(path: Path) -> bytes:
    return camera.another(path.read_bytes())


def _browse(served: Served, token: str, filled: Filled) -> None:
    paths = ["/pictures", *pages(filled).values()]
    with served.client(token) as client:
        for turn in range(BROWSED):
            assert client.get(paths[turn % len(paths)]).status_code == 200


@contextmanager
def _watched(served: Served) -> Iterator[Memory]:
    """Look at the memory every now and then, for as long as the block takes."""
    seen, over = Memory(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            seen.server.append(served.memory())
            seen.reader.append(served.reader_memory())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
