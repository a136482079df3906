"""A free hour of a channel: choose a post for it, or write a new one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import publications
from app.actions.publications import PlanInput
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain import timing
from app.domain.errors import Forbidden, Invalid, NotFound, Refusal
from app.domain.roles import Right
from app.foundation.database import read_id
from app.queries import slots
from app.queries.slots import Promised
from app.web import formats, paging
from app.web.calendar_days import Shown
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter(prefix="/calendar/plan")


@router.get("")
def ask(
    request: Request, viewer: SignedIn, session: Reads, channel: str = "", day: str = "", hour: str = ""
) -> Response:
    """The posts that may take the hour. Raises NotFound for an address that names none."""
    return _page(request, viewer, session, Form.of(channel_id=channel, day=day, hour=hour))


def _page(
    request: Request, viewer: Viewer, session: Session, form: Form, refusal: Refusal | None = None
) -> Response:
    scope = viewer.actor.scope
    if not scope.units_with(Right.SCHEDULE):
        raise Forbidden("not_allowed")
    of = slots.rhythm(session, scope, _number(form.text("channel_id")))
    local = _local(form)
    shown = Shown("week", local.date()).at("week", local.date())
    taken = {"channel": of.channel_id, "day": form.text("day"), "hour": form.text("hour")}
    return render(
        request,
        "calendar/plan.html",
        refusal.status if refusal else 200,
        of=of,
        form=form,
        errors=[
            one if one.field == "post_id" else replace(one, field=None)  # of the hour there is no field
            for one in said(request, refusal)
        ],
        when=f"{formats.day_name(local.date(), viewer.locale)} {formats.wall_time(local)}",
        posts=slots.fitting(session, scope, of.channel_id),
        back=shown.address,
        new=_new_post(scope.units_with(Right.WRITE), of, taken),
    )


def _new_post(units: frozenset[int], of: Promised, taken: Mapping[str, Any]) -> str:
    """Where to begin a new post: in the channel's unit if the viewer writes there; empty if nowhere."""
    if not units:
        return ""
    return paging.address("/posts/new", unit=of.unit_id if of.unit_id in units else None, **taken)


def _number(text: str) -> int:
    """An id. Raises NotFound."""
    number = read_id(text)
    if number is None:
        raise NotFound
    return number


def _local(form: Form) -> datetime:
    try:
        return timing.read_local(form.text("day"), form.text("hour"))
    except Invalid:
        raise NotFound from None


@router.post("")
def plan(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """Give the chosen post the hour; the hour is meant in the zone of the channel's unit."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                of = slots.rhythm(turn.session, viewer.actor.scope, _number(form.text("channel_id")))
                wall = _local(form)
                made = _planned(turn.session, viewer, form, of, wall)
                week = Shown("week", wall.date()).at("week", made.local_due.date())
                turn.address = f"{week.address}?done=post_planned"
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, form, refusal)
    return go(turn.address)


def _planned(session: Session, viewer: Viewer, form: Form, of: Promised, wall: datetime) -> Any:
    """The new publication. Raises Refusal."""
    post_id = form.text("post_id")
    if not post_id:
        raise Invalid("nothing_chosen", "post_id")
    due_at = timing.to_instant(wall, of.zone)
    data = PlanInput(channel_id=of.channel_id, due_at=due_at)
    return publications.plan(session, viewer.actor, _number(post_id), data)
