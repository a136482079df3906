"""Posting by hand: a publication said to be done, or handed to somebody; and the places where it is done."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.actions import tasks
from app.actions.tasks import AssignInput, DoneInput, PlaceEdit, PlaceInput
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.contents import Shot
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.networks import NetworkKind
from app.domain.roles import Right
from app.errands import pictures
from app.foundation.files import StoreFull
from app.foundation.i18n import N_
from app.foundation.images import Unreadable
from app.models.channels import Channel
from app.queries import channels as channel_questions
from app.queries import posts, units
from app.queries import publications as publication_questions
from app.queries import tasks as questions
from app.queries.contents import contents
from app.web import channel_plans, cuts
from app.web.forms import Form, Posted, go, once, said
from app.web.ground import Grounded
from app.web.publication_page import page
from app.web.rendering import render

router = APIRouter()
# What people post to by hand most often; any other name will do.
PRESETS = (
    N_("Neighbourhood group"),
    "X",
    "YouTube",
    "Flickr",
    N_("Newsletter"),
    "Teams",
    N_("Website"),
)


@router.post("/publications/{publication_id}/done")
def done(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """Somebody has posted it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                tasks.done(turn.session, viewer.actor, publication_id, form.read(DoneInput).link)
                turn.address = f"/publications/{publication_id}?done=done"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal, form)
    return go(turn.address)


@router.post("/publications/{publication_id}/assign")
def assign(
    request: Request, viewer: SignedIn, form: Posted, db: Db, settings: Configured, publication_id: int
) -> Response:
    """Somebody shall post it."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                person_id = form.read(AssignInput).person_id
                tasks.assign(turn.session, viewer.actor, publication_id, person_id)
                turn.address = f"/publications/{publication_id}?done=assigned"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, settings, publication_id, refusal, form)
    return go(turn.address)


@router.get("/channels/by-hand")
def ask_place(request: Request, viewer: SignedIn, session: Reads, unit: str = "", name: str = "") -> Response:
    """The form for a channel that people post to by hand."""
    form = Form.of(unit_id=unit[:12] or None, name=name[:200] or None, used_by="subtree", state="active")
    return _place_page(request, viewer, session, form)


def _place_page(
    request: Request,
    viewer: Viewer,
    session: Session,
    form: Form,
    refusal: Refusal | None = None,
    channel: Channel | None = None,
) -> Response:
    scope = viewer.actor.scope
    choices = units.names(session, scope, Right.CHANNELS, viewer.locale)
    if not choices or (channel is not None and not scope.may(Right.CHANNELS, channel.unit_id)):
        raise Forbidden("not_allowed")
    unit_id = channel.unit_id if channel else _chosen_unit(form, choices)
    return render(
        request,
        "tasks/place.html",
        refusal.status if refusal else 200,
        channel=channel,
        unit=units.unit(session, scope, unit_id),
        units=choices,
        presets=PRESETS,
        people=list(questions.doers(session, scope, unit_id).items()),
        named=channel_questions.units_below(session, scope, unit_id) if channel else [],
        form=form,
        errors=channel_plans.led(said(request, refusal), channel.id) if channel else said(request, refusal),
    )


def _chosen_unit(form: Form, choices: list[tuple[int, str]]) -> int:
    return next((id_ for id_, _ in choices if str(id_) == form.text("unit_id")), choices[0][0])


@router.post("/channels/by-hand")
def add_place(request: Request, viewer: SignedIn, form: Posted, db: Db) -> Response:
    """A new channel for hands."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                channel = tasks.add_place(turn.session, viewer.actor, form.read(PlaceInput))
                turn.address = f"/channels/{channel.id}?done=place_added"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _place_page(request, viewer, session, form, refusal)
    return go(turn.address)


@router.get("/channels/{channel_id}/by-hand")
def ask_edit(request: Request, viewer: SignedIn, session: Reads, channel_id: int) -> Response:
    """The form to change one."""
    channel = _channel(session, viewer, channel_id)
    place = questions.place(session, viewer.actor.scope, channel.id)
    form = Form.of(
        name=channel.name,
        address=place.address if place else None,
        how=place.how if place else None,
        person_id=place.person_id if place else None,
        used_by=channel.used_by,
        units=channel_questions.named_units(session, viewer.actor.scope, channel.id),
        state=channel.state,
    )
    return _place_page(request, viewer, session, form, channel=channel)


def _channel(session: Session, viewer: Viewer, channel_id: int) -> Channel:
    channel = channel_questions.channel(session, viewer.actor.scope, channel_id)
    if channel.network is not NetworkKind.MANUAL:
        raise NotFound
    return channel


@router.post("/channels/{channel_id}/by-hand")
def edit_place(request: Request, viewer: SignedIn, form: Posted, db: Db, channel_id: int) -> Response:
    """Change one."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                tasks.edit_place(turn.session, viewer.actor, channel_id, form.read(PlaceEdit))
                turn.address = f"/channels/{channel_id}?done=saved"
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            channel = _channel(session, viewer, channel_id)
            return _place_page(request, viewer, session, form, refusal, channel)
    return go(turn.address)


@router.get("/publications/{publication_id}/pictures/{place}/{network}.jpg")
def cut_picture(
    viewer: SignedIn, ground: Grounded, publication_id: int, place: int, network: str
) -> Response:
    """A picture of a publication, cut as for a network, as large as networks take it. `place`: from 0."""
    with ground.database.reads() as session:
        shot = _shot(session, viewer, publication_id, place)
    box = next((box for kind, box in shot.crops.items() if kind == network), None)
    taken = cuts.limits().get(network)
    if box is None or taken is None:
        raise NotFound
    try:
        file = pictures.rendition(ground, shot.sha256, shot.width, shot.height, box, taken)
    except (FileNotFoundError, Unreadable, StoreFull):
        raise NotFound from None
    headers = {"Cache-Control": "private, no-cache"}
    return FileResponse(file, media_type="image/jpeg", filename=f"{place + 1}-{network}.jpg", headers=headers)


def _shot(session: Session, viewer: Viewer, publication_id: int, place: int) -> Shot:
    scope = viewer.actor.scope
    row = publication_questions.row(session, scope, publication_id)
    revision_id = row.revision_id or posts.revisions(session, scope, row.post_id)[0].id
    shots = contents(session, scope, revision_id).on(row.channel_id).pictures
    if not 0 <= place < len(shots):
        raise NotFound
    return shots[place]
