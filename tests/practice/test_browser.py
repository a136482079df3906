"""The practice network's own pages in a real browser, wide and narrow, without script."""

import pytest
from playwright.sync_api import Page

from tests.practice.graph import Graph
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture
from tests.practice.test_oauth import ask
from tests.support.browser import check_page
from tests.support.practice import PracticeServer


@pytest.fixture
def told(practice: PracticeServer, graph: Graph) -> PracticeServer:
    """A network with something to see."""
    graph.create("The boiler gave up at two in the night.\n\nBy seven the story hour had moved.")
    graph.create("x" * 300, link="https://library.example/" + "long" * 40)
    graph.stage("Not yet")
    practice.script("code_2", calls="show", times=None)
    practice.forward(days=2)
    return practice


def test_what_the_public_sees(told: PracticeServer, page: Page) -> None:
    page.goto(f"{told.url}/public/pages/{told.page}")
    check_page(page)
    assert "Not yet" not in page.inner_text("main")
    page.get_by_role("link", name="Open the post of").last.click()
    check_page(page)
    assert "The boiler gave up" in page.inner_text("main")


def test_pictures_that_the_public_sees(practice: PracticeServer, instagram: Instagram, page: Page) -> None:
    wide, high = instagram.shelf.put(picture(1080, 566)), instagram.shelf.put(picture(1080, 1350))
    instagram.published(image_url=high, caption="High")
    instagram.published(image_url=wide, alt_text="A long table", caption="Long words " * 40)
    instagram.publish(instagram.carousel("Story hour on Saturday.\n\n#books"))
    for count in (1, 2, 3, 10):
        practice.ask("posts", {"page": instagram.page, "message": f"{count} by hand", "photos": count})
    page.goto(f"{practice.url}/public/profiles/{instagram.profile}")
    check_page(page)
    page.get_by_role("link", name="Open the post of").first.click()
    check_page(page)
    assert "Story hour on Saturday." in page.inner_text("main")
    shown = page.locator(".reel img").evaluate_all("all => all.map(one => one.complete && one.naturalWidth)")
    assert shown[0] == 80
    page.goto(f"{practice.url}/public/pages/{instagram.page}")
    check_page(page)


def test_the_dialog(practice: PracticeServer, page: Page) -> None:
    query = "&".join(f"{name}={value}" for name, value in ask(practice, redirect_uri=practice.url).items())
    page.goto(f"{practice.url}/v25.0/dialog/oauth?{query}")
    check_page(page)
    page.get_by_label("Make, change and delete posts on your Pages").uncheck()
    page.get_by_role("button", name="Continue").click()
    assert "code=AQP" in page.url
    assert practice.state()["people"][0]["permissions"]["pages_manage_posts"] == "declined"


def test_the_control_page(told: PracticeServer, page: Page) -> None:
    page.set_extra_http_headers({"authorization": f"Bearer {told.keys.control_token}"})
    page.goto(f"{told.url}/control")
    check_page(page)
    page.get_by_role("button", name="Move forward").click()
    assert "The clock has moved." in page.inner_text("main")
    assert told.state()["ahead_seconds"] == 2 * 86_400 + 3_600
    page.goto(f"{told.url}/control?page={told.other_page}")
    page.get_by_label("Milliseconds each call takes.").fill("80")
    page.get_by_role("button", name="Set the switches").click()
    assert told.app.world.faults.pages == {told.other_page: {"latency_ms": 80}}
    page.get_by_role("link", name="All calls").click()
    check_page(page)
