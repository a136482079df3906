"""The composer in a real browser: pictures sent, ordered, cut; channels that differ; nothing lost."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.actions import posts, sign_ins
from app.dependencies.viewers import SIGN_IN_COOKIE
from app.domain.networks import NetworkKind
from app.domain.posts import PostStatus, Tone
from app.domain.roles import Actor, Role
from app.errands import pictures
from app.foundation import clock
from app.foundation.database import Database
from app.models.posts import Post, RevisionPicture, RevisionVariant
from tests import plans
from tests.builders import actor, person
from tests.cast import Cast
from tests.support.browser import NARROW, check_both, check_page, on_a_desk, on_a_phone, picture
from tests.support.databases import SQLiteDatabases
from tests.support.pictures import a_picture
from tests.support.server import served
from tests.support.waiting import comes
from tests.web.composing import drawn, nothing_kept, order, saved, settled


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI, database: Database, cast: Cast) -> Iterator[str]:
    """The running app; Koivuranta has a page and a profile."""
    with database.writes() as session:
        plans.channel(session, cast.koivuranta, app.state.keyring, "Koivuranta page")
        keyring = app.state.keyring
        plans.channel(session, cast.koivuranta, keyring, "koivurantabooks", network=NetworkKind.INSTAGRAM)
    with served(app) as address:
        yield address


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three pictures and something that is none, on the person's device."""
    made = []
    for name, content in (
        ("wide.jpg", a_picture("jpeg", (900, 400))),
        ("high.png", a_picture("png", (400, 700))),
        ("square.webp", a_picture("webp", (500, 500))),
        ("notes.jpg", b"no picture"),
    ):
        (tmp_path / name).write_bytes(content)
        made.append(tmp_path / name)
    return made


@pytest.fixture
def three(app: FastAPI, cast: Cast, files: list[Path]) -> list[int]:
    """The pictures in the library of Koivuranta."""
    ground, unit = app.state.ground, cast.koivuranta.id
    return [pictures.take_in(ground, cast.editor, unit, file.name, file) for file in files[:3]]


@pytest.fixture
def post_id(database: Database, cast: Cast, three: list[int]) -> int:
    """A draft with the three pictures, described."""
    with database.writes() as session:
        shots = [{"asset_id": key, "alt_text": f"Words {key}"} for key in three]
        data = {"unit_id": cast.koivuranta.id, "title": "Books", "tone": Tone.HUMAN, "text": "Ten books"}
        return posts.create(
            session, cast.editor, posts.PostInput.model_validate({**data, "pictures": shots})
        ).id


Enter = Callable[[Page, Actor], None]


@pytest.fixture
def enter(database: Database, address: str) -> Enter:
    """`enter(page, cast.editor)`: be one of the cast from here on."""

    def work(page: Page, who: Actor) -> None:
        assert who.person_id is not None
        with database.writes() as session:
            token = sign_ins.begin(session, who.person_id, "Test", clock.now())
        page.context.clear_cookies()
        page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": address}])

    return work


@on_a_phone
def test_pictures_are_sent_while_one_writes(
    page: Page, enter: Enter, cast: Cast, address: str, files: list[Path], database: Database
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/new")
    check_page(page)
    page.get_by_label("Human").check()
    page.get_by_label("Working title").fill("Ten books")
    page.get_by_label("Add pictures or a video from your device").set_input_files([files[0], files[3]])
    page.get_by_label("Text", exact=True).fill("Typed meanwhile")
    expect(page.locator("[data-sort] > li")).to_have_count(1)
    expect(page.locator("#coming .error")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Typed meanwhile")
    expect(page.locator(".ig img")).to_have_count(1)
    settled(page)
    check_page(page)
    picture(page, f"composer-sent-{page.viewport_size}")
    page.get_by_label("What is in the picture?").fill("A wide one")
    page.get_by_role("button", name="Send to review").first.click()
    expect(page.locator("#notices")).to_contain_text("Sent to review.")
    assert len(saved(database)) == 1


@on_a_desk
def test_order_is_changed_by_key_and_by_hand(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, three: list[int], database: Database
) -> None:
    one, two, last = three
    enter(page, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    check_page(page)
    picture(page, f"composer-three-{page.viewport_size}")
    handle = page.get_by_role("button", name="Move picture 1")
    handle.focus()
    with drawn(page):
        page.keyboard.press("ArrowDown")
        assert order(page) == [two, one, last]
        expect(page.locator("#say")).to_have_text("Picture 2 of 3.")
    expect(page.get_by_role("button", name="Move picture 2")).to_be_focused()
    expect(page.locator(".ig img").first).to_have_attribute("alt", f"Words {two}")
    grip, goal = page.locator(f"[id='move.{last}']"), page.locator(f"[id='move.{two}']")
    goal.scroll_into_view_if_needed()
    grip.evaluate("one => one.scrollIntoView({block: 'end'})")
    start, end = grip.bounding_box(), goal.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(start["x"] + 5, start["y"] + (end["y"] - 60 - start["y"]) * step / 12)
    with drawn(page):
        page.mouse.up()
        assert order(page) == [last, two, one]
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    assert saved(database) == [last, two, one]


@on_a_phone
def test_a_picture_is_cut_for_a_network(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, database: Database
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    row = page.locator("[data-sort] > li").first
    row.locator("summary", has_text="Cut").click()
    frame = row.locator("[data-crop]").nth(1).locator(".cutout")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    check_page(page)
    picture(page, f"composer-cut-{page.viewport_size}")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    with database.reads() as session:
        crops = session.scalars(select(RevisionPicture.crops).order_by(RevisionPicture.id.desc())).all()
    assert [set(crop) for crop in crops[:3]] == [set(), set(), {"instagram"}]


@on_a_desk
def test_a_channel_says_it_differently(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, database: Database
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    channel = page.locator("#variants details", has_text="koivurantabooks")
    channel.locator("summary").first.click()
    field = channel.get_by_label("Text on Instagram")
    expect(field).to_be_hidden()
    with drawn(page):
        channel.get_by_label("Its own text").check()
    expect(page.locator(".ig [data-text^='variant']")).to_have_count(1)
    field.fill("Only for the profile " * 8)
    expect(page.locator(".ig .said")).to_have_text(re.compile("… more$"))
    expect(page.locator(".fb .said")).to_have_text("Ten books")
    page.get_by_label("Text", exact=True).fill("Twenty books")
    expect(page.locator(".fb .said")).to_have_text("Twenty books")
    with drawn(page):
        channel.get_by_label("Its own choice of pictures").check()
        channel.get_by_label("high.png", exact=True).check()
    expect(page.locator(".ig img")).to_have_count(1)
    expect(page.locator(".fb img")).to_have_count(3)
    check_page(page)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    with database.reads() as session:
        own = session.scalars(select(RevisionVariant.text)).one()
    assert own == ("Only for the profile " * 8).strip()


@on_a_phone
def test_pictures_stand_as_they_were_chosen_and_are_described(
    page: Page, enter: Enter, cast: Cast, address: str, files: list[Path]
) -> None:
    files[1].write_bytes(a_picture("png", (1800, 1700)))  # the largest comes last, and stays the first
    enter(page, cast.editor)
    page.goto(f"{address}/posts/new")
    page.get_by_label("Add pictures or a video from your device").set_input_files(
        [files[1], files[0], files[2]]
    )
    titles = page.locator("[data-sort] .title")
    expect(titles).to_have_text(["1. high.png", "2. wide.jpg", "3. square.webp"], timeout=30_000)
    expect(page.locator("#coming")).to_be_hidden()
    lacks = page.locator(".lacks").nth(1)
    expect(lacks).to_be_visible()
    page.get_by_label("What is in the picture?").nth(1).press_sequentially("Ten")
    expect(lacks).to_be_hidden()
    page.get_by_label("What is in the picture?").nth(1).clear()
    expect(lacks).to_be_visible()
    page.get_by_label("Decorative: nothing to tell").nth(1).check()
    expect(lacks).to_be_hidden()


@on_a_phone
def test_what_is_pressed_while_an_answer_is_on_its_way_is_done_too(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, three: list[int]
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    held: list[Route] = []
    page.route("**/posts/*/edit", lambda route: held.append(route) if not held else route.continue_())
    page.get_by_role("button", name="Take out: picture 1").click()
    expect(page.locator("#composer[aria-busy]")).to_have_count(1)
    assert comes(lambda: page.title() and held)
    page.get_by_role("button", name="Take out: picture 3").click()
    page.get_by_label("Link").fill("https://library.example/a")
    page.get_by_label("Working title").focus()
    held[0].continue_()
    settled(page)
    assert order(page) == [three[1]]


@on_a_phone
def test_the_library_opens_in_its_place(
    page: Page, enter: Enter, cast: Cast, address: str, three: list[int]
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/new")
    page.get_by_label("Working title").fill("Ten books")
    page.get_by_role("button", name="From the library", exact=True).click()
    expect(page.get_by_label("Words about the picture")).to_be_focused()
    check_both(page, "composer-library")
    page.keyboard.type("high")
    page.keyboard.press("Enter")
    expect(page.locator("#shelf li")).to_have_count(1)
    page.locator("#shelf li input").check()
    page.get_by_role("button", name="Add the ticked ones").click()
    expect(page.locator("[data-sort] > li")).to_have_count(1)
    assert order(page) == [three[1]]
    expect(page.get_by_label("Working title")).to_have_value("Ten books")


@on_a_desk
def test_what_was_typed_is_offered_to_the_same_person_alone(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, three: list[int], database: Database
) -> None:
    with database.writes() as session:
        other = actor(session, person(session, "Maarit Aho", cast.koivuranta, Role.EDITOR))
    path = f"{address}/posts/{post_id}/edit"
    enter(page, cast.editor)
    page.goto(path)
    page.route("**/unsaved", lambda route: route.abort())  # so it lies in the browser alone
    page.get_by_label("Text", exact=True).fill("Not saved")
    page.get_by_role("button", name="Take out: picture 1").click()
    expect(page.locator("[data-sort] > li")).to_have_count(2)
    expect(page.locator("#composer[data-kept=yes]")).to_have_count(1)
    enter(page, other)
    page.goto(path)
    page.get_by_label("Text", exact=True).fill("Mine")
    expect(page.locator("#composer[data-kept=yes]")).to_have_count(1)
    expect(page.locator(".unsaved")).to_have_count(0)
    enter(page, cast.editor)
    page.goto(path)
    expect(page.locator(".unsaved")).to_have_count(1)
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Not saved")
    assert order(page) == three[1:]
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    page.goto(path)
    expect(page.locator("#composer[data-kept]")).to_have_count(0)
    expect(page.locator(".unsaved")).to_have_count(0)
    page.locator("summary", has_text="Sara Niemi").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    nothing_kept(page)


@on_a_phone
def test_errors_and_a_conflict_are_for_everybody(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, three: list[int], database: Database
) -> None:
    enter(page, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    page.locator(f"[id='picture.{three[1]}.alt_text']").fill("")
    page.get_by_role("button", name="Send to review").first.click()
    page.get_by_role("link", name="Say what picture 2 shows").first.click()
    expect(page.locator(f"[id='picture.{three[1]}.alt_text']")).to_be_focused()
    check_both(page)
    with database.writes() as session:
        theirs = {"revision": 1, "title": "Theirs", "tone": Tone.HUMAN, "asset_ids": three[:1]}
        posts.edit(session, cast.editor, post_id, posts.PostEdit.model_validate(theirs))
    page.get_by_label("Text", exact=True).fill("Mine")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("button", name="Save mine on top")).to_be_visible()
    assert order(page) == three
    check_both(page)


@on_a_desk
def test_the_approver_sees_what_goes_out(
    page: Page, enter: Enter, cast: Cast, address: str, post_id: int, three: list[int], database: Database
) -> None:
    with database.writes() as session:
        posts.submit(session, cast.editor, post_id)
    enter(page, cast.approver)
    page.goto(f"{address}/posts/{post_id}/review")
    page.locator(".reel").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".reel img").nth(1)).to_be_in_viewport()
    check_both(page)
    for one in page.locator(".frame img").all():
        one.scroll_into_view_if_needed()
        expect(one).to_have_js_property("complete", value=True)
        expect(one).not_to_have_js_property("naturalWidth", value=0)
    page.goto(f"{address}/posts/{post_id}")
    check_both(page)
    page.goto(f"{address}/posts")
    check_both(page)


def test_the_whole_way_without_a_script(
    page_without_script: Page,
    enter: Enter,
    cast: Cast,
    address: str,
    files: list[Path],
    database: Database,
) -> None:
    page = page_without_script
    page.set_viewport_size(NARROW)
    enter(page, cast.editor)
    page.goto(f"{address}/posts/new")
    page.get_by_label("Human").check()
    page.get_by_label("Working title").fill("Ten books")
    page.get_by_label("Text", exact=True).fill("For everybody")
    page.get_by_label("Add pictures or a video from your device").set_input_files(files[:2])
    page.get_by_role("button", name="Upload them").click()
    for place, words in enumerate(("A wide one", "A high one")):
        page.get_by_label("What is in the picture?").nth(place).fill(words)
    page.get_by_role("button", name="Up: picture 2").click()
    expect(page.get_by_label("What is in the picture?").first).to_have_value("A high one")
    channel = page.locator("#variants details", has_text="koivurantabooks")
    channel.locator("summary").first.click()
    channel.get_by_label("Its own text").check()
    channel.get_by_label("Text on Instagram").fill("For the profile")
    page.get_by_role("button", name="Draw it anew").click()
    expect(page.locator(".ig .said")).to_have_text("For the profile")
    expect(page.locator(".fb .said")).to_have_text("For everybody")
    picture(page, "composer-no-script")
    page.get_by_role("button", name="Send to review").first.click()
    expect(page.locator("#notices")).to_contain_text("Sent to review.")
    with database.reads() as session:
        assert session.scalars(select(Post.status)).one() is PostStatus.IN_REVIEW
    assert len(saved(database)) == 2
