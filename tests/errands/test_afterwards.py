"""What is done for a post that is out: its address found, its text corrected, taken down; work by hand."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, reviews, tasks, wishes
from app.connectors.reasons import Reason
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import Tone
from app.domain.publications import Status
from app.errands import fetch, reach
from app.foundation import clock
from app.foundation.files import StoreFull
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.tasks import ManualPlace
from app.models.wishes import PublicationWish
from tests.support.lender import Lender
from tests.support.stand import Hand, Shot, Stand, add_profile

ONE = (Shot("A cat asleep on the newspapers"),)


def _write(stand: Stand, work: Callable[[Session], object]) -> None:
    with stand.database.writes() as session:
        work(session)


def _wish(stand: Stand) -> PublicationWish:
    with stand.database.reads() as session:
        return session.scalars(select(PublicationWish)).one()


def _published(stand: Stand, hand: Hand) -> int:
    publication_id = stand.plan("We open at nien")
    hand.run_to(publication_id, Status.PUBLISHED)
    return publication_id


def _new_words(stand: Stand, publication_id: int, text: str) -> None:
    """Somebody writes other words, and somebody else says yes to them."""
    with stand.database.writes() as session:
        post_id = session.get_one(Publication, publication_id).post_id
        data = posts.PostEdit(revision=1, title="Opening", tone=Tone.HUMAN, text=text)
        posts.edit(session, stand.writer, post_id, data)
        posts.submit(session, stand.writer, post_id)
        reviews.approve(session, stand.approver, post_id, reviews.Approval(revision=2))


def test_the_text_of_a_live_post_is_corrected(stand: Stand, hand: Hand) -> None:
    publication_id = _published(stand, hand)
    _new_words(stand, publication_id, "We open at nine")
    _write(stand, lambda session: wishes.correct(session, stand.writer, publication_id))
    hand.run()
    assert [row["event"] for row in stand.practice.public_log()] == ["appeared", "edited"]
    assert stand.practice.public_log()[-1]["message"] == "We open at nine"
    assert (_wish(stand).done, stand.read(publication_id).status) == (True, Status.PUBLISHED)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_answer_to_a_correction_is_harmless(stand: Stand, hand: Hand, moment: str) -> None:
    publication_id = _published(stand, hand)
    _new_words(stand, publication_id, "We open at nine")
    stand.practice.script("closed", calls="edit", moment=moment)
    _write(stand, lambda session: wishes.correct(session, stand.writer, publication_id))
    hand.run()
    assert [row["event"] for row in stand.practice.public_log()] == ["appeared", "edited"]
    assert _wish(stand).done


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_live_post_is_taken_down_once(stand: Stand, hand: Hand, moment: str) -> None:
    publication_id = _published(stand, hand)
    stand.practice.script("closed", calls="delete", moment=moment)
    _write(stand, lambda session: wishes.remove(session, stand.writer, publication_id, "wrong day"))
    hand.run()
    assert [row["event"] for row in stand.practice.public_log()] == ["appeared", "disappeared"]
    assert (stand.read(publication_id).status, _wish(stand).done) == (Status.REMOVED, True)


def test_what_the_network_does_not_take_down_a_person_does(stand: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Too early", ONE)
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    stand.practice.switches(page=profile, delete_answer="error_2207085")
    _write(stand, lambda session: wishes.remove(session, stand.writer, publication_id))
    hand.run()
    wish = _wish(stand)
    assert (wish.by_hand, wish.ended_at, bool(wish.reason)) == (True, None, True)
    assert stand.read(publication_id).status is Status.PUBLISHED
    _write(stand, lambda session: wishes.taken_down(session, stand.writer, publication_id))
    assert stand.read(publication_id).status is Status.REMOVED


def test_a_profile_deletes_where_it_can(stand: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Too early", ONE)
    hand.run_to(publication_id, Status.PUBLISHED)
    _write(stand, lambda session: wishes.remove(session, stand.writer, publication_id))
    hand.run()
    assert stand.read(publication_id).status is Status.REMOVED
    events = [row["event"] for row in stand.practice.public_log() if row["page"] == profile]
    assert events == ["appeared", "disappeared"]


def _by_hand(stand: Stand) -> int:
    with stand.database.writes() as session:
        channel = Channel(
            unit_id=stand.unit_id, network=NetworkKind.MANUAL, realm=Realm.META, remote_id="newsletter",
            name="Newsletter", used_by="subtree", state=ChannelState.ACTIVE, app_id="",
            connected_at=clock.now(), health={},
        )  # fmt: skip
        session.add(channel)
        session.flush()
        session.add_all([ChannelLease(channel_id=channel.id, token=0), ManualPlace(channel_id=channel.id)])
        return channel.id


def test_a_person_posts_where_no_program_reaches(stand: Stand, hand: Hand) -> None:
    channel_id = _by_hand(stand)
    publication_id = stand.plan_pictures(channel_id, "In the newsletter", ONE, due_in=3 * 86400)
    hand.step(within=3 * 86400)
    waiting = stand.read(publication_id)
    assert (waiting.status, waiting.revision_id is not None) == (Status.TO_DO, True)
    data = tasks.DoneInput(link="https://example.org/letter")
    _write(stand, lambda session: tasks.done(session, stand.writer, publication_id, data.link))
    done = stand.read(publication_id)
    assert (done.status, done.permalink) == (Status.DONE, "https://example.org/letter")


def test_what_nobody_posted_is_missed(stand: Stand, hand: Hand) -> None:
    channel_id = _by_hand(stand)
    publication_id = stand.plan_pictures(channel_id, "In the newsletter", (), due_in=3600, lateness=120)
    hand.step()
    assert stand.read(publication_id).status is Status.TO_DO
    hand.run(within=86400)
    missed = stand.read(publication_id)
    assert (missed.status, missed.reason) == (Status.MISSED, "not_posted")


def test_the_network_proves_that_it_reaches_us(stand: Stand, lender: Lender) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(page=profile, container_seconds=0)
    reach.begin(stand.ground, channel_id)
    _follow_to_the_end(stand)
    assert _reach(stand, channel_id) == ("ok", "")
    assert stand.seen(profile) == []


def test_a_wall_between_is_told(stand: Stand, lender: Lender) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(page=profile, container_seconds=0)
    lender.closed = True
    reach.begin(stand.ground, channel_id)
    _follow_to_the_end(stand)
    assert _reach(stand, channel_id) == ("failed", Reason.PICTURE_NOT_FETCHED)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_dead_sign_in_says_nothing_of_our_address(stand: Stand, when: str) -> None:
    channel_id, _ = add_profile(stand)
    if when == "before":
        stand.practice.switches(token_error="460")
    assert reach.begin(stand.ground, channel_id) is (when == "meanwhile")
    stand.practice.switches(token_error="460")
    _follow_to_the_end(stand)
    assert _reach(stand, channel_id) == ("", "")
    with stand.database.reads() as session:
        channel = session.get_one(Channel, channel_id)
        assert (channel.token_state, channel.token_reason) == ("dead", Reason.PASSWORD_CHANGED)


def test_where_one_sign_in_is_dead_a_colleagues_tries(stand: Stand, lender: Lender) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(page=profile, container_seconds=0)
    with stand.database.writes() as session:
        lives = session.scalars(select(ChannelToken).where(ChannelToken.channel_id == channel_id)).one()
        lives.in_use = False
        session.flush()
        session.add(
            ChannelToken(
                channel_id=channel_id, person_id=stand.approver.person_id, app_id=lives.app_id,
                sealed="of keys that are gone", in_use=True, given_at=clock.now(),
            )
        )  # fmt: skip
    assert reach.begin(stand.ground, channel_id)
    assert _reach(stand, channel_id) == ("trying", "")
    _follow_to_the_end(stand)
    assert _reach(stand, channel_id) == ("ok", "")


def test_a_page_needs_no_proof(stand: Stand) -> None:
    reach.begin(stand.ground, stand.channel_id)
    assert _reach(stand, stand.channel_id) == ("", "")


def _follow_to_the_end(stand: Stand) -> None:
    for _ in range(2000):
        if not reach.follow(stand.ground):
            return


def _reach(stand: Stand, channel_id: int) -> tuple[str, str]:
    with stand.database.reads() as session:
        channel = session.get_one(Channel, channel_id)
        return channel.reach, channel.reach_reason


def test_a_profiles_numbers_are_read_and_what_is_gone_is_noticed(stand: Stand, hand: Hand) -> None:
    channel_id, _profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "How it went", ONE)
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    stand.practice.forward(days=7)
    fetch.read_now(stand.ground, channel_id, publication_id)
    with stand.database.reads() as session:
        reading = session.scalars(select(Reading)).one()
    assert reading.reach is not None
    assert reading.saves is not None
    assert reading.clicks is None
    stand.practice.ask(f"media/{stand.read(publication_id).remote_id}", method="DELETE")
    stand.practice.forward(days=7)
    fetch.read_now(stand.ground, channel_id, publication_id)
    assert stand.read(publication_id).status is Status.REMOVED


def test_a_full_disk_is_told_and_stops_nothing(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    channel_id, _profile = add_profile(stand)

    def full(*_: object) -> None:
        raise StoreFull("no space")

    monkeypatch.setattr(stand.ground.store, "put_rendition", full)
    reach.begin(stand.ground, channel_id)
    assert _reach(stand, channel_id) == ("failed", Reason.STORE_FULL)
