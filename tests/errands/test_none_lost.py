"""Nothing is lost and nobody forgotten: what the network, its people or the machine do to what waits."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from app.actions import channel_tokens, channels, publications
from app.connectors.contract import Look, Receipt, Staged
from app.connectors.failures import RateLimited, Reconnect, Rejected, RetryLater
from app.connectors.reasons import Reason
from app.domain.errors import Conflict
from app.domain.networks import ChannelState, Seen
from app.domain.publications import HoldReason, Status
from app.domain.roles import Actor, Scope
from app.errands import discard, pictures, reach
from app.errands.ground import line_to
from app.foundation import clock
from app.foundation.files import StoreFull
from app.foundation.images import Unreadable
from app.models.attempts import Attempt
from app.models.channels import Channel
from app.models.history import Event
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.people import Person
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from tests.support.played import Played, play
from tests.support.stand import Hand, Shot, Stand

DEAD = Reconnect(Reason.TOKEN_EXPIRED, code=190, subcode=463)


@pytest.fixture
def network(stand: Stand) -> Played:
    """A network that the test plays."""
    return play(stand)


def _told(stand: Stand, verb: str) -> int:
    with stand.database.reads() as session:
        return len(session.scalars(select(Event.id).where(Event.verb == verb)).all())


def _reasons(stand: Stand) -> list[HoldReason]:
    with stand.database.reads() as session:
        return list(session.scalars(select(Hold.reason).where(Hold.ended_at.is_(None)).order_by(Hold.id)))


@pytest.mark.parametrize("moment", ["stage", "look", "show"])
def test_a_dead_sign_in_stops_everything_on_its_channel_at_once(
    stand: Stand, hand: Hand, network: Played, moment: str
) -> None:
    first, *others = (stand.plan(f"Post {number}", due_in=300 + 120 * number) for number in range(4))
    network.answer(moment, DEAD)
    hand.run_to(first, Status.HELD)
    assert [stand.read(one).status for one in (first, *others)] == [Status.HELD] * 4
    assert _reasons(stand) == [HoldReason.RECONNECT] * 4
    hand.run()
    assert sum(len(calls) for calls in network.asked.values()) <= 4
    assert _told(stand, "sign_in_died") == 1


def test_after_reconnecting_what_is_in_time_goes_on_in_order_and_the_rest_asks(
    stand: Stand, hand: Hand, network: Played
) -> None:
    late = stand.plan("Late", due_in=300, lateness=10)
    second, first = stand.plan("Second", due_in=1000), stand.plan("First", due_in=900)
    network.answer("stage", DEAD)
    hand.run_to(late, Status.HELD)
    hand.later(1200)
    with stand.database.writes() as session:
        # Their yes stands, though they have left.
        session.get_one(Person, stand.approver.person_id).active = False
        channel = session.get_one(Channel, stand.channel_id)
        channels.end_reconnect_holds(session, Actor(None, Scope(), ""), channel, clock.now())
    assert stand.read(late).status is Status.MISSED
    hand.run_to(second, Status.PUBLISHED)
    assert [given.text for given in network.asked["stage"]] == ["Late", "First", "Second"]
    assert stand.read(first).status is Status.PUBLISHED


@pytest.mark.parametrize("moment", ["stage", "look", "show"])
def test_the_old_token_failing_does_not_stop_a_channel_that_was_just_connected_again(
    stand: Stand, hand: Hand, network: Played, moment: str
) -> None:
    def signed_in_meanwhile(_given: object) -> None:
        with stand.database.writes() as session:
            channel = session.get_one(Channel, stand.channel_id)
            token = channel_tokens.in_use(session, channel.id)
            assert token is not None
            token.sealed = stand.ground.keyring.seal("a new token", channel.place)
        raise DEAD

    network.answer(moment, signed_in_meanwhile)
    planned = stand.plan("With the new one")
    assert hand.run_to(planned, Status.PUBLISHED, Status.HELD).status is Status.PUBLISHED
    with stand.database.reads() as session:
        assert session.get_one(Channel, stand.channel_id).token_state == "ok"


@pytest.mark.parametrize("moment", ["stage", "show"])
def test_a_block_stops_the_channel_and_does_not_go_around_in_circles(
    stand: Stand, hand: Hand, network: Played, moment: str
) -> None:
    blocked, other = stand.plan("Blocked"), stand.plan("Other", due_in=900)
    network.answer(moment, Rejected(Reason.BLOCKED_FOR_NOW, code=368))
    hand.run_to(blocked, Status.HELD)
    assert _reasons(stand) == [HoldReason.BLOCKED] * 2
    calls = len(network.asked["stage"])
    hand.run(within=5 * 3600)
    assert len(network.asked["stage"]) == calls
    with stand.database.reads() as session:
        paused = session.get_one(ChannelLease, stand.channel_id).paused_until
    assert paused is not None
    assert paused - clock.now() > timedelta(hours=3)
    with stand.database.writes() as session:
        publications.release(session, stand.writer, other)
    assert hand.run_to(other, Status.PUBLISHED).status is Status.PUBLISHED


@pytest.mark.parametrize("state", [ChannelState.DORMANT, ChannelState.CLOSED])
@pytest.mark.parametrize("when", [Status.PLANNED, Status.STAGED])
def test_on_a_channel_that_rests_nothing_goes_out_unasked(
    stand: Stand, hand: Hand, network: Played, state: ChannelState, when: Status
) -> None:
    planned = stand.plan("Not any more")
    hand.run_to(planned, when)
    with stand.database.writes() as session:
        session.execute(update(Channel).where(Channel.id == stand.channel_id).values(state=state))
    hand.run()
    assert (stand.read(planned).status, _reasons(stand)) == (Status.HELD, [HoldReason.RESTING])
    assert network.public == set()
    with pytest.raises(Conflict), stand.database.writes() as session:
        publications.release(session, stand.writer, planned)
    with stand.database.writes() as session:
        session.get_one(Channel, stand.channel_id).state = ChannelState.ACTIVE
        publications.release(session, stand.writer, planned)
    assert hand.run_to(planned, Status.PUBLISHED).status is Status.PUBLISHED


def test_put_to_rest_while_it_waits_for_a_connection_it_does_not_go_out(
    stand: Stand, hand: Hand, network: Played
) -> None:
    """Its last look was long ago by then."""
    planned = stand.plan("Not any more")
    network.answer("show", *[RetryLater(Reason.NETWORK_DOWN)] * 3)
    hand.run_to(planned, Status.STAGED)
    while len(network.asked["show"]) < 3:
        hand.step()
    with stand.database.writes() as session:
        session.get_one(Channel, stand.channel_id).state = ChannelState.CLOSED
    hand.run()
    assert (stand.read(planned).status, _reasons(stand)) == (Status.HELD, [HoldReason.RESTING])
    assert network.public == set()


def test_an_hour_without_a_network_is_waited_out_quietly(stand: Stand, hand: Hand, network: Played) -> None:
    planned, in_vain = stand.plan("At last"), stand.plan("Too late", due_in=310, lateness=20)
    hand.run_to(planned, Status.STAGED)
    hand.run_to(in_vain, Status.STAGED)
    back = stand.read(planned).due_at + timedelta(minutes=50)

    def away(given: Staged) -> Receipt:
        if clock.now() < back:
            network.answer("show", away)
            raise RetryLater(Reason.NETWORK_DOWN)
        network.public.add(given.remote_id)
        return Receipt(given.remote_id, given.permalink, clock.now())

    network.answer("show", away)
    hand.run(400)
    assert stand.read(in_vain).status is Status.MISSED
    done = stand.read(planned)
    assert done.status is Status.PUBLISHED
    assert done.published_at is not None
    assert done.published_at - back < timedelta(seconds=40)
    assert _told(stand, "still_hidden") <= 4
    with stand.database.reads() as session:
        assert len(session.scalars(select(Attempt.id)).all()) < 350


def test_near_the_end_of_the_allowance_only_what_is_due_soon_is_laid_ready(
    stand: Stand, hand: Hand, network: Played
) -> None:
    network.percent = 80
    planned = stand.plan("No hurry")
    hand.run_to(planned, Status.STAGED)
    left = stand.read(planned).due_at - clock.now()
    assert timedelta(0) < left < timedelta(seconds=61)
    hand.run_to(planned, Status.PUBLISHED)
    assert network.public == {"made-1"}


def test_a_used_quota_waits_for_its_time_and_no_other_channel(
    stand: Stand, hand: Hand, network: Played
) -> None:
    until = clock.now() + timedelta(minutes=30)
    network.answer("stage", RateLimited(Reason.QUOTA_USED, until))
    planned = stand.plan("When it may")
    hand.run_to(planned, Status.PUBLISHED)
    done = stand.read(planned)
    assert done.published_at is not None
    assert timedelta(0) <= done.published_at - until < timedelta(minutes=2)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.MISSED])
def test_what_somebody_shows_though_it_was_given_up_is_told(
    stand: Stand, hand: Hand, network: Played, status: Status
) -> None:
    planned = stand.plan("Given up", lateness=1)
    hand.run_to(planned, Status.STAGED)
    if status is Status.CANCELLED:
        with stand.database.writes() as session:
            publications.cancel(session, stand.writer, planned)
    else:
        hand.later(900)
        hand.run_to(planned, Status.MISSED)
    _discard_what_is_public(stand, hand, network)
    row = stand.read(planned)
    assert (row.status, row.reason, row.permalink) == (status, "shown_elsewhere", "https://example.org/1")
    assert _told(stand, "shown_elsewhere") == 1


def test_older_words_shown_by_somebody_hold_the_newer_ones_back(
    stand: Stand, hand: Hand, network: Played
) -> None:
    planned = stand.plan("In two versions")
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        now = clock.now()
        session.execute(update(RemoteObject).values(unwanted_at=now, discard_at=now))
        session.execute(
            update(Publication).where(Publication.id == planned).values(status=Status.PLANNED, remote_id="")
        )
    _discard_what_is_public(stand, hand, network)
    assert (stand.read(planned).status, _reasons(stand)) == (Status.HELD, [HoldReason.SHOWN])


def _discard_what_is_public(stand: Stand, hand: Hand, network: Played) -> None:
    network.answer("look", Look(Seen.LIVE, Receipt("made-1", "https://example.org/1")))
    with stand.database.reads() as session:
        line = line_to(session, stand.ground, stand.channel_id)
    leftover = discard.leftovers(stand.ground, clock.now())[0]
    discard.discard(stand.ground, line, hand.life.leases[stand.channel_id], leftover)


@pytest.mark.parametrize(
    ("trouble", "status", "reason"),
    [
        (StoreFull("no space"), Status.PLANNED, Reason.STORE_FULL),
        (Unreadable("picture_too_slow"), Status.PLANNED, Reason.PICTURE_WAITS),
        (FileNotFoundError(), Status.REJECTED, Reason.PICTURE_LOST),
    ],
)
def test_a_full_disk_is_waited_for_and_a_lost_picture_told(
    stand: Stand,
    hand: Hand,
    network: Played,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    status: Status,
    reason: Reason,
) -> None:
    def fails(*_given: object) -> None:
        raise trouble

    monkeypatch.setattr(pictures, "rendition", fails)
    network.answer("stage", lambda given: given.pictures[0].read())
    planned = stand.plan_pictures(stand.channel_id, "A picture", (Shot("A cat"),))
    hand.step()
    assert (stand.read(planned).status, stand.read(planned).reason) == (status, reason)


def test_whether_our_address_opens_is_asked_ever_seldomer(stand: Stand) -> None:
    """Every two seconds for five minutes would be 150 questions about one channel."""
    now = clock.now()
    trial = reach._Trial(stand.channel_id, "1", now)
    asked = [second for second in range(0, 300, 2) if trial.is_turn(now + timedelta(seconds=second))]
    assert asked[:5] == [0, 2, 4, 6, 8]
    assert len(asked) < 40
    assert max(later - sooner for sooner, later in pairwise(asked)) <= 30
