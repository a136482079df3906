"""The answers to the three questions, and how they are kept as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from app.domain.comparison import Comparison
from app.domain.mix import USUAL, Mix, mix
from app.domain.networks import NetworkKind
from app.domain.results import PRIMARY, Group, Outcome, Period, ToneCount
from app.domain.results_sums import Effect, ReachOut
from app.domain.results_weeks import Week
from app.domain.strategies import Part, StrategyInForce

SHAPE = 3  # one more whenever `Answers` changes, so that what was kept before is worked out anew


@dataclass(frozen=True)
class ChannelMix:
    """The mix of one channel over the 28 days that end with a period's last day, or today.

    `unit_id`: whose channel it is. `decided`: its target is that of the strategy in force there; else it is
    the range that Kuliss begins with.
    """

    channel_id: int
    name: str
    network: NetworkKind
    mix: Mix
    unit_id: int = 0
    decided: bool = False


@dataclass(frozen=True)
class Answers:
    """The three questions for one unit and everything below it over a period, beside the period before.

    `whom`: by channel; `formats`: by format; `tones`: posts by tone. `counted_at`: the UTC instant up to
    which readings are counted, and `waiting` how many posts' newer figures are not in it (at least so many;
    only where thousands are counted). `comparisons`: by each outcome that was asked for, the primary one
    always, which is `primary`. `weeks`: the reach of every week of the period, in order. `population`:
    inhabitants of the unit's area, as they are known now.
    """

    unit_id: int
    period: Period
    simulated: bool
    counted_at: datetime
    waiting: int
    reach: ReachOut
    reach_before: ReachOut
    whom: Sequence[Group]
    formats: Sequence[Group]
    tones: ToneCount
    effect: Effect
    effect_before: Effect
    comparisons: Mapping[Outcome, Comparison]
    mixes: Sequence[ChannelMix]
    weeks: Sequence[Week]
    population: int | None = None
    primary: Outcome = PRIMARY

    @property
    def comparison(self) -> Comparison:
        """By the primary outcome."""
        return self.comparisons[self.primary]


def to_json(answers: Answers) -> dict[str, Any]:
    """As plain values, to be kept."""
    found: dict[str, Any] = _shape().dump_python(answers, mode="json")
    return found


def from_json(kept: dict[str, Any]) -> Answers:
    """What was kept. Raises ValueError when it was kept in another shape, by an older release."""
    return _shape().validate_python(kept)


@cache  # made when it is first needed: it takes longer than the answers
def _shape() -> TypeAdapter[Answers]:
    return TypeAdapter(Answers)


def aimed(mixes: Iterable[ChannelMix], holds: Mapping[int, StrategyInForce]) -> list[ChannelMix]:
    """The same posts held against what is wanted now, by the strategy in force in each channel's unit."""
    return [_aimed(one, holds.get(one.unit_id)) for one in mixes]


def _aimed(one: ChannelMix, holds: StrategyInForce | None) -> ChannelMix:
    target = holds.target if holds else USUAL
    return replace(one, mix=mix(one.mix.counted, target), decided=bool(holds and Part.MIX in holds.sources))
