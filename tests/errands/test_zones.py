"""When a law changes a time zone, the hour on the clock stays and the instant moves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

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

MOVED = (Status.PLANNED, Status.STAGED, Status.HELD)


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


@dataclass
class Wrong:
    """Publications whose instants do not fit their wall times, by status; `fine`: one that does."""

    ground: Ground
    ids: dict[Status, int]
    fine: int

    def read(self, status: Status) -> Publication:
        """One of them as it is now."""
        with self.ground.database.reads() as session:
            return session.get_one(Publication, self.ids[status])

    def warned(self) -> set[int | None]:
        """Of which publications it is told that their hour has changed."""
        told = Notice.code == Code.TIME_CHANGED, Notice.ended_at.is_(None)
        with self.ground.database.reads() as session:
            return set(session.scalars(select(Notice.publication_id).where(*told)))


@pytest.fixture
def wrong(database: Database, tmp_path: Path, traveller: time_machine.Traveller) -> Wrong:
    """As if the rules had said otherwise when they were planned."""
    keys = keyring(tmp_path, "")
    ids = {}
    with database.writes() as session:
        cast = gather(session)
        for status in (*MOVED, Status.PUBLISHED):
            channel = plans.channel(session, cast.koivuranta, keys, f"For {status}", checked_at=clock.now())
            post = plans.post(session, cast.koivuranta, cast.editor)
            row = plans.publication(session, post, channel, status, 24 * 60)
            row.due_at += timedelta(hours=1)
            row.step_at = None if status is Status.HELD else row.due_at - timedelta(minutes=2)
            ids[status] = row.id
        fine = plans.publication(session, plans.post(session, cast.koivuranta, cast.editor), channel)
        fine.due_at += timedelta(milliseconds=300)
    return Wrong(Ground(Settings(_env_file=None, data_dir=tmp_path), database, keys), ids, fine.id)


def test_publications_follow_the_clock_on_the_wall(wrong: Wrong) -> None:
    changed = zones.recompute(wrong.ground)
    assert set(changed) == {wrong.ids[one] for one in MOVED}
    assert zones.recompute(wrong.ground) == []
    rows = {one: wrong.read(one) for one in wrong.ids}
    for one in MOVED:
        there = rows[one].local_due.replace(tzinfo=ZoneInfo(rows[one].zone))
        assert rows[one].due_at == there.astimezone(UTC)
    assert [row.status for row in rows.values()] == [
        Status.PLANNED, Status.PLANNED, Status.HELD, Status.PUBLISHED,
    ]  # fmt: skip
    assert rows[Status.STAGED].step_at == rows[Status.STAGED].due_at - timedelta(minutes=2)
    assert rows[Status.HELD].step_at is None


def test_rules_that_come_and_go_are_told_each_time(wrong: Wrong) -> None:
    """Two machines may not have the same rules yet: each turns the hour back, and none stands in the way."""
    ids = set(zones.recompute(wrong.ground))
    with wrong.ground.database.writes() as session:
        for row in session.scalars(select(Publication).where(Publication.id.in_(ids))):
            row.due_at += timedelta(hours=1)
        session.execute(update(Notice).values(ended_at=clock.now(), told=2))
    assert set(zones.recompute(wrong.ground)) == ids
    with wrong.ground.database.reads() as session:
        found = session.execute(select(Notice.publication_id, Notice.told, Notice.ended_at)).all()
    assert {tuple(row) for row in found} == {(one, 0, None) for one in ids}


def test_what_moved_is_written_down_and_told_until_its_time(
    wrong: Wrong, traveller: time_machine.Traveller
) -> None:
    changed = set(zones.recompute(wrong.ground))
    with wrong.ground.database.reads() as session:
        assert set(session.scalars(select(Event.thing_id).where(Event.verb == "zone_changed"))) == changed
        assert session.get_one(Publication, wrong.fine).version == 1
    warnings.look_out(wrong.ground)
    assert wrong.warned() == changed, "it can't be looked up anew, and stays until its time"
    traveller.shift(timedelta(days=2))
    warnings.look_out(wrong.ground)
    assert wrong.warned() == set()
