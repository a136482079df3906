"""Until when Meta serves each version of its Graph API. A call to a dead one is served by the oldest living.

Source: Meta, Graph API, changelog: available versions; platform versioning. As told on 22 November 2026.
"""

from datetime import UTC, datetime

# None: no end announced yet.
USABLE_UNTIL: dict[str, datetime | None] = {
    "v20.0": datetime(2026, 9, 24, tzinfo=UTC),
    "v21.0": datetime(2027, 1, 21, tzinfo=UTC),
    "v22.0": datetime(2027, 5, 20, tzinfo=UTC),
    "v23.0": datetime(2027, 10, 8, tzinfo=UTC),
    "v24.0": datetime(2028, 2, 18, tzinfo=UTC),
    "v25.0": datetime(2028, 7, 29, tzinfo=UTC),
    "v26.0": None,
}


def is_known(version: str) -> bool:
    """Whether anything is known of a version, for example "v25.0"."""
    return version in USABLE_UNTIL


def usable_until(version: str) -> datetime | None:
    """Until when a version is served (UTC); None when no end is announced, or nothing is known of it."""
    return USABLE_UNTIL.get(version)
