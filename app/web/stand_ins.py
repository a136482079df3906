"""Who stands in for whom: named by oneself, or by who looks after people; and ended."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import people, stand_ins
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import NotFound, Refusal
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.models.people import Person
from app.queries import stand_ins as questions
from app.web.forms import Form, Posted, go, once, said
from app.web.rendering import render

router = APIRouter()


@router.get("/account/deputy")
def own(request: Request, viewer: SignedIn, session: Reads) -> Response:
    """Who stands in for me, for whom I stand in, and the form."""
    return _page(request, viewer, session, viewer.person_id, Form())


@router.get("/people/{person_id}/deputy")
def another(request: Request, viewer: SignedIn, session: Reads, person_id: Id) -> Response:
    """The same for somebody else, who may be ill."""
    people.governed(session, viewer.actor, person_id)
    return _page(request, viewer, session, person_id, Form())


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    person_id: int,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope, now = viewer.actor.scope, clock.now()
    mine = person_id == viewer.person_id
    named = stand_ins.candidates(session, person_id, viewer.locale)
    return render(
        request,
        "people/deputy.html",
        refusal.status if refusal else 200,
        person=session.get_one(Person, person_id),
        mine=mine,
        path=_path(viewer, person_id),
        rows=questions.coming(session, scope, person_id, now),
        covers=questions.covered_by(session, scope, person_id, now) if mine else [],
        now=now,
        today=to_local(now, stand_ins.zone_of(session, person_id)).date(),
        options=[("", ""), *named],
        form=form,
        errors=said(request, refusal),
    )


def _path(viewer: Viewer, person_id: int) -> str:
    return "/account/deputy" if person_id == viewer.person_id else f"/people/{person_id}/deputy"


@router.post("/account/deputy")
def name_own(request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured) -> Response:
    """Somebody stands in for me."""
    return _name(request, viewer, form, db, settings, viewer.person_id)


@router.post("/people/{person_id}/deputy")
def name_another(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Somebody stands in for somebody else."""
    with db.reads() as session:
        people.governed(session, viewer.actor, person_id)
    return _name(request, viewer, form, db, settings, person_id)


def _name(
    request: Request, viewer: Viewer, form: Form, db: Db, settings: Settings, person_id: int
) -> Response:
    address = settings.address if postman_of(settings) is not None else ""
    path = _path(viewer, person_id)
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(stand_ins.NewStandIn)
                stand_ins.name(turn.session, viewer.actor, person_id, data, address)
                turn.address = f"{path}?done=deputy_named"
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, person_id, form, refusal)
    return go(turn.address)


@router.post("/stand-ins/{stand_in_id}/end")
def end(viewer: SignedIn, _form: Posted, db: Db, stand_in_id: Id) -> Response:
    """It is over, or does not begin."""
    with db.writes() as session:
        row = stand_ins.end(session, viewer.actor, stand_in_id)
        mine = viewer.person_id in (row.person_id, row.deputy_id)
        path = "/account/deputy" if mine else f"/people/{row.person_id}/deputy"
    return go(path, "deputy_ended")
