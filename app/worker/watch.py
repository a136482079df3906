"""Watch: whether the machine's clock has jumped. Early is as bad as late, so a network is asked then."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.connectors.failures import ConnectorFailure, Rejected
from app.domain.publications import Status
from app.errands.ground import Line
from app.foundation import clock, logs
from app.foundation.database import Database
from app.models.leases import ChannelLease
from app.models.publications import Publication

# Less is what a time server corrects now and then.
JUMP = timedelta(seconds=30)
# So far ahead of the network's own time nothing is shown.
AHEAD_MOST = timedelta(seconds=60)
_IN_DOUBT = (Status.PUBLISHING, Status.UNSURE, Status.PUBLISHED)
_log = logs.get(__name__)


class Watch:
    """Compares the wall clock with the one that never jumps."""

    def __init__(self) -> None:
        self._began = self._between()
        self._doubted = False

    def jumped(self) -> timedelta:
        """How far the wall clock has jumped since the last time: ahead, back (negative), or not at all."""
        between = self._between()
        jump = timedelta(seconds=between - self._began)
        self._began = between
        if abs(jump) < JUMP:
            return timedelta(0)
        # A machine that slept jumps too, and is right.
        _log.warning("the clock jumped", seconds=jump.total_seconds())
        self._doubted = jump > timedelta(0)
        return jump

    def trusts(self, line: Line, due_at: datetime, too_late: bool) -> bool:
        """Whether a time (UTC) has come, asked of the network after a jump ahead until it agrees with us.

        While it does not answer, only what is `too_late` is believed: that is not shown, and must be told.
        """
        if not self._doubted:
            return True
        now = clock.now()
        try:
            there = line.network.server_time(line.access)
        except Rejected:
            there = now
        except ConnectorFailure:
            return too_late
        self._doubted = now - there > AHEAD_MOST
        return not self._doubted or there >= due_at

    @staticmethod
    def _between() -> float:
        return clock.now().timestamp() - clock.monotonic()


def after_a_jump_back(database: Database, jump: timedelta, now: datetime) -> None:
    """What waited for a moment would now wait an hour more: doubts are looked at, pauses are shortened."""
    with database.writes() as session:
        session.execute(
            update(Publication)
            .where(Publication.status.in_(_IN_DOUBT), Publication.step_at > now)
            .values(step_at=now)
        )
        paused = session.query(ChannelLease).where(ChannelLease.paused_until > now).with_for_update().all()
        for lease in paused:
            assert lease.paused_until is not None
            lease.paused_until += jump
