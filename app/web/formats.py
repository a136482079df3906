"""Times, days and spans in the reader's words. Instants are aware, days are dates in the reader's zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import dates

from app.foundation.i18n import babel_locale, format_instant

_DAY = {"en": "EEEE d MMMM", "sv": "EEEE d MMMM", "fi": "cccc d. MMMM", "nb": "EEEE d. MMMM"}
_SHORT_DAY = {"en": "EEE", "sv": "EEE", "fi": "ccc", "nb": "EEE"}


def clock_time(instant: datetime, zone: str, locale: str) -> str:
    """The time of day in a zone: "9.00"."""
    return format_instant(instant, zone, locale, "time")


def clock_seconds(instant: datetime, zone: str, locale: str) -> str:
    """The time of day with seconds: "9.52.04"."""
    return format_instant(instant, zone, locale, "seconds")


def clock(milliseconds: int) -> str:
    """A length as players show it: "0:42", "12:05"."""
    seconds = round(milliseconds / 1000)
    return f"{seconds // 60}:{seconds % 60:02}"


def day_name(day: date, locale: str) -> str:
    """A day with its weekday: "Wednesday 25 November", "keskiviikko 25. marraskuuta"."""
    return str(dates.format_date(day, _DAY[locale], locale=babel_locale(locale)))


def full_day(day: date, locale: str) -> str:
    """A day with its year: "25 November 2026", "25. marraskuuta 2026"."""
    return str(dates.format_date(day, "long", locale=babel_locale(locale)))


def moment(instant: datetime, zone: str, locale: str, now: datetime) -> str:
    """Day and time as short as the distance allows: "Wed 12.00" within six days, else "Wed 25 Nov 12.00"."""
    local = instant.astimezone(ZoneInfo(zone))
    near = abs((local.date() - now.astimezone(ZoneInfo(zone)).date()).days) < 6
    if not near:
        return format_instant(instant, zone, locale, "day time")
    return f"{_weekday(local.date(), locale)} {clock_time(instant, zone, locale)}"


@lru_cache(64)
def _weekday(day: date, locale: str) -> str:
    return str(dates.format_date(day, _SHORT_DAY[locale], locale=babel_locale(locale)))


def local_day(instant: datetime, zone: str) -> date:
    """The date that the calendar shows in a zone at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def week_number(day: date) -> int:
    """The ISO week, Monday first: 1 to 53."""
    return day.isocalendar().week


def ago(instant: datetime, now: datetime, locale: str) -> str:
    """How far an instant is from now: "3 minutes ago", "in 2 days"."""
    distance: timedelta = instant - now
    return str(dates.format_timedelta(distance, add_direction=True, locale=babel_locale(locale)))


@lru_cache(1024)
def span(seconds: float, locale: str) -> str:
    """A length of time in its largest fitting unit: "15 minutes", "3 days"."""
    return str(dates.format_timedelta(timedelta(seconds=seconds), threshold=1, locale=babel_locale(locale)))


def begun(words: str) -> str:
    """Words as they begin a heading: days and months are written small in most of our languages."""
    return words[:1].upper() + words[1:]


def wall_time(local: datetime) -> str:
    """The time of day of a naive wall time: "9.00"."""
    return f"{local.hour}.{local.minute:02}"


@lru_cache(512)
def short_day(day: date, locale: str) -> str:
    """A day of a week at a glance: "Wed 25", "ke 25"."""
    return f"{_weekday(day, locale)} {day.day}"


@lru_cache(64)
def weekday(day: date, locale: str) -> str:
    """The name of a day of the week: "Wednesday"."""
    return str(dates.format_date(day, "cccc", locale=babel_locale(locale)))


@lru_cache(64)
def month_name(day: date, locale: str) -> str:
    """A month with its year: "November 2026"."""
    return str(dates.format_skeleton("yMMMM", day, locale=babel_locale(locale)))


@lru_cache(64)
def day_span(first: date, last: date, locale: str) -> str:
    """Two days and what lies between: "23–29 November"."""
    return str(dates.format_interval(first, last, "MMMMd", locale=babel_locale(locale)))
