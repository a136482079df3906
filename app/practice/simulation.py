"""Made-up numbers: the same for the same post and age, growing with age, believable for a library.

Reach ends at tens to hundreds; most of it comes on the first day. Nothing here looks at the text.
"""

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

KINDS = ("like", "love", "wow", "haha", "sorry", "anger")
_SHARES = (0.72, 0.17, 0.03, 0.05, 0.025, 0.005)


@dataclass(frozen=True)
class Final:
    """What a post ends with. reactions: in the order of KINDS."""

    reach: int
    views: int
    clicks: int
    link_clicks: int
    reactions: tuple[int, ...]
    comments: int
    shares: int


@lru_cache(maxsize=20_000)
def final(post_id: str, followers: int, has_link: bool) -> Final:
    """The numbers a post ends with after weeks. followers: of its Page."""
    dice = random.Random(post_id)
    reach = max(8, round(followers * 0.055 * math.exp(dice.gauss(0, 0.55))))
    reactions = round(reach * 0.035 * math.exp(dice.gauss(0, 0.6)))
    kinds = [math.floor(reactions * share + dice.random()) for share in _SHARES]
    clicks = round(reach * (0.05 if has_link else 0.025) * math.exp(dice.gauss(0, 0.4)))
    return Final(
        reach=reach,
        views=round(reach * dice.uniform(1.2, 1.7)),
        clicks=clicks,
        link_clicks=round(clicks * 0.6) if has_link else 0,
        reactions=tuple(kinds),
        comments=math.floor(reactions * dice.uniform(0.02, 0.25) + dice.random()),
        shares=math.floor(reactions * dice.uniform(0.02, 0.2) + dice.random()),
    )


def grown(age: timedelta) -> float:
    """The part of the final numbers reached at an age: 0.17 after an hour, 0.9 after a day, 1 after weeks."""
    hours = max(0.0, age.total_seconds() / 3600)
    return 1 - math.exp(-((hours / 9) ** 0.75))


def at_age(value: int, age: timedelta) -> int:
    """A final number as it stands at an age; it never shrinks."""
    return math.floor(value * grown(age) + 1e-9 + (0.5 if value > 20 else 0.01))


def of_day(page_id: str, metric: str, day: date, usual: float) -> int:
    """A Page's daily number around a usual value, a little less on Sundays."""
    dice = random.Random(f"{page_id}/{metric}/{day}")
    weight = 0.6 if day.weekday() == 6 else 1.0
    return max(0, math.floor(usual * weight * math.exp(dice.gauss(0, 0.35)) + dice.random()))


def days_between(since: datetime, until: datetime) -> list[date]:
    """The dates from since to before until."""
    count = (until.date() - since.date()).days
    return [since.date() + timedelta(days=n) for n in range(count)]
