"""A person's hand beside another's, and beside the clock's, each in a transaction of its own."""

from threading import Event, Thread

import pytest

from app.actions import posts, publications, wishes
from app.connectors.contract import Access, Receipt, Staged
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands import settle
from app.foundation import clock
from app.models.posts import Post
from app.models.publications import Publication
from tests.support.stand import Hand, Shot, Stand, add_profile


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
