"""Nobody is written to at night, at a weekend or on a public holiday, wherever the clocks are turned."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.public_holidays import easter, holidays, is_known
from app.domain.timing import to_local
from app.domain.working_hours import EARLIEST, LATEST, WorkingHours, wrong_hours

HELSINKI = WorkingHours("Europe/Helsinki", "FI")
ZONES = ("Europe/Helsinki", "Europe/Oslo", "Atlantic/Azores", "America/Santiago", "Australia/Lord_Howe",
         "Pacific/Apia", "Africa/Casablanca", "UTC")  # fmt: skip
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by `timezones`
WORK = st.tuples(st.integers(7, 19), st.integers(1, 2)).map(lambda pair: (time(pair[0]), time(sum(pair))))


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(["FI", "SE", "NO", "DK", "IS", "JP", ""]), WORK)
def test_what_waits_comes_when_the_next_working_day_begins(
    at: datetime, zone: str, country: str, work: tuple[time, time]
) -> None:
    hours = WorkingHours(zone, country, *work)
    comes = hours.next_open(at)
    assert comes >= at
    assert not hours.is_quiet(comes)
    assert comes - at < timedelta(days=16)
    if comes != at:
        assert hours.is_quiet(at)
        assert to_local(comes, zone).time() == hours.begins
        between = (at + (comes - at) * part / 12 for part in range(12))
        assert all(hours.is_quiet(one) or to_local(one, zone).time() < hours.begins for one in between)
    later = hours.a_working_day_later(at)
    assert later > at
    assert not hours.is_quiet(later) or to_local(later, zone).time() == LATEST
    assert hours.begins <= to_local(later, zone).time() <= hours.ends


@pytest.mark.parametrize(
    ("at", "comes"),
    [
        ("2026-11-25T18:59", "2026-11-25T18:59"),
        ("2026-11-25T19:00", "2026-11-26T06:00"),
        ("2026-11-27T19:30", "2026-11-30T06:00"),
        ("2026-03-28T10:00", "2026-03-30T05:00"),
        ("2026-10-24T10:00", "2026-10-26T06:00"),
        ("2026-12-23T20:00", "2026-12-28T06:00"),
        ("2026-04-02T20:00", "2026-04-07T05:00"),
    ],
)
def test_evenings_weekends_changed_clocks_and_holidays(at: str, comes: str) -> None:
    begun, told = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, comes))
    assert HELSINKI.next_open(begun) == told


def test_a_week_begins_on_its_first_working_day() -> None:
    assert HELSINKI.begin_of_week(date(2026, 4, 6)) == datetime(2026, 4, 7, 5, 0, tzinfo=UTC), "Easter Monday"
    assert HELSINKI.begin_of_week(date(2026, 11, 23)) == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_holidays_are_those_of_the_almanacs() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25),
    ]  # fmt: skip
    expected = {
        "SE": {(1, 6), (6, 6), (6, 19), (6, 20), (10, 31), (12, 24), (12, 31)},
        "FI": {(1, 6), (5, 14), (6, 19), (10, 31), (12, 6), (12, 24)},
        "NO": {(4, 2), (5, 17), (5, 25), (12, 24)},
        "DK": {(4, 2), (5, 25), (6, 5)},
        "IS": {(4, 23), (6, 17), (8, 3)},
        "AX": {(3, 30), (6, 9)},
    }
    for country, days in expected.items():
        assert {date(2026, *day) for day in days} <= holidays(country, 2026), country
    assert date(2026, 6, 6) not in holidays("FI", 2026)
    assert (is_known("SE"), is_known("JP"), holidays("JP", 2026)) == (True, False, frozenset())


def test_hours_that_can_not_be_are_named() -> None:
    assert wrong_hours(time(8), time(16)) == []
    assert wrong_hours(EARLIEST, LATEST) == []
    assert [fault.field for fault in wrong_hours(time(6, 59), time(21, 1))] == ["begins", "ends"]
    assert [fault.code for fault in wrong_hours(time(12), time(12))] == ["hours_backwards"]
