"""Mails go out once each, wait for a server that is away, and are given up after some days."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select, update

from app.actions import people
from app.actions.people import RolesEdit
from app.domain.roles import Role
from app.domain.warnings import Code
from app.errands import mails, warnings
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.mail import MailFailure
from app.models.examples import ExamplePerson
from app.models.installations import Installation
from app.models.notices import Mail, Notice
from app.models.people import Membership, Person
from tests.builders import actor, person, unit
from tests.support.mail_server import MailServer

TO = "sara@library.example"


@pytest.fixture
def ground(
    database: Database, tmp_path: Path, mailbox: MailServer, traveller: time_machine.Traveller
) -> Ground:
    """A library with one person, whose mails go to the mailbox."""
    with database.writes() as session:
        person(session, "Sara", email=TO)
    return Ground(mailbox.settings(data_dir=tmp_path), database, keyring(tmp_path, ""))


def lay_out(ground: Ground, count: int = 1) -> None:
    """Mails to Sara, due now."""
    with ground.database.writes() as session:
        who = session.scalars(select(Person.id)).one()
        session.add_all(
            Mail(
                person_id=who, locale="en", subject=f"Subject {number}", text="Words\n", html="<p>Words</p>",
                created_at=clock.now(), next_at=clock.now(),
            )
            for number in range(count)
        )  # fmt: skip


def only(ground: Ground) -> Mail:
    """The one mail as it is now."""
    with ground.database.reads() as session:
        return session.scalars(select(Mail)).one()


def test_a_mail_goes_once(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground, 3)
    assert mails.deliver(ground) == 3
    assert mails.deliver(ground) == 0
    assert sorted(mail["Subject"] for mail in mailbox.mails) == ["Subject 0", "Subject 1", "Subject 2"]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 3


def test_two_workers_send_each_mail_once(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground, 12)
    start, sent = Barrier(3), list[int]()

    def work() -> None:
        start.wait()
        sent.append(mails.deliver(ground))

    threads = [Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(sent) == 12
    assert len({mail["Subject"] for mail in mailbox.mails}) == len(mailbox.mails) == 12


def test_a_server_that_is_away_is_tried_later_and_later(
    ground: Ground, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    lay_out(ground)
    mailbox.stop()
    try:
        waits = []
        for _ in range(6):
            assert mails.deliver(ground) == 0
            mail = only(ground)
            assert mail.reason == "mail_unreachable"
            assert mail.next_at
            waits.append(round((mail.next_at - clock.now()).total_seconds() / 60))
            traveller.shift(timedelta(hours=1, seconds=1))
        assert waits == [1, 5, 15, 60, 60, 60]
        assert set(warned(ground)) == {Code.MAIL_FAILS}
    finally:
        mailbox.start()
    assert mails.deliver(ground) == 1
    assert warned(ground) == []


def warned(ground: Ground) -> list[str]:
    """What is said about mail after a round."""
    warnings.look_out(ground)
    with ground.database.reads() as session:
        of_mail = Notice.code.in_([Code.MAIL_FAILS, Code.MAIL_GIVEN_UP])
        return list(session.scalars(select(Notice.code).where(of_mail, Notice.ended_at.is_(None))))


def test_after_some_days_it_is_given_up(
    ground: Ground, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    lay_out(ground)
    mailbox.refuse[TO] = "450 come again"
    for _ in range(4):
        assert mails.deliver(ground) == 0
        traveller.shift(timedelta(days=1, minutes=1))
    assert mails.deliver(ground) == 0
    mail = only(ground)
    assert (mail.next_at, mail.sent_at, mail.reason) == (None, None, "mail_address_refused")
    assert mail.given_up_at
    assert warned(ground) == [Code.MAIL_GIVEN_UP]


def test_what_is_refused_for_good_is_not_tried_again(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground)
    mailbox.refuse[TO] = "550 nobody here"
    mails.deliver(ground)
    assert only(ground).given_up_at
    assert mailbox.seen == [TO]


def test_who_left_gets_nothing(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground)
    with ground.database.writes() as session:
        session.scalars(select(Person)).one().active = False
    assert mails.deliver(ground) == 0
    assert (mailbox.mails, only(ground).reason) == ([], "mail_nobody")
    assert warned(ground) == []


def test_made_up_people_get_nothing_and_that_is_said(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground)
    with ground.database.writes() as session:
        session.add(ExamplePerson(person_id=session.scalars(select(Person.id)).one()))
    assert mails.deliver(ground) == 0
    assert (mailbox.mails, only(ground).reason) == ([], "mail_made_up")
    assert warned(ground) == []


def test_who_lost_a_role_gets_nothing_that_was_laid_out_before(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground)
    with ground.database.writes() as session:
        top = unit(session, "Saarivesi")
        chief = person(session, "Chief", top, Role.ADMINISTRATOR)
        sara = session.scalars(select(Person).where(Person.email == TO)).one()
        session.add(Membership(person_id=sara.id, unit_id=top.id, role=Role.EDITOR))
        session.flush()
        people.change_roles(session, actor(session, chief), sara.id, RolesEdit(unit_id=top.id))
    assert mails.deliver(ground) == 0
    assert (mailbox.mails, only(ground).reason) == ([], "mail_nobody")


def test_what_is_no_longer_true_is_not_sent(
    ground: Ground, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    """After days without a clock, or without a mail server in the settings."""
    lay_out(ground)
    traveller.shift(mails.PATIENCE + timedelta(hours=1))
    assert mails.deliver(ground) == 0
    assert (mailbox.mails, only(ground).next_at) == ([], None)
    lay_out(ground)
    traveller.shift(mails.PATIENCE + timedelta(hours=1))
    mails.clear(ground)
    assert warned(ground) == [Code.MAIL_GIVEN_UP]


def test_a_copy_does_not_send_what_the_first_has_sent(ground: Ground, mailbox: MailServer) -> None:
    lay_out(ground)
    with ground.database.writes() as session:
        session.add(Installation(id=1, key="restored", created_at=clock.now()))
    assert mails.deliver(ground) == 0
    assert (mailbox.mails, only(ground).reason) == ([], "mail_copied")


def test_a_process_that_dies_amid_a_try_leaves_it_to_the_next(
    ground: Ground, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch, traveller: time_machine.Traveller
) -> None:
    lay_out(ground)

    def die(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mails, "_send", die)
        with pytest.raises(KeyboardInterrupt):
            mails.deliver(ground)
    assert mails.deliver(ground) == 0, "it may still be on its way"
    traveller.shift(mails.TAKEN + timedelta(seconds=1))
    assert mails.deliver(ground) == 1


def test_what_is_withdrawn_amid_a_try_is_not_tried_again(
    ground: Ground, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an invitation's link would come once more, and make void what was sent in its place."""
    lay_out(ground)
    send = mails._send

    def withdrawn(*given: object) -> str:
        with ground.database.writes() as session:
            session.execute(update(Mail).values(next_at=None, given_up_at=clock.now()))
        return send(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(mails, "_send", withdrawn)
    mailbox.stop()
    try:
        assert mails.deliver(ground) == 0
        assert only(ground).next_at is None
    finally:
        mailbox.start()


def test_no_session_is_open_while_the_server_is_called(
    ground: Ground, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(ground)
    pool = ground.database.engine.pool
    send, open_then = mails._send, list[int]()

    def watched(*given: object) -> str:
        open_then.append(pool.checkedout())  # type: ignore[attr-defined]
        return send(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(mails, "_send", watched)
    mails.deliver(ground)
    assert open_then == [0]


def test_old_mails_are_cleared_away(
    ground: Ground, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    lay_out(ground)
    mails.deliver(ground)
    mails.clear(ground)
    assert only(ground).sent_at
    traveller.shift(mails.KEPT + timedelta(days=1))
    mails.clear(ground)
    with ground.database.reads() as session:
        assert session.scalars(select(Mail)).all() == []


def test_a_try_goes_at_once(ground: Ground, mailbox: MailServer) -> None:
    mails.trial(ground.settings, "somebody@else.example")
    assert [mail["Subject"] for mail in mailbox.mails] == ["This is a try of Kuliss. Mail works."]
    with pytest.raises(MailFailure, match="mail_off"):
        mails.trial(mailbox.settings(smtp_host=""), "somebody@else.example")
