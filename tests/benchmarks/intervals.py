"""Whether the interval of a comparison holds what it promises, by simulation: made-up posts, a known truth.

Each world draws a year (or a quarter) of posts: reach is log-normal with a standard deviation of 0.8 in
logarithm, weeks may share a mood, pages may differ, grow, and be used for one tone more than for the other.
A run is good when the true ratio lies in the interval; a false "clear" is one where there is no effect and
1.0 lies outside it. Everything is drawn from a seed: the same seed gives the same table.

Run as a program: python -m tests.benchmarks.intervals [runs]
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, log
from random import Random

from app.domain.comparison import Comparison, Piece, compare
from app.domain.posts import Tone
from app.domain.results import Outcome, Quarter, year_until
from tests.benchmarks.tables import Figure, show

YEAR = year_until(Quarter(2029, 4))
NOISE = 0.8
WEEKS = 52
_WEEKS_A_QUARTER = 13
World = Callable[[Random, float], list[Piece]]


@dataclass(frozen=True)
class Case:
    """A world with the effect that is true in it (natural logarithm), asked by one outcome."""

    name: str
    world: World
    effect: float = 0.0
    outcome: Outcome = Outcome.REACH


@dataclass(frozen=True)
class Held:
    """What came out of many runs: shares of 1. `covered`: the truth lay within; `clear`: 1.0 lay outside;
    `verdicts`: of those the ones that were given as a verdict. `unanswered`: too few posts for a ratio.
    """

    runs: int
    covered: float
    clear: float
    verdicts: float
    unanswered: float


def hold(case: Case, runs: int, seed: int = 1) -> Held:
    """Draw a case so many times."""
    drawn = Random(f"{case.name} {seed}")  # noqa: S311 - not a secret, and it must be the same each time
    told = [
        compare(case.world(drawn, case.effect), YEAR, True, case.outcome, case.outcome) for _ in range(runs)
    ]
    ratios = [one for one in told if one.ratio is not None]
    return Held(
        runs,
        sum(_covers(one, exp(case.effect)) for one in ratios) / max(1, len(ratios)),
        sum(one.ratio is not None and one.ratio.is_clear for one in ratios) / max(1, len(ratios)),
        sum(one.verdict is not None and one.verdict.value != "not_clear" for one in told) / runs,
        1 - len(ratios) / runs,
    )


def _covers(one: Comparison, truth: float) -> bool:
    assert one.ratio
    low, high = one.ratio.low, one.ratio.high
    return (low is None or low <= truth) and (high is None or truth <= high)


def _piece(
    drawn: Random, tone: Tone, week: int, channel: int, middle: float, unit: int = 0, likes: float = 0.04
) -> Piece:
    """A post whose reach has this logarithm in the middle. `likes`: the middle share of those who engage."""
    reach = round(exp(drawn.gauss(middle, NOISE)))
    engagement = _poisson(drawn, reach * likes * exp(drawn.gauss(0, 0.3)))
    stratum = (channel, week // _WEEKS_A_QUARTER)
    return Piece(tone, stratum, (unit, week), reach, engagement)


def _poisson(drawn: Random, mean: float) -> int:
    """A count with this mean; large ones by the normal that they come near to."""
    if mean > 50:
        return max(0, round(drawn.gauss(mean, mean**0.5)))
    count, left = 0, drawn.expovariate(1)
    while left < mean:
        count, left = count + 1, left + drawn.expovariate(1)
    return count


def _tone(drawn: Random, share: float) -> Tone:
    return Tone.HUMAN if drawn.random() < share else Tone.INFORMATIVE


def one_page(posts: int, mood: float = 0.0) -> World:
    """A quarter on one page, so many posts a side; `mood`: how much weeks differ by themselves (sd)."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        moods = [drawn.gauss(0, mood) for _ in range(_WEEKS_A_QUARTER)]
        found = []
        for tone in [Tone.HUMAN, Tone.INFORMATIVE] * posts:
            week = drawn.randrange(_WEEKS_A_QUARTER)
            found.append(_piece(drawn, tone, week, 1, 6.5 + moods[week] + effect * (tone is Tone.HUMAN)))
        return found

    return world


def confounded(posts: int) -> World:
    """Instagram reaches three times as many as Facebook, and has 75 % of human posts against 25 %."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        found = []
        for number in range(posts):
            channel = number % 2
            tone = _tone(drawn, 0.75 if channel else 0.25)
            middle = 6 + channel * log(3) + effect * (tone is Tone.HUMAN)
            found.append(_piece(drawn, tone, drawn.randrange(WEEKS), channel, middle))
        return found

    return world


def campaign_weeks(share: float, mood: float, posts: int = 5, inside: float = 1.0) -> World:
    """Weeks differ by themselves, and a share of them are campaigns in which nearly all posts are human."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        found = []
        for week in range(WEEKS):
            middle = 6.5 + drawn.gauss(0, mood)
            humans = inside if drawn.random() < share else 0.15
            for _ in range(posts):
                tone = _tone(drawn, humans)
                found.append(_piece(drawn, tone, week, 1, middle + effect * (tone is Tone.HUMAN)))
        return found

    return world


def growing_page(times: float, posts: int = 200) -> World:
    """A page whose reach grows so many times over within a year, while its posts turn more and more human."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        found = []
        for _ in range(posts):
            week = drawn.randrange(WEEKS)
            tone = _tone(drawn, 0.2 + 0.6 * week / WEEKS)
            middle = 5.5 + log(times) * week / WEEKS + effect * (tone is Tone.HUMAN)
            found.append(_piece(drawn, tone, week, 1, middle))
        return found

    return world


def branches(units: int, posts: int, mood: float = 0.3) -> World:
    """Many small pages of different size, each with few posts and a week's mood of its own."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        found = []
        for unit in range(units):
            size, share = drawn.gauss(5.5, 1), drawn.uniform(0.2, 0.8)
            moods = [drawn.gauss(0, mood) for _ in range(_WEEKS_A_QUARTER)]
            for _ in range(posts):
                week, tone = drawn.randrange(_WEEKS_A_QUARTER), _tone(drawn, share)
                middle = size + moods[week] + effect * (tone is Tone.HUMAN)
                found.append(_piece(drawn, tone, week, unit, middle, unit))
        return found

    return world


def few_who_engage(posts: int) -> World:
    """A small page where many posts get nothing at all: zeros and ties."""

    def world(drawn: Random, effect: float) -> list[Piece]:
        found = []
        for _ in range(posts):
            tone = _tone(drawn, 0.5)
            likes = 0.015 * exp(effect * (tone is Tone.HUMAN))
            found.append(_piece(drawn, tone, drawn.randrange(WEEKS), 1, 4.8, likes=likes))
        return found

    return world


HALF_MORE = log(1.5)
CASES = (
    Case("one page, 15 a side", one_page(15)),
    Case("one page, 30 a side", one_page(30)),
    Case("one page, 30 a side, x 1.5", one_page(30), HALF_MORE),
    Case("one page, 100 a side, moody weeks", one_page(100, 0.5)),
    Case("confounded, 120 posts", confounded(120)),
    Case("confounded, 200 posts", confounded(200)),
    Case("confounded, 200 posts, x 1.5", confounded(200), HALF_MORE),
    Case("campaign weeks, a third, moods 0.5", campaign_weeks(0.33, 0.5)),
    Case("campaign weeks, a fifth, moods 0.8", campaign_weeks(0.2, 0.8)),
    Case("campaign weeks, a third, moods 0.5, x 1.5", campaign_weeks(0.33, 0.5), HALF_MORE),
    Case("growing page, x 2 a year", growing_page(2)),
    Case("growing page, x 4 a year", growing_page(4)),
    Case("growing page, x 4 a year, x 1.5", growing_page(4), HALF_MORE),
    Case("17 branches, 10 posts each", branches(17, 10)),
    Case("17 branches, 40 posts each, x 1.5", branches(17, 40), HALF_MORE),
    Case("few who engage, by engagement", few_who_engage(120), 0.0, Outcome.ENGAGEMENT),
    Case("few who engage, by rate", few_who_engage(120), 0.0, Outcome.RATE),
)


def figures(runs: int, cases: tuple[Case, ...] = CASES) -> Iterator[Figure]:
    """Percent of runs: not covered (5 is promised, 3 to 7 allowed) and falsely clear (5 at most)."""
    for case in cases:
        held = hold(case, runs)
        missed, clear = 100 * (1 - held.covered), 100 * held.clear
        most = None if case.effect else 5.0
        yield Figure(case.name, [(missed, 7.0), (clear, most), (100 * held.verdicts, most)], ".1f")


if __name__ == "__main__":
    RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    show(
        "The interval of a comparison",
        f"{RUNS} runs each; percent.",
        ("truth outside", "1.0 outside", "as a verdict"),
        figures(RUNS),
    )
