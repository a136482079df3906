"""Progress of a long file: written down now and then, and whether to go on sending it."""

from collections.abc import Callable
from datetime import timedelta

from app.domain.publications import Status
from app.errands.ground import Ground
from app.errands.settle import Case
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import move_fenced

EVERY = timedelta(seconds=3)


def always() -> bool:
    """Nothing asks to stop."""
    return True


class Progress:
    """What `Outgoing.carry_on` asks. `stopped`: it has said no, so that what was sent is gone on with later.

    `going`: False when this process ends, or when others wait for their turn.
    """

    def __init__(self, ground: Ground, lease: Lease, case: Case, going: Callable[[], bool]) -> None:
        self._ground, self._lease, self._case, self._going = ground, lease, case, going
        self._written_at: float | None = None
        self.stopped = False

    def __call__(self, sent: int, of: int) -> bool:
        """Whether to go on, after `sent` of `of` bytes: no when told to stop, or when the plan changed."""
        self.stopped = self.stopped or not self._going() or not self._still_wanted(sent, of)
        return not self.stopped

    def _still_wanted(self, sent: int, of: int) -> bool:
        """Asked every few seconds: no other run has the channel, and no person changed the plan."""
        now = clock.monotonic()
        if self._written_at is not None and now - self._written_at < EVERY.total_seconds():
            return True
        self._written_at = now
        percent = min(100, sent * 100 // of) if of else None
        with self._ground.database.writes() as session:
            return move_fenced(
                session, self._case.id, Status.PLANNED, Status.PLANNED, self._lease, clock.now(),
                version=self._case.version, progress=percent,
            )  # fmt: skip
