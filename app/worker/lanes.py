"""Lanes: per channel one queue of visible calls and one of quiet ones, on bounded pools of threads."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from app.errands.ground import Ground, Line, line_to
from app.errands.leases import NotOurs
from app.foundation import logs
from app.foundation.crypto import CannotOpen

QUIET_THREADS = 16
_log = logs.get(__name__)


class Lane(StrEnum):
    """Two lanes a channel: the visible calls, one at a time, never wait for the quiet ones."""

    SHOW = "show"
    QUIET = "quiet"


@dataclass(frozen=True)
class Job:
    """Something to do on a channel's line. Of jobs with the same `name` only one is in hand at a time.

    `locked_out`: what is done instead when the channel's token doesn't open.
    """

    name: Hashable
    channel_id: int
    lane: Lane
    work: Callable[[Line], None]
    locked_out: Callable[[], None]


Key = tuple[int, Lane]


class Lanes:
    """Does jobs in order within a lane, lanes beside each other.

    `rested`: called when a lane runs empty and all went well. After a job that failed it is not: its row is
    as due as before, and would be taken up again without end or pause.
    """

    def __init__(self, ground: Ground, show_threads: int, rested: Callable[[], None]) -> None:
        self._ground = ground
        self._rested = rested
        self._lock = threading.Lock()
        self._queues: dict[Key, deque[Job]] = {}
        self._names: set[Hashable] = set()
        self._closing = False
        self._pools = {
            Lane.SHOW: ThreadPoolExecutor(show_threads, "show"),
            Lane.QUIET: ThreadPoolExecutor(QUIET_THREADS, "quiet"),
        }

    def busy_channels(self) -> set[int]:
        """Ids of the channels with work in hand."""
        with self._lock:
            return {channel_id for channel_id, _lane in self._queues}

    def take(self, job: Job) -> None:
        """Put a job at the end of its lane, unless one of its name is in hand already."""
        key = (job.channel_id, job.lane)
        with self._lock:
            if self._closing or job.name in self._names:
                return
            self._names.add(job.name)
            waiting = self._queues.get(key)
            if waiting is not None:
                waiting.append(job)
                return
            self._queues[key] = deque([job])
        self._pools[job.lane].submit(self._run, key)

    def close(self) -> None:
        """Take nothing more, and wait for the calls that are under way; what waits in a lane is left."""
        with self._lock:
            self._closing = True
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _run(self, key: Key) -> None:
        line: Line | None = None
        well = True
        while (job := self._next(key)) is not None:
            try:
                line = line or self._line(job.channel_id)
                if line is None:
                    job.locked_out()
                else:
                    job.work(line)
            except NotOurs:
                well = False
                _log.info("leased to another run", job=str(job.name), channel=job.channel_id)
            except Exception:  # noqa: BLE001 - logged, and the clock goes on
                # One broken publication must not stop its channel; its row is taken up again.
                well = False
                _log.exception("job failed", job=str(job.name), channel=job.channel_id)
            finally:
                with self._lock:
                    self._names.discard(job.name)
        if well:
            self._rested()

    def _next(self, key: Key) -> Job | None:
        with self._lock:
            waiting = self._queues[key]
            if waiting and not self._closing:
                return waiting.popleft()
            del self._queues[key]
            self._names.difference_update(job.name for job in waiting)
            return None

    def _line(self, channel_id: int) -> Line | None:
        try:
            with self._ground.database.reads() as session:
                return line_to(session, self._ground, channel_id)
        except CannotOpen:
            _log.warning("token doesn't open", channel=channel_id)
            return None
