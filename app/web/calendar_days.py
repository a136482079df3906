"""Which days a calendar page shows, read off its address and written into one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from app.domain.errors import NotFound
from app.domain.posts import Tone
from app.domain.publications import Status
from app.domain.slots import monday_of
from app.foundation.database import read_id
from app.queries.calendar_wanted import Made, Narrowed
from app.web import paging

View = Literal["week", "month", "day"]
A_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1990, 2200  # beyond them is a mistyped address
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAGE = re.compile(r"/calendar(?:/(week|month|day)/([\dW-]{7,10}))?")
FILTERS = ("unit", "channel", "tone", "status")


@dataclass(frozen=True)
class Shown:
    """One calendar page: a week (from its Monday), a month (from its first day) or a day, and its filter."""

    view: View
    start: date
    wanted: Narrowed = field(default_factory=Narrowed)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start if self.view == "day" else self.moved(1).start - A_DAY

    def moved(self, steps: int) -> "Shown":
        """The page so many weeks, months or days later."""
        if self.view != "month":
            return replace(self, start=self.start + steps * (7 if self.view == "week" else 1) * A_DAY)
        months = self.start.year * 12 + self.start.month - 1 + steps
        return replace(self, start=date(months // 12, months % 12 + 1, 1))

    def at(self, view: View, day: date) -> "Shown":
        """The page of another view, or of another time, that holds a day; with the same filter."""
        starts = {"week": monday_of(day), "month": day.replace(day=1), "day": day}
        return replace(self, view=view, start=starts[view])

    @property
    def path(self) -> str:
        """Its path."""
        return f"/calendar/{self.view}/{key(self.view, self.start)}"

    @property
    def address(self) -> str:
        """Its path with its filter."""
        return paging.address(self.path, **self.chosen)

    @property
    def chosen(self) -> dict[str, str | int]:
        """The filter as the form shows it."""
        wanted = self.wanted
        return {
            "unit": wanted.unit_id or "",
            "channel": wanted.channel_id or "",
            "tone": wanted.tone or "",
            "status": wanted.status or wanted.made or "",
        }


def key(view: View, day: date) -> str:
    """How an address names a week ("2026-W48"), a month ("2026-11") or a day."""
    if view == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if view == "month" else day.isoformat()


def start_of(view: View, text: str) -> date:
    """The first day that a key names. Raises NotFound for what is none."""
    pattern = {"week": _WEEK, "month": _MONTH, "day": _DAY}[view].fullmatch(text)
    if pattern is None or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise NotFound
    try:
        if view == "day":
            return date.fromisoformat(text)
        year, number = int(pattern[1]), int(pattern[2])
        return date.fromisocalendar(year, number, 1) if view == "week" else date(year, number, 1)
    except ValueError:
        raise NotFound from None


def narrowed(asked: Mapping[str, str]) -> Narrowed:
    """The filter of an address; what it can't mean narrows nothing."""
    return Narrowed(
        _number(asked.get("unit", "")),
        _number(asked.get("channel", "")),
        next((tone for tone in Tone if tone == asked.get("tone")), None),
        next((status for status in Status if status == asked.get("status")), None),
        next((made for made in Made if made == asked.get("status")), None),
    )


def _number(text: str) -> int | None:
    return read_id(text)


def back_to(address: str, today: date) -> Shown:
    """The calendar page of an address that a form brought back; this week for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return Shown("week", monday_of(today))
    found = _PAGE.fullmatch(parts.path)
    wanted = narrowed(dict(parse_qsl(parts.query))) if found else Narrowed()
    view: View = next((one for one in ("week", "month", "day") if found and found[1] == one), "week")
    try:
        start = start_of(view, found[2]) if found and found[2] else monday_of(today)
    except NotFound:
        return Shown("week", monday_of(today), wanted)
    return Shown(view, start, wanted)


def grid(shown: Shown) -> list[list[date]]:
    """The weeks of a month, from Monday to Sunday, with the days of its neighbours that fill them up."""
    monday = monday_of(shown.start)
    weeks = []
    while monday <= shown.end:
        weeks.append([monday + number * A_DAY for number in range(7)])
        monday += 7 * A_DAY
    return weeks
