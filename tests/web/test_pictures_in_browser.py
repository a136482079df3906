"""Pictures in a real browser: sent with a script, through a break, without one; what stays in view; cuts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from app.actions import assets
from app.domain.roles import Actor
from app.errands import pictures
from app.foundation.database import Database
from app.models.assets import Asset
from app.web.rendering import environment, render
from tests.cast import Cast
from tests.support.browser import check_both, check_page, on_a_desk, on_a_phone, picture
from tests.support.databases import SQLiteDatabases
from tests.support.pictures import a_picture, exif, stored
from tests.support.server import served
from tests.web import visitor
from tests.web.gallery import frame

SAVED = "Saved."
CROP = """{% extends "base.html" %}{% from "pictures/parts.html" import crop_fields, picture_words %}
{% block title %}Crop{% endblock %}
{% block scripts %}<script src="{{ static("cuts.js") }}" defer></script>{% endblock %}
{% block main %}<h1>Crop</h1><form>{{ crop_fields(picture, "facebook", typed) }}
{{ crop_fields(picture, "instagram", name="other") }}</form>{{ picture_words() }}{% endblock %}"""


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def enter(database: Database, cast: Cast, address: str) -> Callable[[Page, str], None]:
    """`enter(page, "/pictures")`: the editor opens a page."""

    def open_it(page: Page, path: str) -> None:
        visitor.enter(page, database, address, cast.editor)
        page.goto(f"{address}{path}")

    return open_it


@pytest.fixture
def one(app: FastAPI, cast: Cast, tmp_path: Path) -> int:
    """The id of a picture in the library, wider than high."""
    return add(app, cast.editor, cast.koivuranta.id, tmp_path)


def add(app: FastAPI, who: Actor, unit_id: int, folder: Path, width: int = 640, **about: str) -> int:
    file = folder / f"{width}.jpg"
    file.write_bytes(a_picture("jpeg", (width, 480)))
    asset_id = pictures.take_in(app.state.ground, who, unit_id, file.name, file)
    with app.state.database.writes() as session:
        assets.edit(session, who, asset_id, assets.AssetEdit.model_validate(about))
    return asset_id


def noise(width: int, height: int) -> bytes:
    """A JPEG of so many pixels that can't be made small."""
    return stored(Image.effect_noise((width, height), 90).convert("RGB"), "jpeg", quality=92)


def a_file(name: str, data: bytes, kind: str = "image/jpeg") -> FilePayload:
    """A file to choose."""
    return {"name": name, "mimeType": kind, "buffer": data}


def rows(app: FastAPI) -> list[Asset]:
    with app.state.database.reads() as session:
        return list(session.scalars(select(Asset).order_by(Asset.id)))


@on_a_phone
def test_the_pages_are_for_everybody(
    page: Page, app: FastAPI, cast: Cast, enter: Callable[[Page, str], None], tmp_path: Path
) -> None:
    for path in ("/pictures", "/pictures/new"):
        enter(page, path)
        check_both(page)
    about = [
        {"alt_text": "A cat sleeps on the returns belt, its tail in the slot", "shown": "nobody"},
        {"alt_text": "Hands that mend a puppet", "shown": "children", "rights": "own"},
        {"decorative": "yes"},
        {},
    ]
    ids = [
        add(app, cast.editor, cast.koivuranta.id, tmp_path, 500 + 90 * n, **each)
        for n, each in enumerate(about)
    ]
    for path in ("/pictures", "/pictures?words=nowhere", f"/pictures/{ids[1]}", f"/pictures/{ids[3]}"):
        enter(page, path)
        expect(page.locator("h1")).to_be_visible()
        check_both(page)
    page.get_by_label("Decorative").check()
    page.get_by_label("What is in the picture?").fill("A dog")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_be_visible()
    check_both(page)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("button", name="Bring it back").wait_for()
    check_both(page)


@on_a_desk
def test_several_are_sent_with_a_script_and_each_is_answered(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "/pictures/new")
    page.get_by_label("Choose pictures").set_input_files(
        [
            a_file("large.jpg", noise(2600, 1300)),
            a_file("small.png", a_picture("png"), "image/png"),
            a_file("story.gif", b"GIF89a nothing", "image/gif"),
            a_file("still.heic", a_picture("heic"), "image/heic"),
        ]
    )
    expect(page.get_by_role("link", name="Describe it: large.jpg")).to_be_visible()
    expect(page.get_by_role("link", name="Describe it: small.png")).to_be_visible()
    expect(page.get_by_role("link", name="Describe it: still.heic")).to_be_visible()
    gif = page.locator("li", has_text="story.gif")
    expect(gif.locator(".error")).to_be_visible()
    expect(gif.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("#say")).to_have_text("3 pictures are in the library.")
    check_page(page)
    picture(page, f"pictures-sent-{page.viewport_size}")
    gif.get_by_role("button", name="Cancel").click()
    expect(gif).to_have_count(0)
    assert sorted((row.name, row.width) for row in rows(app)) == [
        ("large.jpg", 2048),
        ("small.png", 320),
        ("still.heic", 320),
    ]
    page.get_by_role("link", name="Describe them").click()
    page.wait_for_url("**/pictures?undescribed=yes&mine=yes")


@on_a_phone
def test_a_photo_lying_on_its_side_arrives_upright(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    lying = stored(Image.effect_noise((2400, 1200), 90).convert("RGB"), "jpeg", exif=exif(6, place=True))
    enter(page, "/pictures/new")
    page.get_by_label("Choose pictures").set_input_files(a_file("lying.jpg", lying))
    expect(page.get_by_role("link", name="Describe it: lying.jpg")).to_be_visible()
    assert [(row.width, row.height) for row in rows(app)] == [(1024, 2048)]


@on_a_phone
def test_it_goes_on_by_itself_after_a_break_and_after_a_reload(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    data = noise(1600, 1300)
    file = a_file("long.jpg", data)
    sent: list[int] = []
    broken = [1]

    def part(route: Route) -> None:
        offset = int(route.request.headers["upload-offset"])
        if offset and broken and broken.pop():
            route.abort("connectionreset")
            return
        sent.append(offset)
        route.continue_()

    def never(route: Route) -> None:
        route.abort("connectionreset")

    assert len(data) > 1_600_000
    enter(page, "/pictures/new")
    page.route("**/pictures/uploads/*", lambda route: part(route) if _is_part(route) else route.continue_())
    page.route("**/finish", never)
    page.get_by_label("Choose pictures").set_input_files(file)
    expect(page.locator("[data-state]", has_text="The connection broke.")).to_be_visible()
    expect(page.locator("progress")).to_have_js_property("value", value=1)
    assert len(sent) == len(set(sent)) == len(data) // (512 * 1024) + 1
    assert page.evaluate("Object.keys(sessionStorage).length") == 1
    page.goto("about:blank")
    page.unroute("**/finish", never)  # not earlier: it would be finished before the page is left
    page.go_back()
    page.get_by_label("Choose pictures").set_input_files(file)
    expect(page.get_by_role("link", name="Describe it: long.jpg")).to_be_visible()
    assert [row.name for row in rows(app)] == ["long.jpg"]


def _is_part(route: Route) -> bool:
    return route.request.method == "PATCH"


@on_a_desk
def test_one_may_be_cancelled_and_the_signed_out_are_told(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    enter(page, "/pictures/new")
    page.route("**/pictures/uploads/*", lambda route: None)  # an answer that never comes
    file = a_file("cat.jpg", a_picture("jpeg"))
    page.get_by_label("Choose pictures").set_input_files(file)
    page.get_by_role("button", name="Cancel: cat.jpg").click()
    expect(page.locator("[data-rows] li")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")
    page.context.clear_cookies()
    page.get_by_label("Choose pictures").set_input_files(a_file("dog.jpg", a_picture("jpeg")))
    expect(page.locator("[data-state]", has_text="You were signed out meanwhile.")).to_be_visible()
    assert rows(app) == []


def test_without_a_script_all_of_it_works(
    page_without_script: Page, app: FastAPI, enter: Callable[[Page, str], None]
) -> None:
    page = page_without_script
    enter(page, "/pictures/new")
    page.get_by_label("Choose pictures").set_input_files(
        [
            a_file("cat.jpg", a_picture("jpeg")),
            a_file("text.jpg", b"no picture at all"),
        ]
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".errors")).to_contain_text("text.jpg")
    page.get_by_role("link", name="Describe it: cat.jpg").click()
    page.get_by_label("What is in the picture?").fill("A cat on the returns belt")
    page.get_by_label("Top, right").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text(SAVED)
    [row] = rows(app)
    assert (row.alt_text, row.focal_x, row.focal_y) == ("A cat on the returns belt", 0.83, 0.17)
    cut = page.locator(".cut img").last
    cut.scroll_into_view_if_needed()
    expect(cut).to_have_js_property("complete", value=True)
    expect(cut).not_to_have_js_property("naturalWidth", value=0)


@on_a_desk
def test_what_stays_in_view_is_chosen_by_keys_by_a_click_and_by_numbers(
    page: Page, app: FastAPI, enter: Callable[[Page, str], None], one: int
) -> None:
    enter(page, f"/pictures/{one}")
    dot = page.get_by_role("application")
    dot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_label("Percent from the left")).to_have_value("51")
    expect(page.get_by_label("Percent from the top")).to_have_value("60")
    expect(page.locator("#say")).to_have_text(
        "What must stay in view: 51 % from the left, 60 % from the top."
    )
    stage = page.locator(".stage").bounding_box()
    assert stage
    page.locator(".stage").click(position={"x": stage["width"] / 4, "y": stage["height"] / 4})
    expect(page.get_by_label("Percent from the left")).to_have_value("25")
    expect(page.locator(".cuts canvas")).to_have_count(page.locator(".cuts figure").count())
    page.get_by_label("Percent from the top").fill("100")
    check_page(page)
    picture(page, f"pictures-focal-{page.viewport_size}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text(SAVED)
    [row] = rows(app)
    assert (row.focal_x, row.focal_y) == (0.25, 1.0)


@pytest.fixture
def crops(app: FastAPI, one: int) -> str:
    """The path of a page with two parts to choose, for Facebook and for Instagram."""

    def crop(request: Request) -> Response:
        request.state.frame = frame()
        with app.state.database.reads() as session:
            row = session.get_one(Asset, one)
        template = environment().from_string(CROP)
        return render(request, template, picture=row, typed=("10", "10", "50", "50"))

    app.add_route("/crop", crop)
    return "/crop"


def typed(page: Page, name: str = "crop.facebook") -> list[str]:
    """What stands in the four fields of a part."""
    return [page.locator(f"[id='{name}.{side}']").input_value() for side in "xywh"]


@on_a_phone
def test_a_part_is_cut_by_keys_and_keeps_to_the_shapes_of_its_network(
    page: Page, enter: Callable[[Page, str], None], crops: str
) -> None:
    enter(page, crops)
    page.get_by_role("application").first.focus()
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert typed(page) == ["11", "9", "51", "50"]
    expect(page.locator("#say")).to_have_text("11 % from the left, 9 % from the top, 51 % wide, 50 % high.")
    expect(page.locator("canvas")).to_have_count(1)
    assert typed(page, "other") == ["", "", "", ""]
    page.get_by_role("application").nth(1).focus()
    for _ in range(40):
        page.keyboard.press("Shift+ArrowUp")
    _, _, wide, high = (float(each) for each in typed(page, "other"))
    assert high < 70
    assert wide * 640 / (high * 480) == pytest.approx(1.91, abs=0.02)


@on_a_desk
def test_a_part_is_dragged_typed_and_given_back(
    page: Page, enter: Callable[[Page, str], None], crops: str
) -> None:
    enter(page, crops)
    first, stage = page.get_by_role("application").first.bounding_box(), page.locator(".stage").first
    size = stage.bounding_box()
    assert first
    assert size
    page.mouse.move(first["x"] + 40, first["y"] + 40)
    page.mouse.down()
    page.mouse.move(first["x"] + 40 + size["width"] / 10, first["y"] + 40, steps=4)
    page.mouse.up()
    assert float(typed(page)[0]) == pytest.approx(20, abs=0.6)
    page.locator("[id='crop.facebook.w']").fill("90")
    page.locator("[id='crop.facebook.h']").focus()
    assert typed(page) == ["10", "10", "90", "50"]
    check_page(page)
    picture(page, f"pictures-crop-{page.viewport_size}")
    page.get_by_role("button", name="Let Kuliss choose").first.click()
    assert typed(page) == ["", "", "", ""]
