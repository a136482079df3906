"""A channel is worked on by whoever has its lease; nobody thinks that they have it while nobody does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.domain.publications import Status
from app.errands import leases, look, show, stage
from app.errands.ground import Line, line_to
from app.foundation import clock
from app.models.leases import ChannelLease, Run
from tests.support.played import play
from tests.support.stand import Hand, Stand


@pytest.fixture
def line(stand: Stand) -> Line:
    """The line to the stand's channel."""
    with stand.database.reads() as session:
        return line_to(session, stand.ground, stand.channel_id)


def _taken_by_another(stand: Stand, hand: Hand) -> None:
    """The hand slept for two minutes; another run has the channel now, and then gives it back."""
    leases.claim(stand.database, hand.life, {stand.channel_id})
    with stand.database.writes() as session:
        session.get_one(ChannelLease, stand.channel_id).until_at = clock.now() - timedelta(seconds=1)
    # Not `leases.begin`: on SQLite that would bury the sleeper.
    other = leases.Life(_run_row(stand))
    leases.claim(stand.database, other, {stand.channel_id})
    assert stand.channel_id in other.leases
    with stand.database.writes() as session:
        leases.release(session, other, {stand.channel_id})


def _run_row(stand: Stand) -> int:
    with stand.database.writes() as session:
        run = Run(pid=1, started_at=clock.now(), seen_at=clock.now(), ended_at=clock.now())
        session.add(run)
        session.flush()
        return run.id


def test_a_lease_that_was_taken_is_noticed_and_claimed_anew(stand: Stand, hand: Hand) -> None:
    _taken_by_another(stand, hand)
    with stand.database.writes() as session:
        leases.renew(session, hand.life, clock.now())
    assert hand.life.leases == {}
    leases.claim(stand.database, hand.life, {stand.channel_id})
    assert hand.life.leases[stand.channel_id].token == 3


def test_a_lease_that_we_forgot_is_ours_again(stand: Stand, hand: Hand) -> None:
    """The transaction that gave it back failed after our list had lost it."""
    leases.claim(stand.database, hand.life, {stand.channel_id})
    hand.life.leases.clear()
    leases.claim(stand.database, hand.life, {stand.channel_id})
    assert stand.channel_id in hand.life.leases


@pytest.mark.parametrize("status", [Status.PLANNED, Status.STAGED])
def test_without_its_lease_nothing_is_called(stand: Stand, hand: Hand, line: Line, status: Status) -> None:
    planned = stand.plan()
    leases.claim(stand.database, hand.life, {stand.channel_id})
    if status is Status.STAGED:
        hand.run_to(planned, Status.STAGED)
    stale = hand.life.leases[stand.channel_id]
    _taken_by_another(stand, hand)
    calls = len(stand.practice.transcript())
    hand.later(300)
    work = stage.stage if status is Status.PLANNED else show.show
    with pytest.raises(leases.NotOurs):
        work(stand.ground, line, stale, planned)
    if status is Status.STAGED:
        with pytest.raises(leases.NotOurs):
            look.look(stand.ground, line, stale, planned)
    assert len(stand.practice.transcript()) == calls
    assert stand.read(planned).status is status


def test_who_slept_between_word_and_deed_does_not_make_the_call(
    stand: Stand, hand: Hand, traveller: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down as under way; the machine sleeps, another run looks, and shows it."""
    network, planned, begin = play(stand), stand.plan(), show._begin
    hand.run_to(planned, Status.STAGED)

    def slept(*given: Any) -> Any:
        begun = begin(*given)
        monkeypatch.undo()
        hand.later(120)
        other = Hand(stand, traveller)
        other.run_to(planned, Status.PUBLISHED)
        leases.end(stand.database, other.life)
        return begun

    monkeypatch.setattr(show, "_begin", slept)
    hand.run_to(planned, Status.PUBLISHED)
    assert (len(network.asked["show"]), stand.read(planned).status) == (1, Status.PUBLISHED)


def test_alone_it_makes_the_call_once_it_is_awake(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, planned, begin = play(stand), stand.plan(), show._begin
    hand.run_to(planned, Status.STAGED)

    def slept(*given: Any) -> Any:
        monkeypatch.undo()
        begun = begin(*given)
        hand.later(120)
        return begun

    monkeypatch.setattr(show, "_begin", slept)
    assert hand.run_to(planned, Status.PUBLISHED).status is Status.PUBLISHED
    assert (len(network.asked["show"]), network.asked["look"][1:]) == (1, [])
