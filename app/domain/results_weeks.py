"""Reach week by week: the course of a period, from the same lines that its middle is of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.results import Median, Period, median_of

A_WEEK = 7


class Told(Protocol):
    """What is asked of a line. day: as Python's ordinal number; reach: at 7 days, None where not told."""

    @property
    def day(self) -> int: ...
    @property
    def reach(self) -> int | None: ...


@dataclass(frozen=True)
class Week:
    """One week from Monday; of the first and the last of a period only the days within."""

    begins_on: date
    posts: int
    reach: Median


def weeks(lines: Iterable[Told], period: Period) -> Sequence[Week]:
    """Every week of a period in order, also those without a post."""
    parted: dict[int, list[int | None]] = defaultdict(list)
    for line in lines:
        parted[(line.day - 1) // A_WEEK].append(line.reach)  # the calendar's first day was a Monday
    first, last = ((day.toordinal() - 1) // A_WEEK for day in (period.from_on, period.to_on))
    return [
        Week(date.fromordinal(number * A_WEEK + 1), len(parted[number]), median_of(parted[number]))
        for number in range(first, last + 1)
    ]
