"""The only reader of the time. Everything else asks here or is handed an instant."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds of a clock that never jumps; only differences mean anything."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Let `seconds` pass; for waits too short to be worth another look at the database."""
    time.sleep(seconds)
