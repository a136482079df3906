"""The way back from a network's sign-in: the callback, and the choice of pages."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.connectors import registry
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, Invalid, NotFound, Refusal
from app.errands import connect
from app.errands.connect import Choice
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.queries import channels as questions
from app.web.channels import let_through
from app.web.forms import Form, Posted, go, said
from app.web.ground import Grounded, once_in_steps
from app.web.rendering import render
from app.words.channels import lacks
from app.words.sentences import sentence

router = APIRouter(prefix="/channels")
# How Meta says that the person pressed "cancel" (Meta, Facebook Login, manual flow: cancelled login).
DECLINED = "access_denied"
Sent = Annotated[str, Query(max_length=4000)]


@router.get("/callback")
def callback(
    request: Request,
    viewer: SignedIn,
    ground: Grounded,
    state: Sent = "",
    code: Sent = "",
    error: Sent = "",
) -> Response:
    """Where the network sends the browser. Whatever it claims, only a state that we gave out counts."""
    try:
        if error or not code:
            connect.spend(ground, viewer.actor, state, viewer.sign_in_id)
            why = "sign_in_declined" if error == DECLINED else "sign_in_failed"
            return _went_wrong(request, [sentence(why, viewer.locale)])
        choice = connect.finish(ground, viewer.actor, state, code, viewer.sign_in_id)
    except Invalid as refusal:
        told = [fault.sentence for fault in said(request, refusal)]
        told += [
            sentence(str(one.params["reason"]), viewer.locale)
            for one in refusal.faults
            if "reason" in one.params
        ]
        return _went_wrong(request, told)
    return go(f"/channels/connections/{choice.connection_id}")


def _went_wrong(request: Request, told: list[str]) -> Response:
    return render(request, "channels/went_wrong.html", Invalid.status, told=told)


@router.get("/connections/{connection_id}")
def ask(
    request: Request, viewer: SignedIn, db: Db, settings: Configured, ground: Grounded, connection_id: int
) -> Response:
    """The pages that the sign-in opened, and what is missing on each."""
    choice = connect.choices(ground, viewer.actor, connection_id)
    usable = [place.remote_id for place in choice.places if not _lacking(place)]
    # One page, with its profile or without: what else could be meant?
    pages = [place for place in choice.places if not place.page_id]
    form = Form.of(places=usable if len(pages) == 1 else [])
    return _page(request, viewer, db, settings, choice, form)


def _lacking(place: object) -> tuple[str, ...]:
    return (*getattr(place, "missing_scopes", ()), *getattr(place, "missing_tasks", ()))


def _page(
    request: Request,
    viewer: Viewer,
    db: Database,
    settings: Settings,
    choice: Choice,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    with db.reads() as session:
        known = {
            row.remote_id
            for row in questions.listed(session, viewer.actor.scope)
            if row.realm is choice.realm
        }
    let_through(request, settings)
    lacking = [(place, lacks(_lacking(place), viewer.locale)) for place in choice.places]
    return render(
        request,
        "channels/choose.html",
        refusal.status if refusal else 200,
        choice_id=choice.connection_id,
        choice_unit=choice.unit_id,
        choice_realm=choice.realm,
        choice_name=choice.person_name,
        usable=[place for place, missing in lacking if not missing],
        lacking=[(place, missing) for place, missing in lacking if missing],
        known=known,
        labels={profile.kind: profile.label for profile in registry.profiles()},
        declined=lacks(choice.declined, viewer.locale),
        form=form,
        errors=said(request, refusal),
    )


@router.post("/connections/{connection_id}")
def choose(
    request: Request,
    viewer: SignedIn,
    form: Posted,
    db: Db,
    settings: Configured,
    ground: Grounded,
    connection_id: int,
) -> Response:
    """Take the chosen pages into use."""

    def work() -> str:
        made = connect.choose(ground, viewer.actor, connection_id, form.many("places"))
        return f"/channels/{made[0]}?done=connected" if len(made) == 1 else "/channels?done=connected"

    try:
        address = once_in_steps(db, viewer, form, work)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        choice = connect.choices(ground, viewer.actor, connection_id)
        return _page(request, viewer, db, settings, choice, form, refusal)
    return go(address)
