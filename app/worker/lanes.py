"""Lanes: per channel a queue of visible calls, of doubts, of quiet ones, of long files; on bounded pools."""

import threading
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from app.errands.ground import Ground, Line, line_to
from app.errands.leases import NotOurs
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.worker.turns import Turns

QUIET_THREADS = 16
DOUBT_THREADS = 8
LONG_THREADS = 4
# Threads that hang in calls of slow channels, beside those of a lane.
HANGING_MOST = 64
# Seconds: after that a call hangs, so that its thread counts no more and its channel keeps to the others'.
SLOW = 3.0
# Seconds that a long file is sent while others wait for their turn.
LONG_TURN = 60.0
# Seconds that a line, with its token opened, is used again for a lane's next job.
_LINE_GOOD_FOR = 2.0
_log = logs.get(__name__)


class Lane(StrEnum):
    """A channel's lanes: visible calls, one at a time, never wait for quiet ones, nor these for files.

    Nor does a look at what may be public wait for what is being laid ready.
    """

    SHOW = "show"
    DOUBT = "doubt"
    QUIET = "quiet"
    LONG = "long"


@dataclass(frozen=True)
class Job:
    """Something to do on a channel's line. Of jobs with the same `name` only one is in hand at a time.

    `locked_out`: what is done instead when the channel's token doesn't open. `unit_id`: whose it is; units
    take turns, and within each its channels.
    """

    name: Hashable
    channel_id: int
    lane: Lane
    work: Callable[[Line], None]
    locked_out: Callable[[], None]
    unit_id: int = 0


class Lanes:
    """Does jobs in order within a channel's lane, lanes beside each other.

    `rested`: called when a channel's lane runs empty and all went well. After a job that failed it is not:
    its row is as due as before, and would be taken up again without end or pause.
    """

    def __init__(self, ground: Ground, show_threads: int, rested: Callable[[], None]) -> None:
        self._ground = ground
        self._lock = threading.Lock()
        self._names: set[Hashable] = set()
        self._closing = threading.Event()
        sizes = {
            Lane.SHOW: show_threads, Lane.DOUBT: DOUBT_THREADS, Lane.QUIET: QUIET_THREADS,
            Lane.LONG: LONG_THREADS,
        }  # fmt: skip
        self._pools = {
            lane: _Pool(lane, most, self._lock, self._do, self._forget, rested)
            for lane, most in sizes.items()
        }
        self._lines: dict[tuple[int, Lane], tuple[Line, float]] = {}

    def busy_channels(self) -> set[int]:
        """Ids of the channels with work in hand."""
        with self._lock:
            return {channel_id for pool in self._pools.values() for channel_id in pool.channels()}

    def in_hand(self) -> frozenset[Hashable]:
        """Names of the jobs that wait or run."""
        with self._lock:
            return frozenset(self._names)

    def take(self, job: Job) -> None:
        """Put a job at the end of its lane, unless one of its name is in hand already."""
        with self._lock:
            if self._closing.is_set() or job.name in self._names:
                return
            self._names.add(job.name)
            self._pools[job.lane].add(job)

    def look_after(self) -> None:
        """See which calls hang, and let others go on in their place; to be called every second or so."""
        now = clock.monotonic()
        with self._lock:
            for pool in self._pools.values():
                pool.look_after()
            for key in [key for key, (_, at) in self._lines.items() if now - at >= _LINE_GOOD_FOR]:
                del self._lines[key]

    def going(self) -> bool:
        """Whether a long file may still be sent by the thread that asks; else it goes on at its next turn."""
        return not self._closing.is_set() and not self._pools[Lane.LONG].turn_is_over(LONG_TURN)

    def close(self) -> None:
        """Take nothing more, and wait for the calls that are under way; what waits in a lane is left."""
        with self._lock:
            self._closing.set()
            for pool in self._pools.values():
                self._forget(pool.empty())
        for pool in self._pools.values():
            pool.shut()

    def _forget(self, jobs: Iterable[Job]) -> None:
        self._names.difference_update(job.name for job in jobs)

    def _do(self, job: Job) -> bool:
        """Do a job on a worker's thread; whether all went well."""
        try:
            line = self._line(job)
            if line is None:
                job.locked_out()
            else:
                job.work(line)
        except NotOurs:
            _log.info("leased to another run", job=str(job.name), channel=job.channel_id)
            return False
        except Exception:  # noqa: BLE001 - logged, and the clock goes on
            # One broken publication must not stop its channel; its row is taken up again.
            _log.exception("job failed", job=str(job.name), channel=job.channel_id)
            return False
        return True

    def _line(self, job: Job) -> Line | None:
        key = (job.channel_id, job.lane)
        kept = self._lines.get(key)
        if kept and clock.monotonic() - kept[1] < _LINE_GOOD_FOR:
            return kept[0]
        try:
            with self._ground.database.reads() as session:
                line = line_to(session, self._ground, job.channel_id)
        except CannotOpen:
            _log.warning("token doesn't open", channel=job.channel_id)
            return None
        with self._lock:
            self._lines[key] = (line, clock.monotonic())
        return line


class _Pool:
    """The threads of one kind of lane. All but `shut` and `turn_is_over` is called under the lanes' lock.

    At most `most` jobs run, and beside them those that hang: a hanging page holds up nobody else for longer
    than `SLOW` seconds. What comes next of its channel waits until few hang.
    """

    def __init__(
        self,
        lane: Lane,
        most: int,
        lock: threading.Lock,
        do: Callable[[Job], bool],
        forget: Callable[[Iterable[Job]], None],
        rested: Callable[[], None],
    ) -> None:
        self._most, self._lock, self._do, self._forget, self._rested = most, lock, do, forget, rested
        # Long files take their time, and hang for nobody's fault.
        self._slow_after = float("inf") if lane is Lane.LONG else SLOW
        self._threads = ThreadPoolExecutor(most + HANGING_MOST, lane.value)
        self._turns: Turns[Job] = Turns()
        self._running: dict[int, float] = {}
        self._slow: set[int] = set()
        self._failed: set[int] = set()
        self._began = threading.local()

    def channels(self) -> set[int]:
        """Ids of the channels with jobs here."""
        return self._turns.channels() | self._running.keys()

    def add(self, job: Job) -> None:
        """One more job, begun at once if there is room."""
        # Posts of one channel go out in the order of their times, whoever's they are.
        self._turns.add(0 if job.lane is Lane.SHOW else job.unit_id, job.channel_id, job)
        self.fill()

    def look_after(self) -> None:
        """See which calls hang; others may begin in their place."""
        now = clock.monotonic()
        self._slow |= {one for one, began in self._running.items() if now - began >= self._slow_after}
        self.fill()

    def fill(self) -> None:
        """Begin as many jobs as there is room for."""
        now = clock.monotonic()
        slow = sum(one in self._slow for one in self._running) if self._slow else 0
        room = self._most - (len(self._running) - slow)
        while self._turns:
            shut = set(self._running)
            if slow >= HANGING_MOST:
                shut |= self._slow
            if room <= 0:
                # Only what is known to be slow: it takes nobody's place.
                if not self._slow:
                    return
                shut |= self._turns.channels() - self._slow
            job = self._turns.next(shut)
            if job is None:
                return
            self._running[job.channel_id] = now
            if job.channel_id in self._slow:
                slow += 1
            else:
                room -= 1
            self._threads.submit(self._run, job)

    def empty(self) -> list[Job]:
        """Take out what waits."""
        return self._turns.empty()

    def turn_is_over(self, seconds: float) -> bool:
        """Whether the calling thread has worked so long at its job that others, who wait, may go on."""
        began = getattr(self._began, "at", None)
        if began is None or clock.monotonic() - began <= seconds:
            return False
        with self._lock:
            return bool(self._turns.channels() - {self._began.channel})

    def shut(self) -> None:
        """Wait for what is under way."""
        self._threads.shutdown(wait=True)

    def _run(self, job: Job) -> None:
        self._began.at = clock.monotonic()
        self._began.channel = job.channel_id
        well = self._do(job)
        with self._lock:
            self._forget([job])
            # By the same clock as `look_after`: what was seen to hang has hung.
            hung = clock.monotonic() - self._running.pop(job.channel_id) >= self._slow_after
            (self._slow.add if hung else self._slow.discard)(job.channel_id)
            if not well:
                self._failed.add(job.channel_id)
            last = job.channel_id not in self._turns.channels()
            rests = last and job.channel_id not in self._failed
            if last:
                self._failed.discard(job.channel_id)
            self.fill()
        if rests:
            self._rested()
