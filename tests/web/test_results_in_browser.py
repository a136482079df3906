"""The results in a real browser: wide, on a phone, on paper and without scripts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.foundation.database import Database, make_engine
from tests.cast import Cast
from tests.outings import Out, both_tones
from tests.support.browser import check_both, check_page, on_a_desk, picture
from tests.support.databases import SQLiteDatabases
from tests.support.days import today
from tests.support.server import served
from tests.web.scene import Scene
from tests.web.test_results import YEAR, publish
from tests.web.visitor import enter


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url:
        engine = make_engine(url)
        yield Database(engine)
        engine.dispose()


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@on_a_desk
def test_for_everybody(page: Page, app: FastAPI, database: Database, cast: Cast, address: str) -> None:
    scene = Scene(app, cast)
    enter(page, database, address, cast.manager)
    page.goto(f"{address}/results")
    check_both(page, "results-empty")
    publish(scene, *both_tones(16, apart=2), Out("A post of this week", days=2, age=86_400, reach=120))
    page.goto(f"{address}/results?{YEAR}")
    for closed in page.locator("details:not([open]) > summary").all():
        if closed.is_visible():
            closed.click()
    check_both(page, "results")
    page.goto(f"{address}/results?period=own&from=x&to=")
    check_page(page)
    page.goto(f"{address}/results/posts?{YEAR}")
    check_both(page, "results-posts")
    page.goto(f"{address}/results/posts?{YEAR}&sort=reach&behind=reach&tone=human")
    check_page(page)


@on_a_desk
def test_on_paper(page: Page, app: FastAPI, database: Database, cast: Cast, address: str) -> None:
    publish(Scene(app, cast), *both_tones(16, apart=2))
    enter(page, database, address, cast.manager)
    page.goto(f"{address}/results?{YEAR}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 between its margins
    expect(page.locator(".filter")).to_be_hidden()
    expect(page.locator(".nav")).to_be_hidden()
    expect(page.get_by_text("Practice: simulated numbers.")).to_be_visible()
    expect(page.locator("thead").first).to_have_css("position", "static")
    picture(page, "results-paper")
    page.emulate_media(media="screen")


def test_without_scripts(
    page_without_script: Page, app: FastAPI, database: Database, cast: Cast, address: str
) -> None:
    page = page_without_script
    publish(Scene(app, cast), *both_tones(10))
    enter(page, database, address, cast.manager)
    page.goto(f"{address}/results")
    days = page.locator("select[name=period]")
    days.select_option("year")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**period=year*")
    expect(days.locator("option:checked")).to_contain_text("Last 12 months")
    page.get_by_label("From", exact=True).fill((today() - timedelta(days=12)).isoformat())
    page.get_by_role("button", name="Show").click()
    expect(days).to_have_value("own")
    page.get_by_role("link", name="All the posts").click()
    page.wait_for_url("**/results/posts*")
    expect(page.locator("tbody tr")).to_have_count(1)
