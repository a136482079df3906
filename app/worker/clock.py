"""The publishing clock: a thread of its own that wakes for the next due second, or once a second."""

import threading
from datetime import datetime, timedelta

from app.errands import installations, leases
from app.errands.discard import Leftover, discard, leftovers, lock_out
from app.errands.ground import Ground, Line
from app.errands.leases import Life
from app.foundation import clock, logs
from app.models.leases import Lease
from app.worker.lanes import Job, Lane, Lanes
from app.worker.plan import Step, channels_soon, job, soon
from app.worker.watch import Watch, after_a_jump_back

AHEAD = timedelta(seconds=2)
BEAT = 1.0
NEAR = 0.06
HEARTBEAT = timedelta(seconds=10)
# In a crowd one look at the plan costs as much as several posts, and each lane that runs empty asks for one:
# after a look these have so many times as long as it took.
LEFT_TO_OTHERS = 10
_log = logs.get(__name__)


class PublishingClock:
    """Runs until `stop`. `wake` makes it look at once, for example after a person said "publish now".

    `ticked_at`: the instant (UTC) of its latest look at the plan; None before the first.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._lanes = Lanes(ground, ground.settings.show_threads, self._wake.set)
        self._thread = threading.Thread(target=self._run, name="publishing-clock", daemon=True)
        self._life: Life | None = None
        self._watch = Watch()
        self._beaten_at: datetime | None = None
        self._took = 0.0
        self.ticked_at: datetime | None = None

    def start(self) -> None:
        """Begin; earlier runs' unfinished work is looked at first."""
        self.begin()
        self._thread.start()

    def begin(self) -> Life:
        """Become a run without a thread, for whoever turns the clock by hand with `turn`."""
        life = leases.begin(self._ground.database)
        # From here on no restore exchanges the database beneath us; what was exchanged before is noticed.
        try:
            installations.recognise(self._ground)
        except BaseException:
            leases.let_go(life)
            raise
        self._life = life
        return life

    def wake(self) -> None:
        """Look at the plan now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is under way, give the leases back, end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        self._lanes.close()
        if self._life:
            leases.end(self._ground.database, self._life)

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait = self.turn()
            left = min(wait, self._took * LEFT_TO_OTHERS)
            self._stopping.wait(left)
            self._wake.wait(wait - left)
            self._wake.clear()

    def turn(self) -> float:
        """One look at runs, leases and the plan; returns the seconds until the next. Raises nothing."""
        try:
            assert self._life is not None
            jump = self._watch.jumped()
            if jump < timedelta(0):
                after_a_jump_back(self._ground.database, jump, clock.now())
            self._beat(self._life)
            return self._tick(self._life)
        except Exception:  # noqa: BLE001 - logged with its trace
            # A database that is away for a moment must not end the clock.
            _log.exception("tick failed")
            return BEAT

    def _tick(self, life: Life) -> float:
        """One look at the plan; returns the seconds until the next."""
        self._lanes.look_after()
        began = clock.monotonic()
        steps = soon(self._ground.database, clock.now() + AHEAD, self._lanes.in_hand())
        leases.claim(self._ground.database, life, {step.channel_id for step in steps})
        self._took = clock.monotonic() - began
        while True:
            steps = self._dispatch(life, steps)
            self.ticked_at = clock.now()
            if not steps:
                return BEAT
            wait = (min(step.at for step in steps) - clock.now()).total_seconds()
            if wait > NEAR:
                return min(wait - NEAR / 2, BEAT)
            # So near that another look at the database would make it late.
            clock.pause(max(wait, 0.0))

    def _dispatch(self, life: Life, steps: list[Step]) -> list[Step]:
        """Give the lanes what is due; returns what is not yet. Channels leased to others are theirs."""
        now = clock.now()
        later = []
        for step in steps:
            lease = life.leases.get(step.channel_id)
            if lease is None:
                continue
            if step.at > now:
                later.append(step)
            else:
                self._lanes.take(job(self._ground, step, lease, self._lanes.going, self._watch.trusts))
        return later

    def _beat(self, life: Life) -> None:
        """Find dead runs; every few seconds keep our leases, give back idle ones, clear leftovers."""
        database = self._ground.database
        leases.bury_dead(database, life)
        now = clock.now()
        if self._beaten_at and timedelta(0) <= now - self._beaten_at < HEARTBEAT:
            return
        self._beaten_at = now
        if not leases.still_alive(life):
            _log.warning("lock lost, a new run begins", run=life.run_id)
            leases.let_go(life)
            life = self.begin()
        else:
            installations.recognise(self._ground)
        self._clear_leftovers(life, now)
        near = channels_soon(database, now + timedelta(minutes=1))
        with database.writes() as session:
            leases.release(session, life, set(life.leases) - self._lanes.busy_channels() - near)
            leases.renew(session, life, now)

    def _clear_leftovers(self, life: Life, now: datetime) -> None:
        found = leftovers(self._ground, now)
        leases.claim(self._ground.database, life, {one.channel_id for one in found})
        for one in found:
            lease = life.leases.get(one.channel_id)
            if lease is not None:
                self._lanes.take(self._discarding(one, lease))

    def _discarding(self, leftover: Leftover, lease: Lease) -> Job:
        def work(line: Line) -> None:
            discard(self._ground, line, lease, leftover)

        def locked_out() -> None:
            lock_out(self._ground, leftover)

        return Job(("discard", leftover.id), leftover.channel_id, Lane.QUIET, work, locked_out)
