"""A worker without threads: the real clock, leases and lanes, turned by hand."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from app.errands import installations, leases, restored
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Database
from app.models.leases import ChannelLease
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from app.worker.clock import BEAT, HEARTBEAT, PublishingClock
from app.worker.lanes import Job, Lanes
from tests.faults.inside import PracticeInside


class _Lanes(Lanes):
    """Lanes without threads: every job is done there and then, with the sign-in as it is.

    The network marks what it makes with the publication that is worked on.
    """

    def __init__(self, ground: Ground, practice: PracticeInside) -> None:
        super().__init__(ground, 1, lambda: None)
        self._practice = practice

    def take(self, job: Job) -> None:
        """Do it now."""
        self._lines.clear()
        self._practice.mark = job.name if isinstance(job.name, int) else None
        try:
            self._do(job)
        finally:
            self._practice.mark = None


class Worker:
    """One `kuliss worker`. Begins at once; `die` ends it as a kill does, `end` as SIGTERM does."""

    def __init__(self, ground: Ground, practice: PracticeInside) -> None:
        self.found = installations.begin(ground)
        self._ground = ground
        self.clock = PublishingClock(ground)
        self.clock._lanes.close()
        self.clock._lanes = _Lanes(ground, practice)
        self.clock.begin()

    @property
    def life(self) -> leases.Life:
        """Its run."""
        assert self.clock._life is not None
        return self.clock._life

    def turn(self) -> None:
        """One turn of the clock."""
        self.clock.turn()
        if self.found is installations.Found.COPIED:
            restored.look_up(self._ground)

    def die(self) -> None:
        """As by SIGKILL: nothing is given back, only the lock's connection goes with the process."""
        if self.life.lock is not None:
            with suppress(Exception):
                self.life.lock.close()

    def end(self) -> None:
        """Give everything back."""
        leases.end(self._ground.database, self.life)


def pause_until_next(database: Database) -> float | None:
    """Seconds until the clock has something to do, as far as the database tells; None: nothing, ever.

    What is overdue now is tried again at the next beat.
    """
    now = clock.now()
    with database.reads() as session:
        steps = session.execute(
            select(Publication.step_at, ChannelLease.paused_until)
            .outerjoin(ChannelLease, ChannelLease.channel_id == Publication.channel_id)
            .where(Publication.step_at.is_not(None))
        ).all()
        discards = session.scalars(select(RemoteObject.discard_at))
        waits = [_until(now, step_at or now, paused) for step_at, paused in steps]
        waits += [max((one - now).total_seconds(), HEARTBEAT.total_seconds()) for one in discards if one]
    return max(min(waits), BEAT) if waits else None


def _until(now: datetime, step_at: datetime, paused_until: datetime | None) -> float:
    if step_at > now:
        return (step_at - now).total_seconds()
    return (paused_until - now).total_seconds() if paused_until and paused_until > now else BEAT
