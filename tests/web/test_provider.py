"""Signing in with a work account, against a provider on a real socket: what lets in, and what does not."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select, update

from app.actions import sign_ins
from app.connectors import openid
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.models.identities import Identity
from app.models.people import Person, SignIn
from app.models.second_factors import SecondFactor
from tests.builders import person
from tests.cast import Cast
from tests.support.openid import CLIENT, SECRET, Provider, openid_provider
from tests.web.visitor import Visitor

EMAIL, PASSWORD = "sara@library.example", "three words together"
OUT, BACK = "/sign-in/provider", "/sign-in/provider/callback"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """One provider for all of these."""
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, app: FastAPI) -> Provider:
    """The provider as it usually answers, in the app's settings."""
    running.claims, running.end_session = {}, f"{running.issuer}/leave"
    running.key, running.shown, running.algorithm = "one", ["one"], "RS256"
    openid.forget()
    settings(app, oidc_issuer=running.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    return running


def settings(app: FastAPI, **changed: Any) -> None:
    """The app with other settings."""
    found = app.state.settings.model_copy(update=changed)
    app.state.settings = found
    object.__setattr__(app.state.ground, "settings", found)


@pytest.fixture
def sara(database: Database, cast: Cast) -> Person:
    """A person with the address that the provider tells."""
    with database.writes() as session:
        hashed = hash_password(PASSWORD, 8)
        return person(session, "Sara N", cast.koivuranta, Role.EDITOR, email=EMAIL, password_hash=hashed)


def out(browser: Visitor, page: str = "/sign-in", path: str = OUT, **fields: Any) -> str:
    """Press the button; where the page leads on to."""
    leads = browser.send(page, path, **fields)
    assert leads.status_code == 200, leads.text
    found = re.search(r'content="0;url=([^"]+)"', leads.text)
    assert found is not None
    return unescape(found[1])


def back(browser: Visitor, provider: Provider, address: str) -> Response:
    """Sign in there, and come back."""
    code, state = provider.code(address)
    return browser.get(BACK, params={"code": code, "state": state})


def come(app: FastAPI, provider: Provider) -> Response:
    """All of it, in a fresh browser."""
    browser = Visitor(app)
    return back(browser, provider, out(browser))


def test_an_address_that_is_verified_links_and_then_the_subject_counts(
    database: Database, app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser = Visitor(app)
    assert "Sign in with your work account" in browser.get("/sign-in").text
    answer = back(browser, provider, out(browser, next="/people"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert browser.get("/account").status_code == 200
    with database.reads() as session:
        assert session.scalars(select(SignIn.how)).all() == ["provider"]
        assert session.scalars(select(Identity.person_id)).all() == [sara.id]
    provider.claims["email"] = "married@library.example"
    assert come(app, provider).headers["location"] == "/"
    with database.writes() as session:
        session.execute(update(Person).where(Person.id == sara.id).values(active=False))
    assert come(app, provider).status_code == 409


@contextmanager
def after_lunch(provider: Provider) -> Iterator[datetime]:
    """So late that browsers are locked; that time."""
    later = clock.now() + timedelta(minutes=31)
    provider.claims["exp"] = int(later.timestamp()) + 600
    with time_machine.travel(later, tick=False):
        yield later


NOT_BELIEVED: tuple[dict[str, Any], ...] = (
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another-app"},
    {"aud": [CLIENT, "another-app"]},
    {"aud": [CLIENT, "another-app"], "azp": "another-app"},
    {"iss": "https://login.example/other"},
    {"exp": 1_600_000_000},
    {"exp": None},
    {"nbf": 4_000_000_000},
    {"sub": None},
)


def test_a_token_that_is_not_for_now_and_us_is_not_believed(
    app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser = Visitor(app)
    for claims in NOT_BELIEVED:
        provider.claims = dict(claims)
        answer = back(browser, provider, out(browser))
        assert answer.status_code == 422, claims
        assert "be believed" in answer.text
        assert "kuliss=" not in answer.headers.get("set-cookie", "")
    provider.claims = {}
    assert back(browser, provider, out(browser)).status_code == 303


def test_a_signature_must_be_of_the_provider(app: FastAPI, provider: Provider, sara: Person) -> None:
    provider.algorithm = "HS256"
    assert come(app, provider).status_code == 422
    provider.algorithm, provider.key = "RS256", "two"  # a key that is not shown
    assert come(app, provider).status_code == 422


def test_a_new_key_is_read_when_it_is_first_seen(app: FastAPI, provider: Provider, sara: Person) -> None:
    assert come(app, provider).status_code == 303
    provider.key, provider.shown = "two", ["one", "two"]
    asked = provider.asked.count("/keys")
    assert come(app, provider).status_code == 422, "not asked again within the half minute"
    openid.forget()
    assert come(app, provider).status_code == 303
    assert provider.asked.count("/keys") == asked + 1


def test_a_state_is_good_once_for_ten_minutes_in_its_browser(
    app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser, other = Visitor(app), Visitor(app)
    address = out(browser)
    code, state = provider.code(address)
    sent = {"code": code, "state": state}
    assert other.get(BACK, params=sent).status_code == 422
    assert other.get(BACK).status_code == 422
    cookies = dict(browser.client.cookies)
    assert browser.get(BACK, params=sent).status_code == 303
    again = Visitor(app)
    again.client.cookies.update(cookies)
    assert again.get(BACK, params={"code": provider.code(address)[0], "state": state}).status_code == 422
    late = Visitor(app)
    code, state = provider.code(out(late))
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert late.get(BACK, params={"code": code, "state": state}).status_code == 422
    declined = Visitor(app)
    _, state = provider.code(out(declined))
    answer = declined.get(BACK, params={"error": "access_denied", "state": state})
    assert "You were not signed in there" in answer.text


def test_nobody_is_made_and_no_address_is_believed_that_nobody_verified(
    database: Database, app: FastAPI, provider: Provider, sara: Person
) -> None:
    provider.claims["email"] = "unknown@library.example"
    answer = come(app, provider)
    assert answer.status_code == 409
    assert "add you with this address" in answer.text
    for claims in ({"email_verified": False}, {"email_verified": None}):
        provider.claims.clear()
        provider.claims.update(claims)
        assert "does not say that the address" in unescape(come(app, provider).text)
    provider.claims["xms_edov"] = True
    assert come(app, provider).status_code == 303
    with database.reads() as session:
        assert session.scalar(select(Identity.subject)) == "subject-1"
    provider.claims["sub"] = "subject-2"  # the address went to somebody else
    assert come(app, provider).status_code == 409


def test_an_address_that_can_not_be_written_is_none(app: FastAPI, provider: Provider, sara: Person) -> None:
    provider.claims["email"] = f"{EMAIL}\x00"
    assert come(app, provider).status_code == 409


def test_the_operator_may_trust_the_addresses(app: FastAPI, provider: Provider, sara: Person) -> None:
    provider.claims["email_verified"] = None
    settings(app, oidc_trust_emails=True)
    assert come(app, provider).status_code == 303


def test_who_has_a_second_factor_links_the_account_themselves(
    database: Database, app: FastAPI, provider: Provider, cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    with database.writes() as session:
        session.execute(
            update(Person)
            .where(Person.id == cast.editor.person_id)
            .values(email=EMAIL, password_hash=hash_password(PASSWORD, 8))
        )
        now = clock.now()
        mine = {"person_id": cast.editor.person_id, "sealed": "", "salt": "x", "created_at": now}
        session.add(SecondFactor(**mine, confirmed_at=now, used_at=now))
    assert "this once, and link your work account" in come(app, provider).text
    browser, page = visit(cast.editor), "/account/provider"
    provider.claims["email"] = "another@library.example"
    linked = back(browser, provider, out(browser, page, f"{page}/link"))
    assert linked.headers["location"] == f"{page}?done=account_linked"
    other = Visitor(app)
    assert back(other, provider, out(other)).headers["location"] == "/"
    stranger = visit(cast.approver)
    assert back(stranger, provider, out(stranger, page, f"{page}/link")).status_code == 409
    helper = visit(cast.administrator)
    person_page = f"/people/{cast.editor.person_id}"
    assert helper.send(person_page, f"{person_page}/provider/remove").status_code == 303
    assert other.get("/people").headers["location"] == "/sign-in?next=/people", "signed out"
    assert browser.get("/people").status_code == 200, "came in otherwise"
    assert come(app, provider).status_code == 409


def test_passwords_can_be_switched_off_for_who_is_linked(
    app: FastAPI, provider: Provider, sara: Person
) -> None:
    assert come(app, provider).status_code == 303
    given = {"email": EMAIL, "password": PASSWORD}
    assert Visitor(app).send("/sign-in", "/sign-in", **given).status_code == 303
    settings(app, oidc_passwords=False)
    refused = Visitor(app).send("/sign-in", "/sign-in", **given)
    assert "You sign in with your work account here" in refused.text


def test_a_locked_browser_is_unlocked_there(
    database: Database, app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser = Visitor(app)
    back(browser, provider, out(browser))
    with after_lunch(provider) as later:
        assert browser.get("/people").headers["location"] == "/unlock?next=/people"
        address = out(browser, "/unlock?next=/people", next="/people", unlock="yes")
        assert "prompt=login" in address
        provider.claims["auth_time"] = int(later.timestamp()) - 120
        answer = back(browser, provider, address)
        assert answer.status_code == 422, "asked before: the browser was known there"
        assert "does not say that it asked you" in answer.text
        del provider.claims["auth_time"]
        address = out(browser, "/unlock?next=/people", next="/people", unlock="yes")
        assert back(browser, provider, address).headers["location"] == "/people"
        assert browser.get("/people").status_code == 200
    with database.reads() as session:
        assert len(session.scalars(select(SignIn.id)).all()) == 1


def test_who_is_locked_and_not_asked_may_still_sign_in(
    database: Database, app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser = Visitor(app)
    back(browser, provider, out(browser))
    with after_lunch(provider):
        address = out(browser, "/sign-in")
        assert "prompt=select_account" in address
        assert back(browser, provider, address).status_code == 303
    with database.reads() as session:
        assert len(session.scalars(select(SignIn.id)).all()) == 1, "in place of the one that was locked"


def test_only_who_was_asked_just_now_has_shown_that_it_is_them(
    database: Database, app: FastAPI, provider: Provider, cast: Cast, sara: Person
) -> None:
    with database.writes() as session:
        session.execute(update(Person).where(Person.id == sara.id).values(password_hash=None))
    browser, page = Visitor(app), "/account/second-factor"
    back(browser, provider, out(browser))
    refused = browser.send(page, f"{page}/begin")
    assert refused.status_code == 403
    assert "Show first that it is you" in refused.text
    prove, told = f"{page.rsplit('/', 1)[0]}/provider/prove", provider.claims
    for claims in ({"auth_time": None}, {"auth_time": 1_600_000_000}, {"auth_time": 4_000_000_000}):
        told.update(claims)
        assert back(browser, provider, out(browser, page, prove, next=page)).status_code == 422
    told.clear()
    told["sub"] = "subject-9"
    with database.writes() as session:
        known = {"issuer": provider.issuer, "linked_at": clock.now(), "used_at": clock.now()}
        session.add(Identity(person_id=cast.editor.person_id, subject="subject-9", **known))
    address = out(browser, page, prove, next=page)
    assert "somebody else" in back(browser, provider, address).text
    told.clear()
    address = out(browser, page, prove, next=page)
    assert "max_age=0" in address
    assert back(browser, provider, address).headers["location"] == page
    assert browser.send(page, f"{page}/begin").headers["location"] == page
    with database.reads() as session:
        found = session.scalars(select(SignIn.how).where(SignIn.person_id == sara.id)).all()
    assert found == ["provider anew"]


def test_who_came_by_the_provider_is_offered_to_sign_out_there(
    app: FastAPI, provider: Provider, sara: Person
) -> None:
    browser = Visitor(app)
    back(browser, provider, out(browser))
    left = browser.send("/account", "/sign-out")
    address = f"{provider.end_session}?client_id={CLIENT}&ui_locales=en"
    assert f'href="{escape(address)}"' in left.text
    assert left.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert browser.get("/account").status_code == 303
    by_password = Visitor(app)
    by_password.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD)
    assert by_password.send("/account", "/sign-out").headers["location"] == "/sign-in"
    for nowhere in ("", "http://login.example/leave"):
        provider.end_session = nowhere
        openid.forget()
        back(browser, provider, out(browser))
        assert browser.send("/account", "/sign-out").headers["location"] == "/sign-in"


def test_ways_to_the_provider_are_counted_until_one_is_back(
    database: Database, app: FastAPI, provider: Provider, sara: Person
) -> None:
    for _ in range(3):
        assert come(app, provider).status_code == 303
    with database.writes() as session:
        for _ in range(sign_ins.MOST_FROM - 1):
            sign_ins.set_out(session, "testclient", clock.now())
    browser = Visitor(app)
    assert browser.send("/sign-in", OUT).status_code == 200
    refused = browser.send("/sign-in", OUT)
    assert refused.status_code == 429
    assert "Too many tries" in refused.text
    given = {"email": EMAIL, "password": PASSWORD}
    assert browser.send("/sign-in", "/sign-in", **given).status_code == 303, "the password is another way"


def test_a_provider_that_is_down_is_said_so(app: FastAPI, provider: Provider, sara: Person) -> None:
    settings(app, oidc_issuer="http://127.0.0.1:9")
    answer = Visitor(app).send("/sign-in", OUT)
    assert answer.status_code == 409
    assert "does not answer" in answer.text
    settings(app, oidc_issuer=f"{provider.issuer}/another")
    assert Visitor(app).send("/sign-in", OUT).status_code == 409
