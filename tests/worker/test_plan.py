"""What the clock finds to do: on a paused channel no call, and yet everything is told in time."""

from datetime import timedelta

import pytest

from app.domain.publications import Status
from app.errands import leases
from app.errands.ground import line_to
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import Publication
from app.worker.lanes import Lane
from app.worker.plan import Step, job, soon
from tests.errands.conftest import lender, practice, practice_folder, practice_server, stand, traveller  # noqa: F401
from tests.support.stand import Stand


@pytest.mark.parametrize(
    ("status", "minutes", "found"),
    [
        (Status.PLANNED, -30, False),
        (Status.PLANNED, -61, True),
        (Status.STAGED, -61, True),
        (Status.PROPOSED, -61, True),
        (Status.UNSURE, -61, False),
        (Status.PUBLISHING, -1, True),
    ],
)
def test_while_the_network_asks_us_to_wait(
    stand: Stand,  # noqa: F811 - the fixture
    status: Status,
    minutes: int,
    found: bool,
) -> None:
    planned = stand.plan(due_in=minutes * 60)
    with stand.database.writes() as session:
        row = session.get_one(Publication, planned)
        row.status, row.step_at = status, clock.now()
        leases.pause(session, stand.channel_id, clock.now() + timedelta(hours=5))
    assert bool(soon(stand.database, clock.now() + timedelta(seconds=2))) is found


def test_what_is_in_hand_is_not_read_again(stand: Stand) -> None:  # noqa: F811 - the fixture
    """Nor does it take the place of others."""
    first, second = stand.plan(due_in=60), stand.plan(due_in=70)
    until = clock.now() + timedelta(minutes=5)
    assert [step.publication_id for step in soon(stand.database, until)] == [first, second]
    assert [step.publication_id for step in soon(stand.database, until, {first, ("discard", 1)})] == [second]
    assert soon(stand.database, until, {first, second}) == []


def test_after_a_fault_of_our_own_it_rests_a_while(
    stand: Stand,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned = stand.plan(due_in=60)
    step = soon(stand.database, clock.now() + timedelta(minutes=5))[0]

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.worker.plan.stage.stage", broken)
    work = job(stand.ground, step, Lease(stand.channel_id, 1, 1)).work
    with stand.database.reads() as session, pytest.raises(ZeroDivisionError):
        work(line_to(session, stand.ground, stand.channel_id))
    waits = stand.read(planned).step_at
    assert waits is not None
    assert timedelta(seconds=20) < waits - clock.now() <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("status", "lane"),
    [
        (Status.PLANNED, Lane.QUIET),
        (Status.STAGED, Lane.SHOW),
        (Status.PUBLISHING, Lane.DOUBT),
        (Status.UNSURE, Lane.DOUBT),
    ],
)
def test_each_step_has_its_lane(status: Status, lane: Lane) -> None:
    now = clock.now()
    assert Step(1, 1, status, now, now).lane is lane
