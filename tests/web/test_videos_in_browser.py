"""Videos in a real browser: sent with the script, played, a moment of it taken as the cover."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import FilePayload, Page, expect

from app.errands import pictures
from app.foundation.database import Database
from app.models.assets import Asset
from tests.cast import Cast
from tests.support.browser import check_both, on_a_phone, picture
from tests.support.databases import SQLiteDatabases
from tests.support.pictures import a_picture
from tests.support.server import served
from tests.support.videos import VideosHere, clip
from tests.web import visitor


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI, tmp_path: Path) -> Iterator[str]:
    vars(app.state.ground)["videos"] = VideosHere(tmp_path)
    with served(app) as address:
        yield address


@pytest.fixture
def enter(database: Database, cast: Cast, address: str) -> Callable[[Page, str], None]:
    """`enter(page, "/pictures")`: the editor opens a page."""

    def open_it(page: Page, path: str) -> None:
        visitor.enter(page, database, address, cast.editor)
        page.goto(f"{address}{path}")

    return open_it


def three_files() -> Iterator[FilePayload]:
    """A picture, a video that nobody takes, and one that was filmed upright."""
    upright = clip(seconds=4, size=(1280, 720), turned=90, sound="aac")
    yield FilePayload(name="wall.jpg", mimeType="image/jpeg", buffer=a_picture("jpeg", (640, 480)))
    yield FilePayload(name="old.avi", mimeType="video/x-msvideo", buffer=clip(kind="avi", codec="mpeg4"))
    yield FilePayload(name="story.mp4", mimeType="video/mp4", buffer=upright)


@on_a_phone
def test_a_video_is_sent_played_and_given_another_cover(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "/pictures/new")
    page.get_by_label("Choose pictures or videos").set_input_files(list(three_files()))
    expect(page.get_by_text("AVI is not taken.").first).to_be_visible()
    expect(page.locator("[data-state]", has_text="In the library.")).to_have_count(2)
    picture(page, "videos-sent")
    with app.state.database.reads() as session:
        film = session.query(Asset).filter(Asset.video_sha256.is_not(None)).one().id
    enter(page, "/pictures")
    expect(page.get_by_text("0:04")).to_be_visible()
    check_both(page, "videos-wall")
    enter(page, f"/pictures/{film}")
    check_both(page, "videos-page")
    page.get_by_label("Nothing is said in it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    page.wait_for_load_state()
    expect(page.get_by_text("Nobody has said yet")).to_have_count(0)
    page.evaluate(
        """() => new Promise((seen, failed) => {
            const video = document.getElementById("video");
            video.onseeked = seen;
            video.onerror = () => failed(new Error(video.error.message));
            video.onloadedmetadata = () => { video.currentTime = 2.5; };
            video.load();
            video.preload = "auto";
        })"""
    )
    assert page.evaluate("video.videoHeight > video.videoWidth")
    page.get_by_role("button", name="Use the moment shown above").click()
    expect(page.get_by_text("It is the moment at 0:02.")).to_be_visible()
    page.get_by_text("Another picture as the cover").click()
    page.get_by_label("wall.jpg").check()
    check_both(page, "videos-cover")
    page.get_by_role("button", name="Make it the cover").click()
    expect(page.get_by_text("It is another picture from the picture library.")).to_be_visible()


def test_a_cover_without_a_script(
    page_without_script: Page, app: FastAPI, cast: Cast, tmp_path: Path, enter: Callable[[Page, str], None]
) -> None:
    (tmp_path / "film").write_bytes(clip(seconds=4))
    film = pictures.take_in(app.state.ground, cast.editor, cast.koivuranta.id, "story.mp4", tmp_path / "film")
    page = page_without_script
    enter(page, f"/pictures/{film}")
    expect(page.get_by_role("button", name="Use the moment shown above")).to_have_count(0)
    page.get_by_label("Seconds from the beginning").fill("3")
    page.get_by_role("button", name="Take this moment").click()
    expect(page.get_by_text("It is the moment at 0:03.")).to_be_visible()
