"""The page of one picture or video: what it shows, what is known of it, where it is used, out and back."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import assets
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.roles import Right
from app.foundation import clock
from app.models.assets import Asset
from app.models.people import Person
from app.models.units import Unit
from app.queries import asset_uses
from app.queries import assets as questions
from app.queries.assets import AssetFilter
from app.web import video
from app.web.forms import Form, Posted, go, said
from app.web.rendering import render
from app.words import pictures as words

router = APIRouter(prefix="/pictures")
NINE = [(x, y) for y in (17, 50, 83) for x in (17, 50, 83)]  # percent: the middles of nine fields
_FOCAL = ("focal", "focal_x", "focal_y")


@router.get("/{asset_id}")
def show(request: Request, viewer: SignedIn, session: Reads, asset_id: int) -> Response:
    """One picture or video: what it shows, what is known about it, where it is used."""
    return page(request, viewer, session, asset_id)


@router.post("/{asset_id}")
def edit(request: Request, viewer: SignedIn, form: Posted, db: Db, asset_id: int) -> Response:
    """Say what is known about a picture."""
    try:
        with db.writes() as session:
            data = form.read(assets.AssetEdit, without=_FOCAL, focal=_focal(form))
            assets.edit(session, viewer.actor, asset_id, data)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, asset_id, form, refusal)
    return go(f"/pictures/{asset_id}", "asset_saved")


def _focal(form: Form) -> tuple[float, float] | None:
    """Shares from two numbers in percent, or from one of nine fields; None: as it was. Raises Invalid."""
    nine = form.text("focal").split("-")
    typed = [form.text(name) for name in ("focal_x", "focal_y")] if form.text("focal_x") else nine
    if typed == [""]:
        return None
    try:
        x, y = (float(percent.replace(",", ".")) / 100 for percent in typed)
    except ValueError:
        raise Invalid("bad_focal", "focal") from None
    return x, y


@router.post("/{asset_id}/remove")
def remove(request: Request, viewer: SignedIn, _form: Posted, db: Db, asset_id: int) -> Response:
    """Take it out of the library; its page brings it back."""
    try:
        with db.writes() as session:
            assets.remove(session, viewer.actor, asset_id)
    except NotFound:
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return page(request, viewer, session, asset_id, refusal=refusal)
    return go(f"/pictures/{asset_id}", "asset_removed")


@router.post("/{asset_id}/restore")
def restore(viewer: SignedIn, _form: Posted, db: Db, asset_id: int) -> Response:
    """Bring it back."""
    with db.writes() as session:
        assets.restore(session, viewer.actor, asset_id)
    return go(f"/pictures/{asset_id}", "asset_restored")


def page(
    request: Request,
    viewer: Viewer,
    session: Session,
    asset_id: int,
    form: Form | None = None,
    refusal: Refusal | None = None,
    seconds: str = "",
) -> Response:
    """The page, with what was typed and why it was refused. `seconds`: the moment of a video's cover."""
    asset = questions.asset(session, viewer.actor.scope, asset_id)
    film = video.facts(request, viewer, session, asset)
    return render(
        request,
        "pictures/video.html" if film else "pictures/picture.html",
        refusal.status if refusal else 200,
        picture=asset,
        form=form or _stored(asset),
        errors=said(request, refusal),
        film=film,
        seconds=seconds or ("" if asset.poster_ms is None else f"{asset.poster_ms / 1000:g}"),
        **_about(viewer, session, asset),
    )


def _about(viewer: Viewer, session: Session, asset: Asset) -> dict[str, Any]:
    """What the page tells and offers whatever was typed."""
    scope = viewer.actor.scope
    return {
        "unit": session.get_one(Unit, asset.unit_id).name,
        "author": _author(session, viewer, asset),
        "may": scope.may(Right.WRITE, asset.unit_id),
        "uses": asset_uses.used_in(session, scope, asset.id),
        "shown": words.shown_options(viewer.locale),
        "rights": words.rights_options(viewer.locale),
        "nine": NINE,
        "next": _next(session, viewer, asset),
        "can_return": asset.removed_at is not None and asset.removed_at > clock.now() - assets.KEPT,
    }


def _stored(asset: Asset) -> Form:
    x, y = (round(share * 100) for share in (asset.focal_x, asset.focal_y))
    return Form.of(
        name=asset.name,
        alt_text=asset.alt_text,
        decorative="yes" if asset.decorative else None,
        credit=asset.credit,
        rights=asset.rights,
        shown=asset.shown,
        shared="yes" if asset.shared else None,
        captions=asset.captions,
        focal=f"{x}-{y}",
        focal_x=x,
        focal_y=y,
    )


def _author(session: Session, viewer: Viewer, asset: Asset) -> str:
    """Who added it, to those who may look into its unit."""
    found = session.get(Person, asset.added_by_id) if asset.added_by_id else None
    return found.name if found and asset.unit_id in viewer.actor.scope.units else ""


def _next(session: Session, viewer: Viewer, asset: Asset) -> int | None:
    """Another picture or video of the viewer's that nobody has described yet."""
    wanted = AssetFilter(undescribed=True, mine=viewer.person_id)
    rows = questions.listed(session, viewer.actor.scope, wanted, limit=2)
    return next((row.id for row in rows if row.id != asset.id), None)
