"""Erasing the name of somebody whose account is closed: asked once more, because it is for good."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import erasures, people
from app.actions.inputs import Id
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, NotFound, Refusal
from app.queries import duties
from app.web.forms import Posted, go, said
from app.web.rendering import render

router = APIRouter(prefix="/people")


@router.get("/{person_id}/erase")
def ask(request: Request, viewer: SignedIn, session: Reads, person_id: Id) -> Response:
    """What it means, and the question."""
    return _page(request, viewer, session, person_id)


def _page(
    request: Request, viewer: Viewer, session: Session, person_id: int, refusal: Refusal | None = None
) -> Response:
    person = people.governed(session, viewer.actor, person_id)
    return render(
        request,
        "people/erase.html",
        refusal.status if refusal else 200,
        person=person,
        left=len(duties.things_of(session, viewer.actor.scope, person_id)),
        errors=said(request, refusal),
    )


@router.post("/{person_id}/erase")
def erase(request: Request, viewer: SignedIn, form: Posted, db: Db, person_id: Id) -> Response:
    """Do it, if the box is ticked."""
    try:
        if form.text("sure") != "yes":
            raise Conflict("erase_unsure", "sure")
        with db.writes() as session:
            erasures.erase(session, viewer.actor, person_id)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, person_id, refusal)
    return go(f"/people/{person_id}", "name_erased")
