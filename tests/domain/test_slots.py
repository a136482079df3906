"""Free hours and kept promises."""

from datetime import date, datetime, time

import pytest

from app.domain.slots import Hour, Kept, Promise, free, in_order, monday_of


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall time in a week that begins on Monday the 18th."""
    return datetime(2030, 2, day, hour, minute)  # noqa: DTZ001 - a wall time


@pytest.mark.parametrize(
    ("hours", "taken", "left"),
    [
        ([at(18, 9), at(20, 12)], [], [at(18, 9), at(20, 12)]),
        ([at(18, 9), at(20, 12)], [at(18, 9)], [at(20, 12)]),
        ([at(18, 9)], [at(18, 15)], []),  # later on its day, and it is still that day's post
        ([at(18, 9)], [at(19, 9)], [at(18, 9)]),
        ([at(18, 9), at(18, 15)], [at(18, 14)], [at(18, 9)]),
        ([at(18, 9), at(18, 15)], [at(18, 14), at(18, 16)], []),  # the second takes what is left
        ([at(18, 9)], [at(18, 9), at(18, 9, 5)], []),
    ],
)
def test_a_post_takes_the_nearest_hour_of_its_day(
    hours: list[datetime], taken: list[datetime], left: list[datetime]
) -> None:
    assert free(hours, taken) == left


@pytest.mark.parametrize(
    ("promise", "planned", "kept", "full"),
    [
        (Promise(2), 1, Kept.SHORT, False),
        (Promise(2), 9, Kept.KEPT, False),
        (Promise(2, 3), 2, Kept.KEPT, False),
        (Promise(2, 3), 3, Kept.KEPT, True),
        (Promise(2, 3), 4, Kept.OVER, True),
        (Promise(0, 0), 0, Kept.KEPT, True),
    ],
)
def test_a_week_keeps_a_promise_or_not(promise: Promise, planned: int, kept: Kept, full: bool) -> None:
    assert promise.kept(planned) is kept
    assert promise.is_full(planned) is full


def test_hours_stand_in_the_order_of_the_week() -> None:
    late, early = Hour(5, time(9)), Hour(1, time(15))
    assert in_order([late, early, late]) == [early, late]
    assert late.on(date(2030, 2, 18)) == at(22, 9)
    assert monday_of(date(2030, 2, 24)) == date(2030, 2, 18)
