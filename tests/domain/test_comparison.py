"""The comparison: its interval against a plain second way and against worlds whose truth is known."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from math import exp, log, sqrt
from random import Random
from typing import Any

import pytest

from app.domain.comparison import Comparison, NoVerdict, Piece, Verdict, compare, deciding
from app.domain.comparison_interval import Valued, estimate
from app.domain.posts import Tone
from app.domain.results import Outcome, Period, Quarter, year_until
from tests.benchmarks import intervals

YEAR = year_until(Quarter(2029, 4))
HUMAN, INFORMATIVE = Tone.HUMAN, Tone.INFORMATIVE


def drawn_posts(seed: int, posts: int = 60, ties: bool = False) -> list[Valued]:
    drawn = Random(seed)  # noqa: S311
    found = []
    for _ in range(posts):
        stratum, human = drawn.randrange(4), drawn.random() < 0.4
        value = 2.0 * stratum + drawn.gauss(0.3 if human else 0, 1)
        found.append(Valued(round(value) if ties else value, human, stratum, drawn.randrange(15)))
    return [one for one in found if len({other.human for other in found if other.stratum == one.stratum}) > 1]


def naive(posts: Sequence[Valued], shift: float) -> tuple[float, float]:
    """Van Elteren's score and its clustered deviation, every rank counted out one by one."""
    score, parts = 0.0, defaultdict[Hashable, float](float)
    for stratum in {one.stratum for one in posts}:
        its = [one for one in posts if one.stratum == stratum]
        moved = [one.value - shift * one.human for one in its]
        share = sum(one.human for one in its) / len(its)
        for one, value in zip(its, moved, strict=True):
            rank = sum(other < value for other in moved) + sum(other == value for other in moved) / 2 + 0.5
            away = (rank - (len(its) + 1) / 2) / (len(its) + 1)
            score += away if one.human else 0
            same = [other for other in its if other.cluster == one.cluster]
            pulled = sum(other.human - share for other in same) ** 2
            squares = sum((other.human - share) ** 2 for other in same)
            parts[one.cluster] += away * (one.human - share) / sqrt(1 - pulled / squares / len(its))
    return score, sqrt(sum(part**2 for part in parts.values()))


@pytest.mark.parametrize("seed", range(5))
def test_the_estimate_and_both_ends_lie_where_the_plain_way_changes_its_mind(seed: int) -> None:
    posts = drawn_posts(seed)
    found = estimate(posts)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.middle < found.high
    assert naive(posts, found.middle - 0.02)[0] > 0 > naive(posts, found.middle + 0.02)[0]
    limits = []
    for end, away in ((found.low, -0.002), (found.high, 0.002)):
        within, without = naive(posts, end - away), naive(posts, end + away)
        limits.append((abs(within[0] / within[1]), abs(without[0] / without[1])))
    # One limit lies between what is within and what is without, at both ends.
    assert max(within for within, _ in limits) <= min(without for _, without in limits)
    assert 1.8 < max(within for within, _ in limits) < 2.0


def test_in_one_stratum_it_is_the_median_of_all_differences() -> None:
    posts = [one._replace(stratum=1) for one in drawn_posts(3)]
    differences = sorted(
        one.value - other.value for one in posts if one.human for other in posts if not other.human
    )
    middle = len(differences) // 2
    assert differences[middle - 1] - 1e-3 <= estimate(posts).middle <= differences[middle] + 1e-3


def test_equal_values_are_an_estimate_of_no_difference() -> None:
    posts = [Valued(0.0, bool(number % 2), 1, number) for number in range(40)]
    assert estimate(posts).middle == pytest.approx(0, abs=1e-3)
    tied = drawn_posts(4, ties=True)
    found = estimate(tied)
    below, above = (naive(tied, found.middle + step)[0] for step in (-0.01, 0.01))
    assert below >= 0 >= above


def test_order_and_names_do_not_matter_and_a_shift_shifts() -> None:
    posts = drawn_posts(7)
    found = estimate(posts)
    again = estimate([one._replace(cluster=("week", one.cluster)) for one in reversed(posts)])
    more = estimate([one._replace(value=one.value + 0.5 * one.human) for one in posts])
    for name in ("low", "middle", "high"):
        assert getattr(again, name) == pytest.approx(getattr(found, name), abs=2e-3)
        assert getattr(more, name) == pytest.approx(getattr(found, name) + 0.5, abs=2e-3)


def test_few_weeks_set_no_ends() -> None:
    posts = [Valued(number * 0.1, number % 2 == 0, 1, number // 10) for number in range(20)]
    found = estimate(posts)
    assert (found.low, found.high, found.clusters) == (None, None, 2)


# Some of the worlds, few times; all of them, often: python -m tests.benchmarks.intervals (see RESULTS.md).
RUNS, MOST_MISSED = 50, 0.1
QUICK = {"one page, 15 a side", "confounded, 120 posts", "campaign weeks, a third, moods 0.5",
         "growing page, x 4 a year, x 1.5", "few who engage, by engagement"}  # fmt: skip


@pytest.mark.parametrize(
    "case", [case for case in intervals.CASES if case.name in QUICK], ids=lambda case: case.name
)
def test_the_truth_lies_in_the_interval(case: intervals.Case) -> None:
    held = intervals.hold(case, RUNS)
    assert held.covered >= 1 - MOST_MISSED
    assert held.unanswered == 0
    if not case.effect:
        assert held.verdicts <= MOST_MISSED


def test_pooled_medians_would_be_wrong_where_the_comparison_is_not() -> None:
    """The confounded case of the design: pooled, human posts seem to reach 1.8 times as many."""
    world = intervals.confounded(20000)(Random(1), 0.0)  # noqa: S311
    found = compare(world, YEAR, True)
    assert found.human.middle
    assert found.informative.middle
    assert 1.6 < found.human.middle / found.informative.middle < 2.0
    assert found.ratio
    assert found.ratio.value == pytest.approx(1, abs=0.05)


def pieces(humans: int, others: int, **more: object) -> list[Piece]:
    tones = [HUMAN] * humans + [INFORMATIVE] * others
    values: dict[str, Any] = {"stratum": 1, "reach": 100, "engagement": 5, **more}
    return [Piece(tone, cluster=number % 40, **values) for number, tone in enumerate(tones)]


def asked(found: Sequence[Piece], **more: object) -> Comparison:
    values: dict[str, Any] = {"period": YEAR, "is_settled": True, **more}
    return compare(found, **values)


@pytest.mark.parametrize(
    ("found", "more", "expected"),
    [
        (pieces(7, 100), {}, NoVerdict.TOO_FEW),
        (pieces(8, 100), {}, NoVerdict.UNDER_THIRTY),
        (pieces(29, 100), {}, NoVerdict.UNDER_THIRTY),
        (pieces(30, 30), {}, None),
        (pieces(30, 0) + pieces(0, 30, stratum=2), {}, NoVerdict.NOT_COMPARABLE),
        (pieces(30, 0) + pieces(0, 30, reach_basis=2), {}, NoVerdict.NOT_COMPARABLE),
        (pieces(30, 30), {"outcome": Outcome.ENGAGEMENT}, NoVerdict.NOT_PRIMARY),
        (pieces(30, 30), {"outcome": Outcome.ENGAGEMENT, "primary": Outcome.ENGAGEMENT}, None),
        (pieces(30, 30), {"period": Period(date(2029, 1, 1), date(2029, 12, 30))}, NoVerdict.NOT_FIXED_DATE),
        (pieces(30, 30), {"period": Period(date(2029, 10, 1), date(2029, 12, 31))}, NoVerdict.NOT_FIXED_DATE),
        (pieces(30, 30), {"is_settled": False}, NoVerdict.NOT_SETTLED),
        ([Piece(tone, 1, number % 3, 100, 5) for number, tone in enumerate([HUMAN, INFORMATIVE] * 30)], {},
         NoVerdict.FEW_WEEKS),
    ],
)  # fmt: skip
def test_when_there_is_a_verdict(
    found: list[Piece], more: dict[str, object], expected: NoVerdict | None
) -> None:
    answer = asked(found, **more)
    assert answer.why_not is expected
    assert (answer.verdict is None) is (expected is not None)
    assert (answer.ratio is None) is (expected in (NoVerdict.TOO_FEW, NoVerdict.NOT_COMPARABLE))
    assert answer.is_too_few is (answer.ratio is None)


@pytest.mark.parametrize(("times", "verdict"), [(3, Verdict.HUMAN_MORE), (1 / 3, Verdict.HUMAN_LESS)])
def test_a_clear_difference_is_told(times: float, verdict: Verdict) -> None:
    world = intervals.one_page(100)(Random(5), log(times))  # noqa: S311
    found = asked(world)
    assert found.verdict is verdict
    assert found.ratio
    assert found.ratio.value == pytest.approx(times, rel=0.3)


def test_what_is_missing_or_withheld_is_counted_per_side() -> None:
    found = pieces(40, 40) + pieces(3, 0, reach=None) + pieces(0, 5, reach=49) + pieces(2, 0, engagement=None)
    rate = asked(found, outcome=Outcome.RATE, primary=Outcome.RATE)
    assert (rate.human.posts, rate.human.used, rate.human.withheld, rate.human.missing) == (45, 40, 3, 2)
    assert (rate.informative.posts, rate.informative.used, rate.informative.withheld) == (45, 40, 5)
    assert rate.human.middle == pytest.approx(0.05)
    reach = asked(found)
    assert (reach.human.used, reach.human.missing, reach.human.withheld) == (42, 3, 0)
    assert reach.informative.middle == 100
    engagement = asked(found, outcome=Outcome.ENGAGEMENT)
    assert (engagement.human.used, engagement.human.missing) == (43, 2)


def test_rates_that_are_withheld_unlike_give_no_verdict_and_reach_decides() -> None:
    ten_points = pieces(90, 100) + pieces(10, 0, reach=20)
    assert deciding(ten_points, Outcome.RATE) is Outcome.RATE
    assert asked(ten_points, outcome=Outcome.RATE, primary=Outcome.RATE).why_not is None
    more = pieces(89, 100) + pieces(11, 0, reach=None)
    assert deciding(more, Outcome.RATE) is Outcome.REACH
    assert asked(more, outcome=Outcome.RATE, primary=Outcome.RATE).why_not is NoVerdict.WITHHELD_UNLIKE
    assert asked(more, outcome=Outcome.REACH, primary=Outcome.RATE).verdict is Verdict.NOT_CLEAR
    assert asked(more, outcome=Outcome.REACH, primary=Outcome.ENGAGEMENT).why_not is NoVerdict.NOT_PRIMARY


def test_zeros_stay_and_a_ratio_is_of_what_the_rule_says() -> None:
    found = pieces(20, 0, engagement=0) + pieces(0, 20, engagement=1)
    engagement = asked(found, outcome=Outcome.ENGAGEMENT).ratio
    rate = asked(found, outcome=Outcome.RATE).ratio
    assert engagement
    assert rate
    assert engagement.value == pytest.approx(0.5 / 1.5, rel=2e-3)
    assert rate.value == pytest.approx(0.5 / 1.5, rel=2e-3)
    reach = asked(pieces(20, 0, reach=0) + pieces(0, 20, reach=9)).ratio
    assert reach
    assert reach.value == pytest.approx(exp(log(1) - log(10)), rel=2e-3)


def test_the_verdict_of_a_year_waits_for_its_last_posts() -> None:
    assert YEAR.is_year_of_quarters
    assert not YEAR.is_settled(date(2030, 1, 7))
    assert YEAR.is_settled(YEAR.to_on + timedelta(days=8))
