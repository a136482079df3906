"""Two workers on one PostgreSQL, the one at work is killed: a post is public once, whatever the moment."""

import os
import signal

import pytest

from app.domain.publications import AttemptKind, Outcome, Status
from app.models.attempts import Attempt
from app.models.leases import ChannelLease, Run
from tests.support.nursery import Born
from tests.support.stand import Shot, Stand, add_profile
from tests.support.waiting import comes

PATIENCE = 60.0  # seconds until the scene stands; a look after a kill comes within five
TWO = (Shot("Anna at the loan desk"), Shot("A cart full of books", "maroon"))
# How long the other may take: where showing makes a new object it waits until no call can be under way.
SOON, SURELY = 30, 60


@pytest.mark.parametrize(
    ("calls", "moment"),
    [("show", "before"), ("show", "after"), ("create", "before"), ("create", "after"), ("photo", "after")],
    ids=["before-the-call-is-done", "after-it-was-accepted", "staging-not-done", "staging-accepted", "photo"],
)
def test_killed_at_work_on_a_page(
    killing_ground: Stand, two_workers: list[Born], calls: str, moment: str
) -> None:
    stand = killing_ground
    stand.practice.script("timeout", calls=calls, moment=moment, seconds=7.5)
    publication_id = stand.plan_pictures(stand.channel_id, "Out once", TWO, due_in=2.5)
    _kill(stand, publication_id, stand.channel_id, calls, moment)
    assert comes(lambda: stand.read(publication_id).status is Status.PUBLISHED, SOON, every=0.05)
    assert stand.seen(stand.page) == [("Out once", [shot.alt_text for shot in TWO])]
    assert Outcome.LOST in _outcomes(stand, publication_id)
    assert sorted(worker.lives() for worker in two_workers) == [False, True]


@pytest.mark.parametrize(
    ("calls", "moment", "seconds"),
    [
        ("container", "after", SOON),
        ("media_publish", "after", SOON),
        ("media_publish", "before", SURELY),
    ],
    ids=["staging-accepted", "after-it-was-accepted", "before-the-call-is-done"],
)
def test_killed_at_work_on_a_profile(
    killing_ground: Stand,
    two_workers: list[Born],
    calls: str,
    moment: str,
    seconds: float,
) -> None:
    stand = killing_ground
    channel_id, profile = add_profile(stand)
    stand.practice.switches(page=profile, container_seconds=0, media_lag_seconds=0, latency_ms=5)
    stand.practice.script("timeout", calls=calls, moment=moment, seconds=7.5)
    publication_id = stand.plan_pictures(channel_id, "Out once", TWO, due_in=4)
    _kill(stand, publication_id, channel_id, calls, moment)
    assert comes(lambda: stand.read(publication_id).status is Status.PUBLISHED, seconds, every=0.05)
    assert stand.seen(profile) == [("Out once", [shot.alt_text for shot in TWO])]
    assert Outcome.LOST in _outcomes(stand, publication_id)


def test_told_to_stop_it_finishes_its_call_and_another_takes_over(
    killing_ground: Stand, two_workers: list[Born]
) -> None:
    stand = killing_ground
    stand.practice.script("timeout", calls="show", moment="after", seconds=1.5)
    publication_id = stand.plan("Finished before it ends", due_in=2.5)
    assert comes(lambda: _under_way(stand, publication_id, AttemptKind.SHOW), PATIENCE, every=0.05)
    stopped = _at_work(stand, stand.channel_id)
    assert stopped is not None
    os.kill(stopped, signal.SIGTERM)
    assert comes(lambda: stand.read(publication_id).status is Status.PUBLISHED, SOON, every=0.05)
    next_one = stand.plan("Goes on elsewhere", due_in=3)
    # Given back: a lease that nobody gives back lasts for a minute.
    assert comes(lambda: _at_work(stand, stand.channel_id) not in (None, stopped), SOON, every=0.05)
    assert comes(lambda: stand.read(next_one).status is Status.PUBLISHED, SOON, every=0.05)
    assert Outcome.LOST not in _outcomes(stand, publication_id)
    assert [text for text, _ in stand.seen(stand.page)] == ["Finished before it ends", "Goes on elsewhere"]


def _kill(stand: Stand, publication_id: int, channel_id: int, calls: str, moment: str) -> None:
    """Kill the one at work in the middle of a call: not done yet, or done and not answered."""
    kind = AttemptKind.SHOW if calls in ("show", "media_publish") else AttemptKind.STAGE
    assert comes(
        lambda: _under_way(stand, publication_id, kind) and _reached(stand, calls, moment),
        PATIENCE,
        every=0.05,
    )
    at_work = _at_work(stand, channel_id)
    assert at_work is not None
    os.kill(at_work, signal.SIGKILL)


def _under_way(stand: Stand, publication_id: int, kind: AttemptKind) -> bool:
    with stand.database.reads() as session:
        rows = session.query(Attempt).filter_by(publication_id=publication_id, kind=kind).all()
        return any(row.ended_at is None for row in rows)


def _reached(stand: Stand, calls: str, moment: str) -> bool:
    """Whether the call has come to the network, and was carried out where the scene is about that."""
    state = stand.practice.state()
    if moment == "before":
        return not state["script"]
    made = {"photo": "photos", "create": "posts", "container": "containers"}
    return bool(state[made[calls]] if calls in made else stand.practice.public_log())


def _at_work(stand: Stand, channel_id: int) -> int | None:
    with stand.database.reads() as session:
        lease = session.get_one(ChannelLease, channel_id)
        return session.get_one(Run, lease.run_id).pid if lease.run_id else None


def _outcomes(stand: Stand, publication_id: int) -> list[Outcome | None]:
    with stand.database.reads() as session:
        return [row.outcome for row in session.query(Attempt).filter_by(publication_id=publication_id)]
