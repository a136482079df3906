"""A browser that nobody used for a while: the password is asked again, nothing that was written is lost."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select, update

from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.models.kept_forms import KeptForm
from app.models.people import Person
from app.models.units import Unit
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
PASSWORD = "three words together"
NAME = "A branch with a long\nand “quoted” <name>"
FORM = "/units/new"


@pytest.fixture
def away(database: Database, cast: Cast, visit: Visit) -> Iterator[Visitor]:
    """The administrator's browser, half an hour and more after it was last used."""
    with database.writes() as session:
        mine = update(Person).where(Person.id == cast.administrator.person_id)
        session.execute(mine.values(password_hash=hash_password(PASSWORD, 8)))
    browser = visit(cast.administrator)
    own = browser.client.cookies.pop("kuliss")
    browser.client.cookies.set("kuliss", own, domain="testserver.local", path="/")  # where ours are set
    browser.hidden = hidden(browser.get(FORM).text)  # type: ignore[attr-defined]  # kept for the tests
    with time_machine.travel(clock.now() + timedelta(minutes=45), tick=False):
        yield browser


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, with several of one name as the last."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def sent(cast: Cast, browser: Visitor) -> dict[str, str]:
    """What the form that stood open sends."""
    own: dict[str, str] = browser.hidden  # type: ignore[attr-defined]
    return {**own, "name": NAME.replace("\n", " "), "kind": "branch", "parent_id": str(cast.library.id)}


def test_a_form_that_comes_locked_is_kept_and_sent_again(
    database: Database, cast: Cast, away: Visitor, visit: Visit
) -> None:
    data = sent(cast, away)
    led = away.post(FORM, data).headers["location"]
    assert led.startswith("/unlock?next=/kept/")
    kept = led.removeprefix("/unlock?next=")
    assert away.get(kept).headers["location"].startswith("/unlock?"), "not before it is known who is there"
    asked = away.get(led).text
    assert "What you wrote is kept." in asked
    assert "branch with a long" not in asked

    before = away.client.cookies["kuliss"]
    assert away.send(led, "/unlock", password="not this one", next=kept).status_code == 422
    assert away.send(led, "/unlock", password=PASSWORD, next=kept).headers["location"] == kept
    assert away.client.cookies["kuliss"] != before, "a new token"
    page = away.get(kept).text
    assert unescape(page).count(data["name"]) == 2
    assert visit(cast.editor).get(kept).status_code == 404
    fields = hidden(page)
    assert fields["once"] == data["once"]
    for _ in range(2):
        assert away.post(FORM, fields).headers["location"] == "/units?done=unit_added"
    with database.reads() as session:
        assert session.scalars(select(Unit.name).where(Unit.name == data["name"])).all() == [data["name"]]
        assert data["name"] not in session.scalars(select(KeptForm.sealed)).one()
    # A page that stood open elsewhere can still be sent.
    assert away.post(FORM, {**data, "once": "another", "name": "Another"}).status_code == 303


def test_what_is_not_ours_secret_or_a_button_alone_is_not_kept(
    database: Database, cast: Cast, away: Visitor
) -> None:
    data = sent(cast, away)
    for form, headers in (
        ({**data, "csrf": "wrong"}, {}),
        (data, {"Sec-Fetch-Site": "cross-site"}),
        ({**data, "password": "hush"}, {}),
        ({**data, "name": "Pressed by whom?"}, {}),
    ):
        assert away.post(FORM, form, headers=headers).headers["location"] == "/unlock?next=/"
    with database.reads() as session:
        assert session.scalars(select(KeptForm.id)).all() == []


def test_a_kept_form_is_thrown_away_or_grows_old(cast: Cast, away: Visitor) -> None:
    keys = [away.post(FORM, sent(cast, away)).headers["location"].removeprefix("/unlock?next=") for _ in "ab"]
    away.send("/unlock", "/unlock", password=PASSWORD)
    assert away.send(keys[0], f"{keys[0]}/drop").headers["location"] == "/?done=form_dropped"
    assert away.get(keys[0]).status_code == 404
    assert away.get(keys[1]).status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        away.send("/sign-in", "/sign-in", email="x@library.example", password="x")
        assert away.get(keys[1]).status_code in (303, 404)


def test_somebody_else_may_sign_in_on_it(database: Database, cast: Cast, away: Visitor, visit: Visit) -> None:
    kept = away.post(FORM, sent(cast, away)).headers["location"].removeprefix("/unlock?next=")
    with database.writes() as session:
        mine = update(Person).where(Person.id == cast.editor.person_id)
        session.execute(mine.values(password_hash=hash_password(PASSWORD, 8), email="e@library.example"))
    answer = away.send("/sign-in", "/sign-in", email="e@library.example", password=PASSWORD)
    assert answer.status_code == 303
    assert away.get(kept).status_code == 404
    assert away.get("/unlock").headers["location"] == "/"


def test_guesses_at_a_locked_browser_are_counted(away: Visitor) -> None:
    for _ in range(10):
        assert away.send("/unlock", "/unlock", password="guess").status_code == 422
    assert away.send("/unlock", "/unlock", password=PASSWORD).status_code == 429
