"""A long file on its way: goes on after a break, stops when the plan changes, and never goes out twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import posts, publications, reviews
from app.actions.publication_moves import begins_at
from app.actions.publications import MoveInput
from app.connectors.contract import Outgoing, Staged
from app.connectors.failures import NotYet
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind
from app.domain.posts import Tone
from app.domain.publications import Status
from app.errands import leases, progress, remote_objects, stage
from app.errands.ground import Line, line_to
from app.foundation import clock
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from app.models.units import Unit
from app.worker.lanes import Lane
from app.worker.plan import soon
from tests.builders import an_asset, with_pictures
from tests.support.played import Played, play
from tests.support.stand import Hand, Stand

SIZE = 1000


@pytest.fixture
def network(stand: Stand) -> Played:
    """A network that the test plays."""
    return play(stand)


@pytest.fixture
def planned(stand: Stand, network: Played, monkeypatch: pytest.MonkeyPatch) -> int:
    """A reel two hours before its time, on a network that takes a file in pieces of a tenth."""
    monkeypatch.setattr(progress, "EVERY", timedelta(0))
    publication_id = stand.plan("Our new bus", due_in=7200)
    with stand.database.writes() as session:
        publication = session.get_one(Publication, publication_id)
        revision_id = session.get_one(Post, publication.post_id).revision_id
        assert revision_id is not None
        video = an_asset(
            session, session.get_one(Unit, stand.unit_id), "bus.mp4",
            video_sha256="ab" * 32, video_size=SIZE, duration_ms=5000, frame_rate=30.0, video_codec="h264",
        )  # fmt: skip
        with_pictures(session, revision_id, [video])
        session.execute(update(Revision).where(Revision.id == revision_id).values(format=Format.REEL))
        publication.step_at = begins_at(session, publication, session.get_one(Channel, stand.channel_id))
    file = stand.ground.store.path("video", "ab" * 32)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(range(100)) * 10)
    return publication_id


def sending(network: Played, sent: list[int], meanwhile: Callable[[int], object] = lambda _at: None) -> None:
    """The network takes pieces from where the last one ended, until it is told to stop or has them all."""

    def take(outgoing: Outgoing) -> Staged:
        video = outgoing.pictures[0].video
        assert video is not None
        while sent[-1] < video.size:
            meanwhile(sent[-1])
            if not outgoing.carry_on(sent[-1], video.size):
                network.answer("stage", take)
                raise NotYet(Reason.PREPARING)
            sent.append(sent[-1] + len(video.piece(sent[-1], SIZE // 10)))
        return Staged("reel-1", "https://example.org/reel", kind=RemoteKind.REEL, format=outgoing.format)

    network.answer("stage", take)


def _line(stand: Stand) -> Line:
    with stand.database.reads() as session:
        return line_to(session, stand.ground, stand.channel_id)


def test_it_is_laid_ready_an_hour_before_and_waits_in_a_lane_of_its_own(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    text = stand.plan("Only words", due_in=7200)
    steps = {step.publication_id: step for step in soon(stand.database, clock.now() + timedelta(hours=3))}
    assert steps[planned].due_at - steps[planned].at == timedelta(minutes=60)
    assert (steps[planned].lane, steps[text].lane) == (Lane.LONG, Lane.QUIET)
    sent = [0]
    sending(network, sent)
    hand.run_to(planned, Status.STAGED)
    row = stand.read(planned)
    assert (row.remote_kind, row.progress, sent[-1]) == (RemoteKind.REEL, None, SIZE)
    hand.run_to(planned, Status.PUBLISHED)
    shown = network.asked["show"][0]
    assert (shown.kind, shown.format, shown.text) == (RemoteKind.REEL, Format.REEL, "Our new bus")


def test_told_to_stop_it_goes_on_at_the_next_turn(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    sent = [0]
    sending(network, sent)
    leases.claim(stand.database, hand.life, {stand.channel_id})
    lease = hand.life.leases[stand.channel_id]
    stage.stage(stand.ground, _line(stand), lease, planned, lambda: sent[-1] < 400)
    row = stand.read(planned)
    assert (row.status, row.progress, sent[-1]) == (Status.PLANNED, 30, 400)
    assert row.step_at is not None
    assert row.step_at <= clock.now()
    stage.stage(stand.ground, _line(stand), lease, planned)
    assert (stand.read(planned).status, sent[-1], sent.count(400)) == (Status.STAGED, SIZE, 1)


def _edit(session: Session, stand: Stand, planned: int) -> None:
    post_id = session.get_one(Publication, planned).post_id
    data = posts.PostEdit(revision=1, title="Bus", tone=Tone.HUMAN, text="Our newest bus")
    posts.edit(session, stand.writer, post_id, data)


CHANGES: dict[str, tuple[Callable[[Session, Stand, int], object], Status]] = {
    "hold": (lambda session, stand, id_: publications.hold(session, stand.writer, id_), Status.HELD),
    "cancel": (lambda session, stand, id_: publications.cancel(session, stand.writer, id_), Status.CANCELLED),
    "edit": (_edit, Status.PROPOSED),
    "move": (
        lambda session, stand, id_: publications.move(
            session, stand.writer, id_, MoveInput(due_at=clock.now() + timedelta(days=1))
        ),
        Status.PLANNED,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_plan_stops_it_at_the_next_piece(
    stand: Stand, hand: Hand, network: Played, planned: int, change: str
) -> None:
    act, status = CHANGES[change]
    sent = [0]

    def meanwhile(at: int) -> None:
        if at == 300:
            remote_objects.remembering(stand.ground, planned, stand.read(planned).revision_id or 0)(
                RemoteKind.REEL, "reel-1"
            )
            with stand.database.writes() as session:
                act(session, stand, planned)

    sending(network, sent, meanwhile)
    hand.step()
    row = stand.read(planned)
    assert (row.status, sent[-1], network.public) == (status, 300, set())
    with stand.database.reads() as session:
        kept = session.scalars(select(RemoteObject)).one()
    # What is not wanted any more is cleared away; what only waits longer is gone on with.
    assert (kept.unwanted_at is not None) is (change in ("cancel", "edit"))
    assert (row.step_at is not None) is (change in ("move", "edit"))


def test_another_run_that_has_the_channel_stops_it(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    sent = [0]

    def meanwhile(at: int) -> None:
        if at == 300:
            with stand.database.writes() as session:
                session.get_one(ChannelLease, stand.channel_id).token += 1

    sending(network, sent, meanwhile)
    hand.step()
    assert (stand.read(planned).status, sent[-1]) == (Status.PLANNED, 300)
    assert network.public == set()


def test_an_edit_after_the_yes_goes_out_in_the_new_words(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    """The reel that lay ready with the old words is cleared away, and only the new one is shown."""
    sent = [0]
    sending(network, sent)
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        _edit(session, stand, planned)
        post_id = session.get_one(Publication, planned).post_id
        posts.submit(session, stand.writer, post_id)
        reviews.approve(session, stand.approver, post_id, reviews.Approval(revision=2))
    hand.run_to(planned, Status.PUBLISHED)
    assert [shown.remote_id for shown in network.asked["show"]] == ["made-2"]
    assert network.public == {"made-2"}
