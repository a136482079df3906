"""The weekly mail: once, when the week begins where its reader works, and about what is theirs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from app.actions import ideas, mails
from app.actions.ideas import IdeaInput
from app.actions.mails import MailsEdit
from app.domain.mails import CHOICES, MailKind
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.errands import digests
from app.errands import mails as letters
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.models.people import Person
from app.models.slots import Rhythm
from tests import plans
from tests.cast import Cast, gather
from tests.support.mail_server import MailServer

EARLY = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)  # Monday, half past seven in Helsinki
OPEN = timedelta(minutes=31)


@pytest.fixture
def ground(
    database: Database, tmp_path: Path, mailbox: MailServer, traveller: time_machine.Traveller
) -> Ground:
    """A ground with mail, early on a Monday."""
    traveller.move_to(EARLY - timedelta(days=30))
    return Ground(mailbox.settings(data_dir=tmp_path), database, keyring(tmp_path, ""))


@pytest.fixture
def cast(ground: Ground, traveller: time_machine.Traveller) -> Cast:
    """The cast with a week: a plan, an idea, a promise that is short, a post to approve."""
    with ground.database.writes() as session:
        cast = gather(session)
        channel = plans.channel(session, cast.koivuranta, ground.keyring, "Koivuranta page")
        session.execute(update(Person).values(created_at=clock.now()))
        session.add(Rhythm(channel_id=channel.id, at_least=3, at_most=None))
        ideas.send(session, cast.contributor, IdeaInput(unit_id=cast.koivuranta.id, title="Seeds to lend"))
    traveller.move_to(EARLY)
    with ground.database.writes() as session:
        on = plans.load_channel(session, channel.id)
        going = plans.post(session, cast.koivuranta, cast.editor, "Reading <dogs>", PostStatus.APPROVED)
        plans.publication(session, going, on, Status.PLANNED, 24 * 60)
    return cast


def told(ground: Ground, mailbox: MailServer) -> dict[str, str]:
    """A round: name -> the words of the mail that they got."""
    mailbox.mails.clear()
    digests.lay_out(ground)
    letters.deliver(ground)
    bodies = {mail["To"].split(" <", maxsplit=1)[0]: mail.get_body(("plain",)) for mail in mailbox.mails}
    return {name: body.get_content() for name, body in bodies.items() if body is not None}


def test_a_week_is_told_once_when_work_begins(
    ground: Ground, cast: Cast, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    assert told(ground, mailbox) == {}, "half past seven"
    traveller.shift(OPEN)
    words = told(ground, mailbox)
    assert "Sara Niemi" in words
    assert cast.contributor.name not in words, "who plans nothing is left in peace"
    assert cast.sibling_editor.name not in words or "dogs" not in words[cast.sibling_editor.name]
    sara = words["Sara Niemi"]
    for what in (
        "Tue 24 Nov", "Koivuranta page", "Reading <dogs>", "1 idea has no answer yet.",
        "1 of them for more than 14 days.", "Koivuranta page: 1 of 3 promised, short",
        "Last week 0 posts went out.",
    ):  # fmt: skip
        assert what in sara, what
    subjects = {mail["Subject"] for mail in mailbox.mails}
    assert subjects == {"Your week 48 in Kuliss"}
    html = mailbox.mails[0].get_body(("html",))
    assert html is not None
    assert "Reading &lt;dogs&gt;" in html.get_content()
    assert told(ground, mailbox) == {}
    traveller.shift(timedelta(days=1))
    assert told(ground, mailbox) == {}
    traveller.move_to(EARLY + timedelta(days=7) + OPEN)
    assert "Sara Niemi" in told(ground, mailbox)


def test_who_does_not_want_it_and_who_came_since_get_none(
    ground: Ground, cast: Cast, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    wanted = MailsEdit(kinds=frozenset(CHOICES) - {MailKind.DIGEST})
    with ground.database.writes() as session:
        mails.choose(session, cast.editor, wanted)
    traveller.shift(OPEN)
    with ground.database.writes() as session:
        mine = Person.id == cast.approver.person_id
        session.execute(update(Person).where(mine).values(created_at=clock.now()))
    words = told(ground, mailbox)
    assert {"Sara Niemi", "Olli Laine"}.isdisjoint(words)
    assert "Mikael Berg" in words


def test_a_clock_that_stood_still_makes_up_for_a_day_and_not_for_more(
    ground: Ground, cast: Cast, mailbox: MailServer, traveller: time_machine.Traveller
) -> None:
    traveller.shift(OPEN + timedelta(days=2))
    assert told(ground, mailbox) == {}
    traveller.move_to(EARLY + OPEN + timedelta(days=8))
    assert "Sara Niemi" in told(ground, mailbox)
