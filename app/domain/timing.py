"""Local wall times and instants, and the two nights a year when the clock is changed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from app.domain.errors import Invalid

_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{1,2}))?(?:[.:](\d{1,2}))?")


def is_zone(name: str) -> bool:
    """Whether a time zone of this name is known."""
    return name in available_timezones()


def to_instant(local: datetime, zone: str, fold: int | None = None, field: str = "local_due") -> datetime:
    """The UTC instant of a naive local wall time in a zone.

    Of an hour that exists twice the first is taken unless `fold` is 1. Raises Invalid ("time_does_not_exist",
    with the next time that does) when the clocks jump over it, and at the ends of the calendar.
    """
    try:
        instant = local.replace(tzinfo=ZoneInfo(zone), fold=fold or 0).astimezone(UTC)
        back = to_local(instant, zone)
    except OverflowError:
        raise Invalid("time_too_far", field) from None
    if back != local:
        raise Invalid("time_does_not_exist", field, local=local, instead=back)
    return instant


def to_wall(instant: datetime, zone: str, field: str = "due_at") -> tuple[datetime, int]:
    """The naive wall time of an instant in a zone, and its fold: 1 in the second of two equal hours.

    Raises Invalid at the ends of the calendar.
    """
    try:
        there = instant.astimezone(ZoneInfo(zone))
    except OverflowError:
        raise Invalid("time_too_far", field) from None
    return there.replace(tzinfo=None, fold=0), there.fold


def exists_twice(local: datetime, zone: str) -> bool:
    """Whether the clocks are turned back over this wall time, so that it happens two times."""
    place = ZoneInfo(zone)
    first = local.replace(tzinfo=place, fold=0).utcoffset()
    return first != local.replace(tzinfo=place, fold=1).utcoffset() and _exists(local, place)


def _exists(local: datetime, place: ZoneInfo) -> bool:
    try:
        return local.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None) == local
    except OverflowError:
        return False


def to_local(instant: datetime, zone: str) -> datetime:
    """The naive wall time of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def read_local(day: str, hour: str) -> datetime:
    """A naive wall time from a form's date ("2026-11-25") and time ("9.00", "09:00", "9"). Raises Invalid."""
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        raise Invalid("bad_date", "day") from None
    return datetime.combine(on, _read_time(hour))


def _read_time(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    try:
        hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
        return time(hours, minutes, seconds)
    except ValueError:
        raise Invalid("bad_time", "hour") from None


def check_ahead(due_at: datetime, now: datetime, field: str = "local_due") -> None:
    """Nothing, when the instant is to come and less than two years away. Raises Invalid."""
    if due_at <= now:
        raise Invalid("time_is_past", field)
    if due_at > now + timedelta(days=731):
        raise Invalid("time_too_far", field)
