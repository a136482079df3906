"""Links that come by mail: for a forgotten password, and for somebody new."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.roles import Role
from app.errands import mails
from app.errands.ground import Ground
from app.foundation.database import Database
from app.models.notices import Mail
from app.models.people import OneTimeLink, Person
from tests.builders import person
from tests.cast import Cast
from tests.support.apps import lent_app
from tests.support.mail_server import MailServer, mail_server
from tests.web.visitor import Visitor

EMAIL, ASK = "sara@library.example", "/sign-in/forgotten"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[MailServer]:
    """A mail server for all of these."""
    with mail_server() as server:
        yield server


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def app(
    database: Database, tmp_path: Path, mailbox: MailServer, traveller: time_machine.Traveller
) -> Iterator[FastAPI]:
    """The app, with mail."""
    mailbox.mails.clear()
    app = lent_app(
        mailbox.settings(data_dir=tmp_path, public_url="http://testserver", argon2_memory_mib=8), database
    )
    yield app
    app.state.ground.close()


@pytest.fixture
def sara(database: Database, cast: Cast) -> Person:
    """Somebody with a password that she forgot."""
    with database.writes() as session:
        return person(session, "Sara", cast.koivuranta, Role.EDITOR, email=EMAIL, password_hash="forgotten")


def post(app: FastAPI) -> None:
    """Let the postman go his round."""
    ground: Ground = app.state.ground
    mails.deliver(ground)


def link_in(mailbox: MailServer) -> str:
    """The path of the link in the only mail."""
    [mail] = mailbox.mails
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://testserver(/link/[\w-]+)", body.get_content())
    assert found is not None
    return found[1]


def test_a_forgotten_password(
    app: FastAPI, database: Database, sara: Person, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    somebody = Visitor(app)
    assert ASK in somebody.get("/sign-in").text
    sent = somebody.send(ASK, ASK, email=f" {EMAIL.upper()} ")
    assert "a mail is on its way" in somebody.get(sent.headers["location"]).text
    somebody.send(ASK, ASK, email=EMAIL)
    with database.reads() as session:
        assert session.scalars(select(OneTimeLink)).all() == []
    post(app)
    link = link_in(mailbox)
    with database.reads() as session:
        kept = session.scalars(select(Mail)).one()
        assert link.removeprefix("/link/") not in kept.text + kept.html
    traveller.shift(timedelta(minutes=59))
    answer = somebody.send(link, link, password="three words together")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    again = Visitor(app).send("/sign-in", "/sign-in", email=EMAIL, password="three words together")
    assert again.status_code == 303


def test_who_used_the_link_up_may_ask_for_the_next_at_once(
    app: FastAPI, sara: Person, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    somebody = Visitor(app)
    somebody.send(ASK, ASK, email=EMAIL)
    post(app)
    link = link_in(mailbox)
    traveller.shift(timedelta(minutes=1))
    Visitor(app).send(link, link, password="three words together")
    mailbox.mails.clear()
    traveller.shift(timedelta(minutes=1))
    for _ in range(2):  # forgotten again; the second is one too many
        somebody.send(ASK, ASK, email=EMAIL)
        traveller.shift(timedelta(seconds=10))
    post(app)
    assert Visitor(app).get(link_in(mailbox)).status_code == 200


def test_its_link_is_too_old_after_an_hour(
    app: FastAPI, sara: Person, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    somebody = Visitor(app)
    somebody.send(ASK, ASK, email=EMAIL)
    post(app)
    traveller.shift(timedelta(minutes=61))
    assert somebody.get(link_in(mailbox)).status_code == 404


@pytest.mark.parametrize("email", ["nobody@library.example", "gone@library.example"])
def test_nobody_learns_who_has_an_account(
    app: FastAPI, database: Database, cast: Cast, mailbox: MailServer, email: str
) -> None:
    with database.writes() as session:
        person(session, "Gone", cast.koivuranta, Role.EDITOR, email="gone@library.example").active = False
    somebody = Visitor(app)
    sent = somebody.send(ASK, ASK, email=email)
    assert "a mail is on its way" in somebody.get(sent.headers["location"]).text
    post(app)
    assert mailbox.mails == []


def test_it_can_not_be_asked_without_end_and_keeps_nobody_out(
    app: FastAPI, sara: Person, mailbox: MailServer
) -> None:
    somebody = Visitor(app)
    codes = [somebody.send(ASK, ASK, email=EMAIL).status_code for _ in range(11)]
    assert codes == [303] * 10 + [429]
    wrong = somebody.send("/sign-in", "/sign-in", email=EMAIL, password="some wrong words")
    assert wrong.status_code == 422
    assert somebody.send(ASK, ASK, email="no address").status_code == 422
    post(app)
    assert len(mailbox.mails) == 1


def test_somebody_new_is_invited_by_mail(app: FastAPI, cast: Cast, mailbox: MailServer) -> None:
    boss = Visitor(app).signed_in(cast.administrator)
    form = boss.get("/people/new").text
    assert "An invitation with a link is mailed there." in form
    assert "Nothing is sent" not in form
    added = boss.send(
        "/people/new", "/people/new",
        unit_id=cast.koivuranta.id, name="Liv", email="liv@library.example", roles="editor", locale="nb",
    )  # fmt: skip
    assert added.status_code == 303
    page = boss.get(added.headers["location"])
    assert "a mail with a link is on its way" in page.text
    assert "/link/" not in re.sub(r'action="[^"]*"', "", page.text)
    post(app)
    link = link_in(mailbox)
    assert Visitor(app).send(link, link, password="three words together").status_code == 303


def test_a_link_made_by_hand_takes_the_mail_back(app: FastAPI, cast: Cast, mailbox: MailServer) -> None:
    boss = Visitor(app).signed_in(cast.administrator)
    added = boss.send(
        "/people/new", "/people/new",
        unit_id=cast.koivuranta.id, name="Liv", email="liv@library.example", roles="editor", locale="nb",
    )  # fmt: skip
    page = added.headers["location"].partition("?")[0]
    shown = boss.send(page, f"{page}/link")
    post(app)
    assert mailbox.mails == []
    link = re.search(r"http://testserver(/link/[\w-]+)", shown.text)
    assert link is not None
    assert Visitor(app).get(link[1]).status_code == 200


def test_asking_in_somebodys_name_leaves_their_invitation(
    app: FastAPI, cast: Cast, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    boss = Visitor(app).signed_in(cast.administrator)
    added = boss.send(
        "/people/new", "/people/new",
        unit_id=cast.koivuranta.id, name="Liv", email="liv@library.example", roles="editor", locale="nb",
    )  # fmt: skip
    page = added.headers["location"].partition("?")[0]
    shown = boss.send(page, f"{page}/link")
    link = re.search(r"http://testserver(/link/[\w-]+)", shown.text)
    assert link is not None
    traveller.shift(timedelta(minutes=6))
    Visitor(app).send(ASK, ASK, email="liv@library.example")
    post(app)
    assert len(mailbox.mails) == 1
    assert Visitor(app).get(link[1]).status_code == 200
