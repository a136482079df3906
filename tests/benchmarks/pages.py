"""The main pages, as a branch editor and as somebody who sees the whole network, by size and database.

Times are taken outside, over HTTP, from a server in a process of its own; questions are counted inside.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import httpx

from app.errands import results
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.main import create_app
from tests.benchmarks.filling import Filled, fill
from tests.benchmarks.pouring import tidy
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.tables import Figure, median, p95, show
from tests.support.databases import Databases
from tests.web.scene import counted
from tests.web.visitor import Visitor

SIZES = {"SQLite": (200, 2_000, 20_000), "PostgreSQL": (2_000, 20_000, 200_000)}
MONTHLY, MONTH, MONTH_MOST = 20_000, timedelta(days=22), 120  # posts, made within, milliseconds
GROWS_MOST = 1.5  # times as long with the most posts as with 2,000
WARM, RUNS = 5, 60
COLUMNS = ("median ms", "p95 ms", "CPU ms", "questions", "bytes gzipped")
MOST = (25, 60, None, 12, 20_000)


def run(name: str, databases: Databases) -> bool:
    """Every size on one kind of database (`name`); prints as it goes."""
    title = f"Pages on {name}"
    runs = f"{RUNS} runs each after {WARM} to warm up, over HTTP to another process."
    kept: dict[int, list[Figure]] = {}
    found = (figure for size in SIZES[name] for figure in _figures(databases, size, max(SIZES[name]), kept))
    good = show(title, runs, COLUMNS, found)
    return show(f"Pages on {name}, more", runs, ("value",), _more(databases, kept)) and good


def _figures(
    databases: Databases, size: int, largest: int, kept: dict[int, list[Figure]]
) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        filled = fill(database, keyring(Path(folder)), size)
        _nightly(database, Path(folder))
        with serving(url, Path(folder), "--no-clock") as served:
            told = f"{size:,} posts"
            for figure in asked(served, database, filled.editor, pages(filled), f"{told}, editor"):
                kept.setdefault(size, []).append(figure)
                yield figure
            if size == largest:
                yield from asked(served, database, filled.approver, pages(filled), f"{told}, approver of all")
        database.engine.dispose()


def _more(databases: Databases, kept: dict[int, list[Figure]]) -> Iterator[Figure]:
    """How much slower a page becomes with all the posts, and a month that is full."""
    for few, many in zip(kept[2_000], kept[max(kept)], strict=True):
        grown = many.values[0][0] / few.values[0][0]
        yield Figure(f"{many.what}, times as long as with 2,000", [(grown, GROWS_MOST)], ".2f")
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        now = (clock.now().replace(day=1) - timedelta(days=1)).replace(day=27, hour=20, microsecond=0)
        filled = fill(database, keyring(Path(folder)), MONTHLY, now, MONTH)
        with serving(url, Path(folder), "--no-clock") as served:
            month = {"month": f"/calendar/month/{now:%Y-%m}"}
            for who, person in (("editor", filled.editor), ("approver of all", filled.approver)):
                for figure in asked(served, database, person, month, ""):
                    told = f"month in which {MONTHLY:,} posts were made, {who}, median ms"
                    yield Figure(told, [(figure.values[0][0], MONTH_MOST)], ".1f")
        database.engine.dispose()


def _nightly(database: Database, folder: Path) -> None:
    """The answers of the three questions are worked out each night."""
    settings = Settings(data_dir=folder, _env_file=None)
    results.follow(Ground(settings, database, keyring(folder)))
    tidy(database, ())


def pages(filled: Filled) -> dict[str, str]:
    """The pages that the budgets are about: name -> path."""
    return {
        "first screen": "/",
        "queue": "/queue",
        "posts": "/posts",
        "composer": "/posts/new",
        "post": f"/posts/{filled.post}",
        "publication": f"/publications/{filled.publication}",
        "calendar": "/calendar",
        "month": f"/calendar/month/{clock.now():%Y-%m}",
        "search": "/search?q=reading+dogs",
        "results": "/results",
        "posts of the results": "/results/posts",
        "ideas": "/ideas",
        "strategy": "/strategy",
        "channels": "/channels",
    }


def asked(
    served: Served, database: Database, person: int, paths: Mapping[str, str], told: str, token: str = ""
) -> Iterator[Figure]:
    """Pages (name -> path) as a person gets them, who may see them; `told`: who, among how many.

    `token`: of a sign-in that they have already.
    """
    token = token or token_of(database, person)
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
