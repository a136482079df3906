"""The main pages, as a branch editor and as somebody who sees the whole network, by size and database.

Times are taken outside, over HTTP, from a server in a process of its own; questions are counted inside.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.main import create_app
from tests.benchmarks.filling import Filled, fill
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support.databases import Databases
from tests.web.scene import counted
from tests.web.visitor import Visitor

SIZES = (200, 2_000, 20_000)
WARM, RUNS = 5, 60
COLUMNS = ("median ms", "p95 ms", "CPU ms", "questions", "bytes gzipped")
MOST = (25, 60, None, 12, 20_000)


def run(name: str, databases: Databases) -> bool:
    """Every size on one kind of database (`name`); prints as it goes."""
    title = f"Pages on {name}"
    runs = f"{RUNS} runs each after {WARM} to warm up, over HTTP to another process."
    return show(title, runs, COLUMNS, (figure for size in SIZES for figure in _figures(databases, size)))


def _figures(databases: Databases, size: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        filled = fill(database, keyring(Path(folder)), size)
        with serving(url, Path(folder), "--no-clock") as served:
            told = f"{filled.posts:,} posts"
            yield from asked(served, database, filled.editor, pages(filled), f"{told}, editor")
            if size == max(SIZES):
                yield from asked(served, database, filled.approver, pages(filled), f"{told}, approver of all")
        database.engine.dispose()


def pages(filled: Filled) -> dict[str, str]:
    """The pages that the budgets are about: name -> path."""
    return {
        "first screen": "/",
        "queue": "/queue",
        "posts": "/posts",
        "composer": "/posts/new",
        "post": f"/posts/{filled.post}",
        "publication": f"/publications/{filled.publication}",
    }


def asked(
    served: Served, database: Database, person: int, paths: Mapping[str, str], told: str
) -> Iterator[Figure]:
    """Pages (name -> path) as a person gets them, who may see them; `told`: who, among how many."""
    token = token_of(database, person)
    settings = Settings(_env_file=None, public_url="http://testserver")
    visitor = Visitor(create_app(settings, database))
    visitor.client.cookies.set("kuliss", token)
    with served.client(token) as client:
        for name, path in paths.items():
            if visitor.get(path).status_code == 403:  # whoever approves does not write
                continue
            with counted(database) as questions:
                visitor.get(path)
            times, cpu, size = _measure(served, client, path)
            values = (median(times), p95(times), cpu, len(questions), size)
            yield Figure(f"{name}, {told}", tuple(zip(values, MOST, strict=True)))


def _measure(served: Served, client: httpx.Client, path: str) -> tuple[list[float], float, int]:
    """Milliseconds of each run, processor milliseconds per run, bytes on the wire of the last."""
    times: list[float] = []
    for turn in range(WARM + RUNS):
        if turn == WARM:
            before = served.cpu()
        began = time.monotonic()
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            size = sum(len(part) for part in answer.iter_raw())
        times.append((time.monotonic() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return times[WARM:], (served.cpu() - before) * 1000 / RUNS, size
