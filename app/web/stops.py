"""Stop and replace: a whole queue held with one button, what stands then, and how it is let go."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import queue
from app.actions.queue import StopInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.publications import is_too_late
from app.domain.roles import Right
from app.foundation import clock
from app.foundation.database import AnyRow
from app.queries import queue as questions
from app.queries import units
from app.web import paging
from app.web.bulk import numbers
from app.web.forms import Form, Posted, go, once, said
from app.web.ground import once_in_steps
from app.web.rendering import render

router = APIRouter(prefix="/queue")
UnitText = Annotated[str, Query(max_length=20)]


@router.get("/stop")
def ask(request: Request, viewer: SignedIn, session: Reads, unit: UnitText = "") -> Response:
    """What a stop would hold, and the question whether it shall."""
    return _ask(request, viewer, session, _unit(unit), Form())


def _unit(text: str) -> int | None:
    """The unit that an address means; None: all of them."""
    return next(iter(numbers([text])), None)


def _ask(
    request: Request,
    viewer: Viewer,
    session: Session,
    unit_id: int | None,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    reach = questions.reach(session, scope, unit_id)
    return render(
        request,
        "queue/stop.html",
        refusal.status if refusal else 200,
        unit_id=unit_id,
        unit=units.unit(session, scope, unit_id).name if unit_id else "",
        units=units.names(session, scope, Right.SCHEDULE, viewer.locale),
        counts=questions.standing(session, scope, reach),
        rows=questions.would_hold(session, scope, reach),
        going=_going(session, viewer, reach),
        form=form,
        errors=said(request, refusal),
    )


def _going(session: Session, viewer: Viewer, reach: frozenset[int]) -> list[AnyRow]:
    ids = questions.on_their_way(session, viewer.actor.scope, reach)
    return list(questions.chosen(session, viewer.actor.scope, ids)) if ids else []


@router.post("/stop")
def stop(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Hold everything."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(StopInput)
                queue.hold_all(turn.session, viewer.actor, data)
                turn.address = paging.address("/queue/stopped", unit=data.unit_id)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _ask(request, viewer, session, _unit(form.text("unit_id")), form, refusal)
    return go(turn.address)


@router.get("/stopped")
def stopped(request: Request, viewer: SignedIn, session: Reads, unit: UnitText = "") -> Response:
    """What stands still by a stop, to be changed one by one; what could not be stopped; and the way back."""
    scope, unit_id, now = viewer.actor.scope, _unit(unit), clock.now()
    reach = questions.reach(session, scope, unit_id)
    rows = questions.held_by_stops(session, scope, reach)
    stops = questions.stops(session, scope, reach)
    return render(
        request,
        "queue/stopped.html",
        unit_id=unit_id,
        unit=units.unit(session, scope, unit_id).name if unit_id else "",
        stops=stops,
        count=max((stop.count for stop in stops), default=0),
        rows=rows,
        late={
            row.id for row in rows if is_too_late(row.due_at, timedelta(minutes=row.lateness_minutes), now)
        },
        going=_going(session, viewer, reach),
        writes=scope.units_with(Right.WRITE),
        address=paging.address("/queue/stopped", unit=unit_id),
    )


@router.post("/stopped")
def let_go(viewer: SignedIn, form: Posted, db: Db) -> Response:
    """End the holds of the stop and no others, part by part: the clock and others get their turns between."""
    unit_id = _unit(form.text("unit_id"))

    def work() -> str:
        more = True
        while more:
            with db.writes() as session:
                more = queue.release_all(session, viewer.actor, unit_id).more
        return "/queue?done=let_go"

    return go(once_in_steps(db, viewer, form, work))
