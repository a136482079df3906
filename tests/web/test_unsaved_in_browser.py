"""Poor conditions in a real browser: no network, somebody else's network, a locked browser, two tabs."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.actions import posts, sign_ins
from app.domain.posts import Tone
from app.domain.roles import Actor, Role
from app.foundation.database import Database
from app.models.ideas import Idea
from app.models.people import SignIn
from app.models.posts import Revision
from app.models.unsaved import UnsavedForm
from tests.builders import actor, person
from tests.cast import Cast
from tests.support.browser import check_both, check_page, on_a_desk, on_a_phone
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.support.waiting import comes
from tests.web.visitor import enter

PORTAL = "<!doctype html><title>City wifi</title><h1>Accept our terms</h1>"
STORED = "Object.entries(localStorage).map(pair => pair.join(' ')).join('\\n')"


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI, cast: Cast) -> Iterator[str]:
    """The running app."""
    with served(app) as address:
        yield address


@pytest.fixture
def post_id(database: Database, cast: Cast) -> int:
    """A draft of Koivuranta."""
    with database.writes() as session:
        data = posts.PostInput(unit_id=cast.koivuranta.id, title="Ten books", tone=Tone.HUMAN, text="One")
        return posts.create(session, cast.editor, data).id


def portal(route: Route) -> None:
    """A network that answers everything with its own page."""
    route.fulfill(body=PORTAL, content_type="text/html")


def stored(page: Page) -> str:
    """What lies in the browser, as anybody at that computer could read it."""
    return str(page.evaluate(STORED))


@on_a_phone
def test_an_idea_outlives_the_network_and_a_new_sign_in(
    page: Page, database: Database, cast: Cast, address: str
) -> None:
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/ideas/new")
    page.get_by_label("What is it about?").fill("The blue trolley")
    page.get_by_label("Why would somebody care?").fill("It squeaks, and everybody smiles")
    page.get_by_label("An adult visitor").check()
    expect(page.locator("form[data-kept=yes]")).to_have_count(1)
    assert "squeaks" not in stored(page)
    assert "blue" not in stored(page)

    page.context.set_offline(True)
    page.get_by_role("button", name="Send the idea").click()
    expect(page.locator("[data-lost-note]")).to_contain_text("kept on this computer")
    page.context.set_offline(False)
    page.route(re.compile("/healthz|/ideas/new"), portal)
    page.get_by_role("button", name="Send the idea").click()
    expect(page.locator("[data-lost-note]")).to_contain_text("not online yet")
    expect(page.get_by_label("What is it about?")).to_have_value("The blue trolley")
    page.unroute_all()

    _nothing_is_offered(page, database, address, cast.coordinator)
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/ideas/new")
    offer = page.get_by_role("region", name=re.compile("You have text from .+ that was not saved"))
    expect(offer).to_be_visible()
    expect(page.locator("#say")).to_contain_text("that was not saved")
    offer.get_by_text("Look at it").press("Enter")
    expect(offer.get_by_text("It squeaks, and everybody smiles")).to_be_visible()
    check_both(page, "unsaved-idea")
    offer.get_by_role("button", name="Use it").press("Enter")
    expect(page.locator(".unsaved")).to_have_count(0)
    expect(page.get_by_label("Why would somebody care?")).to_have_value("It squeaks, and everybody smiles")
    expect(page.get_by_label("An adult visitor")).to_be_checked()
    page.get_by_role("button", name="Send the idea").click()
    page.wait_for_url("**/ideas/*?done=idea_sent")
    with database.reads() as session:
        assert session.scalars(select(Idea.title)).all() == ["The blue trolley"]
    assert comes(lambda: stored(page) == "")


def _nothing_is_offered(page: Page, database: Database, address: str, who: Actor) -> None:
    enter(page, database, address, who)
    page.goto(f"{address}/ideas/new")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".unsaved")).to_have_count(0)


@on_a_desk
def test_the_composer_says_what_is_saved_and_what_is_not(
    page: Page, database: Database, cast: Cast, address: str, post_id: int
) -> None:
    enter(page, database, address, cast.editor)
    path = f"{address}/posts/{post_id}/edit"
    page.goto(path)
    text, told = page.get_by_label("Text", exact=True), page.locator("#saved")
    text.fill("Ten books, and one")
    expect(told).to_contain_text("Draft saved", timeout=15_000)
    assert comes(lambda: stored(page) == ""), "the server has it"
    page.route("**/unsaved", portal)
    text.fill("Ten books, and one more")
    expect(told).to_contain_text("you are not online yet. It is kept on this computer.", timeout=15_000)
    expect(page.locator("#say")).to_contain_text("not online yet")
    assert "one more" not in stored(page)
    assert stored(page)
    check_page(page)
    page.unroute_all()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("[data-lost-note]")).to_be_visible()
    page.context.set_offline(False)  # the browser tells it, and it is tried at once
    expect(told).to_contain_text("Draft saved", timeout=15_000)
    assert _kept(database) == (1, 1)

    other = page.context.new_page()
    other.goto(path)
    expect(other.locator("[data-unsaved]")).to_contain_text("that was not saved")
    check_both(other, "unsaved-composer")
    other.get_by_role("link", name="Use it").click()
    expect(other.get_by_label("Text", exact=True)).to_have_value("Ten books, and one more")
    other.get_by_role("button", name="Save").first.click()
    other.wait_for_url("**?done=post_saved")
    other.close()
    text.fill("And typed on here")
    expect(page.locator("#meanwhile")).to_contain_text("saved revision 2", timeout=15_000)
    expect(told).to_contain_text("saved or thrown away in another tab")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name="How yours differs")).to_be_visible()


def _kept(database: Database) -> tuple[int | None, int | None]:
    """How many forms lie unsaved, and how many revisions there are."""
    with database.reads() as session:
        revisions = session.scalar(select(func.count(Revision.id)))
        return session.scalar(select(func.count(UnsavedForm.id))), revisions


@on_a_desk
def test_two_people_choose_and_lose_nothing(
    page: Page, database: Database, cast: Cast, address: str, post_id: int
) -> None:
    with database.writes() as session:
        maarit = actor(session, person(session, "Maarit Aho", cast.koivuranta, Role.EDITOR))
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    page.get_by_label("Text", exact=True).fill("Mine says eleven books")
    _saves(database, maarit, post_id, "Hers says twelve books")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Maarit Aho saved revision 2 meanwhile")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Theirs was saved today \d"))
    sides = page.locator(".diff .halves > div")
    expect(sides.nth(0).locator("mark", has_text="twelve")).to_be_visible()
    expect(sides.nth(1).locator("mark", has_text="eleven")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".unsaved")).to_have_count(0)  # it stands in the form
    check_both(page, "two-people")
    page.get_by_role("button", name="Keep theirs on top").click()
    page.wait_for_url("**?done=post_saved")
    with database.reads() as session:
        rows = session.execute(select(Revision.text, Revision.author_id).order_by(Revision.number)).all()
    assert [row.text for row in rows] == [
        "One", "Hers says twelve books", "Mine says eleven books", "Hers says twelve books",
    ]  # fmt: skip
    assert [row.author_id for row in rows[1:]] == [maarit.person_id, cast.editor.person_id, maarit.person_id]


def _saves(database: Database, who: Actor, post_id: int, text: str) -> None:
    with database.writes() as session:
        data = posts.PostEdit(revision=1, title="Ten books", tone=Tone.HUMAN, text=text)
        posts.edit(session, who, post_id, data)


@on_a_phone
def test_signing_out_and_a_session_that_ended(
    page: Page, database: Database, cast: Cast, address: str, post_id: int
) -> None:
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    page.get_by_label("Text", exact=True).fill("Typed when the session ended")
    with database.writes() as session:
        for row in session.scalars(select(SignIn)):
            sign_ins.end(session, row.id)
    expect(page.locator("#saved")).to_contain_text("you are signed out", timeout=15_000)
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/posts/{post_id}/edit")
    offer = page.locator(".unsaved")
    offer.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Typed when the session ended")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    assert comes(lambda: stored(page) == "")
