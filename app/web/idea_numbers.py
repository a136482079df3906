"""Who takes part with ideas: people and ideas month by month, and how many posts began outside the team.

Counts only. Nobody is named, and units stand in their usual order: this is no race.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated

from babel import dates
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn
from app.domain.errors import NotFound
from app.domain.idea_numbers import Counted, last_months
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.database import read_id
from app.foundation.i18n import babel_locale, format_number
from app.queries import idea_numbers as questions
from app.queries import units
from app.web.paging import address
from app.web.rendering import render
from app.web.results_charts import Bar, bars

router = APIRouter(prefix="/ideas/numbers")
EARLIEST, LATEST = 2000, 2200  # years


@dataclass(frozen=True)
class Line:
    """A row of a table: a month or a unit, and what was counted; `share`: in words, with its n."""

    name: str
    counted: Counted
    share: str


@router.get("")
def show(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    unit: Annotated[str, Query(max_length=20)] = "",
    month: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Twelve months that end with `month` ("2030-02"), of one unit with all below it. Raises NotFound."""
    scope, locale = viewer.actor.scope, viewer.locale
    tree = [row for row in units.tree(session, scope, locale) if row.id in scope.units]
    if not tree:
        raise NotFound
    chosen = read_id(unit) if unit else tree[0].id
    today = to_local(clock.now(), viewer.zone).date()
    months = last_months(_month(month, today))
    found = questions.numbers(session, scope, chosen or 0, months)
    names = {row.id: row.name for row in tree}
    of_units = dict(found.units)
    points = [
        Bar(_short(one.begins_on, locale), one.counted.people, one.begins_on == today.replace(day=1))
        for one in found.months
    ]
    whole = _sum([one.counted for one in found.months])
    return render(
        request,
        "ideas/numbers.html",
        units=[(row.id, "\u2003" * row.depth + row.name) for row in tree],
        chosen=chosen,
        name=names[chosen or 0],
        drawing=partial(bars, points),
        months=[_line(_long(one.begins_on, locale), one.counted, locale) for one in reversed(found.months)],
        last=_long(months[-1], locale),
        unit_lines=[_line(row.name, of_units[row.id], locale) for row in tree if row.id in of_units],
        whole=whole,
        share=_share(whole, locale),
        unfinished=months[-1] == today.replace(day=1),
        earlier=address("/ideas/numbers", unit=chosen, month=f"{months[0]:%Y-%m}"),
        later=_later(months, today, chosen),
    )


def _month(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today
    return found if EARLIEST <= found.year < LATEST else today


def _later(months: Sequence[date], today: date, unit_id: int | None) -> str | None:
    """The address of the months after, up to the one of today; None where that is shown."""
    if months[-1] >= today.replace(day=1):
        return None
    ahead = date(months[-1].year + 1, months[-1].month, 1)
    return address("/ideas/numbers", unit=unit_id, month=f"{min(ahead, today):%Y-%m}")


def _sum(months: Sequence[Counted]) -> Counted:
    """Of a year; people are not added up, for the same one may have sent in several months."""
    return Counted(
        0, sum(one.ideas for one in months), sum(one.open for one in months),
        sum(one.posts for one in months), sum(one.outside for one in months),
    )  # fmt: skip


def _line(name: str, counted: Counted, locale: str) -> Line:
    return Line(name, counted, _share(counted, locale))


def _share(counted: Counted, locale: str) -> str:
    """The share with what it is of: "25 % (3 / 12)"; a dash without posts."""
    if counted.share is None:
        return "–"
    part, outside, posts = (
        format_number(one, locale) for one in (round(100 * counted.share), counted.outside, counted.posts)
    )
    return f"{part}\u00a0% ({outside}\u00a0/\u00a0{posts})"


def _short(day: date, locale: str) -> str:
    return str(dates.format_date(day, "LLL", locale=babel_locale(locale)))


def _long(day: date, locale: str) -> str:
    return str(dates.format_date(day, "LLLL y", locale=babel_locale(locale)))
