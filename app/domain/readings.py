"""At which ages a post's numbers are read, and how near to the age a reading must be to stand for it."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.networks import Format

AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24, 28 * 24))
# Every three hours while there is one; its numbers end with it, so the last are asked just before.
STORY_AGES = (
    *(timedelta(hours=hours) for hours in (1, 3, 6, 9, 12, 15, 18, 21)),
    timedelta(hours=23, minutes=45),
)
STORY_LIFE = timedelta(hours=24)


class Basis(StrEnum):
    """Whose numbers a page's day is told by: the network's of the page, or those of the posts themselves."""

    NETWORK = "network"
    POSTS = "posts"


def ages(wanted: Format = Format.POST) -> tuple[timedelta, ...]:
    """At which ages something in a format is read."""
    return STORY_AGES if wanted is Format.STORY else AGES


def next_age(age: timedelta, wanted: Format = Format.POST) -> timedelta | None:
    """The first reading age later than `age`; None when all are behind."""
    return next((step for step in ages(wanted) if step > age), None)


def next_reading_at(published_at: datetime, age: timedelta, wanted: Format = Format.POST) -> datetime | None:
    """When to read next, given the age of the post at the latest reading (zero when there is none)."""
    step = next_age(age, wanted)
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
