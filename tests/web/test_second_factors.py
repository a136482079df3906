"""The second factor: set up, asked for, each code once, lost, wanted by the library."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select, update

from app.actions import links, units
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.foundation.mail import Postman
from app.models.history import Event
from app.models.notices import Mail
from app.models.people import Person, SignIn
from app.models.second_factors import RecoveryCode, SecondFactor
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
PAGE, CODE = "/account/second-factor", "/sign-in/code"
PASSWORD, EMAIL = "three words together", "known@library.example"
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _password(database: Database, cast: Cast) -> None:
    """The editor can sign in by a password."""
    with database.writes() as session:
        values = {"password_hash": hash_password(PASSWORD, 8), "email": EMAIL}
        session.execute(update(Person).where(Person.id == cast.editor.person_id).values(**values))


def secret(visitor: Visitor) -> str:
    """The secret that stands below the picture."""
    page = visitor.get(PAGE).text
    assert "<svg" in page
    found = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def set_up(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up as a person does; the app, and the recovery codes that were shown."""
    assert visitor.send(PAGE, f"{PAGE}/begin").headers["location"] == PAGE
    app = pyotp.TOTP(secret(visitor))
    shown = visitor.send(PAGE, f"{PAGE}/confirm", code=app.at(clock.now()))
    assert shown.status_code == 200
    return app, re.findall(r"<li><code>([A-Z0-9-]{14})</code></li>", shown.text)


def come(visitor: Visitor, password: str = PASSWORD) -> str:
    """Sign in by the password; where that leads."""
    return str(visitor.send("/sign-in", "/sign-in", email=EMAIL, password=password).headers["location"])


def test_begun_in_two_windows_at_once_and_begun_again(cast: Cast, visit: Visit) -> None:
    windows, ready = [visit(cast.editor), visit(cast.editor)], Barrier(2)

    def begin(window: Visitor) -> int:
        ready.wait(10)
        return window.send(PAGE, f"{PAGE}/begin").status_code

    with ThreadPoolExecutor(2) as two:
        assert list(two.map(begin, windows)) == [303, 303]
    shown = secret(windows[0])
    assert windows[1].send(PAGE, f"{PAGE}/begin").status_code == 303, "one is waiting"
    assert secret(windows[1]) == secret(windows[0]) == shown, "the app that read either picture fits"
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        windows[1].send(PAGE, f"{PAGE}/begin", current=PASSWORD)
        assert secret(windows[1]) != shown, "what was left lying is made anew"
    set_up(windows[0])
    assert windows[1].send("/account", f"{PAGE}/begin").status_code == 409
    assert windows[1].send("/account", f"{PAGE}/confirm", code="123456").status_code == 409


def test_after_the_password_a_code_is_asked_and_each_is_good_once(
    database: Database, cast: Cast, visit: Visit, app: FastAPI
) -> None:
    phone, codes = set_up(visit(cast.editor))
    assert len(set(codes)) == 10
    with database.reads() as session:
        row = session.scalars(select(SecondFactor)).one()
        stored = set(session.scalars(select(RecoveryCode.code_hash)))
    assert phone.secret not in row.sealed
    assert not stored & set(codes)

    later, browser = clock.now() + STEP, Visitor(app)
    with time_machine.travel(later, tick=False):
        assert come(browser) == f"{CODE}?next=/"
        assert browser.get("/people").headers["location"].startswith("/sign-in?")
        wrong = browser.send(CODE, CODE, code=f"{(int(phone.at(later)) + 1) % 1_000_000:06}", next="/people")
        assert wrong.status_code == 422
        assert "This code is not right" in wrong.text
        code = phone.at(later)
        assert (
            browser.send(CODE, CODE, code=f"{code[:3]} {code[3:]}", next="/people").headers["location"]
            == "/people"
        )
        assert browser.get("/people").status_code == 200
        another = Visitor(app)
        assert come(another) == f"{CODE}?next=/"
        assert another.send(CODE, CODE, code=code).status_code == 422, "a code that was used"
        assert another.send(CODE, CODE, code=phone.at(later - STEP)).status_code == 422, "one before it"
        assert another.send(CODE, CODE, code=phone.at(later + STEP)).headers["location"] == "/"


def test_a_recovery_code_stands_in_once(cast: Cast, visit: Visit, app: FastAPI) -> None:
    _, codes = set_up(visit(cast.editor))
    for given, status in ((codes[3].lower().replace("-", " "), 303), (codes[3], 422), (codes[4], 303)):
        browser = Visitor(app)
        come(browser)
        assert browser.send(CODE, CODE, code=given).status_code == status
    page = browser.get("/account").text
    assert "8 recovery codes left" in page


def test_codes_are_not_guessed(cast: Cast, visit: Visit, app: FastAPI) -> None:
    phone, _ = set_up(visit(cast.editor))
    browser = Visitor(app)
    come(browser)
    with time_machine.travel(clock.now() + STEP, tick=False):
        wrong = f"{(int(phone.at(clock.now())) + 7) % 1_000_000:06}"
        assert {browser.send(CODE, CODE, code=wrong).status_code for _ in range(10)} == {422}
        assert browser.send(CODE, CODE, code=phone.at(clock.now())).status_code == 429


def test_who_waits_too_long_begins_anew(cast: Cast, visit: Visit, app: FastAPI) -> None:
    set_up(visit(cast.editor))
    browser = Visitor(app)
    come(browser)
    assert browser.get(CODE).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert browser.get(CODE).headers["location"] == "/sign-in"


def test_a_link_is_no_way_around_it(database: Database, cast: Cast, visit: Visit, app: FastAPI) -> None:
    phone, _ = set_up(visit(cast.editor))
    with database.writes() as session:
        editor = session.get_one(Person, cast.editor.person_id)
        token = links.make(session, Actor(None, Scope()), editor, clock.now())
    browser, link = Visitor(app), f"/link/{token}"
    assert browser.send(link, link, password="quite another one").headers["location"] == f"{CODE}?next=/"
    assert browser.get("/people").status_code == 303
    with time_machine.travel(clock.now() + STEP, tick=False):
        assert browser.send(CODE, CODE, code=phone.at(clock.now())).status_code == 303
    with database.reads() as session:
        assert session.scalars(select(SignIn.how).order_by(SignIn.id.desc())).first() == "code"


def test_it_is_taken_away_with_password_and_code(cast: Cast, visit: Visit, app: FastAPI) -> None:
    browser = visit(cast.editor)
    _, codes = set_up(browser)
    path = f"{PAGE}/remove"
    assert browser.send(PAGE, path, current="not this one", code=codes[0]).status_code == 422
    assert browser.send(PAGE, path, current=PASSWORD, code="AAAA-BBBB-CCCC").status_code == 422
    done = browser.send(PAGE, path, current=PASSWORD, code=codes[0])
    assert done.headers["location"] == "/account?done=second_factor_removed"
    assert come(Visitor(app)) == "/"


def test_keys_that_are_gone_leave_the_recovery_codes(
    database: Database, cast: Cast, visit: Visit, app: FastAPI
) -> None:
    own = visit(cast.editor)
    lost = update(SecondFactor).values(sealed="sealed elsewhere")
    own.send(PAGE, f"{PAGE}/begin")
    with database.writes() as session:
        session.execute(lost)
    assert own.send(PAGE, f"{PAGE}/confirm", code="123456").headers["location"] == PAGE
    phone, codes = set_up(own)
    with database.writes() as session:
        session.execute(lost)
    browser = Visitor(app)
    come(browser)
    with time_machine.travel(clock.now() + STEP, tick=False):
        assert browser.send(CODE, CODE, code=phone.at(clock.now())).status_code == 422
        assert browser.send(CODE, CODE, code=codes[0]).status_code == 303


def test_new_recovery_codes_void_the_old_ones(cast: Cast, visit: Visit, app: FastAPI) -> None:
    browser = visit(cast.editor)
    _, codes = set_up(browser)
    shown = browser.send(PAGE, f"{PAGE}/codes", code=codes[0]).text
    new = re.findall(r"<li><code>([A-Z0-9-]{14})</code></li>", shown)
    assert len(set(new) - set(codes)) == 10
    browser = Visitor(app)
    come(browser)
    assert browser.send(CODE, CODE, code=codes[1]).status_code == 422
    assert browser.send(CODE, CODE, code=new[1]).status_code == 303


def test_somebody_who_lost_the_phone_is_helped_and_told(
    database: Database, cast: Cast, visit: Visit, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(visit(cast.editor))
    postman = Postman("mail.example", 25, "none", "", "", "kuliss@example.org", "kuliss")
    monkeypatch.setattr("app.web.people_doors.postman_of", lambda _settings: postman)
    page = f"/people/{cast.editor.person_id}"
    path = f"{page}/second-factor/remove"
    assert "second-factor" not in visit(cast.approver).get(page).text
    assert visit(cast.approver).send("/account", path).status_code == 403
    assert visit(cast.stranger).send("/account", path).status_code == 404
    assert visit(cast.editor).send("/account", path).status_code == 403, "not one's own"
    helper = visit(cast.administrator)
    assert helper.send(page, path).headers["location"] == f"{page}?done=second_factor_removed"
    assert helper.send(page, path).status_code == 404
    assert come(Visitor(app)) == "/"
    with database.reads() as session:
        mail = session.scalars(select(Mail)).one()
        verbs = session.scalars(select(Event.verb).where(Event.thing_id == cast.editor.person_id)).all()
    assert mail.person_id == cast.editor.person_id
    assert "Aino Lehtinen" in mail.text
    assert {"second_factor_set", "second_factor_removed"} <= set(verbs)


def test_a_library_may_want_it_of_people_with_powers(database: Database, cast: Cast, visit: Visit) -> None:
    administrator, editor, contributor = (
        visit(cast.administrator),
        visit(cast.editor),
        visit(cast.contributor),
    )
    page = f"/units/{cast.network.id}"
    assert editor.send("/account", f"{page}/second-factor", wanted="yes").status_code in (403, 404)
    below = administrator.send(page, f"/units/{cast.library.id}/second-factor", wanted="yes")
    assert below.status_code == 409
    assert administrator.send(page, f"{page}/second-factor", wanted="yes").status_code == 303
    assert editor.get("/posts").headers["location"] == PAGE
    assert editor.post("/posts/new").headers["location"] == PAGE
    assert "Your library wants a second factor" in editor.get(PAGE).text
    assert contributor.get("/posts").status_code == 200
    assert visit(cast.stranger).get("/posts").status_code == 200
    set_up(editor)
    assert editor.get("/posts").status_code == 200
    with database.writes() as session:
        units.want_second_factor(
            session, cast.administrator, cast.network.id, units.SecondFactorRule(wanted=False)
        )
    assert administrator.get("/posts").status_code == 200


def test_an_old_sign_in_asks_the_password_before_it_is_set_up(cast: Cast, visit: Visit) -> None:
    browser = visit(cast.editor)
    with time_machine.travel(clock.now() + timedelta(minutes=15), tick=False):
        asked = browser.send(PAGE, f"{PAGE}/begin")
        assert '<a href="#current">' in asked.text
        assert browser.send(PAGE, f"{PAGE}/begin", current=PASSWORD).headers["location"] == PAGE
