"""Which unit and which days a page of results is about, read off its address; addresses of its relatives."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from babel import dates
from fastapi import Depends, Query
from sqlalchemy.orm import Session

from app.dependencies.viewers import Viewer
from app.domain.errors import Fault, Invalid, NotFound
from app.domain.results import Period, Quarter, newest_verdict_period
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.i18n import N_, babel_locale, translations
from app.queries import units
from app.web import formats, paging

MOST_DAYS = 3660  # ten years
OWN = "own"
USUAL = "quarter"
_NAMES = {
    "quarter": N_("This quarter so far"),
    "last_quarter": N_("Last quarter"),
    "four_quarters": N_("Four whole quarters"),
    "year": N_("Last 12 months"),
    "days_28": N_("Last 28 days"),
    "days_90": N_("Last 90 days"),
    OWN: N_("From … to …"),
}
_Word = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True)
class Asked:
    """The words of an address that choose unit and days."""

    unit: str = ""
    period: str = ""
    since: str = ""
    to: str = ""
    shown: str = ""


def asked(
    unit: _Word = "", period: _Word = "", since: Annotated[str, Query(alias="from", max_length=20)] = "",
    to: _Word = "", shown: _Word = "",
) -> Asked:  # fmt: skip
    """What an address asks for, not judged yet. shown: the period that the form stood under."""
    return Asked(unit, period, since, to, shown)


Choice = Annotated[Asked, Depends(asked)]


@dataclass(frozen=True)
class Chosen:
    """What a page is about. units: (id, name) of all that may be chosen; name: of the period, see `_NAMES`.

    refusal: what is wrong with the days that were typed (kept in `asked`); then this quarter is shown.
    """

    unit_id: int
    unit: str
    units: Sequence[tuple[int, str]]
    period: Period
    name: str
    asked: Asked
    today: date
    refusal: Invalid | None = field(default=None, compare=False)

    def address(self, path: str, **more: object) -> str:
        """A page of the results about the same unit and days."""
        days = {"from": self.period.from_on, "to": self.period.to_on} if self.name == OWN else {}
        return paging.address(path, unit=self.unit_id, period=self.name, **days, **more)

    def other(self, name: str) -> str:
        """The first page about another of the named periods."""
        return paging.address("/results", unit=self.unit_id, period=name)


def choose(session: Session, viewer: Viewer, asked: Asked) -> Chosen:
    """The unit and the days that are asked for: the highest unit and this quarter unless told otherwise.

    Raises NotFound for a unit that the viewer can't open, or when there is none.
    """
    names = units.names(session, viewer.actor.scope, Right.SEE, viewer.locale)
    found = next(((id_, name) for id_, name in names if str(id_) == asked.unit), None)
    if not names or (asked.unit and found is None):
        raise NotFound
    unit_id, unit = found or names[0]
    today = formats.local_day(clock.now(), viewer.zone)
    name = _name(asked, today)
    refusal = None
    try:
        period = own(asked.since, asked.to) if name == OWN else named(name, today)
    except Invalid as error:
        refusal, period = error, named(USUAL, today)
    return Chosen(unit_id, unit, names, period, name, asked, today, refusal)


def _name(asked: Asked, today: date) -> str:
    """Which period is meant: days that were typed count, unless another period was chosen beside them."""
    if asked.period not in _NAMES:
        return OWN if asked.since or asked.to else USUAL
    if asked.period == asked.shown and asked.period != OWN:
        days = named(asked.period, today)
        same = (asked.since, asked.to) == (days.from_on.isoformat(), days.to_on.isoformat())
        return asked.period if same else OWN
    return asked.period


def named(name: str, today: date) -> Period:
    """The days of a named period, as seen from today."""
    this = Quarter.of(today)
    last = this.moved(-1)
    if name == "last_quarter":
        return Period(last.begins_on, last.ends_on)
    if name == "four_quarters":
        return newest_verdict_period(today)
    days = {"days_28": 28, "days_90": 90, "year": 365}.get(name)
    return Period(today - timedelta(days=days - 1), today) if days else Period(this.begins_on, today)


def own(since: str, to: str) -> Period:
    """Days that somebody typed, "2026-08-24". Raises Invalid with the field."""
    faults, days = [], []
    for name, text in (("from", since), ("to", to)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            faults.append(Fault("period_day", name))
    if faults:
        raise Invalid.of(faults)
    if days[1] < days[0]:
        raise Invalid("period_backwards", "to")
    if (days[1] - days[0]).days >= MOST_DAYS or days[0].year < 2000:
        raise Invalid("period_long", "from")
    period = Period(*days)
    if period.is_too_far:
        raise Invalid("period_day", "to")
    return period


def period_options(locale: str) -> list[tuple[str, str]]:
    """The periods to choose from: (name, words)."""
    say = translations(locale).gettext
    return [(name, say(words)) for name, words in _NAMES.items()]


def period_words(period: Period, locale: str) -> str:
    """ "24 August – 22 November 2026"."""
    words = dates.format_interval(period.from_on, period.to_on, "yMMMMd", locale=babel_locale(locale))
    return str(words)
