"""Time that passes only when it is let: an event loop and a machine's clock that are moved by hand.

Nothing waits for real, and the same steps take the same time in each run.
"""

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import time_machine

from app.foundation import clock
from tests.support.stand import begin_time

# Sums of fractions fall short of a whole by less.
GRAIN = 1e-5


@contextmanager
def no_other_loop() -> Iterator[None]:
    """A browser that the same process drove before leaves its loop marked as running: not in the block."""
    other = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(other)


class _Leaping(selectors.SelectSelector):
    """Does not wait: says how long it would have, and goes on."""

    def __init__(self, leap: Callable[[float], None]) -> None:
        super().__init__()
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready. Raises RuntimeError where nothing would ever happen."""
        found = super().select(0)
        if not found and timeout is None:
            raise RuntimeError("nothing would ever happen")
        if not found and timeout:
            self._leap(timeout)
        return found


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose seconds are the passage's."""

    def __init__(self, passage: "Passage") -> None:
        super().__init__(_Leaping(passage.leap))
        self._passage = passage

    def time(self) -> float:
        """Seconds that have passed."""
        return self._passage.passed


class Passage:
    """`passed`: seconds since the beginning. The machine's clock goes along, unless it `jumps`.

    `ahead`: seconds by which the machine's clock is ahead of the true time.
    """

    def __init__(self) -> None:
        self._traveller: time_machine.Traveller | None = None
        self.passed = 0.0
        self.ahead = 0.0
        self.loop = Loop(self)

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Time stands at a Monday morning when the block begins; what was under way before is given up."""
        self.give_up()
        self.ahead = 0.0
        with time_machine.travel(begin_time(), tick=False) as self._traveller:
            yield

    def leap(self, seconds: float) -> None:
        """Let time pass at once, whatever is under way."""
        assert self._traveller is not None
        self.passed += seconds + GRAIN
        self._traveller.shift(seconds + GRAIN)

    def wait(self, seconds: float) -> None:
        """Let time pass; calls that are under way go on, each at its moment."""
        if seconds > 0:
            self.loop.run_until_complete(asyncio.sleep(seconds))

    def jump(self, seconds: float) -> None:
        """Set the machine's clock wrong by so much more, or less; no time passes."""
        assert self._traveller is not None
        self.ahead += seconds
        self._traveller.shift(seconds)

    def true_time(self) -> datetime:
        """What a right clock would say (UTC)."""
        return clock.now() - timedelta(seconds=self.ahead)

    def give_up(self) -> None:
        """Nothing is under way any more."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))

    def close(self) -> None:
        """End the loop."""
        self.give_up()
        self.loop.close()
