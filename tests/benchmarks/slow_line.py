"""How soon a page shows on a slow line to a browser that has nothing of it yet, and what takes the time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from app.dependencies.viewers import SIGN_IN_COOKIE
from tests.benchmarks.serving import Served
from tests.benchmarks.tables import Figure, median
from tests.support.browser import ARGUMENTS, NARROW, chromium_path

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TIMES = 5
COLUMNS = ("first byte", "page is here", "style sheet is here", "it shows", "all is here, kB")
MOST = (None, None, None, 3000, 40)  # milliseconds, kB
TOLD = (
    "Phone width, 400 ms and 50 kB a second (Chromium's own emulation), nothing kept; "
    f"medians of {TIMES}, ms."
)
# Milliseconds since the address was asked for; bytes of all that came, headers too.
_SEEN = """() => {
    const [page] = performance.getEntriesByType('navigation');
    const rest = performance.getEntriesByType('resource');
    const style = rest.find(one => one.name.includes('.css'));
    const shown = performance.getEntriesByName('first-contentful-paint')[0];
    const size = [page, ...rest].reduce((sum, one) => sum + one.transferSize, 0);
    return shown && [page.responseStart, page.responseEnd, style.responseEnd, shown.startTime, size / 1000];
}"""


@dataclass(frozen=True)
class Screen:
    """A page as somebody sees it; `token`: of their sign-in."""

    path: str
    token: str


def shown(served: Served, screens: Mapping[str, Screen]) -> Iterator[Figure]:
    """Screens (name -> which) on a line with 400 ms and 50 kB a second."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = browser.new_context(viewport=NARROW)
        page = context.new_page()
        for name, screen in screens.items():
            cookie = {"name": SIGN_IN_COOKIE, "value": screen.token, "url": served.address}
            context.add_cookies([cookie])  # type: ignore[list-item]  # what a cookie needs
            rows = [_once(page, f"{served.address}{screen.path}") for _ in range(TIMES + 1)][1:]
            values = (median(column) for column in zip(*rows, strict=True))
            yield Figure(name, tuple(zip(values, MOST, strict=True)))
        browser.close()


def _once(page: Page, url: str) -> list[float]:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(url, wait_until="networkidle")
    found: list[float] = page.evaluate(_SEEN)
    line.detach()
    return found
