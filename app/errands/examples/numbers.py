"""Simulated numbers: what the network would tell of a post at each age. They say nothing about real pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Any

from app.domain.metrics import About, today
from app.domain.networks import NetworkKind
from app.domain.posts import Tone
from app.domain.readings import AGES, Basis
from app.errands.examples.plan import HUMAN_ANSWERS, HUMAN_REACH

# Of what a post reaches in the end, so much at each age of `AGES`: most of it within the first day.
GROWTH = (0.12, 0.38, 0.66, 0.86, 0.95, 0.985, 1.0)
_REACH = {NetworkKind.FACEBOOK: 0.21, NetworkKind.INSTAGRAM: 0.29}  # of the followers, in the middle
_ANSWERS = {NetworkKind.FACEBOOK: 0.038, NetworkKind.INSTAGRAM: 0.055}  # of those reached
_SHARES = {
    NetworkKind.FACEBOOK: {"reactions": 0.8, "comments": 0.11, "shares": 0.09},
    NetworkKind.INSTAGRAM: {"reactions": 0.86, "comments": 0.05, "shares": 0.04, "saves": 0.05},
}
_UNEVEN_REACH, _UNEVEN_ANSWERS = 0.5, 0.55  # spread of the logarithms: posts differ a lot
_LATE = 900  # seconds: a reading is taken up to a quarter of an hour after its age


def told(
    dice: Random, network: NetworkKind, tone: Tone, followers: int, published_at: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    """The readings of one post up to `now`, as columns of `readings` without whose they are."""
    in_the_end = _in_the_end(dice, network, tone, followers)
    sources = _sources(network, About.POST)
    for age, share in zip(AGES, GROWTH, strict=True):
        taken = published_at + age + timedelta(seconds=dice.randrange(_LATE))
        if taken > now:
            return
        counts = {name: int(value * share) for name, value in in_the_end.items()}
        yield {
            "taken_at": taken,
            "age": int((taken - published_at).total_seconds()),
            "sources": sources,
            **{name: counts.get(name) if name in sources else None for name in _COLUMNS},
        }


_COLUMNS = ("views", "reach", "clicks", "reactions", "comments", "shares", "saves")


def _in_the_end(dice: Random, network: NetworkKind, tone: Tone, followers: int) -> dict[str, float]:
    human = tone is Tone.HUMAN
    reach = followers * _REACH[network] * exp(dice.gauss(0, _UNEVEN_REACH))
    answers = _ANSWERS[network] * exp(dice.gauss(0, _UNEVEN_ANSWERS))
    if human:
        reach, answers = reach * HUMAN_REACH[network], answers * HUMAN_ANSWERS[network]
    counts = {
        name: reach * answers * part * dice.uniform(0.6, 1.4) for name, part in _SHARES[network].items()
    }
    clicks = reach * 0.012 * (0.6 if human else 1.4)
    return {"reach": reach, "views": reach * dice.uniform(1.25, 1.7), "clicks": clicks, **counts}


def days(
    dice: Random, network: NetworkKind, followers: int, first: datetime, count: int
) -> Iterator[dict[str, Any]]:
    """Numbers of a page on each of `count` days from `first` on, as columns of `channel_days`.

    Followers grow to `followers` at the end, by a tenth in a year.
    """
    sources = _sources(network, About.DAY)
    for n in range(count):
        there = int(followers * (1 - 0.1 * (count - 1 - n) / count)) + dice.randrange(3)
        reach = int(there * 0.11 * exp(dice.gauss(0, 0.45)))
        counts = {
            "followers": there, "reach": reach, "views": int(reach * 1.6),
            "engagement": int(reach * 0.05), "visits": int(reach * 0.04),
        }  # fmt: skip
        day = first + timedelta(days=n)
        yield {
            "day": day.date(),
            "basis": Basis.NETWORK,
            "sources": sources,
            "taken_at": day + timedelta(days=4),
            **counts,
        }


def _sources(network: NetworkKind, about: About) -> dict[str, str]:
    return {**today(network, about, insight=True), **today(network, about, insight=False)}
