"""Figures, periods and baselines; baselines also worked out a second, plain way."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

import pytest

from app.domain.networks import Format
from app.domain.results import (
    Figures,
    Period,
    Quarter,
    at_seven_days,
    basis_of,
    count_tones,
    latest,
    median_of,
    newest_verdict_period,
    offered_periods,
    rate,
    total_of,
    year_until,
)
from app.domain.results_baselines import Comparable, baselines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("engagement", "reach", "expected"),
    [(4, 100, 0.04), (0, 50, 0.0), (5, 49, None), (5, None, None), (None, 100, None), (3, 0, None)],
)
def test_the_rate_is_by_reach_and_withheld_below_fifty(
    engagement: int | None, reach: int | None, expected: float | None
) -> None:
    assert rate(engagement, reach) == expected
    assert Figures(7 * DAY, reach=reach, engagement=engagement).rate == expected


def test_the_figure_at_seven_days_is_the_nearest_within_twelve_hours() -> None:
    ages = [DAY, 7 * DAY - 11 * HOUR, 7 * DAY + 3 * HOUR, 7 * DAY - 3 * HOUR, 14 * DAY]
    found = [Figures(age, reach=number) for number, age in enumerate(ages)]
    assert at_seven_days(found) == found[3]
    assert at_seven_days([found[0], Figures(7 * DAY + 12.1 * HOUR), found[4]]) is None
    assert at_seven_days([Figures(7 * DAY - 12 * HOUR)]) is not None
    assert latest(found) == found[4]
    assert latest([]) is None


def test_a_story_ends_with_its_day_and_keeps_those_figures() -> None:
    found = [Figures(hours * HOUR, reach=round(hours)) for hours in (1, 12, 17, 21, 23.75)]
    assert at_seven_days(found, Format.STORY) == found[-1]
    assert at_seven_days(found[:3], Format.STORY) is None
    assert at_seven_days(found, Format.REEL) is None


def test_what_is_not_told_is_missing_and_never_zero() -> None:
    some = median_of([4, None, 2, None, 9])
    assert (some.value, some.n, some.missing, some.is_few) == (4, 3, 2, True)
    assert (median_of([None]).value, median_of([]).value) == (None, None)
    assert median_of([0, 0]).value == 0
    assert total_of([3, None, 0]) == total_of([None, 0, 3])
    assert (total_of([3, None]).value, total_of([None]).value) == (3, None)
    assert count_tones(["human", None, "informative", "human"]).known == 3


def test_another_name_is_another_basis() -> None:
    old, new = {"reach": "post_impressions_unique"}, {"reach": "post_total_media_view_unique"}
    assert basis_of(old, "reach") != basis_of(new, "reach") == basis_of(new | {"views": "x"}, "reach")
    assert basis_of({}, "reach") == 0
    assert basis_of(old, "reach") < 2**31


def test_quarters() -> None:
    assert Quarter.of(date(2029, 12, 31)) == Quarter(2029, 4)
    assert Quarter.of(date(2029, 4, 1)).begins_on == date(2029, 4, 1)
    assert Quarter(2028, 1).ends_on == date(2028, 3, 31)
    assert Quarter(2029, 1).moved(-1) == Quarter(2028, 4)
    assert Quarter(2029, 4).moved(1).place == Quarter(2029, 4).place + 1
    assert year_until(Quarter(2029, 2)) == Period(date(2028, 7, 1), date(2029, 6, 30))


def test_periods() -> None:
    week = Period(date(2029, 5, 7), date(2029, 5, 13))
    assert (week.days, week.before) == (7, Period(date(2029, 4, 30), date(2029, 5, 6)))
    assert not week.is_year_of_quarters
    # Until the eighth of the new quarter the posts of the old one's last day have no figure yet.
    assert newest_verdict_period(date(2029, 7, 7)) == year_until(Quarter(2029, 1))
    assert newest_verdict_period(date(2029, 7, 8)) == year_until(Quarter(2029, 2))
    offered = offered_periods(date(2029, 4, 1))
    assert len(offered) == len(set(offered)) == 6
    assert Period(date(2029, 4, 1), date(2029, 4, 1)) in offered


def test_baselines_are_the_median_of_ninety_days_before() -> None:
    drawn = Random(3)  # noqa: S311
    began = datetime(2029, 1, 1, tzinfo=UTC)
    posts = [
        Comparable(
            number,
            drawn.randrange(2),
            began + drawn.randrange(200) * DAY,
            drawn.choice([None, drawn.randrange(40, 200)]),
            drawn.choice([None, drawn.randrange(20)]),
            drawn.choice([1, 1, 1, 2]),
        )
        for number in range(300)
    ]
    found = baselines(posts)
    for one in posts:
        alike = [
            other
            for other in posts
            if other.group == one.group
            and one.published_at - 90 * DAY <= other.published_at < one.published_at
        ]
        same = [other for other in alike if other.reach_basis == one.reach_basis]
        reach = [other.reach for other in same if other.reach is not None]
        engagement = [other.engagement for other in alike if other.engagement is not None]
        rates = [told for other in same if (told := rate(other.engagement, other.reach)) is not None]
        its = found[one.key]
        for value, n, plain in (
            (its.reach, its.reach_n, reach),
            (its.engagement, its.engagement_n, engagement),
            (its.rate, its.rate_n, rates),
        ):
            assert n == len(plain)
            assert value == (median(plain) if len(plain) >= 8 else None)
    assert sum(its.reach is None for its in found.values()) < len(found) / 2
