"""An idea from a phone without script, and the pages around its door, as a browser makes them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.actions import idea_doors
from app.actions.idea_doors import DoorInput
from app.foundation.database import Database, make_engine
from app.models.ideas import Idea
from app.web import open_ideas as pages
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.databases import SQLiteDatabases
from tests.support.pictures import a_picture
from tests.support.server import served
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
def door(app: FastAPI, cast: Cast, database: Database, address: str) -> str:
    """The address of a door of Koivuranta's."""
    keys = app.state.keyring
    with database.writes() as session:
        made = idea_doors.make(session, cast.editor, keys, DoorInput(unit_id=cast.koivuranta.id, name="Desk"))
        return f"{address}/i/{idea_doors.unsealed(keys, made.id, made.token_sealed)}?language=en"


def test_from_a_phone_without_script(
    page_without_script: Page, database: Database, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "QUICKEST", timedelta(0))  # a test types faster than people
    photo = tmp_path / "heron.jpg"
    photo.write_bytes(a_picture("jpeg"))
    page = page_without_script
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(door)
    page.get_by_label("What is it about?").fill("A heron sleeps on the roof")
    page.get_by_label("Photos").set_input_files(photo)
    page.get_by_role("button", name="Send the idea").click()
    expect(page.get_by_text("Your idea has arrived.")).to_be_visible()
    assert page.context.cookies() == []
    with database.reads() as session:
        assert session.scalars(select(Idea.title)).one() == "A heron sleeps on the roof"
    page.get_by_text("Delete my idea").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="Your idea is deleted")).to_be_visible()


@on_a_desk
def test_the_pages_around_it(page: Page, database: Database, cast: Cast, address: str, door: str) -> None:
    page.goto(door)
    check_both(page, "open-idea")
    enter(page, database, address, cast.editor)
    for path, name in (("doors", "doors"), ("doors/1/poster", "poster"), ("numbers", "idea-numbers")):
        page.goto(f"{address}/ideas/{path}")
        check_both(page, name)
