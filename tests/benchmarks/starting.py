"""From `kuliss serve` to the first page, what it weighs in memory, and what a first visit loads."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from app.dependencies.viewers import SIGN_IN_COOKIE
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from tests.benchmarks.filling import Filled, fill
from tests.benchmarks.pages import pages
from tests.benchmarks.serving import Served, serving, token_of
from tests.benchmarks.tables import Figure, median, show
from tests.support.browser import ARGUMENTS, chromium_path
from tests.support.databases import Databases

STARTS, POSTS, ASKED = 5, 20_000, 500


def run(name: str, databases: Databases) -> bool:
    """Everything on one kind of database; prints as it goes."""
    runs = f"{STARTS} starts on an existing database; memory is PSS, of pages, API and clock in one process."
    return show(f"Starting and memory on {name}", runs, ("value",), _figures(databases))


def _figures(databases: Databases) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        with serving(url, Path(folder)):
            pass  # an installation of its own, before anything could look like a copy
        database = Database(make_engine(url))
        filled = fill(database, keyring(Path(folder)), POSTS)
        starts = [_start(url, Path(folder)) for _ in range(STARTS)]
        yield Figure("first 200 after `kuliss serve`, median, s", [(median(starts), 1.0)], ".2f")
        yield Figure("the slowest of them, s", [(max(starts), None)], ".2f")
        with serving(url, Path(folder)) as served:
            yield Figure("memory idle, MB", [(served.memory(), 100)])
            token = token_of(database, filled.editor)
            _browse(served, token, filled)
            most = f"memory after {ASKED} pages with {POSTS:,} posts, MB"
            yield Figure(most, [(served.memory(), 130)])
            yield from first_visit(served, token)
        database.engine.dispose()


def _start(url: str, folder: Path) -> float:
    with serving(url, folder) as served:
        return served.started


def _browse(served: Served, token: str, filled: Filled) -> None:
    paths = list(pages(filled).values())
    with served.client(token) as client:
        for turn in range(ASKED):
            assert client.get(paths[turn % len(paths)]).status_code == 200


def first_visit(served: Served, token: str) -> Iterator[Figure]:
    """Somebody who was never here: the sign-in page, then the first screen, in a real browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = browser.new_context()
        page = context.new_page()
        loaded: list[dict[str, Any]] = []
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        _listen(page, loaded)
        page.goto(f"{served.address}/sign-in", wait_until="networkidle")
        context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": served.address}])
        page.goto(f"{served.address}/", wait_until="networkidle")
        browser.close()
    outside = {url for url in requested if not url.startswith((served.address, "data:"))}
    size = sum(one["encodedDataLength"] for one in loaded) / 1000
    yield Figure("first visit, sign-in page and first screen: kB on the wire", [(size, 40)], ".1f")
    # What came out of the browser's own cache has no length on the wire.
    sent = sum(1 for one in loaded if one["encodedDataLength"])
    yield Figure("its requests", [(sent, 6)])
    yield Figure("outside hosts asked", [(len(outside), 0)])


def _listen(page: Page, loaded: list[dict[str, Any]]) -> None:
    """Bytes as the browser counts them, headers of answers among them (Chrome DevTools Protocol)."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.on("Network.loadingFinished", lambda told: loaded.append(told))  # noqa: PLW0108 - it marks its listeners
