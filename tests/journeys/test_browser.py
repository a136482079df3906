"""Two posts for a page and its profile, in a browser: pictures, and a video; from first link to numbers."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys import clip_post
from tests.journeys.clip_post import LATE
from tests.support.browser import check_page, open_page
from tests.support.installation import Installation
from tests.support.waiting import comes

TEXT = "In November the sun goes down before half past three. Sari fills one trolley with books."
ALTS = ["Sari at the shelf, a book in her hand", "A trolley with ten books"]
PASSWORD = "three blue bicycles"


@pytest.mark.timeout(240)  # two posts, real seconds; on a busy machine that adds up
def test_one_post_all_the_way(installation: Installation, browser: Browser, tmp_path: Path) -> None:
    with open_page(browser) as aino, open_page(browser) as mikael:
        _begin(aino, installation)
        _add_branch(aino, installation)
        link = _add_person(aino, installation)
        _connect(aino, installation)
        post = _write(aino, installation, _pictures(tmp_path))
        moving = _write_moving(aino, installation, tmp_path)
        _come_in(mikael, link)
        _approve(mikael, post)
        due = _plan(aino, post)
        _approve(mikael, moving)
        due_moving = _plan(aino, moving)
        assert comes(lambda: len(installation.public()) >= 2, 60, every=0.1)
        seen = [row for row in installation.public() if row["pictures"]]
        assert sorted(row["network"] for row in seen) == ["facebook", "instagram"]
        for row in seen:
            assert (row["message"], [picture["alt_text"] for picture in row["pictures"]]) == (TEXT, ALTS)
            assert 0 <= (datetime.fromisoformat(row["real_at"]) - due).total_seconds() < LATE
        _see_it_on_the_page(aino, post)
        assert comes(lambda: clip_post.is_whole(installation), 60, every=0.1)
        _see_it_moving(aino, moving)
        clip_post.check_seen(installation, due_moving, {"facebook": "reel", "instagram": "ig_story"})
        installation.practice.post("clock", json={"days": 7}).raise_for_status()
        _see_its_numbers(aino, post)


def _look(page: Page) -> None:
    """Accessibility of a page on the way; the same pages whatever the database, so once is enough."""
    if "sqlite" in os.environ["PYTEST_CURRENT_TEST"]:
        check_page(page)


def _begin(page: Page, installation: Installation) -> None:
    page.goto(installation.first_link)
    _look(page)
    page.get_by_label("Name of the library").fill("Saarivesi City Library")
    page.get_by_label("Your name").fill("Aino Lehtinen")
    page.get_by_label("E-mail").fill("aino@saarivesi.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("link", name="Connect a channel")).to_be_visible()
    _look(page)


def _add_branch(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.address}/units/new")
    page.get_by_label("Name").fill("Koivuranta")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("main")).to_contain_text("Koivuranta")


def _add_person(page: Page, installation: Installation) -> str:
    page.goto(f"{installation.address}/people/new")
    page.get_by_label("Name").fill("Mikael Saari")
    page.get_by_label("E-mail").fill("mikael@saarivesi.example")
    page.get_by_label("Approver").check()
    page.get_by_role("button", name="Add").click()
    place = page.get_by_text(re.compile(r"http://localhost:\d+/link/[\w-]+")).first
    found = re.search(r"http://localhost:\d+/link/[\w-]+", place.inner_text())
    assert found
    _look(page)
    return found[0]


def _connect(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.address}/channels/connect")
    _look(page)
    page.get_by_role("button", name="Go to the sign-in").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Facebook · Saarivesi City Library")).to_be_visible()
    _look(page)
    page.get_by_label("Facebook · Saarivesi City Library").check()
    page.get_by_label("Instagram · @saarivesi.library").check()
    page.get_by_role("button", name="Use these").click()
    expect(page.get_by_role("main")).to_contain_text("Everything is in order")
    page.get_by_role("link", name="@saarivesi.library").first.click()
    expect(page.get_by_role("main")).to_contain_text("can fetch pictures from Kuliss", timeout=60_000)
    _look(page)


def _pictures(folder: Path) -> list[Path]:
    """Two pictures as they come from a phone."""
    made = []
    for name, colour, size in (("sari.jpg", "teal", (1600, 1200)), ("trolley.jpg", "maroon", (1200, 1600))):
        Image.new("RGB", size, colour).save(folder / name, "JPEG")
        made.append(folder / name)
    return made


def _write(page: Page, installation: Installation, pictures: list[Path]) -> str:
    page.goto(f"{installation.address}/posts/new")
    page.get_by_label("Human").check()
    page.get_by_label("Working title").fill("Sari chooses ten books")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.locator("main input[type=file]").set_input_files(pictures)
    expect(page.get_by_label("What is in the picture?")).to_have_count(2, timeout=60_000)
    for number, alt in enumerate(ALTS):
        page.get_by_label("What is in the picture?").nth(number).fill(alt)
    return _submit(page)


def _write_moving(page: Page, installation: Installation, folder: Path) -> str:
    clip_post.write(page, installation, folder)
    return _submit(page)


def _submit(page: Page) -> str:
    _look(page)
    page.get_by_role("button", name="Send to review").first.click()
    page.wait_for_url(re.compile(r"/posts/\d+"))
    _look(page)
    return page.url.split("?")[0]


def _come_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("link", name="Sari chooses ten books").first).to_be_visible()
    _look(page)


def _approve(page: Page, post: str) -> None:
    page.goto(f"{post}/review")
    _look(page)
    page.get_by_role("button", name="Approve revision 1").click()
    expect(page.get_by_role("main")).to_contain_text("Approved")


def _plan(page: Page, post: str) -> datetime:
    """Plan it a few seconds ahead, on both channels; returns the instant."""
    page.goto(post)
    for channel in ("Facebook · Saarivesi City Library", "Instagram · @saarivesi.library"):
        page.get_by_label(channel).check()
    due = (datetime.now(UTC) + timedelta(seconds=12)).replace(microsecond=0)
    local = due.astimezone(ZoneInfo("Europe/Helsinki"))
    page.locator("[name=day]").fill(local.date().isoformat())
    page.locator("[name=hour]").fill(f"{local:%H.%M.%S}")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("main a[href^='/publications/']").first).to_be_visible()
    return due


def _see_it_on_the_page(page: Page, post: str) -> None:
    _reload_until(page, post, "Published")
    page.locator("a[href*='/publications/']").first.click()
    page.wait_for_url("**/publications/*")
    _look(page)
    link = page.get_by_role("link", name=re.compile("See it|Open it|On the page"))
    # Its address is found a moment after it is out.
    assert comes(lambda: bool(page.reload() and link.count()), 60, every=0.1)
    with page.expect_popup() as opened:
        link.first.click()
    expect(opened.value.get_by_text(TEXT)).to_be_visible()
    _look(opened.value)
    opened.value.close()


def _see_it_moving(page: Page, post: str) -> None:
    """Where it stands, in words; and as the public sees it, with what is said below."""
    page.goto(post)
    address = (
        page.locator("main tr", has_text="Saarivesi City Library")
        .locator("a[href*='/publications/']")
        .get_attribute("href")
    )
    _reload_until(page, f"{post.split('/posts/', 1)[0]}{address}", "The first comment is there.")
    expect(page.get_by_role("main")).to_contain_text("What happened: It is public since")
    _look(page)
    page.goto(page.get_by_role("link", name="See it as the public does").get_attribute("href") or "")
    expect(page.get_by_text(clip_post.COMMENT)).to_be_visible()
    expect(page.locator("video")).to_be_visible()
    _look(page)


def _see_its_numbers(page: Page, post: str) -> None:
    page.goto(post)
    page.locator("a[href*='/publications/']").first.click()
    page.wait_for_url("**/publications/*")
    _reload_until(page, page.url, "1 week")
    expect(page.get_by_role("main")).to_contain_text("imulated")
    _look(page)


def _reload_until(page: Page, address: str, text: str) -> None:
    def there() -> bool:
        page.goto(address)
        return text in page.get_by_role("main").inner_text()

    assert comes(there, 60, every=0.1)
