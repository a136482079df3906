"""Uploads in parts, for networks that break off: announce, send bytes, ask how far it came, finish."""

from typing import Annotated

from fastapi import Depends, Header
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import uploads
from app.actions.uploads import BeginUpload
from app.api.asset_shapes import AssetOut, UploadOut, asset_out
from app.api.ground import Grounded
from app.api.problems import problem
from app.api.repeats import Sent
from app.api.routing import api_router
from app.dependencies.turns import in_turn
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Conflict
from app.errands import pictures
from app.errands import uploads as errands
from app.errands.ground import Ground
from app.queries import assets as questions
from app.words.sentences import faults

router = api_router(prefix="/uploads", tags=["assets"])
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


async def _part(request: Request, _viewer: ByToken) -> bytes:  # async, because bodies are read that way
    """At most as much as any request may hold; asked for only when it is known who sends it."""
    return await request.body()


@router.post("", status_code=201, response_model=UploadOut)
def begin(viewer: ByToken, ground: Grounded, sent: Sent, data: BeginUpload) -> Response:
    """Announce a picture or a video; its parts may come for 24 hours."""
    errands.check_room(ground, data.size)

    def work(session: Session) -> UploadOut:
        most = pictures.most_bytes(ground, moving=True)
        row = uploads.begin(session, viewer.actor, data, most)
        return UploadOut(
            key=row.key, unit_id=row.unit_id, name=row.name, offset=0, size=row.size,
            expires_at=row.expires_at, asset_id=None,
        )  # fmt: skip

    return sent.once(201, work)


@router.get("/{upload_key}")
def show(viewer: ByToken, ground: Grounded, upload_key: str) -> UploadOut:
    """How far an upload of yours has come."""
    return UploadOut.model_validate(errands.coming(ground, viewer.actor, upload_key))


@router.patch(
    "/{upload_key}",
    response_model=UploadOut,
    openapi_extra={"requestBody": {"required": True, "content": _BYTES}},
)
def receive(
    request: Request,
    viewer: ByToken,
    ground: Grounded,
    upload_key: str,
    part: Annotated[bytes, Depends(_part)],
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=2**40)],
) -> UploadOut | Response:
    """Send the next bytes, at most 1 MB.

    Upload-Offset: how many came before them. Where that is wrong the answer is 409, and its Upload-Offset
    says where to go on.
    """
    try:
        return UploadOut.model_validate(errands.receive(ground, viewer.actor, upload_key, offset, part))
    except Conflict as refusal:
        if refusal.code != "wrong_offset":
            raise
        right = str(refusal.faults[0].params["offset"])
        words = faults(refusal, viewer.locale)[0].sentence
        return problem(request, refusal.status, refusal.code, words, {"Upload-Offset": right})


@router.post("/{upload_key}/finish", status_code=201, response_model=AssetOut)
async def finish(
    viewer: ByToken, ground: Grounded, sent: Sent, upload_key: str
) -> Response:  # async: no thread waits
    """Make a picture or a video of what has come; asked again, it is the same one.

    A large video is read for a while: then the answer is 409, upload_being_read; ask again.
    """
    return await in_turn(lambda: sent.step_by_step(201, lambda: _finished(ground, viewer, upload_key)))


def _finished(ground: Ground, viewer: Viewer, key: str) -> AssetOut:
    asset_id = errands.finish_soon(ground, viewer.actor, key)
    with ground.database.reads() as session:
        return asset_out(questions.line(session, viewer.actor.scope, asset_id))
