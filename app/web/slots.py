"""The page on which a channel's promise is set: posts a week, and the hours kept for them."""

import re
from datetime import date, time

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import slots
from app.actions.slots import HourInput, RhythmInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Fault, Forbidden, Invalid, NotFound, Refusal
from app.domain.roles import Right
from app.queries import slots as questions
from app.queries.slots import Promised
from app.web import formats
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/channels/{channel_id}/rhythm")
WEEKDAYS = range(1, 8)
_A_MONDAY = date(2026, 11, 23)  # any: for the names of the days alone
_APART = re.compile(r"[\s,;]+")


@router.get("")
def show(request: Request, viewer: SignedIn, session: Reads, channel_id: int) -> Response:
    """What the channel promises, as a form."""
    of = questions.rhythm(session, viewer.actor.scope, channel_id)
    return _page(request, viewer, of, _stored(of))


def _stored(of: Promised) -> Form:
    hours = {
        f"day{weekday}": ", ".join(
            f"{hour.local_time.hour}.{hour.local_time.minute:02}"
            for hour in of.hours
            if hour.weekday == weekday
        )
        for weekday in WEEKDAYS
    }
    promise = of.promise
    return Form.of(at_least=promise and promise.at_least, at_most=promise and promise.at_most, **hours)


def _page(
    request: Request, viewer: Viewer, of: Promised, form: Form, refusal: Refusal | None = None
) -> Response:
    if not viewer.actor.scope.may(Right.CHANNELS, of.unit_id):
        raise Forbidden("not_allowed")
    days = [date.fromordinal(_A_MONDAY.toordinal() + weekday - 1) for weekday in WEEKDAYS]
    return render(
        request,
        "channels/rhythm.html",
        refusal.status if refusal else 200,
        of=of,
        form=form,
        days=[(f"day{day.isoweekday()}", formats.begun(formats.weekday(day, viewer.locale))) for day in days],
        errors=said(request, refusal),
    )


@router.post("")
def promise(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: int) -> Response:
    """Take the promise."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                slots.promise(turn.session, viewer.actor, channel_id, _input(form))
                turn.address = f"/channels/{channel_id}?done=saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _again(request, viewer, session, channel_id, form, refusal)
    return go(turn.address)


def _again(
    request: Request, viewer: Viewer, session: Session, channel_id: int, form: Form, refusal: Refusal
) -> Response:
    of = questions.rhythm(session, viewer.actor.scope, channel_id)
    return _page(request, viewer, of, form, refusal)


def _input(form: Form) -> RhythmInput:
    """The input model; a day's hours stand in one field, "9.00, 15.00". Raises Invalid with every fault."""
    faults: list[Fault] = []
    hours: list[HourInput] = []
    for weekday in WEEKDAYS:
        try:
            hours += [HourInput(weekday=weekday, local_time=at) for at in _times(form.text(f"day{weekday}"))]
        except Invalid:
            faults.append(Fault("bad_hours", f"day{weekday}"))
    try:
        data = form.only(("at_least", "at_most")).read(RhythmInput, slots=hours)
    except Invalid as refusal:
        raise Invalid.of([*refusal.faults, *faults]) from None
    if faults:
        raise Invalid.of(faults)
    return data


def _times(text: str) -> list[time]:
    return [timing.read_local(_A_MONDAY.isoformat(), part).time() for part in _APART.split(text) if part]
