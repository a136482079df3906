"""Tones of found posts by keyboard alone, at both widths and with scripts off."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.domain.networks import Format
from app.domain.posts import Tone
from app.foundation.database import Database, make_engine
from app.models.found import FoundPost
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.web.scene import Scene
from tests.web.test_found import PAGE, put, words
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


@pytest.fixture
def ids(app: FastAPI, cast: Cast, database: Database) -> list[int]:
    """Three found posts, one with long words and one without any."""
    made = put(database, Scene(app, cast).channel_id, 3)
    with database.writes() as session:
        session.get_one(FoundPost, made[0]).text = "Story time on Saturday at ten. " * 18
        silent = session.get_one(FoundPost, made[2])
        silent.text, silent.format = "", Format.STORY
    return made


@on_a_desk
def test_by_keyboard_alone(page: Page, database: Database, cast: Cast, address: str, ids: list[int]) -> None:
    enter(page, database, address, cast.editor)
    page.goto(f"{address}{PAGE}")
    check_both(page, "found")
    page.locator(f"#tone-{ids[0]}-informative").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")  # past the money behind it, and a link, to the next post
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved for 2 posts.")).to_be_visible()
    assert words(database) == {ids[0]: Tone.HUMAN, ids[1]: Tone.INFORMATIVE, ids[2]: None}
    check_both(page, "found-said")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 posts")
    assert set(words(database).values()) == {None}


def test_without_scripts(
    page_without_script: Page, database: Database, cast: Cast, address: str, ids: list[int]
) -> None:
    page = page_without_script
    enter(page, database, address, cast.editor)
    page.goto(f"{address}{PAGE}")
    page.get_by_label("Those on this page without a choice").select_option("left_out")
    page.get_by_role("button", name="Save").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("No post found on the page waits for its tone.")
    assert set(words(database).values()) == {"left_out"}
