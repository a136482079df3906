"""One publication: its story in words, whose turn it is, its numbers, and what can be done with it now."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import paid, publications
from app.actions.paid import PaidInput
from app.actions.publications import MoveInput, SettleInput
from app.connectors import registry
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Conflict, Forbidden, Refusal
from app.domain.publications import MAY_CHANGE_TIME, MAY_HOLD
from app.domain.roles import Actor, Right
from app.errands import fetch
from app.foundation import clock
from app.queries import publications as questions
from app.web.cards import spans
from app.web.forms import Form, Posted, go, once, own_page, said
from app.web.ground import Grounded, once_in_steps
from app.web.publication_page import page
from app.web.rendering import render

router = APIRouter(prefix="/publications")
Verb = Callable[[Session, Actor, int], Any]
AT_ONCE: dict[str, tuple[Verb, str]] = {
    "publish-now": (publications.publish_now, "published_now"),
    "release": (publications.release, "released"),
    "cancel": (publications.cancel, "cancelled"),
}
_LATENESS = (15, 60, 4 * 60, 24 * 60, 7 * 24 * 60)


@router.get("/{publication_id}")
def show(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, publication_id: int
) -> Response:
    """The page."""
    return page(request, viewer, session, settings, publication_id)


@router.get("/{publication_id}/now")
def refresh(
    request: Request, viewer: SignedIn, session: Reads, settings: Configured, publication_id: int
) -> Response:
    """The part of the page that changes by itself."""
    return page(request, viewer, session, settings, publication_id, template="publications/now.html")


@router.post("/{publication_id}/publish-now")
@router.post("/{publication_id}/release")
@router.post("/{publication_id}/cancel")
def at_once(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """What needs no more words than its button."""
    verb, done = AT_ONCE[request.url.path.rsplit("/", 1)[1]]
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                verb(turn.session, viewer.actor, publication_id)
                turn.address = _back(form, publication_id, done)
    except Conflict as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal)
    return go(turn.address)


def _back(form: Form, publication_id: int, done: str) -> str:
    address = own_page(form.text("back", f"/publications/{publication_id}"))
    return f"{address}{'&' if '?' in address else '?'}done={done}"


@router.post("/{publication_id}/settle")
def settle(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """The answer to "is it on the page?"."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                answer = form.read(SettleInput, without=("back",))
                publications.settle(turn.session, viewer.actor, publication_id, answer)
                done = "answered_yes" if answer.public else "answered_no"
                turn.address = _back(form, publication_id, done)
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal, form)
    return go(turn.address)


@router.get("/{publication_id}/move")
def ask_time(request: Request, viewer: SignedIn, session: Reads, publication_id: int) -> Response:
    """The form for another time."""
    row = _mine(session, viewer, publication_id)
    if row.status not in MAY_CHANGE_TIME:
        raise Conflict("may_not_move")
    ahead = row.due_at > clock.now()
    form = Form.of(
        day=row.local_due.date() if ahead else None,
        hour=row.local_due.strftime("%H.%M") if ahead else None,
        lateness_limit_minutes=row.lateness_minutes,
        prepare_late="yes" if row.prepare_late else None,
    )
    return _move_page(request, viewer, row, form)


def _mine(session: Session, viewer: Viewer, publication_id: int) -> Any:
    row = questions.row(session, viewer.actor.scope, publication_id)
    if not viewer.actor.scope.may(Right.SCHEDULE, row.unit_id):
        raise Forbidden("not_allowed")
    return row


def _move_page(
    request: Request, viewer: Viewer, row: Any, form: Form, refusal: Refusal | None = None
) -> Response:
    codes = [fault.code for fault in refusal.faults] if refusal else []
    lateness = sorted({*_LATENESS, row.lateness_minutes})
    return render(
        request,
        "publications/move.html",
        refusal.status if refusal else 200,
        row=row,
        by_hand=registry.network(row.network).profile.by_hand,
        form=form,
        errors=said(request, refusal),
        twice="time_exists_twice" in codes or bool(form.text("fold")),
        lateness=[(minutes, spans(viewer)(minutes * 60)) for minutes in lateness],
    )


@router.post("/{publication_id}/move")
def move(request: Request, viewer: SignedIn, form: Posted, db: Db, publication_id: int) -> Response:
    """Another time, or another limit."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                row = _mine(turn.session, viewer, publication_id)
                publications.move(turn.session, viewer.actor, publication_id, _wanted(form, row))
                turn.address = f"/publications/{publication_id}?done=moved"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _move_page(request, viewer, _mine(session, viewer, publication_id), form, refusal)
    return go(turn.address)


def _wanted(form: Form, row: Any) -> MoveInput:
    local = timing.read_local(form.text("day"), form.text("hour"))
    fold = form.text("fold")
    same = local == row.local_due and fold in ("", str(row.fold)) and row.due_at > clock.now()
    time = {} if same else {"local_due": local, "fold": int(fold) if fold in ("0", "1") else None}
    late = {"prepare_late": bool(form.text("prepare_late"))}
    return form.read(MoveInput, without=("day", "hour", "fold", "prepare_late"), ask=True, **late, **time)


@router.get("/{publication_id}/hold")
def ask_why(request: Request, viewer: SignedIn, session: Reads, publication_id: int) -> Response:
    """The form that asks why it shall stand still."""
    row = _mine(session, viewer, publication_id)
    if row.status not in MAY_HOLD:
        raise Conflict("may_not_hold")
    return render(request, "publications/hold.html", row=row, form=Form(), errors=[])


@router.post("/{publication_id}/hold")
def hold(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """Stop it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                publications.hold(turn.session, viewer.actor, publication_id, form.text("note"))
                turn.address = f"/publications/{publication_id}?done=held"
    except Conflict as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal)
    return go(turn.address)


@router.post("/{publication_id}/paid")
def say_paid(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """Whether money was spent on it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                answer = form.read(PaidInput)
                paid.mark(turn.session, viewer.actor, publication_id, answer.paid)
                turn.address = f"/publications/{publication_id}?done=paid_said"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal, form)
    return go(turn.address)


@router.post("/{publication_id}/read")
def read(viewer: SignedIn, form: Posted, db: Db, ground: Grounded, publication_id: int) -> Response:
    """Ask the network for the numbers now."""

    def work() -> str:
        with db.reads() as session:
            row = _mine(session, viewer, publication_id)
            before = len(questions.readings(session, viewer.actor.scope, [row.id])[row.id])
        fetch.read_now(ground, row.channel_id, row.id)
        with db.reads() as session:
            after = len(questions.readings(session, viewer.actor.scope, [row.id])[row.id])
        done = "numbers_read" if after > before else "numbers_not_told"
        return f"/publications/{publication_id}?done={done}"

    return go(once_in_steps(db, viewer, form, work))
