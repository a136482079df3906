"""Pages of people, units and the ways in, in a real browser: accessible, labelled, as wide as the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.actions import links, sign_ins
from app.domain.roles import Actor, Role, Scope
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.settings import Settings
from tests.builders import person
from tests.cast import Cast, gather
from tests.support.apps import lent_app
from tests.support.browser import check_both, on_a_desk, on_a_phone
from tests.support.databases import SQLiteDatabases
from tests.support.server import served

BY_HAND = Actor(None, Scope(), via="cli")


class House:
    """A running app with or without people in it, on SQLite; how pages look does not differ on PostgreSQL."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        settings = Settings(_env_file=None, data_dir=folder, argon2_memory_mib=8)
        self.app = lent_app(settings, self.database)
        self.address = ""

    def gather(self) -> Cast:
        with self.database.writes() as session:
            return gather(session)

    def link(self, cast: Cast, password: str | None) -> str:
        with self.database.writes() as session:
            new = person(session, "Veikko", cast.koivuranta, Role.EDITOR, password_hash=password)
            return f"/link/{links.make(session, BY_HAND, new, clock.now())}"

    def first_link(self) -> str:
        with self.database.writes() as session:
            return f"/first/{links.make_first(session, BY_HAND, clock.now())}"

    def let_in(self, page: Page, who: Actor) -> None:
        assert who.person_id is not None
        with self.database.writes() as session:
            token = sign_ins.begin(session, who.person_id, "Firefox on a shared computer", clock.now())
        page.context.add_cookies([{"name": "kuliss", "value": token, "url": self.address}])

    def look(self, page: Page, path: str, name: str = "") -> None:
        """Go there and check; the pictures bear the path's name."""
        page.goto(self.address + path)
        self.check(page, name or path)

    def check(self, page: Page, name: str) -> None:
        check_both(page, f"people {name}")


@pytest.fixture
def house(sqlite_databases: SQLiteDatabases, tmp_path: Path) -> Iterator[House]:
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        house = House(Database(engine), tmp_path)
        with served(house.app) as house.address:
            yield house


@on_a_phone
def test_the_ways_in(house: House, page: Page) -> None:
    house.look(page, "/sign-in", "nobody")
    first = house.first_link()
    house.look(page, first, "first")
    page.get_by_label("Name of the library").fill("Saarivesi City Library")
    page.get_by_label("Your name").fill("Aino Lehtinen")
    page.get_by_label("E-mail").fill("aino@library")
    page.get_by_label("Password").fill("three words together")
    page.evaluate("document.querySelector('form').noValidate = true")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".errors")).to_be_visible()
    house.check(page, "first faults")
    expect(page.get_by_label("Your name")).to_have_value("Aino Lehtinen")
    page.get_by_label("E-mail").fill("aino@library.example")
    page.get_by_label("Password").fill("three words together")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/?done=begun")
    house.look(page, "/people", "one person")
    page.context.clear_cookies()
    house.look(page, first, "gone")
    house.look(page, "/sign-in", "sign-in")
    page.get_by_label("E-mail").fill("aino@library.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".errors")).to_be_visible()
    house.check(page, "sign-in wrong")


@on_a_phone
def test_links(house: House, page: Page) -> None:
    cast = house.gather()
    house.look(page, house.link(cast, None), "link new")
    expect(page.get_by_label("Password")).to_be_visible()
    house.look(page, house.link(cast, "x"), "link again")
    expect(page.get_by_label("Password")).to_be_visible()


@on_a_desk
def test_people_and_units(house: House, page: Page) -> None:
    cast = house.gather()
    house.let_in(page, cast.administrator)
    someone = f"/people/{cast.editor.person_id}"
    duties = (f"{someone}/leaving", f"{someone}/deputy", f"{someone}/erase", "/account/deputy")
    for path in ("/people", "/people/new", someone, f"{someone}/roles", *duties, "/units", "/units/new"):
        house.look(page, path)
    house.look(page, f"{someone}/roles?unit={cast.koivuranta.id}", "roles in a unit")
    house.look(page, f"/units/{cast.koivuranta.id}", "unit")
    for path in ("/account", "/account/password", "/account/tokens"):
        house.look(page, path)
    page.get_by_label("What is it for?").fill("Script")
    page.get_by_role("button", name="Make the token").click()
    page.wait_for_selector("#token")
    house.check(page, "token")
    house.look(page, "/account/tokens", "tokens")
    page.goto(f"{house.address}/people/new")
    page.get_by_label("Name").fill("Uusi Ihminen")
    page.get_by_label("E-mail").fill("uusi@library.example")
    page.get_by_label("Contributor").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_selector("#link")
    house.check(page, "link")
    house.look(page, "/people/77777", "not found")


@on_a_desk
def test_for_readers(house: House, page: Page) -> None:
    cast = house.gather()
    house.let_in(page, cast.contributor)
    for path in ("/people", "/people/new", "/units", "/units/new", f"/units/{cast.koivuranta.id}"):
        house.look(page, path, f"reader {path}")
        expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)  # to read, not to change
