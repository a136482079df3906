"""What the clock finds to do: on a paused channel no call, and yet everything is told in time."""

from datetime import timedelta

import pytest

from app.domain.publications import Status
from app.errands import leases
from app.foundation import clock
from app.models.publications import Publication
from app.worker.plan import soon
from tests.errands.conftest import practice, practice_folder, practice_server, stand, traveller  # noqa: F401
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
