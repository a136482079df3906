"""What `kuliss check` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at: is it well, and in words."""

    well: bool
    words: str
