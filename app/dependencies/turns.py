"""Turns at work that takes seconds, so that many who wait for it don't take the threads of all others."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")
AT_ONCE = 4  # pictures are read one after the other; some more may be copied and stored meanwhile
_limiters: RunVar[CapacityLimiter] = RunVar("picture_turns")


def in_turn(work: Callable[[], T]) -> Awaitable[T]:
    """Do the work in one of a few threads of its own; who waits for one takes none. Called by `async def`."""
    try:
        limiter = _limiters.get()
    except LookupError:
        limiter = CapacityLimiter(AT_ONCE)
        _limiters.set(limiter)
    return to_thread.run_sync(work, limiter=limiter)
