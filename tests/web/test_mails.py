"""Choosing one's mails, switching them off from within one, a unit's hours, and how mail fares."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.actions import mail_links
from app.domain.mails import CHOICES, MailKind
from app.domain.roles import Actor
from app.errands import mails
from app.foundation import clock
from app.foundation.database import Database
from app.models.mails import MailChoice, UnitHours
from app.models.notices import Mail
from app.models.people import Person
from app.queries import mails as questions
from tests.cast import Cast
from tests.support.apps import lent_app
from tests.support.mail_server import MailServer, mail_server
from tests.web.visitor import Visitor


@pytest.fixture(scope="module")
def mailbox() -> Iterator[MailServer]:
    """A mail server for all of these."""
    with mail_server() as server:
        yield server


@pytest.fixture
def mailing(database: Database, tmp_path: Path, mailbox: MailServer) -> Iterator[FastAPI]:
    """The app, with mail."""
    mailbox.mails.clear()
    mailbox.refuse.clear()
    app = lent_app(mailbox.settings(data_dir=tmp_path, public_url="http://testserver"), database)
    yield app
    app.state.ground.close()


def choice(database: Database, who: Actor) -> MailChoice | None:
    """What somebody chose."""
    with database.reads() as session:
        return session.get(MailChoice, who.person_id)


def lay_out(database: Database, who: Actor, kind: MailKind) -> None:
    """A mail of a kind."""
    with database.writes() as session:
        session.add(
            Mail(
                person_id=who.person_id, kind=kind, locale="en", subject="Words", text="Words", html="Words",
                created_at=clock.now(), next_at=clock.now(),
            )
        )  # fmt: skip


def test_everybody_chooses_their_mails(
    app: FastAPI, database: Database, cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    sara = visit(cast.editor)
    page = sara.get("/account/mails").text
    assert page.count(" checked") == len(CHOICES), "all come, and none at night"
    assert "sends no mail yet" in page
    answer = sara.send("/account/mails", "/account/mails", kinds=["urgent", "ideas"], any_hour="yes")
    assert answer.headers["location"] == "/account/mails?done=saved"
    kept = choice(database, cast.editor)
    assert kept
    assert kept.any_hour
    assert set(kept.off) == set(CHOICES) - {"urgent", "ideas"}
    assert sara.get("/account/mails").text.count(" checked") == 3
    sara.send("/account/mails", "/account/mails")
    kept = choice(database, cast.editor)
    assert kept
    assert (set(kept.off), kept.any_hour) == (set(CHOICES), False)


def test_a_mail_brings_the_address_that_switches_its_kind_off(
    mailing: FastAPI, database: Database, cast: Cast, mailbox: MailServer
) -> None:
    with database.writes() as session:  # whoever reads at any hour, so that today's date doesn't matter
        session.add(MailChoice(person_id=cast.editor.person_id, off=[], any_hour=True))
    lay_out(database, cast.editor, MailKind.URGENT)
    lay_out(database, cast.editor, MailKind.SECURITY)
    mails.deliver(mailing.state.ground)
    urgent, security = mailbox.mails
    assert security["List-Unsubscribe"] is None
    assert urgent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urgent["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    stranger = Visitor(mailing)
    assert "Switch them off" in stranger.get(path).text, "looking switches nothing off"
    kept = choice(database, cast.editor)
    assert kept
    assert kept.off == []
    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "do not come any more" in answer.text
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200, "twice is as good"
    kept = choice(database, cast.editor)
    assert kept
    assert kept.off == ["urgent"]
    lay_out(database, cast.editor, MailKind.URGENT)
    assert mails.deliver(mailing.state.ground) == 0


def test_an_address_that_we_did_not_make_switches_nothing_off(
    mailing: FastAPI, database: Database, cast: Cast
) -> None:
    keyring, who = mailing.state.ground.keyring, cast.editor.person_id or 0
    good = mail_links.token(keyring, who, MailKind.IDEAS)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    stranger = Visitor(mailing)
    for bad in (
        good[:-1], good.replace("ideas", "talk"), good.replace(f"{who}-", f"{who + 1}-"), "x", "1-security-0",
        mail_links.token(keyring, who, MailKind.SECURITY),
    ):  # fmt: skip
        assert stranger.post(f"/mails/off/{bad}").status_code == 404, bad
        assert stranger.get(f"/mails/off/{bad}").status_code == 404, bad
    assert stranger.post(f"/mails/off/{good}", headers=foreign).status_code == 403
    assert choice(database, cast.editor) is None


def test_a_unit_has_hours_and_those_below_have_them_too(
    app: FastAPI, database: Database, cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    aino, path = visit(cast.administrator), f"/units/{cast.library.id}/hours"
    answer = aino.send(path, path, begins="6.00", ends="9.00")
    assert answer.status_code == 422
    assert "Choose a time between 7.00 and 21.00." in answer.text
    assert 'value="6.00"' in answer.text, "what was typed is given back"
    assert aino.send(path, path, begins="9", ends="17.30").status_code == 303
    with database.reads() as session:
        below = questions.hours(session, cast.editor.scope, [cast.koivuranta.id])[cast.koivuranta.id]
    assert (below.begins.hour, below.ends.hour, below.ends.minute) == (9, 17, 30)
    assert "9.00 to 17.30" in visit(cast.editor).get(f"/units/{cast.koivuranta.id}/hours").text
    aino.send(path, path, what="above")
    with database.reads() as session:
        assert session.scalars(select(UnitHours)).all() == []
    sara = visit(cast.editor)
    token = sara.get("/account/mails").text.split('name="csrf" value="')[1].split('"')[0]
    own = f"/units/{cast.koivuranta.id}/hours"
    assert sara.post(own, {"csrf": token, "begins": "9", "ends": "17"}).status_code == 403


def test_administrators_see_how_mail_fares_and_try_it(
    mailing: FastAPI, database: Database, cast: Cast, mailbox: MailServer
) -> None:
    aino = Visitor(mailing).signed_in(cast.administrator)
    assert Visitor(mailing).signed_in(cast.editor).get("/mails").status_code == 403
    assert "never" in aino.get("/mails").text
    answer = aino.send("/mails", "/mails/try")
    assert answer.headers["location"] == "/mails?done=mail_tried"
    assert mails.deliver(mailing.state.ground) == 1
    [mail] = mailbox.mails
    assert mail["Subject"] == "This is a try of Kuliss. Mail works."
    with database.reads() as session:
        email = session.get_one(Person, cast.administrator.person_id).email
    mailbox.refuse[email] = "550 nobody here"
    aino.send("/mails", "/mails/try")
    mails.deliver(mailing.state.ground)
    page = aino.get("/mails").text
    assert "does not accept the address of the person" in page
    assert mailbox.settings().mail_from in page


def test_without_a_mail_server_that_is_said_kindly(
    app: FastAPI, database: Database, cast: Cast, visit: Callable[[Actor], Visitor]
) -> None:
    page = visit(cast.administrator).get("/mails").text
    assert "SMTP_HOST is empty" in page
    assert "/mails/try" not in page
