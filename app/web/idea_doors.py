"""Doors: the links by which anybody sends an idea to a unit, and their posters."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.actions import idea_doors
from app.actions.idea_doors import DoorInput
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound, Refusal
from app.domain.idea_doors import keepers_units
from app.errands import open_ideas
from app.errands.ground import Ground
from app.foundation.i18n import LOCALES, NAMES
from app.models.units import Unit
from app.queries import idea_doors as questions
from app.queries import units
from app.web.forms import Form, Posted, go, once, said
from app.web.ground import Grounded
from app.web.rendering import render
from app.words.posters import poster

router = APIRouter(prefix="/ideas")
_KINDS = {"view": "image/jpeg", "thumb": "image/webp"}
_Word = Annotated[str, Query(max_length=20)]


@router.get("/doors")
def listed(
    request: Request,
    viewer: SignedIn,
    session: Reads,
    ground: Grounded,
    settings: Configured,
    unit: _Word = "",
) -> Response:
    """The doors of one's units, each with its address and poster; and a form for another one."""
    return _page(request, viewer, session, ground, settings.address, Form.of(unit_id=unit or None))


def _page(
    request: Request,
    viewer: Viewer,
    session: Session,
    ground: Ground,
    address: str,
    form: Form,
    refusal: Refusal | None = None,
) -> Response:
    scope = viewer.actor.scope
    kept = keepers_units(scope)
    if not kept:
        raise Forbidden("not_allowed")
    doors = questions.kept(session, scope)
    tokens = {
        one.id: idea_doors.unsealed(ground.keyring, one.id, one.token_sealed)
        for one in doors
        if one.closed_at is None
    }
    return render(
        request,
        "ideas/doors.html",
        refusal.status if refusal else 200,
        doors=doors,
        addresses={door_id: f"{address}/i/{token}" for door_id, token in tokens.items() if token},
        units=[
            (unit_id, name)
            for unit_id, name in units.names(session, scope, locale=viewer.locale)
            if unit_id in kept
        ],
        form=form,
        errors=said(request, refusal),
    )


@router.post("/doors")
def make(
    request: Request, viewer: SignedIn, form: Posted, db: Db, ground: Grounded, settings: Configured
) -> Response:
    """Make a door."""
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                data = form.read(DoorInput)
                door = idea_doors.make(turn.session, viewer.actor, ground.keyring, data)
                turn.address = f"/ideas/doors?done=door_made#door-{door.id}"
    except Forbidden:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return _page(request, viewer, session, ground, settings.address, form, refusal)
    return go(turn.address)


@router.post("/doors/{door_id}/renew")
def renew(viewer: SignedIn, form: Posted, db: Db, ground: Grounded, door_id: int) -> Response:
    """Give a door another address; the one before is dead."""
    with once(db, viewer, form) as turn:
        if turn.first:
            idea_doors.renew(turn.session, viewer.actor, ground.keyring, door_id)
            turn.address = f"/ideas/doors?done=door_renewed#door-{door_id}"
    return go(turn.address)


@router.post("/doors/{door_id}/close")
def close(viewer: SignedIn, _form: Posted, db: Db, door_id: int) -> Response:
    """Close a door."""
    with db.writes() as session:
        idea_doors.close(session, viewer.actor, door_id)
    return go("/ideas/doors", "door_closed")


@router.get("/doors/{door_id}/poster")
def printed(
    request: Request, viewer: SignedIn, session: Reads, ground: Grounded, settings: Configured,
    door_id: int, language: _Word = "",
) -> Response:  # fmt: skip
    """The poster of a door, A4, in the unit's language or another. Raises NotFound."""
    scope = viewer.actor.scope
    door = questions.door(session, scope, door_id)
    token = questions.token(session, scope, ground.keyring, door_id)
    if not token:
        raise NotFound
    unit = session.get_one(Unit, door.unit_id)
    locale = language if language in LOCALES else unit.locale if unit.locale in LOCALES else viewer.locale
    address = f"{settings.address}/i/{token}"
    return render(
        request,
        "ideas/poster.html",
        door=door,
        unit=unit.name,
        words=poster(locale),
        locale=locale,
        names=NAMES,
        address=address,
        plain=address.partition("://")[2],
        drawing=Markup(_drawn(f"{address}?language={locale}" if language else address)),  # noqa: S704 - our own SVG
    )


def _drawn(address: str) -> str:
    """An address as a QR code: SVG without a style of its own. A quarter of it may be soiled."""
    import segno  # noqa: PLC0415 - only this page needs it, and it takes long to load

    made: Any = segno.make(address, error="q", micro=False)
    return str(made.svg_inline(scale=8, border=2, dark="#000", light="#fff", omitsize=True))


@router.post("/{idea_id}/spam")
def spam(viewer: SignedIn, _form: Posted, ground: Grounded, idea_id: int) -> Response:
    """Delete at once what came through a door and is no idea."""
    open_ideas.throw_out(ground, viewer.actor, idea_id)
    return go("/ideas", "idea_thrown_out")


@router.api_route("/{idea_id}/guest/{number}/{name}", methods=["GET", "HEAD"])
def picture(viewer: SignedIn, ground: Grounded, idea_id: int, number: int, name: str) -> Response:
    """A picture in quarantine, "view.jpg" or "thumb.webp", for who answers ideas there and nobody else."""
    kind, _, _ending = name.partition(".")
    file = open_ideas.file_of(ground, viewer.actor, idea_id, number, kind) if kind in _KINDS else None
    if file is None:
        raise NotFound
    return FileResponse(file, headers={"Cache-Control": "private, no-cache"}, media_type=_KINDS[kind])
