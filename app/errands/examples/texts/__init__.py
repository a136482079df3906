"""What the example library says, one folder for each language, read when an example is made."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.ideas import IdeaState
from app.domain.posts import Tone

LOCALES = ("sv", "fi", "nb", "en")
_FOLDER = Path(__file__).parent
_ALL_YEAR = frozenset(range(1, 13))


@dataclass(frozen=True)
class Words:
    """One post. `picture`: a scene of `scenes`; `months`: when it is said (1 to 12).

    `text` holds places: {here}, {Here}, {day}, {day_cap}, {hour}.
    """

    tone: Tone
    title: str
    text: str
    picture: str
    months: frozenset[int]


@dataclass(frozen=True)
class Suggestion:
    """One idea with what became of it, and what its sender was told. `picture`: a scene, or nothing."""

    title: str
    why: str
    state: IdeaState
    answer: str
    picture: str


@dataclass(frozen=True)
class Library:
    """A language's library. `units`: (name, how one says "there"); `said`: sentences of the people."""

    name: str
    here: str
    locale: str
    zone: str
    country: str
    domain: str
    days: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    pictures: dict[str, str]
    said: dict[str, Any]
    posts: tuple[Words, ...]
    ideas: tuple[Suggestion, ...]
    strategy: dict[str, Any]


def language_for(locale: str) -> str:
    """The language of the example where the installation speaks `locale`."""
    return locale if locale in LOCALES else "en"


@cache
def library(locale: str) -> Library:
    """Everything in one language of `LOCALES`."""
    place = _read(locale, "place")
    posts = [_words(tone, one) for tone in Tone for one in _read(locale, tone.value)["post"]]
    ideas = [
        Suggestion(
            one["title"], one["why"], IdeaState(one["state"]), one.get("answer", ""), one.get("picture", "")
        )
        for one in _read(locale, "ideas")["idea"]
    ]
    lists = {name: tuple(place[name]) for name in ("days", "people")}
    units = tuple((name, here) for name, here in place["units"])
    strategy = _read(locale, "strategy")
    made = {"units": units, "posts": tuple(posts), "ideas": tuple(ideas), "strategy": strategy}
    return Library(**{**place, **lists, **made})


def _words(tone: Tone, told: dict[str, Any]) -> Words:
    months = frozenset(told.get("months", _ALL_YEAR))
    return Words(tone, told["title"], told["text"].strip(), told["picture"], months)


def _read(locale: str, name: str) -> dict[str, Any]:
    with (_FOLDER / locale / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
