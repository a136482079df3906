"""The clock and its rhythms, started and ended together."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errands import installations
from app.errands.ground import Ground
from app.worker import ticks
from app.worker.clock import PublishingClock


@contextmanager
def running_clock(ground: Ground) -> Iterator[PublishingClock]:
    """Run the publishing clock and the slower rhythms for the block; its end waits for what is under way."""
    installations.begin(ground)
    clock = PublishingClock(ground)
    clock.start()
    scheduler = ticks.start(ground)
    try:
        yield clock
    finally:
        # First what the public sees: it is drained, and others may take the channels over.
        scheduler.pause()
        clock.stop()
        scheduler.shutdown(wait=True)
