"""A real Chromium for the tests: pages at two widths, accessibility findings, and what axe does not find."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Error,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

# First the one without windows: the same engine, and no time spent on tabs and tool bars that nobody sees.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
)  # fmt: skip
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process draws all pages of a context: what it has compiled for one test is there for the next.
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
]
PICTURES = os.environ.get("PICTURES", "")
PATIENCE = 30_000  # milliseconds, for a busy machine; whoever finds what they wait for waits no longer
expect.set_options(timeout=PATIENCE)

# Controls that a person can't name: axe lets a placeholder pass for a name, we don't.
UNNAMED = """() => [...document.querySelectorAll('input, select, textarea')].filter(control => {
    if (['hidden', 'submit', 'button', 'reset', 'image'].includes(control.type)) return false;
    const named = (control.getAttribute('aria-labelledby') || '').split(/\\s+/)
        .some(id => document.getElementById(id)?.textContent.trim());
    const labels = [...(control.labels || [])].some(label => label.textContent.trim());
    return !(labels || named || (control.getAttribute('aria-label') || '').trim());
}).map(control => control.outerHTML.slice(0, 200))"""

UNGROUPED = """() => {
    const names = {};
    for (const radio of document.querySelectorAll('input[type=radio]')) {
        const group = radio.closest('fieldset');
        const legend = group?.querySelector('legend')?.textContent.trim();
        const role = radio.closest('[role=radiogroup][aria-label], [role=radiogroup][aria-labelledby]');
        if (!legend && !role) names[radio.name] = radio.outerHTML.slice(0, 200);
    }
    return Object.values(names);
}"""

# Three quarters of axe's time go into contrasts. Text whose look was fine before is not measured again: its
# colour and letters, and what is behind it, all the way down. What lies over other things axe never judges.
VIOLATIONS = """async known => {
    const behind = one => {
        if (!one) return '';
        const is = getComputedStyle(one), own = [is.backgroundColor, is.backgroundImage, is.opacity].join();
        return behind(one.parentElement) + (own === 'rgba(0, 0, 0, 0),none,1' ? '' : own + '/');
    };
    const look = one => {
        const is = getComputedStyle(one);
        return [behind(one), is.color, is.fontSize, is.fontWeight, is.textShadow].join(' ');
    };
    const speaks = one => /^(INPUT|SELECT|TEXTAREA)$/.test(one.tagName)
        || [...one.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim());
    const looks = new Map([...document.querySelectorAll('body, body *')]
        .filter(one => speaks(one) && one.checkVisibility({visibilityProperty: true}))
        .map(one => [one, look(one)]));
    const fine = new Set(known), fresh = [...looks.keys()].filter(one => !fine.has(looks.get(one)));
    const options = {resultTypes: ['violations']};
    const rest = await axe.run({...options, rules: {'color-contrast': {enabled: false}}});
    const contrasts = fresh.length
        ? await axe.run({include: fresh}, {...options, runOnly: ['color-contrast']}) : {violations: []};
    return {violations: [...rest.violations, ...contrasts.violations], looks: [...new Set(looks.values())]};
}"""
_FINE: set[str] = set()  # looks of text, in this process


def chromium_path() -> str:
    """Where Chromium or Chrome is; CHROMIUM may name it. RuntimeError if there is none."""
    given = os.environ.get("CHROMIUM", "")
    found = given if given and Path(given).is_file() else next(filter(None, map(shutil.which, NAMES)), None)
    if not found and Path("/usr/bin/chromium").is_file():
        found = "/usr/bin/chromium"
    if not found:
        raise RuntimeError("Chromium is missing: make chromium")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium, one per worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a context of its own (see Playwright's `new_context`); script errors fail the test."""
    context = _context(browser, **options)
    try:
        with _watched(context.new_page()) as page:
            yield page
    finally:
        context.close()


def _context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": WIDE, "locale": "en", **options})
    context.set_default_timeout(PATIENCE)
    return context


@contextmanager
def _watched(page: Page) -> Iterator[Page]:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _is_violation(said.text) else None)
    yield page
    assert complaints == [], "the browser complained"


def _is_violation(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


# For what a script does: on one width, because how it looks is tried on both elsewhere.
on_a_desk = pytest.mark.parametrize("page", [WIDE], indirect=True, ids=["1280"])
on_a_phone = pytest.mark.parametrize("page", [NARROW], indirect=True, ids=["360"])


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """The one context of all `page`s, with an empty page that keeps its process alive."""
    context = _context(browser)
    context.new_page()
    yield context
    context.close()


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "360"])
def page(request: pytest.FixtureRequest, window: BrowserContext) -> Iterator[Page]:
    """An empty page, once wide and once as wide as a phone; it knows nothing of the pages before it."""
    try:
        page = window.new_page()
        page.set_viewport_size(request.param)
        with _watched(page):
            yield page
            if PICTURES:
                picture(page, request.node.name)
    finally:
        _forget(window)


def _forget(window: BrowserContext) -> None:
    """Closes all pages but the first, with all that they kept."""
    for page in window.pages[1:]:
        with suppress(Error):  # what is no web page can keep nothing
            page.evaluate("localStorage.clear()")
        page.close()
    window.clear_cookies()


@pytest.fixture
def page_without_script(window: BrowserContext) -> Iterator[Page]:
    """The same, wide, in a browser that runs no script: as Playwright does it, but for this page alone."""
    try:
        page = window.new_page()
        window.new_cdp_session(page).send("Emulation.setScriptExecutionDisabled", {"value": True})
        with _watched(page):
            yield page
    finally:
        _forget(window)


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in the folder PICTURES, when that is set, to be looked at by eye."""
    if PICTURES:
        file = Path(PICTURES) / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)


def axe(page: Page) -> list[str]:
    """What axe-core finds on the page once it is loaded, one line per finding; to be empty."""
    page.wait_for_load_state()
    # As a debugger asks, and not from within the page: so its compiled form lasts from page to page.
    debugger = page.context.new_cdp_session(page)
    if _asked(debugger, "typeof axe") == "undefined":
        _asked(debugger, Axe().axe_script)
    found = _asked(debugger, f"({VIOLATIONS})({json.dumps(sorted(_FINE))})")
    debugger.detach()
    if not found["violations"]:
        _FINE.update(found["looks"])
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _asked(debugger: CDPSession, expression: str) -> Any:
    question = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = debugger.send("Runtime.evaluate", question)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def unlabelled(page: Page) -> list[str]:
    """Controls without a label and radio groups without a legend, as HTML; to be empty."""
    return [*page.evaluate(UNNAMED), *page.evaluate(UNGROUPED)]


def overflow(page: Page) -> int:
    """How many CSS pixels the page is wider than its window; to be 0."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def check_page(page: Page) -> None:
    """What every page must be: accessible, labelled, as wide as its window, with one h1 and a title.

    After a click wait for something that the new page alone has: the old one may still be there for a moment.
    """
    assert axe(page) == []
    assert unlabelled(page) == []
    assert overflow(page) <= 0
    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"\S"))


def check_both(page: Page, name: str = "") -> None:
    """The same wide and as wide as a phone: drawn anew, where a second test would begin from nothing."""
    before = page.viewport_size
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        check_page(page)
        picture(page, f"{name or urlsplit(page.url).path} {size['width']}")
    if before:
        page.set_viewport_size(before)
