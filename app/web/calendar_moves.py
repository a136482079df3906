"""Another time for a publication, from the calendar: by a form, by a drag, and back again."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import publications
from app.actions.publications import MoveInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Conflict, Forbidden, NotFound, Refusal
from app.domain.publications import MAY_CHANGE_TIME
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import Database
from app.queries import publications as questions
from app.web import calendar, calendar_flash, formats
from app.web.calendar_days import Shown, back_to
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/calendar/move")
TWICE = "time_exists_twice"


@router.get("/{publication_id}")
def ask(
    request: Request, viewer: SignedIn, session: Reads, publication_id: int, back: str = "", day: str = ""
) -> Response:
    """The form for another day or hour; `day`: one that somebody chose already."""
    row = _mine(session, viewer, publication_id)
    if row.status not in MAY_CHANGE_TIME:
        raise Conflict("may_not_move")
    local: datetime = row.local_due
    form = Form.of(day=day or local.date(), hour=formats.wall_time(local), back=_back(viewer, back).address)
    return _page(request, viewer, row, form)


def _mine(session: Session, viewer: Viewer, publication_id: int) -> Any:
    """The publication's row. Raises NotFound, Forbidden."""
    row = questions.row(session, viewer.actor.scope, publication_id)
    if not viewer.actor.scope.may(Right.SCHEDULE, row.unit_id):
        raise Forbidden("not_allowed")
    return row


def _back(viewer: Viewer, address: str) -> Shown:
    return back_to(address, formats.local_day(clock.now(), viewer.zone))


def _page(request: Request, viewer: Viewer, row: Any, form: Form, refusal: Refusal | None = None) -> Response:
    codes = [fault.code for fault in refusal.faults] if refusal else []
    return render(
        request,
        "calendar/move.html",
        refusal.status if refusal else 200,
        row=row,
        form=form,
        back=_back(viewer, form.text("back")).address,
        errors=said(request, refusal),
        twice=TWICE in codes or bool(form.text("fold")),
    )


@router.post("/{publication_id}")
def move(request: Request, viewer: SignedIn, form: Posted, db: Db, publication_id: int) -> Response:
    """Give it the new time; then the calendar says so and offers the way back."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                before = _mine(turn.session, viewer, publication_id)
                wanted = _wanted(form, before.local_due)
                publications.move(turn.session, viewer.actor, publication_id, wanted)
                turn.address = _after(viewer, form, before, wanted)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        return _refused(request, viewer, db, publication_id, form, refusal)
    return go(turn.address)


def _wanted(form: Form, was: datetime) -> MoveInput:
    """The new time: a drag names the day alone and keeps the hour. Raises Invalid."""
    local = timing.read_local(form.text("day"), form.text("hour") or f"{was:%H.%M.%S}")
    fold = form.text("fold")
    return MoveInput(
        local_due=local, fold=None if fold not in ("0", "1") else 1 if fold == "1" else 0, ask=True
    )


def _after(viewer: Viewer, form: Form, before: Any, wanted: MoveInput) -> str:
    """The calendar page that it was moved from; from the form, the one that shows where it is now."""
    shown = _back(viewer, form.text("back"))
    undone = form.text("undo") == "yes"
    if not form.text("board") and not undone and wanted.local_due:
        shown = shown.at(shown.view, wanted.local_due.date())
    return calendar_flash.address(shown.address, before.id, before.local_due, before.fold, undone=undone)


def _refused(
    request: Request, viewer: Viewer, db: Database, publication_id: int, form: Form, refusal: Refusal
) -> Response:
    """After a drag the same calendar, with the reason at the post; else the form, as it was filled in.

    Of an hour that happens twice the form asks which one is meant.
    """
    with db.reads() as session:
        row = _mine(session, viewer, publication_id)
        if form.text("board") and refusal.code != TWICE:
            shown = _back(viewer, form.text("back"))
            return calendar.page(request, viewer, session, shown, refusal, publication_id)
        kept = form.only(("day", "hour", "fold", "back"))
        if not form.text("hour"):
            kept = Form({**kept.values, "hour": [formats.wall_time(row.local_due)]}, form.once)
        return _page(request, viewer, row, kept, refusal)
