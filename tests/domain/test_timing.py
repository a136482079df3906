"""Wall times and instants, on ordinary days and on the two nights when the clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import timing
from app.domain.errors import Invalid

HELSINKI, OSLO = "Europe/Helsinki", "Europe/Oslo"


def test_an_ordinary_time() -> None:
    assert timing.to_instant(datetime(2026, 11, 25, 12), HELSINKI) == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_the_hour_that_does_not_exist_names_the_next_that_does() -> None:
    with pytest.raises(Invalid) as refused:
        timing.to_instant(datetime(2027, 3, 28, 3, 30), HELSINKI)
    fault = refused.value.faults[0]
    assert (fault.code, fault.field) == ("time_does_not_exist", "local_due")
    assert fault.params["instead"] == datetime(2027, 3, 28, 4, 30)


@pytest.mark.parametrize(("fold", "hour"), [(None, 0), (0, 0), (1, 1)])
def test_of_the_hour_that_exists_twice_the_first_is_taken_unless_chosen(fold: int | None, hour: int) -> None:
    local = datetime(2027, 10, 31, 3, 30)
    assert timing.exists_twice(local, HELSINKI)
    assert timing.to_instant(local, HELSINKI, fold) == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "local", [datetime(2027, 3, 28, 3, 30), datetime(2027, 3, 28, 12), datetime(2027, 10, 31, 5)]
)
def test_no_other_hour_exists_twice(local: datetime) -> None:
    assert not timing.exists_twice(local, HELSINKI)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1)), st.sampled_from([HELSINKI, OSLO, "UTC"]))
def test_there_and_back(moment: datetime, zone: str) -> None:
    instant = moment.replace(tzinfo=UTC, microsecond=0)
    local = timing.to_local(instant, zone)
    found = {timing.to_instant(local, zone, fold) for fold in (0, 1)}
    assert instant in found


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-11-25", "9.00", datetime(2026, 11, 25, 9)),
        ("2026-11-25", "09:05", datetime(2026, 11, 25, 9, 5)),
        (" 2026-11-25 ", "9", datetime(2026, 11, 25, 9)),
    ],
)
def test_what_people_type(day: str, hour: str, expected: datetime) -> None:
    assert timing.read_local(day, hour) == expected


@pytest.mark.parametrize(
    ("day", "hour", "code", "field"),
    [
        ("25.11.2026", "9.00", "bad_date", "day"),
        ("", "9.00", "bad_date", "day"),
        ("2026-02-30", "9.00", "bad_date", "day"),
        ("2026-11-25", "", "bad_time", "hour"),
        ("2026-11-25", "25.00", "bad_time", "hour"),
        ("2026-11-25", "9.60", "bad_time", "hour"),
        ("2026-11-25", "nine", "bad_time", "hour"),
        ("2026-11-25", "-1", "bad_time", "hour"),
        ("2026-11-25", "1.2.3.4", "bad_time", "hour"),
    ],
)
def test_what_no_clock_shows(day: str, hour: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        timing.read_local(day, hour)
    assert (refused.value.code, refused.value.faults[0].field) == (code, field)


def test_only_what_is_ahead() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    timing.check_ahead(now + timedelta(minutes=1), now)
    for due_at, code in [(now, "time_is_past"), (now + timedelta(days=800), "time_too_far")]:
        with pytest.raises(Invalid) as refused:
            timing.check_ahead(due_at, now)
        assert refused.value.code == code
