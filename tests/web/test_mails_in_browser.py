"""The pages about mail in their states, in a real browser, with a real mail server behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.actions import mail_links
from app.domain.mails import MailKind
from app.errands import mails
from app.foundation.database import Database
from app.models.people import Person
from tests.cast import Cast
from tests.support.apps import lent_app
from tests.support.browser import on_a_desk, on_a_phone
from tests.support.databases import SQLiteDatabases
from tests.support.mail_server import MailServer, mail_server
from tests.support.server import served
from tests.web.test_strategy_and_ideas_in_browser import Walk

# As long as those of a municipality are; it has to fit on a phone.
LONG = "maria-magdalena.holopainen-forsman@kirjasto.koivurannankaupunki.example"


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def mailbox() -> Iterator[MailServer]:
    """Where mails arrive, or are refused."""
    with mail_server() as server:
        yield server


@pytest.fixture
def mailing(database: Database, tmp_path: Path, mailbox: MailServer) -> Iterator[FastAPI]:
    """The app, with mail."""
    app = lent_app(mailbox.settings(data_dir=tmp_path, public_url="http://testserver"), database)
    yield app
    app.state.ground.close()


@pytest.fixture
def walk(page: Page, mailing: FastAPI) -> Iterator[Walk]:
    """Nobody yet."""
    with served(mailing) as address:
        yield Walk(page, mailing, address)


@on_a_phone
def test_how_mail_fares(walk: Walk, mailing: FastAPI, cast: Cast, mailbox: MailServer) -> None:
    with walk.database.writes() as session:
        session.get_one(Person, cast.administrator.person_id).email = LONG
    walk.enter(cast.administrator)
    walk.look("/mails")
    for refused in (False, True):
        if refused:
            mailbox.refuse[LONG] = "550 nobody here"
        walk.page.get_by_role("button", name=f"Send a try to {LONG}").click()
        expect(walk.page.get_by_text("The try is on its way.")).to_be_visible()
        walk.check(f"mails tried {refused}")
        assert mails.deliver(mailing.state.ground) == (not refused)
        walk.look("/mails")
    expect(walk.page.get_by_text("does not accept the address of the person")).to_be_visible()


@on_a_desk
def test_which_mails_come_and_when(walk: Walk, mailing: FastAPI, cast: Cast) -> None:
    hours = f"/units/{cast.library.id}/hours"
    walk.enter(cast.administrator)
    walk.look(hours)
    walk.refused(hours, "Save", begins="6.00", ends="9.00")
    walk.enter(cast.editor)
    walk.look("/account/mails", hours)
    walk.page.goto(f"{walk.address}/account/mails")
    for box in walk.page.get_by_role("group").first.get_by_role("checkbox").all():
        box.uncheck()
    walk.page.get_by_role("button", name="Save").click()
    expect(walk.page.get_by_text("Saved.")).to_be_visible()
    walk.check("mails chosen")
    walk.page.context.clear_cookies()
    off = mail_links.token(mailing.state.ground.keyring, cast.editor.person_id or 0, MailKind.IDEAS)
    walk.look(f"/mails/off/{off}")
    walk.page.get_by_role("button", name="Switch them off").click()
    expect(walk.page.get_by_role("heading", name="These mails do not come any more.")).to_be_visible()
    walk.check("mails off")
    walk.look(f"/mails/off/{off[:-1]}")
