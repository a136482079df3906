"""When a law changes a time zone, the hour on the clock stays and the instant moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from app.domain.publications import Status
from app.domain.warnings import Code
from app.errands import warnings, zones
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.history import Event
from app.models.notices import Notice
from app.models.publications import Publication
from tests import plans
from tests.cast import gather


def wall(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """What a clock on the wall shows."""
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - in no zone


@pytest.mark.parametrize(
    ("local", "fold", "instant"),
    [
        (wall(2027, 3, 28, 3, 30), 0, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (wall(2027, 10, 31, 3, 30), 0, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (wall(2027, 10, 31, 3, 30), 1, datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_wall_times_on_the_two_nights(local: datetime, fold: int, instant: datetime) -> None:
    assert zones.meant(local, "Europe/Helsinki", fold, instant + timedelta(hours=5)) == instant


def test_a_zone_that_nobody_knows_any_more_changes_nothing() -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    assert zones.meant(wall(2027, 1, 1, 2, 0), "Europe/Nowhere", 0, at) == at


def test_publications_follow_the_clock_on_the_wall(
    database: Database, tmp_path: Path, traveller: time_machine.Traveller
) -> None:
    keys = keyring(tmp_path, "")
    ground = Ground(Settings(_env_file=None, data_dir=tmp_path), database, keys)
    with database.writes() as session:
        cast = gather(session)
        ids = {}
        for status in (Status.PLANNED, Status.STAGED, Status.HELD, Status.PUBLISHED):
            # On one channel each: they are all of the same hour.
            channel = plans.channel(session, cast.koivuranta, keys, f"For {status}", checked_at=clock.now())
            post = plans.post(session, cast.koivuranta, cast.editor)
            right = plans.publication(session, post, channel, status, 24 * 60)
            ids[status] = right.id
            # As if the rules had said otherwise when it was planned.
            right.due_at += timedelta(hours=1)
            right.step_at = None if status is Status.HELD else right.due_at - timedelta(minutes=2)
        fine = plans.publication(session, plans.post(session, cast.koivuranta, cast.editor), channel)
        whole = plans.publication(
            session, plans.post(session, cast.koivuranta, cast.editor), channel, minutes=9
        )
        whole.due_at += timedelta(milliseconds=300)
    changed = zones.recompute(ground)
    assert set(changed) == {ids[one] for one in (Status.PLANNED, Status.STAGED, Status.HELD)}
    assert zones.recompute(ground) == []
    with database.reads() as session:
        rows = {one: session.get_one(Publication, publication_id) for one, publication_id in ids.items()}
        told = session.scalars(select(Notice.publication_id).where(Notice.code == Code.TIME_CHANGED)).all()
        written = session.scalars(select(Event.thing_id).where(Event.verb == "zone_changed")).all()
        assert session.get_one(Publication, fine.id).version == 1
    for one in (Status.PLANNED, Status.STAGED, Status.HELD):
        there = rows[one].local_due.replace(tzinfo=ZoneInfo(rows[one].zone))
        assert rows[one].due_at == there.astimezone(UTC)
    assert [rows[one].status for one in ids] == [
        Status.PLANNED, Status.PLANNED, Status.HELD, Status.PUBLISHED,
    ]  # fmt: skip
    assert rows[Status.STAGED].step_at == rows[Status.STAGED].due_at - timedelta(minutes=2)
    assert rows[Status.HELD].step_at is None
    assert set(told) == set(written) == set(changed)
    warnings.look_out(ground)
    assert standing(database) == 3, "it can't be looked up anew, and stays until its time"
    traveller.shift(timedelta(days=2))
    warnings.look_out(ground)
    assert standing(database) == 0


def standing(database: Database) -> int:
    """How many changed hours are warned of."""
    with database.reads() as session:
        still = select(Notice.id).where(Notice.code == Code.TIME_CHANGED, Notice.ended_at.is_(None))
        return len(session.scalars(still).all())
