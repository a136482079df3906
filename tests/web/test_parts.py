"""The parts in a real browser: for everybody, as wide as the window, with the script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, axe, check_both, check_page, on_a_desk, on_a_phone
from tests.support.server import served
from tests.web.gallery import gallery_app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(gallery_app("http://127.0.0.1")) as address:
        yield address


@on_a_phone
@pytest.mark.parametrize("path", ["/gallery", "/?language=fi", "/sign-in"])
def test_the_parts_are_for_everybody(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    check_both(page)


@on_a_desk
def test_dark_paper_has_contrast_too(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/gallery")
    assert axe(page) == []


def test_without_script_every_part_is_there(page_without_script: Page, address: str) -> None:
    page_without_script.goto(f"{address}/gallery")
    assert page_without_script.locator("form button:visible").count() >= 4
    expect(page_without_script.locator("[data-copy]:visible")).to_have_count(0)


@on_a_phone
def test_a_page_stands_on_a_very_narrow_screen(page: Page, address: str) -> None:
    page.set_viewport_size({**NARROW, "width": 320})
    page.goto(f"{address}/gallery")
    check_page(page)


@on_a_phone
def test_errors_take_the_focus_and_lead_to_their_fields(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Write a title.").click()
    expect(page.locator("#title")).to_be_focused()


@on_a_phone
def test_the_counter_goes_on_from_the_servers_number(page: Page, address: str) -> None:
    page.goto(address)
    counter = page.locator("#text-count")
    expect(counter).to_have_text("20 characters")
    page.locator("#text").fill("a\n📚 ")
    expect(counter).to_have_text("4 characters")
