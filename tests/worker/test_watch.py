"""A clock that jumps: nothing is shown early, and no doubt waits for an hour that has gone twice."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from time_machine import Traveller

from app.connectors.contract import Look
from app.connectors.failures import RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import Seen
from app.domain.publications import Status
from app.errands import leases
from app.errands.ground import Ground, line_to
from app.foundation import clock
from app.models.leases import ChannelLease
from app.worker import clock as clock_module
from app.worker.clock import PublishingClock
from app.worker.lanes import Job
from tests.errands.conftest import lender, practice, practice_folder, practice_server, stand, traveller  # noqa: F401
from tests.support.played import Played, play
from tests.support.stand import Stand


@dataclass
class _AtOnce:
    """Lanes on the clock's own thread: a turn ends when its work is done."""

    ground: Ground
    stopping: bool = False

    def take(self, job: Job) -> None:
        """Do it."""
        with self.ground.database.reads() as session:
            line = line_to(session, self.ground, job.channel_id)
        job.work(line)

    def going(self) -> bool:
        """Nobody waits."""
        return True

    def look_after(self) -> None:
        """Nothing hangs."""

    def busy_channels(self) -> set[int]:
        """None between turns."""
        return set()

    def in_hand(self) -> frozenset[Hashable]:
        """Nothing between turns."""
        return frozenset()


@dataclass
class Turned:
    """A clock that the test turns, its wall clock and the one that never jumps apart."""

    stand: Stand
    network: Played
    clock: PublishingClock
    traveller: Traveller
    monotonic: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Time goes on as it should."""
        self.monotonic += seconds
        self.traveller.shift(seconds)

    def turns(self, count: int = 1, seconds: float = 1.0) -> None:
        """So many turns, so far apart."""
        for _ in range(count):
            self.clock.turn()
            self.pass_by(seconds)


@pytest.fixture
def turned(
    stand: Stand,  # noqa: F811 - the fixture
    traveller: Traveller,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Turned]:
    traveller.move_to(clock.now(), tick=False)
    network = play(stand)
    found = Turned(stand, network, PublishingClock(stand.ground), traveller)
    monkeypatch.setattr("app.foundation.clock.monotonic", lambda: found.monotonic)
    found.clock = PublishingClock(stand.ground)
    found.clock._lanes = _AtOnce(stand.ground)  # type: ignore[assignment]
    life = found.clock.begin()
    yield found
    leases.end(stand.database, life)


def test_a_clock_that_jumps_an_hour_ahead_shows_nothing_early(turned: Turned) -> None:
    planned = turned.stand.plan("At its time", due_in=900)
    right = clock.now()
    turned.turns(2)
    turned.traveller.shift(3600)
    turned.network.answer("server_time", right, right)
    turned.turns(40)
    assert turned.network.public == set()
    turned.network.answer("server_time", lambda _: clock.now())
    turned.turns(40)
    assert turned.stand.read(planned).status is Status.PUBLISHED


def test_a_machine_that_slept_asks_once_and_goes_on(turned: Turned) -> None:
    planned = turned.stand.plan("While it slept", due_in=900)
    turned.turns(2)
    turned.traveller.shift(1000)
    turned.turns(3)
    assert turned.stand.read(planned).status is Status.PUBLISHED
    assert len(turned.network.asked["server_time"]) == 1


def test_a_clock_that_stays_an_hour_ahead_shows_at_the_right_time(turned: Turned) -> None:
    planned = turned.stand.plan("At its time", due_in=60, lateness=120)
    turned.turns(2)
    turned.traveller.shift(3600)
    turned.network.answer("server_time", *(lambda _: clock.now() - timedelta(hours=1) for _ in range(9)))
    turned.turns(45)
    assert turned.network.public == set()
    turned.turns(60)
    assert turned.stand.read(planned).status is Status.PUBLISHED


def test_while_no_network_tells_the_time_what_is_missed_is_told(turned: Turned) -> None:
    planned = turned.stand.plan("Nobody answers", due_in=900, lateness=10)
    turned.turns(2)
    turned.traveller.shift(890)
    turned.network.answer("server_time", *(RetryLater(Reason.NETWORK_DOWN) for _ in range(60)))
    turned.turns(140, seconds=5)
    assert turned.network.public == set()
    assert turned.stand.read(planned).status is Status.MISSED


def test_after_a_jump_back_a_doubt_is_looked_at_and_a_pause_not_longer(turned: Turned) -> None:
    stand = turned.stand  # noqa: F811 - the fixture's
    planned = stand.plan("In doubt", due_in=60)
    turned.network.answer("show", Unsure(Reason.NO_ANSWER))
    turned.network.answer("look", Look(Seen.HIDDEN), Look(Seen.UNKNOWN))
    turned.turns(62)
    assert stand.read(planned).status is Status.UNSURE
    with stand.database.writes() as session:
        leases.pause(session, stand.channel_id, clock.now() + timedelta(minutes=5))
    turned.traveller.shift(-3600)
    began = turned.monotonic
    turned.turns(61, seconds=5)
    with stand.database.reads() as session:
        paused = session.get_one(ChannelLease, stand.channel_id).paused_until
    assert paused is not None
    assert paused < clock.now()
    turned.turns(5)
    assert turned.network.asked["look"]
    assert turned.monotonic - began < 400
    assert stand.read(planned).status is not Status.PUBLISHING


def test_a_database_that_is_away_for_a_minute_ends_nothing(
    turned: Turned, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = turned.stand.plan("Afterwards", due_in=30)
    turned.turns(2)

    def away(*_given: object) -> None:
        raise OperationalError("select", {}, ConnectionRefusedError())

    with monkeypatch.context() as broken:
        broken.setattr(clock_module, "soon", away)
        broken.setattr(leases, "bury_dead", away)
        turned.turns(60)
    assert turned.stand.read(planned).status in (Status.PLANNED, Status.STAGED)
    turned.turns(3)
    assert turned.stand.read(planned).status is Status.PUBLISHED
    assert turned.network.public == {"made-1"}
