"""Numbers per day of a page or profile, as a network tells them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DayNumbers:
    """One day, as the network counts days: our metric name -> count, None (never 0) where it does not tell.

    `sources`: our metric name -> the network's name, of those asked.
    """

    day: date
    values: dict[str, int | None]
    sources: dict[str, str]


@dataclass(frozen=True)
class DaysTold:
    """What a network told of some days. `followers`: how many there are now, None when that is not told.

    A day of which nothing was told is left out. `dead`: network names that no longer exist.
    """

    days: tuple[DayNumbers, ...]
    followers: int | None = None
    dead: tuple[str, ...] = ()
