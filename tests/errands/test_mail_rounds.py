"""What was done becomes mails: to whom it concerns, at work, gathered, once, and while it is true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import TypeVar

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import history, idea_doors, ideas, open_ideas, posts, reviews, stand_ins
from app.actions import mails as choices
from app.actions.idea_doors import DoorInput
from app.actions.ideas import Accepting, Answer, CommentInput, IdeaInput, Merging, Parking
from app.actions.mails import MailsEdit
from app.actions.open_ideas import OpenIdeaInput
from app.actions.reviews import Approval, ChangeRequest
from app.actions.stand_ins import NewStandIn
from app.domain.mails import CHOICES, MailKind, Verb
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.errands import mail_rounds, mails
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.models.mails import Telling
from app.models.notices import Mail
from app.models.posts import Post
from tests import plans
from tests.cast import Cast, gather
from tests.support.days import today
from tests.support.mail_server import MailServer

T = TypeVar("T")
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """The cast with a channel at Koivuranta, a mailbox, and time that can be moved."""

    ground: Ground
    cast: Cast
    channel_id: int
    mailbox: MailServer
    traveller: time_machine.Traveller

    def do(self, work: Callable[[Session], T]) -> T:
        """Something that is done at a desk."""
        with self.ground.database.writes() as session:
            return work(session)

    def draft(self, title: str = "Reading dogs") -> Post:
        """A post of the editor's that can be handed in."""
        here, who = self.cast.koivuranta, self.cast.editor
        return self.do(lambda session: plans.post(session, here, who, title, PostStatus.DRAFT))

    def submit(self, post_id: int) -> None:
        """The editor hands a post in."""
        self.do(lambda session: posts.submit(session, self.cast.editor, post_id))

    def approve(self, post_id: int) -> None:
        """The approver says yes."""
        self.do(lambda session: reviews.approve(session, self.cast.approver, post_id, Approval(revision=1)))

    def say(self, who: Actor, idea_id: int) -> None:
        """Somebody says something about an idea."""
        self.do(lambda session: ideas.comment(session, who, idea_id, CommentInput(text="When is it?")))

    def choose(self, who: Actor, but: MailKind) -> None:
        """Somebody wants all kinds but one."""
        wanted = MailsEdit(kinds=frozenset(CHOICES) - {but})
        self.do(lambda session: choices.choose(session, who, wanted))

    def idea(self, title: str = "The morning choir") -> int:
        """An idea of the contributor's."""
        data = IdeaInput(unit_id=self.cast.koivuranta.id, title=title)
        return self.do(lambda session: ideas.send(session, self.cast.contributor, data).id)

    def post(self, after: timedelta = timedelta(minutes=6)) -> list[tuple[str, str]]:
        """A round some time later: (to, subject) of the mails that came of it."""
        self.traveller.shift(after)
        before = len(self.mailbox.mails)
        mail_rounds.gather(self.ground)
        mails.deliver(self.ground)
        return sorted(
            (mail["To"].split(" <", maxsplit=1)[0], mail["Subject"]) for mail in self.mailbox.mails[before:]
        )

    def words(self) -> str:
        """The plain text of the last mail."""
        body = self.mailbox.mails[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def noted(self) -> int:
        """How many tellings there are."""
        with self.ground.database.reads() as session:
            return session.scalar(select(func.count()).select_from(Telling)) or 0


@pytest.fixture
def office(
    database: Database, tmp_path: Path, mailbox: MailServer, traveller: time_machine.Traveller
) -> Office:
    """A Monday morning at nine."""
    keys = keyring(tmp_path, "")
    with database.writes() as session:
        cast = gather(session)
        channel = plans.channel(session, cast.koivuranta, keys, "Koivuranta page", checked_at=clock.now())
    return Office(
        Ground(mailbox.settings(data_dir=tmp_path), database, keys), cast, channel.id, mailbox, traveller
    )


def test_who_may_say_yes_is_asked_once_for_many_and_once_again(office: Office) -> None:
    ids = [office.draft(title).id for title in ("One", "Two", "Three")]
    for post_id in ids:
        office.submit(post_id)
    assert office.post(timedelta(0)) == [], "what is handed in together is told together"
    assert office.post() == [("Olli Laine", "3 posts wait for your yes")]
    assert office.post(timedelta(hours=1)) == []
    for post_id in ids[:2]:
        office.approve(post_id)
    assert office.post() == [("Sara Niemi", "2 answers to your posts")]
    assert office.post(timedelta(hours=22)) == [], "a working day is not over"
    assert office.post(timedelta(hours=2)) == [("Olli Laine", "“Three” still waits for a yes")]
    assert office.post(timedelta(days=3)) == []
    assert office.noted() == 0


def test_an_answer_brings_its_words_to_the_writer(office: Office) -> None:
    post = office.draft()
    office.submit(post.id)
    wish = ChangeRequest(revision=1, comment="Say <b>when</b> it begins.")
    office.do(lambda session: reviews.request_changes(session, office.cast.approver, post.id, wish))
    [(to, subject)] = office.post()
    assert (to, subject) == ("Sara Niemi", "Olli Laine asks for changes in “Reading dogs”")
    assert "“Say <b>when</b> it begins.”" in office.words()
    html = office.mailbox.mails[-1].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "&lt;b&gt;when&lt;/b&gt;" in html
    assert f"https://kuliss.library.example/posts/{post.id}" in html


def test_the_sender_of_an_idea_hears_what_became_of_it(office: Office) -> None:
    who, first = office.cast.editor, office.idea()
    office.do(lambda session: ideas.decline(session, who, first, Answer(answer="We had it last week.")))
    assert office.post() == [
        (office.cast.contributor.name, "Your idea “The morning choir” does not become a post")
    ]
    assert "“We had it last week.”" in office.words()
    until = today() + timedelta(days=9)
    second = office.idea("Seeds to lend")
    office.do(lambda session: ideas.park(session, who, second, Parking(until=until)))
    assert "is kept until" in office.post()[0][1]
    post_id = office.do(lambda session: ideas.accept(session, who, second, Accepting()).id)
    assert [subject for _, subject in office.post()] == ["Your idea “Seeds to lend” becomes a post"]
    assert office.post(timedelta(hours=1)) == []
    with office.ground.database.writes() as session:
        on = plans.load_channel(session, office.channel_id)
        plans.publication(session, session.get_one(Post, post_id), on, Status.PUBLISHED, -5)
    assert office.post() == [(office.cast.contributor.name, "Your idea “Seeds to lend” is out. Thank you")]
    assert office.noted() == 0


def test_what_is_true_no_more_is_not_told(office: Office) -> None:
    idea_id, post = office.idea(), office.draft()
    office.do(lambda session: ideas.decline(session, office.cast.editor, idea_id, Answer(answer="No.")))
    office.do(lambda session: ideas.reopen(session, office.cast.editor, idea_id))
    office.submit(post.id)
    office.do(lambda session: posts.withdraw(session, office.cast.editor, post.id))
    assert office.post() == []


def test_a_comment_comes_to_the_sender_and_not_to_who_wrote_it(office: Office) -> None:
    idea_id = office.idea()
    for who in (office.cast.editor, office.cast.contributor):
        office.say(who, idea_id)
    assert office.post() == [(office.cast.contributor.name, "Sara Niemi wrote about “The morning choir”")]


def test_nothing_comes_at_night_at_weekends_and_on_holidays(office: Office) -> None:
    office.traveller.move_to(SATURDAY)
    idea_id = office.idea()
    office.do(lambda session: ideas.decline(session, office.cast.editor, idea_id, Answer(answer="No.")))
    assert office.post() == []
    office.traveller.move_to(datetime(2026, 11, 30, 5, 55, tzinfo=UTC))
    assert office.post(timedelta(0)) == [], "Monday, five to eight in Helsinki"
    assert len(office.post(timedelta(minutes=6))) == 1
    office.traveller.move_to(datetime(2026, 12, 24, 10, 0, tzinfo=UTC))
    office.submit(office.draft().id)
    assert office.post(timedelta(days=3)) == []
    assert len(office.post(timedelta(days=1))) == 1, "the Monday after Christmas"


def test_who_is_away_is_left_in_peace_and_their_deputy_is_asked(office: Office) -> None:
    day, who = today(), office.cast
    data = NewStandIn(deputy_id=who.manager.person_id or 0, from_on=day, until_on=day)
    office.do(lambda session: stand_ins.name(session, who.approver, who.approver.person_id or 0, data))
    office.submit(office.draft().id)
    assert [to for to, _ in office.post()] == ["Pirjo Koski"]


@pytest.mark.parametrize("kind", [MailKind.REVIEWS, MailKind.TALK, MailKind.IDEAS])
def test_each_kind_can_be_switched_off(office: Office, kind: MailKind) -> None:
    for who in (office.cast.approver, office.cast.editor, office.cast.contributor):
        office.choose(who, kind)
    idea_id, post = office.idea(), office.draft()
    office.submit(post.id)
    office.say(office.cast.editor, idea_id)
    office.do(lambda session: ideas.decline(session, office.cast.editor, idea_id, Answer(answer="No.")))
    came = {mail_kind_of(office, subject) for _, subject in office.post()}
    assert came == {MailKind.REVIEWS, MailKind.TALK, MailKind.IDEAS} - {kind}


def mail_kind_of(office: Office, subject: str) -> MailKind:
    """The kind of a mail that went."""
    with office.ground.database.reads() as session:
        return session.scalars(select(Mail.kind).where(Mail.subject == subject)).one()


def test_a_library_without_a_mail_server_piles_nothing_up(office: Office, tmp_path: Path) -> None:
    office.submit(office.draft().id)
    assert office.noted() == 2
    office.traveller.shift(timedelta(minutes=6))
    silent = Ground(
        office.mailbox.settings(smtp_host="", data_dir=tmp_path),
        office.ground.database,
        office.ground.keyring,
    )
    assert mail_rounds.gather(silent) == 0
    assert office.noted() == 0


def test_two_workers_make_one_mail(office: Office) -> None:
    for title in ("One", "Two", "Three", "Four"):
        office.submit(office.draft(title).id)
    office.traveller.shift(timedelta(minutes=6))
    start, made = Barrier(3), list[int]()

    def work() -> None:
        start.wait()
        made.append(mail_rounds.gather(office.ground))

    threads = [Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(made) == 1
    assert office.post() == [("Olli Laine", "4 posts wait for your yes")]


def test_a_telling_stands_or_falls_with_what_it_tells(office: Office) -> None:
    post = office.draft()

    def broken(session: Session) -> None:
        posts.submit(session, office.cast.editor, post.id)
        raise KeyError

    with pytest.raises(KeyError):
        office.do(broken)
    assert office.noted() == 0


def test_somebody_without_an_account_is_told_and_forgotten(office: Office) -> None:
    facts = {
        "title": "Seeds\r\nBcc: all@x.example", "answer": "In spring.", "path": "/i/abc",
        "until": today() + timedelta(days=90), "unit_id": office.cast.koivuranta.id,
    }  # fmt: skip
    office.do(
        lambda session: choices.tell_outside(
            session, "guest@home.example", Verb.PARKED, "sv", facts, clock.now()
        )
    )
    assert len(office.post()) == 1
    [mail] = office.mailbox.mails
    assert (mail["To"], mail["Bcc"], mail["Content-Language"]) == ("guest@home.example", None, "sv")
    assert mail["List-Unsubscribe"] is None
    assert "https://kuliss.library.example/i/abc" in office.words()
    with office.ground.database.reads() as session:
        assert session.scalars(select(Mail)).all() == []
    assert office.noted() == 0


def test_a_past_that_was_written_down_today_is_not_told(office: Office) -> None:
    """The example library's year of ideas, for one."""
    idea_id = office.idea()
    past = clock.now() - timedelta(days=30)
    office.do(
        lambda session: history.record(
            session,
            office.cast.editor,
            "idea",
            idea_id,
            "declined",
            unit_id=office.cast.koivuranta.id,
            now=past,
        )
    )
    assert office.post() == []
    assert office.noted() == 0


def guests_idea(office: Office, title: str = "Herons") -> int:
    """An idea that came over an open link; its secret is its title."""

    def work(session: Session) -> int:
        data = DoorInput(unit_id=office.cast.koivuranta.id, name=title)
        door = idea_doors.make(session, office.cast.editor, office.ground.keyring, data)
        idea = OpenIdeaInput(title=title, email="guest@home.example")
        return open_ideas.send(session, door, idea, [], title, "en").id

    return office.do(work)


@pytest.mark.parametrize("laid_out", [False, True], ids=["noted", "in the outbox"])
def test_who_takes_an_idea_back_gets_no_mail_that_waits(office: Office, laid_out: bool) -> None:
    """It was declined, and then opened again: what its sender hears is what became of it in the end."""
    idea_id, editor = guests_idea(office), office.cast.editor
    for answer in (Answer(answer="No."), Answer(answer="Not now.")):
        office.do(partial(ideas.decline, actor=editor, idea_id=idea_id, data=answer))
        if laid_out:
            assert mail_rounds.gather(office.ground) == 1
        if answer.answer == "No.":
            office.do(lambda session: ideas.reopen(session, editor, idea_id))
    assert len(office.post()) == 1
    assert "“Not now.”" in office.words()
    part, whole = guests_idea(office, "Foxes"), guests_idea(office, "Owls")
    office.do(lambda session: ideas.merge(session, editor, part, Merging(into_id=whole)))
    if laid_out:
        assert mail_rounds.gather(office.ground) == 1
    office.do(lambda session: open_ideas.take_back(session, "Owls"))  # what became a part of it waits again
    office.do(lambda session: open_ideas.take_back(session, "Foxes"))
    assert (office.post(), office.noted()) == ([], 0)
