"""Warnings from their causes to the mailbox: each told once, to whom it concerns, and vanishing by itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from app.actions import channel_tokens, strategies
from app.actions import mails as choices
from app.actions.mails import MailsEdit
from app.domain.mails import CHOICES, MailKind
from app.domain.posts import PostStatus
from app.domain.publications import HoldReason, Status
from app.domain.roles import Role
from app.domain.warnings import Code, Severity
from app.errands import backups, mail_rounds, mails, warnings
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.notices import Allowance, Notice
from app.models.people import Person
from app.models.publications import Publication
from app.queries.scopes import scope_of
from app.queries.warnings import Lit, listed
from tests import plans
from tests.builders import person
from tests.cast import Cast, gather
from tests.support.days import today
from tests.support.mail_server import MailServer

DAY = timedelta(days=1)


@dataclass
class House:
    """The cast with Koivuranta's channel, time that can be moved, and a mailbox."""

    ground: Ground
    cast: Cast
    channel_id: int
    mailbox: MailServer
    traveller: time_machine.Traveller

    def change(self, **values: Any) -> None:
        """Change the channel."""
        with self.ground.database.writes() as session:
            session.execute(update(Channel).where(Channel.id == self.channel_id).values(**values))

    def back_up(self, at: datetime) -> None:
        """A backup, as if made then."""
        backups.remember(self.ground.settings.data_dir, at, Path("one.tar"), 1)

    def plan(self, status: Status, minutes: float, **more: Any) -> int:
        """A publication of the editor's on the channel."""
        with self.ground.database.writes() as session:
            state = PostStatus.IN_REVIEW if status is Status.PROPOSED else PostStatus.APPROVED
            post = plans.post(session, self.cast.koivuranta, self.cast.editor, "Reading dogs", state)
            on = plans.load_channel(session, self.channel_id)
            return plans.publication(session, post, on, status, minutes, **more).id

    def round(self, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
        """One round of the tick after some time: (to, subject) of the mails that came of it."""
        self.traveller.shift(after)
        before = len(self.mailbox.mails)
        warnings.look_out(self.ground)
        mails.deliver(self.ground)
        return sorted((_name(mail["To"]), mail["Subject"]) for mail in self.mailbox.mails[before:])

    def codes(self) -> set[str]:
        """The codes of the warnings that stand."""
        with self.ground.database.reads() as session:
            return set(session.scalars(select(Notice.code).where(Notice.ended_at.is_(None))))


def _name(to: str) -> str:
    return to.split(" <", maxsplit=1)[0]


@pytest.fixture
def house(
    database: Database, tmp_path: Path, mailbox: MailServer, traveller: time_machine.Traveller
) -> House:
    """A good day: nothing is the matter."""
    keys = keyring(tmp_path, "")
    with database.writes() as session:
        cast = gather(session)
        channel = plans.channel(session, cast.koivuranta, keys, "Koivuranta page", checked_at=clock.now())
    ground = Ground(mailbox.settings(data_dir=tmp_path), database, keys)
    house = House(ground, cast, channel.id, mailbox, traveller)
    house.back_up(clock.now())
    return house


def test_on_a_good_day_nobody_is_told_anything(house: House) -> None:
    house.plan(Status.PLANNED, 120)
    assert house.round() == []
    assert house.codes() == set()


def test_what_ends_is_told_once_and_once_more_when_it_is_urgent(house: House) -> None:
    house.change(data_access_until=clock.now() + 15 * DAY, checked_at=clock.now() + 30 * DAY)
    house.back_up(clock.now() + 30 * DAY)
    [(who, subject)] = house.round()
    assert who == "Mikael Berg", "the coordinator of the branch; its editor and those above are left in peace"
    assert subject.startswith("What Kuliss may do on Koivuranta page ends")
    [mail] = house.mailbox.mails
    words = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "15 days left" in words
    assert f"https://kuliss.library.example/channels/{house.channel_id}" in words
    for _ in range(5):
        assert house.round(DAY) == [], "never again each day"
    assert [who for who, _ in house.round(3 * DAY)] == ["Mikael Berg"], "seven days left"
    assert house.round(5 * DAY) == []
    told = [who for who, _ in house.round(DAY)]
    assert told == ["Aino Lehtinen", "Mikael Berg"], "on the last day those above are told too"


def test_a_cause_that_is_gone_vanishes_and_may_come_anew(house: House) -> None:
    house.change(checked_at=clock.now() + 30 * DAY, data_access_until=clock.now() + 10 * DAY)
    assert len(house.round()) == 1
    house.change(data_access_until=clock.now() + 90 * DAY)
    assert house.round(timedelta(minutes=1)) == []
    assert house.codes() == set()
    house.change(data_access_until=clock.now() + 10 * DAY)
    assert house.round(timedelta(hours=1)) == [], "what comes and goes within a day is told once"
    house.change(data_access_until=clock.now() + 90 * DAY)
    house.round()
    assert house.round(DAY + timedelta(minutes=1)) == []
    house.change(data_access_until=clock.now() + 10 * DAY)
    assert len(house.round()) == 1


def test_a_dead_sign_in_is_told_once_not_once_for_each_post(house: House) -> None:
    for minutes in (-30, 30, 60):
        publication_id = house.plan(Status.HELD, minutes, reason="token_expired")
        with house.ground.database.writes() as session:
            session.add(
                Hold(publication_id=publication_id, reason=HoldReason.RECONNECT, since_at=clock.now())
            )
    house.change(token_state="dead", token_reason="token_expired")
    told = house.round()
    assert [who for who, _ in told] == ["Aino Lehtinen", "Mikael Berg"]
    assert "3 posts wait" in told[0][1]
    assert house.round(timedelta(hours=2)) == []


def test_each_reads_in_their_own_language(house: House) -> None:
    with house.ground.database.writes() as session:
        session.execute(
            update(Person).where(Person.id == house.cast.coordinator.person_id).values(locale="fi")
        )
    house.change(data_access_until=clock.now() + 3 * DAY)
    house.round()
    [mail] = house.mailbox.mails
    assert mail["Content-Language"] == "fi"


def test_many_things_go_in_one_mail(house: House) -> None:
    with house.ground.database.writes() as session:
        for number in range(3):
            plans.channel(
                session, house.cast.koivuranta, house.ground.keyring, f"Page {number}",
                checked_at=clock.now(), data_access_until=clock.now() + 3 * DAY,
            )  # fmt: skip
    assert house.round() == [("Mikael Berg", "3 things need you")]


def test_the_watchdog_tells_the_author_and_whoever_looks_after_the_channel(house: House) -> None:
    house.plan(Status.STAGED, -9)
    assert house.round() == []
    told = house.round(timedelta(minutes=2))
    assert [who for who, _ in told] == ["Mikael Berg", "Sara Niemi"]
    words = house.mailbox.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "“Reading dogs” should be out on Koivuranta page" in words
    assert "is it running, and can it reach Facebook?" in words
    assert "It is shown as soon as it can" in words
    assert house.round(timedelta(hours=1)) == []


def test_what_a_person_holds_or_missed_is_its_editors_matter(house: House) -> None:
    house.plan(Status.MISSED, -70)
    held = house.plan(Status.HELD, -20)
    with house.ground.database.writes() as session:
        session.add(Hold(publication_id=held, reason=HoldReason.PERSON, since_at=clock.now()))
    assert house.round() == [("Sara Niemi", "2 things need you")]
    with house.ground.database.writes() as session:
        session.execute(update(Publication).values(status=Status.CANCELLED))
    house.round()
    assert house.codes() == set()


def test_a_refused_post_is_told_at_once(house: House) -> None:
    house.plan(Status.REJECTED, 300, reason="photo_refused")
    assert [who for who, _ in house.round()] == ["Sara Niemi"]


def test_a_post_without_a_yes_is_told_a_day_and_two_hours_before(house: House) -> None:
    house.plan(Status.PROPOSED, 25 * 60)
    assert house.round() == []
    told = house.round(timedelta(hours=1, minutes=1))
    assert [who for who, _ in told] == ["Olli Laine", "Sara Niemi"]
    assert "nobody has said yes" in told[0][1]
    assert house.round(timedelta(hours=21)) == []
    assert [who for who, _ in house.round(timedelta(hours=1))] == ["Olli Laine", "Sara Niemi"]
    with house.ground.database.writes() as session:
        session.execute(update(Publication).values(status=Status.PLANNED))
    house.round()
    assert house.codes() == set()


def test_the_house_is_its_administrators_matter(house: House) -> None:
    with house.ground.database.writes() as session:
        row = session.get_one(Channel, house.channel_id)
        token = channel_tokens.in_use(session, house.channel_id)
        assert token is not None
        token.sealed = keyring(house.ground.settings.data_dir / "other", "").seal("x", row.place)
    told = house.round(8 * DAY)
    assert {who for who, _ in told} == {"Aino Lehtinen", "Somebody Else", "Mikael Berg"}
    assert {Code.KEYS_MISSING, Code.BACKUP_OLD, Code.NOT_CHECKED} <= house.codes()
    for mail in house.mailbox.to("Somebody Else"):
        assert "Koivuranta" not in mail.as_string(), "another library's administrator learns no channel"


def test_allowances_are_believed_for_a_while(house: House) -> None:
    now = clock.now()
    with house.ground.database.writes() as session:
        session.add(
            Allowance(
                channel_id=house.channel_id,
                quota_used=48,
                quota_total=50,
                quota_at=now,
                usage=80,
                usage_at=now,
            )
        )
        session.execute(
            update(ChannelLease)
            .where(ChannelLease.channel_id == house.channel_id)
            .values(paused_until=now + timedelta(minutes=30))
        )
    house.round()
    assert house.codes() == {Code.QUOTA, Code.PAUSED}
    house.round(timedelta(minutes=26))
    assert house.codes() == {Code.QUOTA}
    house.round(timedelta(hours=3))
    assert house.codes() == set()


def test_without_a_mail_server_nothing_counts_as_told(house: House, tmp_path: Path) -> None:
    house.change(data_access_until=clock.now() + 3 * DAY)
    mute = Ground(house.mailbox.settings(smtp_host="", data_dir=tmp_path), house.ground.database,
                  house.ground.keyring)  # fmt: skip
    assert warnings.look_out(mute) == 0
    assert mails.deliver(mute) == 0
    assert len(house.round()) == 1


def test_who_sees_what(house: House) -> None:
    with house.ground.database.writes() as session:
        soon = {"checked_at": clock.now(), "data_access_until": clock.now() + DAY}
        keys, library = house.ground.keyring, house.cast.library
        mine = plans.channel(session, library, keys, "All of Saarivesi", **soon)
        alone = plans.channel(session, library, keys, "The library's own", used_by="unit", **soon)
        reader = person(session, "Reads", house.cast.koivuranta, Role.MANAGER)
    house.change(data_access_until=clock.now() + DAY)
    house.plan(Status.PROPOSED, 60)
    house.plan(Status.MISSED, -100)
    house.round()
    shared, own = {mine.id}, {house.channel_id}
    cast = house.cast
    assert channels_of(house, cast.administrator.person_id) == shared | own | {alone.id}
    assert channels_of(house, cast.editor.person_id) == shared | own
    assert channels_of(house, cast.sibling_editor.person_id) == shared
    assert channels_of(house, cast.stranger.person_id) == set()
    assert channels_of(house, reader.id) == set()
    assert codes_of(house, cast.approver.person_id) >= {Code.UNAPPROVED, Code.STUCK}
    assert Code.UNAPPROVED not in codes_of(house, cast.coordinator.person_id)
    assert not {Code.UNAPPROVED, Code.STUCK} & codes_of(house, cast.sibling_editor.person_id)


def lit(house: House, person_id: int | None) -> list[Lit]:
    """What somebody is shown."""
    assert person_id is not None
    with house.ground.database.reads() as session:
        return listed(session, scope_of(session, person_id), person_id, clock.now())


def channels_of(house: House, person_id: int | None) -> set[int]:
    """The channels of which somebody sees a warning of their own."""
    of_channels = {Code.DATA_ACCESS_ENDS}
    return {one.channel_id for one in lit(house, person_id) if one.code in of_channels and one.channel_id}


def codes_of(house: House, person_id: int | None) -> set[str]:
    """The codes that somebody sees."""
    return {one.code for one in lit(house, person_id)}


def test_that_no_clock_runs_is_told_to_those_who_look_after_channels(house: House) -> None:
    told = lit(house, house.cast.coordinator.person_id)
    assert [(one.code, one.severity) for one in told] == [(Code.CLOCK_STOPPED, Severity.NOW)]
    assert lit(house, house.cast.editor.person_id) == []


def test_what_was_given_up_and_shown_by_somebody_else_is_told_once(house: House) -> None:
    house.plan(Status.CANCELLED, -20, reason="shown_elsewhere")
    house.plan(Status.CANCELLED, -20)
    told = house.round()
    assert told
    assert all("was given up here, but somebody has shown it" in subject for _, subject in told)
    assert house.codes() == {Code.SHOWN_ELSEWHERE}
    assert house.round(timedelta(hours=3)) == []
    house.round(7 * DAY)
    assert Code.SHOWN_ELSEWHERE not in house.codes()


def test_at_night_only_those_are_told_who_said_so_and_the_rest_if_it_still_stands(house: House) -> None:
    house.back_up(clock.now() + 5 * DAY)
    with house.ground.database.writes() as session:
        choices.choose(session, house.cast.coordinator, MailsEdit(kinds=frozenset(CHOICES), any_hour=True))
    house.traveller.move_to(datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    house.change(token_state="dead", token_reason="token_expired", checked_at=clock.now())
    assert [who for who, _ in house.round()] == ["Mikael Berg"], "Friday, ten in the evening in Helsinki"
    assert house.round(DAY) == []
    house.traveller.move_to(datetime(2026, 11, 30, 6, 0, tzinfo=UTC))
    mail_rounds.gather(house.ground)
    assert [who for who, _ in house.round()] == ["Aino Lehtinen"], "Monday, when work begins"
    house.traveller.move_to(datetime(2026, 11, 30, 20, 0, tzinfo=UTC))
    house.plan(Status.UNSURE, -15)
    assert [who for who, _ in house.round()] == ["Mikael Berg"]
    with house.ground.database.writes() as session:
        session.execute(update(Publication).values(status=Status.PUBLISHED))
    house.round(timedelta(minutes=1))
    house.traveller.move_to(datetime(2026, 12, 1, 6, 1, tzinfo=UTC))
    mail_rounds.gather(house.ground)
    assert house.round() == [], "it was found live at night"


def hold(house: House, days: int) -> None:
    """A strategy of Koivuranta's, in force from today, to be looked at again after so many days."""
    with house.ground.database.writes() as session:
        goal = strategies.PointInput(name="Children read", note="Reading")
        wanted = strategies.NewStrategy(
            unit_id=house.cast.koivuranta.id, purpose="To be there", goals=(goal,),
            review_on=today() + days * DAY,
        )  # fmt: skip
        draft = strategies.begin(session, house.cast.coordinator, wanted)
        strategies.adopt(session, house.cast.coordinator, draft.id, strategies.Adoption())


def test_a_strategy_to_be_looked_at_again_is_told_once_to_who_may_change_it(house: House) -> None:
    house.back_up(clock.now() + 40 * DAY)
    house.change(checked_at=clock.now() + 40 * DAY)
    house.traveller.move_to(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))  # a Monday
    hold(house, 3)
    assert house.round(2 * DAY) == []
    house.traveller.move_to(datetime(2026, 11, 25, 23, 0, tzinfo=UTC))  # the day itself has begun there
    assert house.round() == [], "at one in the morning nobody is told"
    assert house.codes() == {Code.STRATEGY_OLD}
    house.traveller.move_to(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))
    mail_rounds.gather(house.ground)
    [(who, subject)] = house.round()
    assert who == "Mikael Berg"
    assert subject == "The strategy of Koivuranta was to be looked at again on 26 November 2026"
    words = house.mailbox.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"https://kuliss.library.example/strategy?unit={house.cast.koivuranta.id}" in words
    assert house.round(DAY) == [], "once"
    assert Code.STRATEGY_OLD in codes_of(house, house.cast.coordinator.person_id)
    for other in (house.cast.editor, house.cast.manager, house.cast.sibling_editor, house.cast.stranger):
        assert Code.STRATEGY_OLD not in codes_of(house, other.person_id)
    with house.ground.database.writes() as session:
        choices.choose(
            session, house.cast.coordinator, MailsEdit(kinds=frozenset(CHOICES) - {MailKind.WARNINGS})
        )
    hold(house, 3)
    assert house.round() == []
    assert house.codes() == set(), "looked at again"
    house.traveller.move_to(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    assert house.round() == [], "who switched warnings off"
    assert house.codes() == {Code.STRATEGY_OLD}
