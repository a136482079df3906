"""A real Chromium for the tests: pages at two widths, accessibility findings, and what axe does not find."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = os.environ.get("PICTURES", "")

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
    context = browser.new_context(**{"viewport": WIDE, "locale": "en", **options})
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _is_violation(said.text) else None)
    try:
        yield page
        assert complaints == [], "the browser complained"
    finally:
        context.close()


def _is_violation(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


# For what a script does: on one width, because how it looks is tried on both elsewhere.
on_a_desk = pytest.mark.parametrize("page", [WIDE], indirect=True, ids=["1280"])
on_a_phone = pytest.mark.parametrize("page", [NARROW], indirect=True, ids=["360"])


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "360"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty page, once wide and once as wide as a phone."""
    with open_page(browser, viewport=request.param) as page:
        yield page
        if PICTURES:
            picture(page, request.node.name)


@pytest.fixture
def page_without_script(browser: Browser) -> Iterator[Page]:
    """An empty page in a browser that runs no script."""
    with open_page(browser, java_script_enabled=False) as page:
        yield page


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in the folder PICTURES, when that is set, to be looked at by eye."""
    if PICTURES:
        file = Path(PICTURES) / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)


def axe(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now, one line per finding; to be empty."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]


def unlabelled(page: Page) -> list[str]:
    """Controls without a label and radio groups without a legend, as HTML; to be empty."""
    return [*page.evaluate(UNNAMED), *page.evaluate(UNGROUPED)]


def overflow(page: Page) -> int:
    """How many CSS pixels the page is wider than its window; to be 0."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def check_page(page: Page) -> None:
    """What every page must be: accessible, labelled, as wide as its window, with one h1 and a title."""
    assert axe(page) == []
    assert unlabelled(page) == []
    assert overflow(page) <= 0
    assert page.locator("h1").count() == 1
    assert page.title().strip()
