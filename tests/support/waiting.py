"""Waiting for what other threads, processes or a browser bring about. What a clock decides gets a clock."""

import time
from collections.abc import Callable


def comes(done: Callable[[], object], seconds: float = 30, every: float = 0.01) -> bool:
    """Whether something comes true within so many seconds; it is looked at again and again until then.

    Say `assert comes(...)`, so that the test shows what it is about.
    """
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True
