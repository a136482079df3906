"""The promised rhythm: hours that a channel keeps for posts, which of them are free, and what is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import product


@dataclass(frozen=True)
class Hour:
    """An hour of the week. `weekday`: 1 is Monday, 7 is Sunday (ISO 8601); `local_time` is wall time."""

    weekday: int
    local_time: time

    def on(self, monday: date) -> datetime:
        """The naive wall time of this hour in the week that begins on a Monday."""
        return datetime.combine(monday + timedelta(days=self.weekday - 1), self.local_time)


class Kept(StrEnum):
    """How many posts a week has against what was promised."""

    SHORT = "short"
    KEPT = "kept"
    OVER = "over"


@dataclass(frozen=True)
class Promise:
    """Posts a week that a channel promises. `at_most` None: no upper end."""

    at_least: int
    at_most: int | None = None

    def kept(self, planned: int) -> Kept:
        """Where a week with so many posts stands."""
        if planned < self.at_least:
            return Kept.SHORT
        return Kept.OVER if self.at_most is not None and planned > self.at_most else Kept.KEPT

    def is_full(self, planned: int) -> bool:
        """Whether a week with so many posts has room for no more."""
        return self.at_most is not None and planned >= self.at_most


def free(hours: Iterable[datetime], taken: Iterable[datetime]) -> list[datetime]:
    """The hours of a channel that no post has taken, in order; all are naive wall times of one zone.

    A post takes the nearest hour of its day, also when it goes out a little earlier or later; the closest
    pairs are matched first, and each post takes at most one.
    """
    open_hours, posts = sorted(hours), list(taken)
    pairs = [
        (abs(hour - post), place, hour)
        for hour, (place, post) in product(open_hours, enumerate(posts))
        if hour.date() == post.date()
    ]
    settled: set[int] = set()
    gone: set[datetime] = set()
    for _, place, hour in sorted(pairs):
        if place not in settled and hour not in gone:
            settled.add(place)
            gone.add(hour)
    return [hour for hour in open_hours if hour not in gone]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def in_order(hours: Iterable[Hour]) -> Sequence[Hour]:
    """Each hour once, from Monday's first to Sunday's last."""
    return sorted(set(hours), key=lambda hour: (hour.weekday, hour.local_time))
