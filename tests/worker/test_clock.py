"""The publishing clock with real time: on its second, pages side by side, wakened at once, ended well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import publications
from app.domain.publications import AttemptKind, Status
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.attempts import Attempt
from app.models.leases import ChannelLease, Run
from app.worker.clock import PublishingClock
from tests.support.practice import PracticeServer
from tests.support.stand import Stand, build, more_channels
from tests.support.waiting import comes


@pytest.fixture
def stand(database: Database, tmp_path: Path) -> Iterator[Stand]:
    """A library whose network is quick."""
    with PracticeServer(tmp_path) as practice:
        practice.switches(latency_ms=5, list_lag_seconds=0)
        settings = Settings(data_dir=tmp_path, practice_port=practice.port, _env_file=None)
        yield build(database, practice, settings)


@pytest.fixture
def clock(stand: Stand) -> Iterator[PublishingClock]:
    """A running clock."""
    clock = PublishingClock(stand.ground)
    clock.start()
    yield clock
    clock.stop()


def test_on_its_second_and_together(stand: Stand, clock: PublishingClock) -> None:
    channels = [stand.channel_id, *more_channels(stand, 3)]
    planned = []
    for channel_id in channels:
        stand.channel_id = channel_id
        planned.append(stand.plan(f"On {channel_id}", due_in=2.5))
    clock.wake()
    assert comes(lambda: all(stand.read(one).status is Status.PUBLISHED for one in planned), every=0.05)
    with stand.database.reads() as session:
        starts = session.execute(
            select(Attempt.publication_id, Attempt.started_at).where(Attempt.kind == AttemptKind.SHOW)
        )
        late = [(row.started_at - stand.read(row.publication_id).due_at).total_seconds() for row in starts]
    assert len(late) == 4
    assert min(late) >= 0
    assert max(late) < 15  # on a busy machine; faults/test_on_time has one to itself


def test_publish_now_wakes_it(stand: Stand, clock: PublishingClock) -> None:
    planned = stand.plan("Now, please", due_in=3600)
    with stand.database.writes() as session:
        publications.publish_now(session, stand.writer, planned)
    clock.wake()
    assert comes(lambda: stand.read(planned).status is Status.PUBLISHED, every=0.05)
    assert clock.ticked_at is not None


def test_its_end_gives_everything_back(stand: Stand, clock: PublishingClock) -> None:
    planned = stand.plan("Soon", due_in=600)
    clock.wake()
    assert comes(lambda: clock.ticked_at is not None)
    clock.stop()
    with stand.database.reads() as session:
        assert session.scalars(select(Run.ended_at)).one() is not None
        assert session.scalars(select(ChannelLease.run_id)).all() == [None]
    assert stand.read(planned).status is Status.PLANNED


def test_a_broken_channel_delays_no_other(stand: Stand, clock: PublishingClock) -> None:
    broken, sound = stand.channel_id, more_channels(stand, 1)[0]
    stand.practice.switches(page=stand.page, hang_seconds=4)
    stand.channel_id = broken
    slow = stand.plan("Slow", due_in=1)
    stand.channel_id = sound
    quick = stand.plan("Quick", due_in=1)
    clock.wake()
    assert comes(lambda: stand.read(quick).status is Status.PUBLISHED, every=0.05)
    stand.practice.switches(page=stand.page, hang_seconds=0)
    assert comes(lambda: stand.read(slow).status is Status.PUBLISHED, every=0.05)
    assert stand.public() == ["Slow"]
    first, second = stand.read(quick).published_at, stand.read(slow).published_at
    assert first
    assert second
    assert first < second
