"""Public holidays of the Nordic countries, and the eves on which offices there are closed.

Sources: Sweden, lag (1989:253) om allmänna helgdagar and semesterlagen (the eves); Finland, kirkkolaki
(652/2023) and the laws on the first of May and Independence Day; Norway, lov om helligdager og helligdagsfred
(1995) and om 1 og 17 mai; Denmark, lov om folkekirkens helligdage; Iceland, lög nr. 88/1971. Elsewhere only
weekends are known to be free.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

_Rule = Callable[[int], date]


def is_public_holiday(country: str, day: date) -> bool:
    """Whether offices are closed on a day in a country (ISO 3166), weekends aside; False where not known."""
    return day in holidays(country, day.year)


def is_known(country: str) -> bool:
    """Whether the holidays of a country are known here."""
    return country in _RULES


@lru_cache(200)
def holidays(country: str, year: int) -> frozenset[date]:
    """All of a year; none for a country that is not known here."""
    return frozenset(rule(year) for rule in _RULES.get(country, ()))


def easter(year: int) -> date:
    """Easter Sunday of a year in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, kept = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moved + 15) % 30
    quarters, last = divmod(rest, 4)
    weekday = (32 + 2 * kept + 2 * quarters - epact - last) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _on(month: int, day: int) -> _Rule:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> _Rule:
    return lambda year: easter(year) + timedelta(days=days)


def _weekday_from(weekday: int, month: int, day: int) -> _Rule:
    """The first such weekday (1 is Monday) on a date or after it."""

    def rule(year: int) -> date:
        first = date(year, month, day)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7)

    return rule


_NEW_YEAR, _EPIPHANY, _FIRST_OF_MAY = _on(1, 1), _on(1, 6), _on(5, 1)
_THURSDAY, _GOOD_FRIDAY, _EASTER_MONDAY = _from_easter(-3), _from_easter(-2), _from_easter(1)
_ASCENSION, _WHIT_MONDAY = _from_easter(39), _from_easter(50)
_MIDSUMMER_EVE, _MIDSUMMER = _weekday_from(5, 6, 19), _weekday_from(6, 6, 20)
_ALL_SAINTS = _weekday_from(6, 10, 31)
_CHRISTMAS = (_on(12, 24), _on(12, 25), _on(12, 26))
_NEW_YEARS_EVE = _on(12, 31)

_ALL = (_NEW_YEAR, _GOOD_FRIDAY, _EASTER_MONDAY, _ASCENSION, *_CHRISTMAS)
_FINLAND = (*_ALL, _EPIPHANY, _FIRST_OF_MAY, _MIDSUMMER_EVE, _MIDSUMMER, _ALL_SAINTS, _on(12, 6))
_RULES: Mapping[str, tuple[_Rule, ...]] = {
    "SE": (
        *_ALL, _EPIPHANY, _FIRST_OF_MAY, _on(6, 6), _MIDSUMMER_EVE, _MIDSUMMER, _ALL_SAINTS, _NEW_YEARS_EVE,
    ),
    "FI": _FINLAND,
    "AX": (*_FINLAND, _on(3, 30), _on(6, 9)),
    "NO": (*_ALL, _THURSDAY, _FIRST_OF_MAY, _on(5, 17), _WHIT_MONDAY),
    "DK": (*_ALL, _THURSDAY, _WHIT_MONDAY, _on(6, 5)),
    "IS": (
        *_ALL, _THURSDAY, _FIRST_OF_MAY, _WHIT_MONDAY, _weekday_from(4, 4, 19), _on(6, 17),
        _weekday_from(1, 8, 1), _NEW_YEARS_EVE,
    ),
}  # fmt: skip
