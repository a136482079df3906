"""The ledger: minutes written down with one tap, one's own week, and how the weeks went."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.actions import ledger
from app.actions.ledger import EntryInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.ledger import LedgerKind, Side, Week, eyes, may_undo, side_of, week_of
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import AnyRow, read_id
from app.foundation.spreadsheets import CSV_TYPE, csv_lines
from app.queries import ledger as questions
from app.queries import units
from app.queries.ledger import Course
from app.web import formats, ledger_sheets
from app.web.forms import Form, Posted, go, once, own_page, said
from app.web.rendering import render
from app.web.results_charts import Bar, bars
from app.words import ledger as words

router = APIRouter(prefix="/ledger")
_WORD = Annotated[str, Query(max_length=20)]
_ABOUT = ("idea_id", "post_id", "publication_id")
_WEEKS_BACK = timedelta(weeks=2)


@router.get("")
def show(
    request: Request, viewer: SignedIn, session: Reads,
    unit: _WORD = "", kind: _WORD = "", idea: _WORD = "", post: _WORD = "", publication: _WORD = "",
) -> Response:  # fmt: skip
    """The page; with the number of an idea, a post or a publication its form is about that one."""
    asked = {"kind": kind, "idea_id": idea, "post_id": post, "publication_id": publication}
    form = Form.of(**{name: value for name, value in asked.items() if value})
    return _page(request, viewer, session, form, unit)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    unit: str = "",
    refusal: Refusal | None = None,
) -> Response:
    scope, now = viewer.actor.scope, clock.now()
    choices = units.names(session, scope, Right.SUGGEST, viewer.locale)
    coordinated = [choice for choice in choices if choice[0] in eyes(scope, viewer.person_id).coordinated]
    chosen = next((unit_id for unit_id, _ in coordinated if str(unit_id) == unit), None)
    course = questions.course(session, scope, viewer.person_id, now, chosen)
    mine = questions.own(session, scope, viewer.person_id, week_of(course.today) - _WEEKS_BACK)
    return render(
        request,
        "ledger/ledger.html",
        refusal.status if refusal else 200,
        today=course.today,
        kinds=kinds_by_side(),
        names=words.KINDS,
        sides=words.SIDES,
        course=course,
        mine=[(row, _may_undo(row, now)) for row in mine],
        told=words.said(course.now, course.promise, viewer.locale),
        hours=words.hours(course.now, course.promise, viewer.locale) if course.now else "",
        chart=_drawn(course),
        ratio=lambda week: words.ratio(week, viewer.locale),
        units=choices,
        home=choices[0][0] if choices else None,
        coordinated=coordinated,
        chosen=chosen,
        about=_about(form),
        form=form,
        errors=said(request, refusal),
    )


def kinds_by_side() -> dict[Side, list[LedgerKind]]:
    """What minutes can go to, people first."""
    return {side: [kind for kind in LedgerKind if side_of(kind) is side] for side in Side}


def _may_undo(row: AnyRow, now: datetime) -> bool:
    days = (timing.to_local(moment, row.zone).date() for moment in (row.written_at, now))
    return may_undo(*days)


def _about(form: Form) -> str:
    """The field of the thing that the form is about, "" for none."""
    return next((field for field in _ABOUT if read_id(form.text(field))), "")


def _drawn(course: Course) -> Callable[[], Markup] | None:
    """The ratio of each week against the aim; None while nothing can be drawn."""
    if not any(week and week.ratio is not None for week in course.weeks):
        return None
    points = [_bar(own.begins_on, week) for own, week in zip(course.own, course.weeks, strict=True)]
    points[-1] = Bar(points[-1].label, points[-1].value, unfinished=True)
    return partial(bars, points, course.promise.target)


def _bar(begins_on: date, week: Week | None) -> Bar:
    value = week.ratio if week else None
    return Bar(str(formats.week_number(begins_on)), None if value is None else round(value, 2))


@router.post("")
def write(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Write minutes down: those of a tap ("reply:15"), or those that were typed; then back to the page."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                ledger.write(turn.session, viewer.actor, _read(form))
                turn.address = own_page(form.text("back") or "/ledger")
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, form, refusal=refusal)
    return go(turn.address, "ledger_written")


def _read(form: Form) -> EntryInput:
    kind, _, minutes = form.text("tap").partition(":")
    tapped: dict[str, Any] = {"kind": kind, "minutes": minutes} if minutes else {}
    return form.read(EntryInput, without=("tap", "back"), **tapped)


@router.post("/{entry_id}/undo")
def undo(request: Request, viewer: SignedIn, form: Posted, db: Db, entry_id: int) -> Response:
    """Take one's own entry back."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                ledger.undo(turn.session, viewer.actor, entry_id)
                turn.address = "/ledger?done=ledger_undone#mine"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, Form(), refusal=refusal)
    return go(turn.address)


@router.get("/weeks.csv")
def file(viewer: SignedIn, session: Reads, unit: _WORD = "") -> Response:
    """The weeks as a file: their sums as far as they may be seen, one's own, and this week's of each person
    whom one coordinates."""
    scope = viewer.actor.scope
    course = questions.course(session, scope, viewer.person_id, clock.now(), read_id(unit))
    own = questions.own(session, scope, viewer.person_id, course.own[0].begins_on, limit=ledger_sheets.MOST)
    sheets = ledger_sheets.sheets(course, own, viewer.locale)
    headers = {"Content-Disposition": f'attachment; filename="kuliss-time-{course.today}.csv"'}
    return StreamingResponse(csv_lines(sheets), media_type=CSV_TYPE, headers=headers)
