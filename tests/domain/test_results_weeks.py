"""Weeks begin on Monday, and one without a post is there and has no figure."""

from datetime import date
from typing import NamedTuple

from app.domain.results import Median, Period
from app.domain.results_weeks import weeks


class Line(NamedTuple):
    day: int
    reach: int | None


def test_every_week_of_the_period_in_order() -> None:
    period = Period(date(2026, 11, 4), date(2026, 11, 23))  # a Wednesday, and a Monday
    told = [
        Line(day.toordinal(), reach)
        for day, reach in (
            (date(2026, 11, 4), 10), (date(2026, 11, 8), 30), (date(2026, 11, 8), None),
            (date(2026, 11, 23), 7),
        )
    ]  # fmt: skip
    found = weeks(told, period)
    assert [week.begins_on for week in found] == [
        date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23),
    ]  # fmt: skip
    assert [week.posts for week in found] == [3, 0, 0, 1]
    assert [week.reach for week in found] == [
        Median(20, 2, 1),
        Median(None, 0),
        Median(None, 0),
        Median(7, 1),
    ]
