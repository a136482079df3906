"""The calendar: a week, a month or a day of what goes out and went out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.database import Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Refusal
from app.domain.posts import Tone
from app.domain.publications import MAY_CHANGE_TIME, Status
from app.domain.roles import Right
from app.domain.slots import monday_of
from app.foundation import clock
from app.foundation.i18n import N_
from app.queries import calendar as questions
from app.queries import channels, slots, units
from app.queries.calendar_wanted import Made
from app.queries.slots import Promised, Week
from app.web import formats, paging
from app.web.calendar_days import A_DAY, Shown, View, grid, narrowed, start_of
from app.web.calendar_flash import flash
from app.web.forms import said
from app.web.labels import FOUND, PUBLICATIONS, TONES
from app.web.rendering import render
from app.words.slots import kept

router = APIRouter(prefix="/calendar")
IN_A_WEEK, IN_A_MONTH, IN_A_DAY = 12, 3, 40
_MADE = ((Made.HERE.value, N_("All that was made here")), (Made.FOUND.value, FOUND.word))
_MOST = {"week": IN_A_WEEK, "month": IN_A_MONTH, "day": IN_A_DAY}


@dataclass(frozen=True)
class Day:
    """One day: posts and free hours in order of time, and how many more posts there are.

    An item is its wall time, the row of a publication or of a post found on the page or None, and for a free
    hour whose it is.
    """

    on: date
    items: Sequence[tuple[datetime, Any, Promised | None]]
    more: int


@router.get("")
def this_week(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """The week that it is now."""
    today = formats.local_day(clock.now(), viewer.zone)
    return page(request, viewer, session, _shown(request, "week", monday_of(today)))


@router.get("/week/{key}")
@router.get("/month/{key}")
@router.get("/day/{key}")
def show(request: Request, viewer: SignedIn, session: Reads, key: str) -> Response:
    """One of its pages. Raises NotFound for an address that names no week, month or day."""
    name = request.url.path.split("/")[2]
    view: View = "week" if name == "week" else "month" if name == "month" else "day"
    return page(request, viewer, session, _shown(request, view, start_of(view, key)))


def _shown(request: Request, view: View, start: date) -> Shown:
    return Shown(view, start, narrowed(request.query_params))


def page(
    request: Request,
    viewer: Viewer,
    session: Session,
    shown: Shown,
    refusal: Refusal | None = None,
    refused_id: int = 0,
) -> Response:
    """The page; with what was refused of a post that somebody dragged, if something was."""
    scope, now = viewer.actor.scope, clock.now()
    weeks = _weeks(session, viewer, shown)
    found = questions.counts(session, scope, shown.wanted, shown.start, shown.end)
    skip = _skipped(request) if shown.view == "day" else 0
    days = _days(session, viewer, shown, found, weeks, skip)
    return render(
        request,
        f"calendar/{shown.view}.html",
        refusal.status if refusal else 200,
        shown=shown,
        today=formats.local_day(now, viewer.zone),
        days=days,
        weeks=weeks,
        kept_words=lambda week: kept(week.of.promise, week.planned, viewer.locale),
        **_shown_of(days, viewer),
        query=paging.address("", **shown.chosen),
        page_at=lambda skip: paging.address(shown.path, **shown.chosen, skip=skip),
        grid=grid(shown) if shown.view == "month" else [],
        tones=_by_tone(found),
        total=sum(sum(tones.values()) for tones in found.values()),
        skip=skip,
        per_page=IN_A_DAY,
        plans=scope.units_with(Right.SCHEDULE),
        writes=bool(scope.units_with(Right.WRITE)),
        movable=MAY_CHANGE_TIME,
        flash=None if refusal else flash(request, viewer, session, now),
        errors=[replace(one, field=f"t{refused_id}") for one in said(request, refusal)],
        refused_id=refused_id,
        **choices(session, viewer),
        **_names(viewer.locale),
    )


def _found_at(writes: Collection[int], row: Any) -> str:
    """Where something is said of a found post, for those who may; else where it stands, or ""."""
    return f"/channels/found?post={row.found_id}" if row.unit_id in writes else str(row.permalink)


def _names(locale: str) -> dict[str, Any]:
    return {
        "day_name": lambda day: formats.day_name(day, locale),
        "short_day": lambda day: formats.short_day(day, locale),
        "month_name": lambda day: formats.month_name(day, locale),
        "weekday": lambda day: formats.weekday(day, locale),
        "span_of": lambda first, last: formats.day_span(first, last, locale),
        "wall": formats.wall_time,
        "big": formats.begun,
        "said_when": lambda local: f"{formats.day_name(local.date(), locale)} {formats.wall_time(local)}",
    }


def _shown_of(days: Mapping[date, Day], viewer: Viewer) -> dict[str, Any]:
    """The statuses whose drawings stand on the page, for the words below them; of found posts where they
    lead."""
    there = [item[1] for day in days.values() for item in day.items if item[1]]
    known = {row.status for row in there}
    return {
        "statuses_here": [status for status in Status if status in known],
        "found_here": any(row.found_id for row in there),
        "found_at": partial(_found_at, viewer.actor.scope.units_with(Right.WRITE)),
    }


def choices(session: Session, viewer: Viewer) -> dict[str, Any]:
    """What the filter offers: values and their words; those of tones and statuses are not translated yet."""
    scope = viewer.actor.scope
    return {
        "units": units.names(session, scope, Right.SEE, viewer.locale),
        "channels": [(row.id, row.name) for row in channels.listed(session, scope)],
        "tones_known": [(tone.value, TONES[tone].word) for tone in Tone],
        "statuses": [*_MADE, *((status.value, PUBLICATIONS[status].word) for status in Status)],
    }


def _weeks(session: Session, viewer: Viewer, shown: Shown) -> list[Week]:
    """How the promises of this week stand; told in the week alone, and not of a part of what goes out."""
    if shown.view != "week" or shown.wanted.a_part:
        return []
    wanted = shown.wanted
    return slots.weeks(
        session, viewer.actor.scope, shown.start, clock.now(), wanted.channel_id, wanted.unit_id
    )


def _days(
    session: Session,
    viewer: Viewer,
    shown: Shown,
    found: Mapping[date, Mapping[Tone | None, int]],
    weeks: Sequence[Week],
    skip: int,
) -> dict[date, Day]:
    scope, most = viewer.actor.scope, _MOST[shown.view]
    listed = questions.listed(session, scope, shown.wanted, shown.start, shown.end, most, skip)
    rows: dict[date, list[Any]] = defaultdict(list)
    for row in listed:
        rows[row.local_due.date()].append(row)
    free: dict[date, list[tuple[datetime, Any, Promised | None]]] = defaultdict(list)
    for week in weeks:
        for wall in week.free:
            free[wall.date()].append((wall, None, week.of))
    days = {}
    for number in range((shown.end - shown.start).days + 1):
        on = shown.start + number * A_DAY
        more = max(0, sum(found.get(on, {}).values()) - skip - len(rows[on]))
        items = [*((row.local_due, row, None) for row in rows[on]), *free[on]]
        days[on] = Day(on, sorted(items, key=lambda item: item[0]), more)
    return days


def _by_tone(found: Mapping[date, Mapping[Tone | None, int]]) -> dict[Tone | None, int]:
    tones: dict[Tone | None, int] = defaultdict(int)
    for day in found.values():
        for tone, many in day.items():
            tones[tone] += many
    return tones


def _skipped(request: Request) -> int:
    """How many of a day's posts stand on the pages before this one."""
    text = request.query_params.get("skip", "")
    return int(text[:6]) // IN_A_DAY * IN_A_DAY if text.isascii() and text.isdigit() else 0
