"""Who takes part with ideas: months, and what is counted in each. Counts only: nobody is named or ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = 12


@dataclass(frozen=True)
class Counted:
    """What was counted of some units in some days.

    `people`: colleagues who sent at least one idea, each once. `ideas`: those that colleagues sent; `open`:
    those that came over an open link, of which nobody knows how many people sent them. `posts`: that first
    went out then; `outside`: how many of them began as an idea of somebody who writes no posts there.
    """

    people: int = 0
    ideas: int = 0
    open: int = 0
    posts: int = 0
    outside: int = 0

    @property
    def share(self) -> float | None:
        """Of the posts, how many began outside, as a share of 1; None without posts."""
        return self.outside / self.posts if self.posts else None


@dataclass(frozen=True)
class Month:
    """A calendar month, by its first day, and what was counted in it."""

    begins_on: date
    counted: Counted


def last_months(today: date, many: int = MONTHS) -> list[date]:
    """The first days of so many months, the earliest first, the one of today last."""
    place = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(place - many + 1, place + 1)]


def after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def begins(months: Sequence[date], zone: str) -> list[datetime]:
    """When each of some days begins in a zone, as UTC instants."""
    place = ZoneInfo(zone)
    return [datetime.combine(day, time(), place).astimezone(UTC) for day in months]
