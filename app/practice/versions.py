"""Which versions live (Meta, Graph API, changelog of versions). A dead one is served by the oldest living."""

from datetime import UTC, datetime

# None: no end announced.
LIVES: dict[str, datetime | None] = {
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": datetime(2027, 5, 20, tzinfo=UTC),
    "v23.0": datetime(2027, 10, 8, tzinfo=UTC),
    "v24.0": datetime(2028, 2, 18, tzinfo=UTC),
    "v25.0": datetime(2028, 7, 29, tzinfo=UTC),
    "v26.0": None,
}


def served(asked: str | None, default: str, now: datetime) -> str:
    """The version that answers a call. asked: "v25.0", or None for a call without one."""
    alive = [name for name, until in LIVES.items() if until is None or now < until]
    wanted = asked or default
    return wanted if wanted in alive else alive[0]


def number(version: str) -> int:
    """25 for "v25.0"."""
    return int(version[1:].partition(".")[0])


def is_version(segment: str) -> bool:
    """Whether the first part of a path is a version."""
    major, dot, minor = segment[1:].partition(".")
    return segment.startswith("v") and dot == "." and major.isdigit() and minor.isdigit()
