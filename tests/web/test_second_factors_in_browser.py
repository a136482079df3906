"""Coming in and staying in, in a real browser: second factor, work account, a browser that locked itself."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.foundation import clock
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.identities import Identity
from app.models.people import PROVIDER, Person, SignIn
from tests.cast import Cast, gather
from tests.support.apps import lent_app
from tests.support.browser import check_both, on_a_desk, on_a_phone
from tests.support.databases import SQLiteDatabases
from tests.support.openid import openid_provider
from tests.support.server import served
from tests.web.visitor import enter

PASSWORD, EMAIL = "three words together", "aino@library.example"
STEP = timedelta(seconds=30)


class House:
    """A running app whose administrator has a password, and which knows a provider."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            argon2_memory_mib=8,
            oidc_issuer="http://127.0.0.1:9",  # nobody is there
            oidc_client_id="x",
            oidc_client_secret="x",
        )
        self.app = lent_app(settings, database)
        self.address = ""
        with database.writes() as session:
            self.cast: Cast = gather(session)
            values = {"password_hash": hash_password(PASSWORD, 8), "email": EMAIL}
            mine = Person.id == self.cast.administrator.person_id
            session.execute(update(Person).where(mine).values(**values))

    def leave(self) -> None:
        """Everybody goes for lunch."""
        with self.database.writes() as session:
            session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=45)))


@pytest.fixture
def house(sqlite_databases: SQLiteDatabases, tmp_path: Path) -> Iterator[House]:
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        house = House(Database(engine), tmp_path)
        with served(house.app) as house.address:
            yield house


@on_a_phone
def test_a_second_factor_from_beginning_to_end(house: House, page: Page) -> None:
    enter(page, house.database, house.address, house.cast.administrator)
    page.goto(f"{house.address}/account")
    check_both(page, "second factor account")
    page.get_by_role("link", name="Second factor").click()
    check_both(page, "second factor none")
    page.get_by_role("button", name="Set it up").click()
    check_both(page, "second factor picture")
    phone = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill("000000" if phone.at(clock.now()) != "000000" else "111111")
    page.get_by_role("button", name="Take it into use").click()
    expect(page.locator(".errors")).to_be_visible()
    check_both(page, "second factor wrong")
    page.get_by_label("Code").fill(phone.at(clock.now()))
    page.get_by_role("button", name="Take it into use").click()
    expect(page.locator("#recovery li")).to_have_count(10)
    check_both(page, "second factor codes")
    page.goto(f"{house.address}/account/second-factor")
    check_both(page, "second factor set up")
    page.goto(f"{house.address}/account/provider")
    check_both(page, "provider not linked")
    page.goto(f"{house.address}/units/{house.cast.network.id}")
    check_both(page, "second factor rule")

    page.context.clear_cookies()
    page.goto(f"{house.address}/sign-in")
    check_both(page, "sign-in with provider")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    check_both(page, "code asked")
    page.get_by_label("Code").fill(phone.at(clock.now() + STEP))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{house.address}/")


@on_a_desk
def test_what_was_written_survives_a_lock(house: House, page: Page) -> None:
    enter(page, house.database, house.address, house.cast.administrator)
    page.goto(f"{house.address}/units/new")
    page.get_by_label("Name").fill("The branch that took a whole lunch to name")
    house.leave()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("What you wrote is kept.")).to_be_visible()
    check_both(page, "unlock")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("heading", name="What you wrote is here")).to_be_visible()
    check_both(page, "kept")
    expect(page.get_by_text("The branch that took a whole lunch to name")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url("**/units?done=unit_added")
    expect(
        page.get_by_role("link", name="The branch that took a whole lunch to name", exact=True)
    ).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{house.address}/sign-in")
    page.get_by_role("button", name="Sign in with your work account").click()
    expect(page.get_by_text("does not answer")).to_be_visible()
    check_both(page, "provider down")


@on_a_desk
def test_who_came_by_the_provider_is_asked_there_and_leaves_there(house: House, page: Page) -> None:
    with openid_provider() as provider:
        known = house.app.state.settings.model_copy(update={"oidc_issuer": provider.issuer})
        house.app.state.settings = known
        object.__setattr__(house.app.state.ground, "settings", known)
        mine, now = house.cast.administrator.person_id, clock.now()
        enter(page, house.database, house.address, house.cast.administrator)
        with house.database.writes() as session:
            session.execute(update(SignIn).values(how=PROVIDER))
            session.execute(update(Person).where(Person.id == mine).values(password_hash=None))
            times = {"linked_at": now, "used_at": now}
            session.add(Identity(person_id=mine, issuer=provider.issuer, subject="1", **times))
        page.goto(f"{house.address}/account/second-factor")
        expect(page.get_by_role("button", name="Go on with your work account")).to_be_visible()
        check_both(page, "second factor shown anew")
        page.goto(f"{house.address}/account/provider")
        check_both(page, "provider shown anew")
        page.locator("summary", has_text="Aino Lehtinen").click()
        page.get_by_role("button", name="Sign out").click()
        link = page.get_by_role("link", name="Sign out there too")
        expect(link).to_have_attribute("href", re.compile(re.escape(provider.end_session)))
        check_both(page, "signed out, not there")
