"""The practice network's own pages in a real browser, wide and narrow, without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.practice.graph import Graph
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture
from tests.practice.test_oauth import ask
from tests.support.browser import check_both, on_a_phone
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


@on_a_phone
def test_what_the_public_sees(told: PracticeServer, page: Page) -> None:
    page.goto(f"{told.url}/public/pages/{told.page}")
    check_both(page)
    expect(page.get_by_role("main")).not_to_contain_text("Not yet")
    page.get_by_role("link", name="Open the post of").last.click()
    page.wait_for_url(lambda url: "/public/pages/" not in url)
    check_both(page)
    expect(page.get_by_role("main")).to_contain_text("The boiler gave up")


@on_a_phone
def test_pictures_that_the_public_sees(practice: PracticeServer, instagram: Instagram, page: Page) -> None:
    wide, high = instagram.shelf.put(picture(1080, 566)), instagram.shelf.put(picture(1080, 1350))
    instagram.published(image_url=high, caption="High")
    instagram.published(image_url=wide, alt_text="A long table", caption="Long words " * 40)
    instagram.publish(instagram.carousel("Story hour on Saturday.\n\n#books"))
    for count in (1, 2, 3, 10):
        practice.ask("posts", {"page": instagram.page, "message": f"{count} by hand", "photos": count})
    page.goto(f"{practice.url}/public/profiles/{instagram.profile}")
    check_both(page)
    page.get_by_role("link", name="Open the post of").first.click()
    page.wait_for_url(lambda url: "/public/profiles/" not in url)
    check_both(page)
    expect(page.get_by_role("main")).to_contain_text("Story hour on Saturday.")
    expect(page.locator(".reel img").first).to_have_js_property("naturalWidth", value=80)
    page.goto(f"{practice.url}/public/pages/{instagram.page}")
    check_both(page)


@on_a_phone
def test_the_dialog(practice: PracticeServer, page: Page) -> None:
    query = "&".join(f"{name}={value}" for name, value in ask(practice, redirect_uri=practice.url).items())
    page.goto(f"{practice.url}/v25.0/dialog/oauth?{query}")
    check_both(page)
    page.get_by_label("Make, change and delete posts on your Pages").uncheck()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile("code=AQP"))
    assert practice.state()["people"][0]["permissions"]["pages_manage_posts"] == "declined"


@on_a_phone
def test_the_control_page(told: PracticeServer, page: Page) -> None:
    page.set_extra_http_headers({"authorization": f"Bearer {told.keys.control_token}"})
    page.goto(f"{told.url}/control")
    check_both(page)
    page.get_by_role("button", name="Move forward").click()
    expect(page.get_by_role("main")).to_contain_text("The clock has moved.")
    assert told.state()["ahead_seconds"] == 2 * 86_400 + 3_600
    page.goto(f"{told.url}/control?page={told.other_page}")
    page.get_by_label("Milliseconds each call takes.").fill("80")
    page.get_by_role("button", name="Set the switches").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert told.app.world.faults.pages == {told.other_page: {"latency_ms": 80}}
    page.get_by_role("link", name="All calls").click()
    page.wait_for_url("**/control/transcript")
    check_both(page)
