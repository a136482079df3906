"""The example library: how far it is, and in which order it is made."""

from datetime import datetime, timedelta
from enum import StrEnum

# Whoever makes it says so every few seconds; after this long without a word they are gone.
GONE_AFTER = timedelta(minutes=2)
# The addresses of its people end like this: no mail can ever arrive there (RFC 2606, reserved names).
DOMAIN = ".example"


class State(StrEnum):
    """Whether the example can be looked at."""

    MAKING = "making"
    READY = "ready"
    GOING = "going"


class Part(StrEnum):
    """What is made, in this order."""

    PEOPLE = "people"
    PAGES = "pages"
    PICTURES = "pictures"
    PAST = "past"
    NUMBERS = "numbers"
    IDEAS = "ideas"
    COMING = "coming"
    WAITING = "waiting"
    RESULTS = "results"


PARTS = tuple(Part)


def percent(part: str, done: int, total: int) -> int:
    """How much of the whole is made, 0 to 100; each part counts alike."""
    if part not in PARTS:
        return 0
    share = min(1.0, done / total) if total else 0.0
    return int(100 * (PARTS.index(Part(part)) + share) / len(PARTS))


def is_left(state: State, beat_at: datetime, now: datetime) -> bool:
    """Whether whoever was making or removing it is gone, so that somebody else may go on (UTC)."""
    return state is not State.READY and now - beat_at > GONE_AFTER
