"""At which ages numbers are read, and what a reading stands for."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import readings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_ages() -> None:
    assert readings.AGES == (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 28 * DAY)


@pytest.mark.parametrize(("age", "following"), [(timedelta(0), HOUR), (HOUR, 6 * HOUR), (8 * DAY, 14 * DAY)])
def test_next(age: timedelta, following: timedelta) -> None:
    assert readings.next_reading_at(BEGAN, age) == BEGAN + following


def test_after_four_weeks_nothing_is_read() -> None:
    assert readings.next_reading_at(BEGAN, 28 * DAY) is None


def test_what_a_reading_stands_for() -> None:
    assert readings.stands_for(7 * DAY + 11 * HOUR, 7 * DAY)
    assert not readings.stands_for(7 * DAY + 13 * HOUR, 7 * DAY)
    assert not readings.stands_for(2 * HOUR, HOUR)
    assert readings.age_reached(5 * HOUR) == HOUR
    assert readings.age_reached(timedelta(minutes=5)) is None


def test_engagement_is_of_what_is_told() -> None:
    assert readings.engagement(3, None, 1, None) == 4
    assert readings.engagement(0, 0, None, None) == 0
    assert readings.engagement(None, None, None, None) is None
