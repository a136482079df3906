"""Pictures and videos as files, to those who may see them: small, as large as a page, whole, and cut."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.dependencies.turns import in_turn
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Invalid, NotFound
from app.domain.pictures import box_for
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation.files import StoreFull
from app.foundation.images import Unreadable
from app.models.assets import Asset
from app.queries import assets as questions
from app.web import cuts
from app.web.ground import Grounded
from app.web.headers import A_YEAR

router = APIRouter(prefix="/pictures/{asset_id}")
_METHODS = ["GET", "HEAD"]
_KINDS = {"view": "image/jpeg", "thumb": "image/webp", "master": "image/jpeg"}


@router.api_route("/thumb.webp", methods=_METHODS)
def thumb(request: Request, viewer: SignedIn, ground: Grounded, asset_id: int) -> Response:
    """The picture at most 240 pixels wide or high, at most 6 kB."""
    return _kept(request, viewer, ground, asset_id, "thumb")


@router.api_route("/view.jpg", methods=_METHODS)
def view(request: Request, viewer: SignedIn, ground: Grounded, asset_id: int) -> Response:
    """The picture at most 1024 pixels wide or high."""
    return _kept(request, viewer, ground, asset_id, "view")


@router.api_route("/video.mp4", methods=_METHODS)
def video(request: Request, viewer: SignedIn, ground: Grounded, asset_id: int, save: str = "") -> Response:
    """A video, whole or the part that a player asks for (206). `save`: under its own name, to be kept."""
    with ground.database.reads() as session:
        sha256 = questions.viewable_video(session, viewer.actor.scope, asset_id)
        name = session.get_one(Asset, asset_id).name if save else ""
    named = f"{Path(name).stem or asset_id}.mp4" if save else None
    return _answer(request, _file(ground, "video", sha256), "video/mp4", sha256, named)


@router.api_route("/original.jpg", methods=_METHODS)
def original(request: Request, viewer: SignedIn, ground: Grounded, asset_id: int) -> Response:
    """The picture as large as we keep it, to be saved under its own name: who posts it by hand needs it."""
    with ground.database.reads() as session:
        asset = _asset(session, viewer, asset_id)
    file = _file(ground, "master", asset.sha256)
    name = f"{Path(asset.name).stem or asset_id}.jpg"
    return _answer(request, file, _KINDS["master"], asset.sha256, name)


@router.api_route("/cut.jpg", methods=_METHODS)
async def cut(  # async: who waits for a turn at the cutting of pictures takes no thread of the pages
    request: Request,
    viewer: SignedIn,
    ground: Grounded,
    asset_id: int,
    network: Annotated[str, Query(max_length=20)] = "",
    box: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """A part as a network would be shown it, at most 480 pixels wide. `box`: four shares; else by itself."""
    return await in_turn(lambda: _cut(request, viewer, ground, asset_id, network, box))


def _cut(request: Request, viewer: Viewer, ground: Ground, asset_id: int, network: str, box: str) -> Response:
    taken = cuts.limits().get(network)
    if taken is None:
        raise NotFound
    with ground.database.reads() as session:
        asset = _asset(session, viewer, asset_id)
    focal = (asset.focal_x, asset.focal_y)
    part = box_for(asset.width, asset.height, focal, taken, cuts.shared_box(box))
    try:
        pictures.check_space(ground)  # what is left is for the posts themselves
        file = pictures.rendition(ground, asset.sha256, asset.width, asset.height, part, cuts.small(taken))
    except (FileNotFoundError, Invalid, Unreadable, StoreFull):
        raise NotFound from None
    return _answer(request, file, _KINDS["view"], asset.sha256)


def _asset(session: Session, viewer: Viewer, asset_id: int) -> Asset:
    questions.viewable(session, viewer.actor.scope, asset_id)
    return session.get_one(Asset, asset_id)


def _kept(request: Request, viewer: Viewer, ground: Ground, asset_id: int, kind: str) -> Response:
    version = request.query_params.get("v", "")
    with ground.database.reads() as session:
        sha256 = questions.viewable_cover(session, viewer.actor.scope, asset_id, version)
    return _answer(request, _file(ground, kind, sha256), _KINDS[kind], sha256)


def _file(ground: Ground, kind: str, sha256: str) -> Path:
    file = ground.store.path(kind, sha256)
    if not file.is_file():
        raise NotFound
    return file


def _answer(request: Request, file: Path, kind: str, sha256: str, name: str | None = None) -> Response:
    """The file; kept for ever by the one browser that asked for exactly these bytes."""
    exact = request.query_params.get("v") == cuts.version(sha256)
    kept = f"private, max-age={A_YEAR}, immutable" if exact else "private, no-cache"
    return FileResponse(file, headers={"Cache-Control": kept}, media_type=kind, filename=name)
