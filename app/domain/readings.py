"""At which ages a post's numbers are read, and how near to the age a reading must be to stand for it."""

from datetime import datetime, timedelta

AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24, 28 * 24))


def next_age(age: timedelta) -> timedelta | None:
    """The first reading age later than `age`; None when all are behind."""
    return next((step for step in AGES if step > age), None)


def next_reading_at(published_at: datetime, age: timedelta) -> datetime | None:
    """When to read next, given the age of the post at the latest reading (zero when there is none)."""
    step = next_age(age)
    return published_at + step if step else None


def age_reached(age: timedelta) -> timedelta | None:
    """The newest reading age that a post of this age has passed; None before the first."""
    return max((step for step in AGES if step <= age), default=None)


def stands_for(age: timedelta, wanted: timedelta) -> bool:
    """Whether a reading taken at `age` may be called "at `wanted`": within 12 hours, or a quarter if less."""
    return abs(age - wanted) <= min(timedelta(hours=12), wanted / 4)


def engagement(
    reactions: int | None, comments: int | None, shares: int | None, saves: int | None
) -> int | None:
    """Reactions + comments + shares + saves of those that the network tells; None when it tells none."""
    told = [part for part in (reactions, comments, shares, saves) if part is not None]
    return sum(told) if told else None
