"""Moving a unit under another: where to, what would change, and done when somebody says so."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import unit_moves
from app.actions.inputs import ID_MOST, Id, Input
from app.actions.unit_moves import UnitMove
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import NotFound, Refusal
from app.domain.roles import Right
from app.foundation.settings import Settings
from app.models.units import Unit
from app.queries import unit_moves as questions
from app.queries import units
from app.web.forms import Posted, go, once, said
from app.web.rendering import render
from app.words import roles as words

router = APIRouter(prefix="/units")
TOP = 0  # stands for "no unit above" in forms and addresses


class Where(Input):
    """What the form says: the unit above to be, and the one that was seen (0: none)."""

    parent: Annotated[int, Field(ge=TOP, le=ID_MOST)]
    from_id: Annotated[int, Field(ge=TOP, le=ID_MOST)] | None = None
    sure: bool = False


Wanted = Annotated[int | None, Query(ge=TOP, le=ID_MOST)]


@router.get("/{unit_id}/move")
def ask(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    settings: Configured,
    unit_id: Id,
    parent: Wanted = None,
) -> Response:
    """Where the unit could go; with `parent` what would change (0: at the top)."""
    return _page(request, viewer, session, settings, unit_id, parent)


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    settings: Settings,
    unit_id: int,
    parent: int | None,
    refusal: Refusal | None = None,
) -> Response:
    unit = units.unit(session, viewer.actor.scope, unit_id)
    unit_moves.check(viewer.actor, unit)
    outlook, inside = None, questions.below(session, viewer.actor.scope, unit)
    if parent is not None:
        try:
            outlook = questions.look(
                session, viewer.actor.scope, unit_id, parent or None, settings.meta_app_id, inside
            )
        except Refusal as found:
            refusal = refusal or found
    return render(
        request,
        "units/move.html",
        refusal.status if refusal else 200,
        unit=unit,
        places=_places(session, viewer, unit, inside),
        chosen=parent,
        outlook=outlook,
        role_names=lambda roles: words.role_names(roles, viewer.locale),
        errors=said(request, refusal),
    )


def _places(session: Session, viewer: Viewer, unit: Unit, inside: Collection[int]) -> list[tuple[int, str]]:
    """Where it could go: units where the viewer may, without itself, what is below it, and where it is."""
    found = units.names(session, viewer.actor.scope, Right.UNITS, viewer.locale)
    return [(id_, name) for id_, name in found if id_ not in inside and id_ != unit.parent_id]


@router.post("/{unit_id}/move")
def move(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, unit_id: Id
) -> Response:
    """Move it; its page offers to move it back."""
    sent = form.read(Where)
    parent = sent.parent
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                before = units.unit(turn.session, viewer.actor.scope, unit_id).parent_id or TOP
                data = UnitMove(parent_id=parent or None, from_id=sent.from_id, sure=sent.sure)
                unit_moves.move(turn.session, viewer.actor, unit_id, data, settings.meta_app_id)
                turn.address = f"/units/{unit_id}?moved_from={before}&done=unit_moved"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, settings, unit_id, parent, refusal)
    return go(turn.address)
