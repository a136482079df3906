"""A person's hand beside another's, and beside the clock's, each in a transaction of its own."""

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select

from app.actions import channel_closings, posts, publications, queue, wishes
from app.actions.channel_closings import ClearInput, ClosingInput
from app.actions.contents import VariantInput
from app.connectors.contract import Access, Receipt, Staged
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.domain.roles import Actor
from app.errands import settle
from app.foundation import clock
from app.models.posts import Post
from app.models.publications import Publication
from tests.support.stand import ALL, Hand, Shot, Stand, add_profile, more_channels


def _edit(stand: Stand, session, post_id: int) -> None:  # type: ignore[no-untyped-def]
    post = session.get_one(Post, post_id)
    data = posts.PostEdit(revision=1, title=post.title, tone=post.tone, text="Nobody said yes to this")
    posts.edit(session, stand.writer, post_id, data)


def test_released_while_somebody_edits_waits_for_a_new_yes(stand: Stand, hand: Hand) -> None:
    """An edit looks for what is planned; what is being planned just then must see the edit."""
    planned = stand.plan("Words with a yes")
    with stand.database.writes() as session:
        publications.hold(session, stand.writer, planned)

    def release() -> None:
        with stand.database.writes() as session:
            publications.release(session, stand.writer, planned)

    with stand.database.writes() as session:
        _edit(stand, session, stand.read(planned).post_id)
        other = Thread(target=release)
        other.start()
        other.join(0.3)
    other.join(60)
    assert stand.read(planned).status is Status.PROPOSED
    hand.run()
    assert stand.public() == []


def test_withdrawing_while_it_comes_out_locks_nobody_up(stand: Stand, hand: Hand) -> None:
    """The clock writes "published" down while a person withdraws the post: both get an answer."""
    planned = stand.plan("Nearly out")
    hand.run_to(planned, Status.STAGED)
    case_of = stand.read(planned)
    told: list[object] = []

    def shown() -> None:
        try:
            with stand.database.writes() as session:
                case = settle.load(session, planned)
                receipt = Receipt(case.remote_id, "https://example.org/1")
                lease = hand.life.leases[stand.channel_id]
                told.append(settle.published(session, case, Status.STAGED, lease, receipt, clock.now()))
        except Exception as error:  # noqa: BLE001 - a deadlock would be one
            told.append(error)

    with stand.database.writes() as session:
        session.get_one(Post, case_of.post_id, with_for_update=True)
        other = Thread(target=shown)
        other.start()
        other.join(0.3)
        session.get_one(Publication, planned, with_for_update=True)
    other.join(60)
    assert told == [True]
    assert stand.read(planned).status is Status.PUBLISHED


def _coordinator(stand: Stand) -> Actor:
    return replace(stand.writer, scope=replace(stand.writer.scope, rights={stand.unit_id: ALL}))


def test_emptying_a_queue_while_somebody_edits_locks_nobody_up(stand: Stand) -> None:
    """An edit with words of its own for the channel names the channel that is being closed."""
    planned, who = stand.plan("Words with a yes"), _coordinator(stand)
    with stand.database.writes() as session:
        channel_closings.begin(session, who, stand.channel_id, ClosingInput(why="Nobody reads it"))
    told: list[object] = []

    def clear() -> None:
        try:
            with stand.database.writes() as session:
                outcome = channel_closings.clear(session, who, stand.channel_id, ClearInput(sure=True))
                told.append([one.publication_id for one in outcome.done])
        except Exception as error:  # noqa: BLE001 - a deadlock would be one
            told.append(error)

    with stand.database.writes() as session:
        post = session.get_one(Post, stand.read(planned).post_id, with_for_update=True)
        other = Thread(target=clear)
        other.start()
        other.join(0.3)
        own = VariantInput(channel_id=stand.channel_id, text="Of its own")
        data = posts.PostEdit(revision=1, title=post.title, tone=post.tone, text="Words", variants=[own])
        posts.edit(session, stand.writer, post.id, data)
    other.join(60)
    assert told == [[planned]]
    assert stand.read(planned).status is Status.CANCELLED


def test_what_gets_a_new_time_just_then_goes_to_the_other_channel_at_that(stand: Stand) -> None:
    planned, (there,) = stand.plan("Words with a yes"), more_channels(stand, 1)
    later = stand.read(planned).local_due + timedelta(days=1)

    def rechannel() -> None:
        with stand.database.writes() as session:
            queue.to_channel(session, _coordinator(stand), [planned], there)

    with stand.database.writes() as session:
        publications.move(session, stand.writer, planned, publications.MoveInput(local_due=later))
        other = Thread(target=rechannel)
        other.start()
        other.join(0.3)
    other.join(60)
    with stand.database.reads() as session:
        times = session.scalars(select(Publication.local_due).where(Publication.channel_id == there)).all()
    assert times == [later]


def test_what_is_asked_while_it_is_being_found_is_done(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person asks for its removal in the moment in which the clock writes down where it stands."""
    channel_id, _profile = add_profile(stand)
    planned = stand.plan_pictures(channel_id, "Too early", [Shot("A shelf")])
    hand.run_to(planned, Status.PUBLISHED)
    network = stand.ground.networks(NetworkKind.INSTAGRAM)
    find, asked, others = network.find, Event(), list[Thread]()

    def remove() -> None:
        with stand.database.writes() as session:
            wishes.remove(session, stand.writer, planned)
            session.flush()
            asked.set()
            Event().wait(0.3)

    def meanwhile(access: Access, staged: Staged, remote_id: str) -> Receipt | None:
        found = find(access, staged, remote_id)
        if not others:
            others.append(Thread(target=remove))
            others[0].start()
            asked.wait(60)
        return found

    monkeypatch.setattr(network, "find", meanwhile)
    hand.run()
    others[0].join(60)
    hand.run()
    assert stand.read(planned).status is Status.REMOVED
