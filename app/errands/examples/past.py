"""A year of posts that are out, laid in with the dates of then: when each unit posted, and what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.timing import to_instant, to_local
from app.errands.examples import plan
from app.errands.examples.stage import Line, Stage
from app.errands.examples.texts import Words

_HOURS = (9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
_BY_DAY = (3, 4, 4, 4, 3, 1, 0)  # how gladly people post on each day of the week, from Monday on
# Without a channel of their own: their posts go out on the library's.
_GUESTS = tuple(unit for unit in range(len(plan.UNITS)) if plan.UNITS[unit].facebook is None)


@dataclass(frozen=True)
class Piece:
    """One post that went out. `at`: UTC, `local`: naive wall time; `lines`: on which channels.

    `unit`: whose it is, as a place in the plan; `text`: with everything filled in.
    """

    unit: int | None
    at: datetime
    local: datetime
    words: Words
    text: str
    lines: tuple[Line, ...]


def pieces(stage: Stage) -> list[Piece]:
    """The posts of the year, the oldest first."""
    found = [one for unit in plan.places() for one in _of_unit(stage, unit)]
    return sorted(found, key=lambda one: (one.at, one.unit is not None, one.unit or 0))


def _of_unit(stage: Stage, unit: int | None) -> Iterator[Piece]:
    place, lines = plan.place(unit), stage.lines_of(unit)
    if not lines or place.facebook is None:
        return
    dice, deck = stage.dice(f"past/{unit}"), Deck(stage, unit)
    both = (place.instagram or 0) / place.facebook
    for local in _times(stage, dice, place):
        guest = dice.choice(_GUESTS) if unit is None and dice.random() < 0.22 else unit
        tone = Tone.HUMAN if dice.random() < place.human else Tone.INFORMATIVE
        words = deck.next(tone, local.month)
        on = [line for line in lines if line.network is NetworkKind.FACEBOOK or dice.random() < both]
        at = to_instant(local, stage.library.zone)
        yield Piece(guest, at, local, words, filled(stage, dice, guest, words, local), tuple(on))


def _times(stage: Stage, dice: Random, place: plan.Place) -> Iterator[datetime]:
    """Naive wall times, week by week; a rhythm is kept more or less."""
    today = to_local(stage.now, stage.library.zone)
    monday = datetime.combine(today.date() - timedelta(days=today.weekday() + plan.DAYS // 7 * 7), time())
    last = today - timedelta(days=place.silent, hours=2)
    while monday < last:
        many = (place.facebook or 0) * stage.share + dice.uniform(-0.7, 0.7)
        for _ in range(max(0, int(many + dice.random()))):
            day = dice.choices(range(7), _BY_DAY)[0]
            local = monday + timedelta(
                days=day, hours=dice.choice(_HOURS), minutes=dice.choice((0, 15, 30, 45))
            )
            if local < last:
                yield local
        monday += timedelta(days=7)


class Deck:
    """A unit's posts in an order of its own; each is used again only when all of its kind were."""

    def __init__(self, stage: Stage, unit: int | None) -> None:
        self._posts, self._dice = stage.library.posts, stage.dice(f"deck/{unit}")
        self._left: dict[Tone, list[Words]] = {tone: [] for tone in Tone}

    def next(self, tone: Tone, month: int) -> Words:
        """One that fits the month (1 to 12)."""
        left = self._left[tone]
        found = next((words for words in left if month in words.months), None)
        if found is None:
            left[:] = [words for words in self._posts if words.tone is tone]
            self._dice.shuffle(left)
            found = next(words for words in left if month in words.months)
        left.remove(found)
        return found


def filled(stage: Stage, dice: Random, unit: int | None, words: Words, local: datetime) -> str:
    """The text with place, day and hour in it. `local`: when it goes out; the day is one of the next six."""
    here = stage.here(unit)
    day = stage.library.days[(local.weekday() + dice.randrange(1, 7)) % 7]
    return words.text.format(
        here=here, Here=_capital(here), day=day, day_cap=_capital(day), hour=dice.choice((12, 13, 14))
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
