"""Pictures and videos sent by our script: announced, in parts that may break off and go on, then taken in.

All in JSON. Whoever is not signed in is led to the sign-in, as on every page; the script knows it by that.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.actions.uploads import BeginUpload
from app.dependencies.database import Configured
from app.dependencies.turns import in_turn
from app.dependencies.viewers import SignedIn, Viewer
from app.domain.errors import Conflict, NotFound, Refusal
from app.errands import uploads as parts
from app.errands.ground import Ground
from app.errands.uploads import CHUNK_MOST, Coming
from app.queries import assets
from app.web import cuts, forms
from app.web.forms import Posted
from app.web.ground import Grounded
from app.words.sentences import faults

router = APIRouter(prefix="/pictures/uploads")
BEING_READ = 202


def proven(request: Request, viewer: SignedIn, settings: Configured) -> None:
    """Nothing, when a script of ours sent this, with its token in a header. Raises Forbidden."""
    forms.check_sent(request, viewer, settings)


async def body(request: Request, _proven: Annotated[None, Depends(proven)]) -> bytes:
    """The bytes of a part, after it is known who sends them; of one that is too long just so much."""
    came = bytearray()
    async for piece in request.stream():
        came += piece
        if len(came) > CHUNK_MOST:
            break
    return bytes(came)


@router.post("")
def begin(viewer: SignedIn, form: Posted, ground: Grounded) -> Response:
    """Announce a file (unit_id, name, size in bytes): {key, offset}."""

    def work() -> dict[str, Any]:
        return _told(parts.begin(ground, viewer.actor, form.read(BeginUpload)))

    return _answer(viewer, work)


@router.get("/{key}")
def ask(viewer: SignedIn, ground: Grounded, key: str) -> Response:
    """How far an upload has come: {key, offset}; for one that is over {key: "", offset: 0} with 404."""
    return _answer(viewer, lambda: _told(parts.coming(ground, viewer.actor, key)))


@router.patch("/{key}")
def add(
    viewer: SignedIn,
    chunk: Annotated[bytes, Depends(body)],
    ground: Grounded,
    key: str,
    upload_offset: Annotated[int, Header(ge=0)] = 0,
) -> Response:
    """Add a part at `Upload-Offset`: {key, offset} to go on with, with 409 where it did not begin there."""

    def work() -> dict[str, Any]:
        try:
            return _told(parts.receive(ground, viewer.actor, key, upload_offset, chunk))
        except Conflict:
            return {**_told(parts.coming(ground, viewer.actor, key)), "status": Conflict.status}

    return _answer(viewer, work)


@router.post("/{key}/finish")
async def finish(  # async: who waits for a turn at the reading of pictures takes no thread of the pages
    viewer: SignedIn, _proven: Annotated[None, Depends(proven)], ground: Grounded, key: str
) -> Response:
    """Take the whole file in: {id, thumb, view, width, height, name, alt_text, seconds}, or {error}.

    A large video that is not read yet: {key, offset, reading}, how far it is as a share, with 202; ask again.
    """

    def work() -> dict[str, Any]:
        try:
            return _picture(ground, viewer, parts.finish_soon(ground, viewer.actor, key))
        except Conflict as refusal:
            told = _told(parts.coming(ground, viewer.actor, key))
            if refusal.code == "upload_being_read":
                share = refusal.faults[0].params["percent"] / 100
                return {**told, "reading": share, "status": BEING_READ}
            return {**told, "status": Conflict.status}

    return await in_turn(lambda: _answer(viewer, work))


def _told(coming: Coming) -> dict[str, Any]:
    return {"key": coming.key, "offset": coming.offset}


def _picture(ground: Ground, viewer: Viewer, asset_id: int) -> dict[str, Any]:
    with ground.database.reads() as session:
        asset = assets.asset(session, viewer.actor.scope, asset_id)
    return {
        "id": asset.id,
        "thumb": cuts.thumb(asset),
        "view": cuts.view(asset),
        "width": asset.width,
        "height": asset.height,
        "name": asset.name,
        "alt_text": asset.alt_text,
        "seconds": None if asset.duration_ms is None else asset.duration_ms / 1000,
    }


def _answer(viewer: Viewer, work: Callable[[], dict[str, Any]]) -> Response:
    """What the work tells, as JSON; a refusal as a sentence for the person who chose the file."""
    try:
        told = work()
        return JSONResponse(told, told.pop("status", 200))
    except Refusal as refusal:
        error = " ".join(fault.sentence for fault in faults(refusal, viewer.locale))
        gone = {"key": "", "offset": 0} if isinstance(refusal, NotFound) else {}
        return JSONResponse({"error": error, **gone}, refusal.status)
