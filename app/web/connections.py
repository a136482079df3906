"""The way back from a network's sign-in: the callback, and the choice of pages."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.connectors import registry
from app.connectors.contract import Place
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
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
CHOICE_OVER = ("choice_made", "choice_late")
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


def _went_wrong(
    request: Request, told: list[str], status: int = Invalid.status, made: bool = False
) -> Response:
    return render(request, "channels/went_wrong.html", status, told=told, made=made)


def _over(request: Request, over: Refusal) -> Response:
    """The choice can't be made any more: it was made, or its time has passed."""
    told = [fault.sentence for fault in said(request, over)]
    return _went_wrong(request, told, over.status, made=over.code == CHOICE_OVER[0])


@router.get("/connections/{connection_id}")
def ask(
    request: Request, viewer: SignedIn, db: Db, settings: Configured, ground: Grounded, connection_id: int
) -> Response:
    """The pages that the sign-in opened, and what is missing on each."""
    try:
        choice = connect.choices(ground, viewer.actor, connection_id)
    except Conflict as over:
        return _over(request, over)
    with db.reads() as session:
        ticked = _ticked(session, viewer, choice)
    return _page(request, viewer, db, settings, choice, Form.of(places=ticked))


def _ticked(session: Session, viewer: Viewer, choice: Choice) -> list[str]:
    """What is ticked at first: of one page everything, else what is connected again and what hangs on it."""
    usable = [place for place in choice.places if not _lacking(place)]
    if len([place for place in choice.places if not place.page_id]) == 1:
        return [place.remote_id for place in usable]
    if choice.channel_id is None:
        return []
    meant = questions.channel(session, viewer.actor.scope, choice.channel_id)
    page_id = meant.page_id or meant.remote_id
    taken = _taken(session, viewer, choice)
    return [
        place.remote_id for place in usable
        if page_id in (place.remote_id, place.page_id) and taken.get(place.remote_id)
    ]  # fmt: skip


def _taken(session: Session, viewer: Viewer, choice: Choice) -> dict[str, int]:
    ids = [place.remote_id for place in choice.places]
    return questions.places_taken(session, viewer.actor.scope, choice.realm, ids)


def _lacking(place: Place) -> tuple[str, ...]:
    return (*place.missing_scopes, *place.missing_tasks)


def _page(
    request: Request,
    viewer: Viewer,
    db: Database,
    settings: Settings,
    choice: Choice,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    with db.reads() as session:
        taken = _taken(session, viewer, choice)
        meant = questions.channel(session, scope, choice.channel_id) if choice.channel_id else None
        shared = {row.remote_id for row in questions.listed(session, scope)}
    let_through(request, settings)
    return render(
        request,
        "channels/choose.html",
        refusal.status if refusal else 200,
        choice_id=choice.connection_id,
        choice_unit=choice.unit_id,
        choice_realm=choice.realm,
        choice_name=choice.person_name,
        meant=meant,
        is_there=meant is None or meant.remote_id in taken,
        **_offered(choice.places, taken, meant.remote_id if meant else "", viewer.locale),
        shared=shared,
        known=taken,
        portfolios=choice.portfolios,
        other_app=refusal is not None and refusal.code in ("channel_other_app", "channel_lies_ready"),
        labels={profile.kind: profile.label for profile in registry.profiles()},
        declined=lacks(choice.declined, viewer.locale),
        form=form,
        errors=said(request, refusal),
    )


def _offered(places: Sequence[Place], taken: dict[str, int], meant: str, locale: str) -> dict[str, Any]:
    """What can be chosen, what lacks something, what others have. `meant`: the place that is to be connected
    again; when it can't be chosen nothing can, and `beside` says that there would be others.
    """
    mine = [place for place in places if taken.get(place.remote_id) != 0]
    usable = [place for place in mine if not _lacking(place)]
    fits = not meant or meant in {place.remote_id for place in usable}
    return {
        "usable": usable if fits else [],
        "beside": not fits and bool(usable),
        "lacking": [(place, lacks(_lacking(place), locale)) for place in mine if _lacking(place)],
        "elsewhere": [place for place in places if taken.get(place.remote_id) == 0],
        "ask_again": any(place.missing_scopes for place in mine),
    }


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
        new_app = form.text("new_app") == "yes"
        made = connect.choose(ground, viewer.actor, connection_id, form.many("places"), new_app)
        with db.reads() as session:
            told = (
                "connected" if questions.all_speak(session, viewer.actor.scope, made) else "connected_not_all"
            )
        return f"/channels/{made[0]}?done={told}" if len(made) == 1 else f"/channels?done={told}"

    try:
        address = once_in_steps(db, viewer, form, work)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        if refusal.code in CHOICE_OVER:
            return _over(request, refusal)
        choice = connect.choices(ground, viewer.actor, connection_id)
        return _page(request, viewer, db, settings, choice, form, refusal)
    return go(address)
