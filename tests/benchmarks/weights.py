"""What pages weigh: HTML, scripts and style sheet as they come gzipped, and what a browser loads at first."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from app.dependencies.viewers import SIGN_IN_COOKIE
from tests.benchmarks.serving import Served
from tests.benchmarks.tables import Figure
from tests.support.browser import ARGUMENTS, WIDE, chromium_path

HTML, SCRIPT, MORE_SCRIPT, FIRST_VIEW, A_THUMB = 20_000, 6_000, 10_000, 80_000, 6_000
_FILES = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css)[^"]*)"')
# The pictures of which something stands on the screen.
_SEEN = """() => [...document.images]
    .filter(image => image.getBoundingClientRect().top < innerHeight && image.currentSrc)
    .map(image => image.currentSrc)"""


def weights(served: Served, token: str, paths: Mapping[str, str]) -> Iterator[Figure]:
    """Bytes of the named pages, and of all scripts and style sheets that they name."""
    found: dict[str, int] = {}
    with served.client(token) as client:
        for name, path in paths.items():
            size, text = _weight(client, path)
            yield Figure(f"{name}: HTML", [(size, HTML)])
            for address in _FILES.findall(text):
                found[address.partition("?")[0].rpartition("/")[2]] = _weight(client, address)[0]
    scripts = {name: size for name, size in found.items() if name.endswith(".js")}
    for name, size in sorted(found.items()):
        yield Figure(name, [(size, SCRIPT if name == "kuliss.js" else None)])
    long_form = scripts["kuliss.js"] + scripts.get("unsaved.js", 0)
    yield Figure("scripts of a page with a long form together", [(long_form, SCRIPT)])
    more = sum(scripts.values()) - long_form
    yield Figure("scripts for pictures and composer together", [(more, MORE_SCRIPT)])


def _weight(client: httpx.Client, path: str) -> tuple[int, str]:
    """Bytes on the wire, and the text that they are."""
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        size = sum(len(part) for part in answer.iter_raw())
    text = client.get(path).raise_for_status().text
    return size, text


def first_view(served: Served, token: str, path: str) -> Iterator[Figure]:
    """What a wide screen loads of pictures before anybody scrolls."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = browser.new_context(viewport=WIDE)
        context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": served.address}])
        page = context.new_page()
        sizes: dict[str, int] = {}
        page.on("response", lambda answer: sizes.update({answer.url: _picture_size(answer)}))
        page.goto(f"{served.address}{path}", wait_until="networkidle")
        seen: list[str] = page.evaluate(_SEEN)
        browser.close()
    told = f"{path}, 1280 x 900"
    yield Figure(f"{told}: pictures in view", [(len(seen), None)])
    yield Figure(f"{told}: bytes of these", [(sum(sizes[url] for url in seen), FIRST_VIEW)])
    yield Figure(f"{told}: bytes of all that the browser loads ahead", [(sum(sizes.values()), None)])
    yield Figure(f"{told}: bytes of the largest", [(max(sizes.values()), A_THUMB)])


def _picture_size(answer: Any) -> int:
    is_picture = answer.headers.get("content-type", "").startswith(("image/webp", "image/jpeg"))
    return int(answer.headers.get("content-length", 0)) if is_picture else 0
