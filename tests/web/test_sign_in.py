"""Coming in and going out: password, one-time link, sign-out, idle sessions, guesses."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.actions import links
from app.domain.roles import Actor, Role, Scope
from app.foundation import clock
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.models.people import Person
from tests.builders import person
from tests.cast import Cast
from tests.web.visitor import Visitor

PASSWORD = "three words together"
EMAIL = "known@library.example"


@pytest.fixture
def known(database: Database, cast: Cast) -> Person:
    """A person with a password."""
    with database.writes() as session:
        hashed = hash_password(PASSWORD, 8)
        return person(session, "Known", cast.koivuranta, Role.EDITOR, email=EMAIL, password_hash=hashed)


def test_a_password_lets_in_and_leads_back(visitor: Visitor, known: Person) -> None:
    asked = visitor.get("/people")
    assert asked.headers["location"] == "/sign-in?next=/people"
    form = {"email": " KNOWN@library.example ", "password": PASSWORD, "next": "/people"}
    answer = visitor.send("/sign-in", "/sign-in", **form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = visitor.get("/people")
    assert page.status_code == 200
    assert "Known" in page.text
    assert visitor.get("/sign-in?next=/units").headers["location"] == "/units"


def test_who_comes_in_and_who_is_refused_stands_in_the_log(visitor: Visitor, known: Person) -> None:
    with capture_logs() as lines:
        visitor.send("/sign-in", "/sign-in", email=EMAIL, password="wrong words")
        visitor.send("/sign-in", "/sign-in", email="nobody@library.example", password=PASSWORD)
        visitor.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    told = [line for line in lines if "sign" in line["event"]]
    assert [(line["event"], line["person"]) for line in told] == [
        ("sign-in refused", known.id),
        ("sign-in refused", None),
        ("signed in", known.id),
    ]
    assert all(line["address"] for line in told[:2])
    assert "nobody@" not in str(lines)


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "", "people"])
def test_nobody_is_led_elsewhere(visitor: Visitor, known: Person, next_: str) -> None:
    answer = visitor.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD, next=next_)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong words"), ("nobody@library.example", PASSWORD)]
)
def test_wrong_is_wrong_in_one_sentence(visitor: Visitor, known: Person, email: str, password: str) -> None:
    answer = visitor.send("/sign-in", "/sign-in", email=email, password=password)
    assert answer.status_code == 422
    assert "The e-mail or the password is not right." in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text


def test_after_ten_guesses_one_waits(visitor: Visitor, known: Person) -> None:
    for _ in range(10):
        assert visitor.send("/sign-in", "/sign-in", email=EMAIL, password="guess").status_code == 422
    answer = visitor.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 429
    assert re.search(r"Minutes to wait: 1[45]\b", answer.text)  # failures are counted by the minute
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert visitor.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD).status_code == 303


def test_signing_out_forgets(visitor: Visitor, known: Person) -> None:
    visitor.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    token = visitor.client.cookies["kuliss"]
    answer = visitor.send("/people", "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert '"cookies"' in answer.headers["clear-site-data"]
    visitor.client.cookies.set("kuliss", token)
    assert visitor.get("/people").status_code == 303


def test_an_idle_browser_is_locked_and_then_signed_out(cast: Cast, visit: Callable[[Actor], Visitor]) -> None:
    editor = visit(cast.editor)
    began = clock.now()
    for minutes, led in (
        (29, None),
        (58, None),
        (89, "/unlock"),
        (58 + 719, "/unlock"),
        (58 + 721, "/sign-in"),
    ):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            answer = editor.get("/people")
            assert answer.headers.get("location") == (f"{led}?next=/people" if led else None), minutes


def test_a_page_that_renews_itself_is_no_touch(cast: Cast, visit: Callable[[Actor], Visitor]) -> None:
    editor = visit(cast.editor)
    began = clock.now()
    for minutes, status in ((29, 200), (31, 303)):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            assert editor.get("/people", headers={"X-Refresh": "1"}).status_code == status


def test_however_it_is_used_a_sign_in_ends(
    cast: Cast, visit: Callable[[Actor], Visitor], app: FastAPI
) -> None:
    app.state.settings = app.state.settings.model_copy(
        update={"session_lock_minutes": 0, "session_idle_minutes": 60 * 24 * 20}
    )
    editor = visit(cast.editor)
    began = clock.now()
    for days, status in ((19, 200), (29, 200), (31, 303)):
        with time_machine.travel(began + timedelta(days=days), tick=False):
            assert editor.get("/people").status_code == status


def test_a_strangers_form_from_nowhere_leads_to_the_sign_in(visitor: Visitor, cast: Cast) -> None:
    answer = visitor.post("/sign-out", headers={"Referer": "http://["})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")


@pytest.fixture
def link(database: Database, cast: Cast) -> str:
    """The address of a link for somebody new."""
    with database.writes() as session:
        new = person(session, "Veikko", cast.koivuranta, Role.EDITOR, password_hash=None)
        return f"/link/{links.make(session, Actor(None, Scope()), new, clock.now())}"


def test_a_link_asks_for_a_password_and_works_once(visitor: Visitor, link: str) -> None:
    for _ in range(2):
        assert "Welcome, Veikko" in visitor.get(link).text
    short = visitor.send(link, link, password="short")
    assert short.status_code == 422
    assert "Write at least 10 characters." in short.text
    assert "Fill this in." in visitor.send(link, link).text
    answer = visitor.send(link, link, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.get("/people").status_code == 200
    again = visitor.get(link)
    assert again.status_code == 404
    assert "work any more" in again.text


def test_a_page_speaks_the_language_that_was_asked_for(visitor: Visitor, cast: Cast) -> None:
    assert '<html lang="fi">' in visitor.get("/sign-in", headers={"accept-language": "fi-FI,en;q=0.5"}).text
    assert '<html lang="sv">' in visitor.get("/sign-in?language=sv").text
    assert '<html lang="en">' in visitor.get("/sign-in?language=xx").text


def test_where_nobody_is_yet_the_way_in_is_told(visitor: Visitor) -> None:
    asked = visitor.get("/people")
    page = visitor.get(asked.headers["location"])
    assert page.status_code == 200
    assert "kuliss create-admin" in page.text


def test_over_https_cookies_are_fenced(database: Database, app: FastAPI, cast: Cast) -> None:
    app.state.settings = app.state.settings.model_copy(update={"public_url": "https://kuliss.example"})
    cookie = Visitor(app).get("/sign-in").headers["set-cookie"]
    assert cookie.startswith("__Host-kuliss-form=")
    assert "Secure" in cookie


def test_over_https_the_cookie_is_taken_back(database: Database, app: FastAPI, known: Person) -> None:
    app.state.settings = app.state.settings.model_copy(update={"public_url": "https://kuliss.example"})
    browser = Visitor(app)
    browser.client.base_url = "https://kuliss.example"
    browser.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    cookie = browser.send("/people", "/sign-out").headers["set-cookie"]
    # Without "Secure" browsers would not touch a cookie of such a name.
    assert cookie.startswith('__Host-kuliss="";')
    assert "Secure" in cookie
