"""What is written down while nobody knows, or while somebody writes on."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions import posts, publications
from app.connectors.contract import Look, Receipt, Staged
from app.connectors.failures import NotYet, Rejected, Unsure
from app.connectors.reasons import Reason
from app.domain.errors import Conflict
from app.domain.networks import RemoteKind, Seen
from app.domain.posts import Tone
from app.domain.publications import Status
from app.errands import discard, installations, leases, remote_objects
from app.errands.ground import Ground, line_to
from app.foundation import clock
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from tests.support.played import play
from tests.support.stand import Hand, Stand


def test_the_tone_is_that_of_what_went_out(stand: Stand, hand: Hand) -> None:
    """Somebody begins a new draft, its tone not chosen yet, while the old words are in doubt."""
    planned = stand.plan("Human words")
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        values = {"status": Status.UNSURE, "step_at": clock.now()}
        session.execute(update(Publication).where(Publication.id == planned).values(values))
        post_id = session.get_one(Publication, planned).post_id
        data = posts.PostEdit(revision=1, title="New", tone=Tone.INFORMATIVE, text="New words")
        posts.edit(session, stand.writer, post_id, data)
    hand.run_to(planned, Status.PUBLISHED)
    with stand.database.reads() as session:
        assert session.get_one(Post, post_id).tone_frozen is Tone.HUMAN


def test_what_may_be_public_is_answered_before_it_is_cancelled(stand: Stand) -> None:
    planned = stand.plan()
    with stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == planned).values(status=Status.UNSURE))
    with pytest.raises(Conflict), stand.database.writes() as session:
        publications.cancel(session, stand.writer, planned)
    with stand.database.writes() as session:
        publications.settle(session, stand.writer, planned, publications.SettleInput(public=False))
        publications.cancel(session, stand.writer, planned)
    assert stand.read(planned).status is Status.CANCELLED


def test_a_try_that_ended_in_an_error_of_ours_is_lost_and_looked_for(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network made it, and our own run failed to write that down: it is found again, not made twice."""
    planned = stand.plan("Only one of it")

    def fails(*_given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(remote_objects, "remembering", lambda *_given: fails)
        with pytest.raises(ZeroDivisionError):
            hand.step()
    hand.run_to(planned, Status.PUBLISHED)
    with stand.database.reads() as session:
        assert session.scalars(select(Attempt).where(Attempt.ended_at.is_(None))).all() == []
    assert len(stand.practice.transcript(call="create")) == 1
    assert stand.public() == ["Only one of it"]


def test_discarding_in_vain_grows_seldomer(stand: Stand, hand: Hand) -> None:
    planned = stand.plan()
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        publications.cancel(session, stand.writer, planned)
    stand.practice.switches(token_error="460")
    hand.later(6 * 3600)
    with stand.database.reads() as session:
        line = line_to(session, stand.ground, stand.channel_id)
    lease = hand.life.leases[stand.channel_id]
    discard.discard(stand.ground, line, lease, discard.leftovers(stand.ground, clock.now())[0])
    with stand.database.reads() as session:
        again = session.scalars(select(RemoteObject.discard_at)).one()
    assert again is not None
    assert timedelta(hours=5) < again - clock.now() < timedelta(hours=7)


@pytest.mark.parametrize("status", [Status.PUBLISHING, Status.UNSURE])
def test_a_copy_shows_nothing_that_was_in_doubt(
    stand: Stand, hand: Hand, tmp_path: Path, status: Status
) -> None:
    """The original shows it, or a person who has looked."""
    here = Ground(Settings(data_dir=tmp_path, _env_file=None), stand.database, stand.ground.keyring)
    installations.begin(here)
    planned = stand.plan("In doubt")
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        values = {"status": status, "step_at": clock.now()}
        session.execute(update(Publication).where(Publication.id == planned).values(values))
    leases.end(stand.database, hand.life)
    (tmp_path / "installation.json").unlink()
    assert installations.begin(here) is installations.Found.COPIED
    hand.life = leases.begin(stand.database)
    assert hand.run_to(planned, Status.HELD).status is Status.HELD
    hand.run()
    assert stand.public() == []
    with stand.database.writes() as session:
        publications.release(session, stand.writer, planned)
    hand.run_to(planned, Status.PUBLISHED)
    assert stand.public() == ["In doubt"]


def test_another_time_keeps_the_yes_of_somebody_who_has_left(stand: Stand) -> None:
    planned = stand.plan()
    with stand.database.writes() as session:
        session.execute(update(Person).where(Person.id == stand.approver.person_id).values(active=False))
        later = publications.MoveInput(due_at=clock.now() + timedelta(hours=5))
        publications.move(session, stand.writer, planned, later)
    assert stand.read(planned).status is Status.PLANNED


@pytest.mark.parametrize("told", ["at once", "later", "before its time"])
def test_what_came_to_nothing_is_no_question(stand: Stand, hand: Hand, told: str) -> None:
    """The network took it or may have taken it, and says that it failed: nobody need look for it."""
    network = play(stand)
    planned = stand.plan("A reel that can't be worked at")
    failed = Rejected(Reason.VIDEO_REFUSED)
    if told == "before its time":
        network.answer("look", failed)
        network.answer("stage", lambda _given: Staged("made-1"), failed)
    else:
        network.answer("show", Unsure(Reason.NO_ANSWER))
        between = [] if told == "at once" else [Look(Seen.UNKNOWN)]
        network.answer("look", Look(Seen.HIDDEN), *between, failed)
    done = hand.run_to(planned, Status.REJECTED)
    assert (done.status, done.reason) == (Status.REJECTED, Reason.VIDEO_REFUSED)
    assert len(network.asked["show"]) == (0 if told == "before its time" else 1)


@pytest.mark.parametrize("in_the_end", ["out", "failed"])
def test_what_the_network_still_works_at_is_not_sent_beside_itself(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch, in_the_end: str
) -> None:
    """An hour later it is not on the page, so that somebody says "no" and plans it again; Facebook has it."""
    network, planned = play(stand), stand.plan("A reel that takes its time")
    told: list[Look | Rejected] = [Look(Seen.UNKNOWN)]

    def look(*_given: object) -> Look:
        if isinstance(told[-1], Rejected):
            raise told[-1]
        return told[-1]

    monkeypatch.setattr(network, "look", look)
    network.answer("stage", lambda _given: Staged("reel-1", kind=RemoteKind.REEL))
    network.answer("show", NotYet(Reason.PREPARING))
    revision_id = hand.run_to(planned, Status.STAGED).revision_id
    assert revision_id is not None
    remote_objects.remembering(stand.ground, planned, revision_id)(RemoteKind.REEL, "reel-1")
    hand.run_to(planned, Status.PUBLISHING)
    hand.later(3700)
    with stand.database.writes() as session:
        publications.settle(session, stand.writer, planned, publications.SettleInput(public=False))
        due = clock.now() + timedelta(minutes=5)
        values = {"status": Status.PLANNED, "step_at": clock.now(), "due_at": due, "revision_id": None}
        session.execute(update(Publication).where(Publication.id == planned).values(values))
    hand.run(steps=8)
    assert (len(network.asked["stage"]), stand.read(planned).status) == (1, Status.PLANNED)
    out = in_the_end == "out"
    told += [Look(Seen.LIVE, Receipt("reel-1"))] if out else [Rejected(Reason.VIDEO_REFUSED)]
    hand.run_to(planned, Status.HELD, Status.STAGED)
    assert (len(network.asked["stage"]), stand.read(planned).status) == (
        (1, Status.HELD) if out else (2, Status.STAGED)
    )
    if out:  # told once: whoever then lets it go on knows of the first
        with stand.database.writes() as session:
            publications.release(session, stand.writer, planned)
        assert hand.run_to(planned, Status.STAGED, Status.HELD).status is Status.STAGED
