"""Pictures and videos: sent, described, given a cover, found, removed and brought back."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response

from app.actions import assets
from app.actions.inputs import ID_MOST
from app.api.asset_shapes import (
    AssetChange,
    AssetForm,
    AssetOut,
    AssetPatch,
    AssetUse,
    AssetUses,
    Kind,
    asset_out,
    edit_of,
)
from app.api.ground import Grounded
from app.api.paging import Listed, Paged
from app.api.repeats import SendingForm, Sent, SentForm
from app.api.routing import api_router
from app.api.shapes import PathId
from app.dependencies.database import Db, Reads
from app.dependencies.turns import in_turn
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Invalid, NotFound
from app.domain.pictures import Shown
from app.errands import pictures, videos
from app.errands.ground import Ground
from app.queries import asset_uses
from app.queries import assets as questions
from app.words.validation import invalid

router = api_router(prefix="/assets", tags=["assets"])
# Whoever keeps a copy asks whether it may still be seen.
_KEPT = {"Cache-Control": "private, no-cache"}
_KINDS = {
    "thumb": ("thumb", "image/webp"),
    "view": ("view", "image/jpeg"),
    "original": ("master", "image/jpeg"),
    "video": ("video", "video/mp4"),
}


def _multipart() -> dict[str, Any]:
    """The body of a new picture for the document; it is read by hand, when it is known who sends it."""
    schema = AssetForm.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    schema["properties"]["file"] = {"type": "string", "format": "binary", "title": "File"}
    schema["required"].append("file")
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def _wanted(
    viewer: ByToken,
    q: Annotated[str, Query(max_length=200, description="Words that must all be in it.")] = "",
    unit: Annotated[int | None, Query(ge=1, le=ID_MOST)] = None,
    shown: Shown | None = None,
    undescribed: bool = False,
    mine: Annotated[bool, Query(description="Only what you added.")] = False,
    unused: Annotated[bool, Query(description="Only what no post carries.")] = False,
    kind: Kind | None = None,
) -> questions.AssetFilter:
    adder = viewer.person_id if mine else None
    moving = None if kind is None else kind is Kind.VIDEO
    return questions.AssetFilter(q.replace("\x00", " "), unit, shown, undescribed, adder, unused, moving)


Wanted = Annotated[questions.AssetFilter, Depends(_wanted)]


@router.get("")
def listed(viewer: ByToken, session: Reads, page: Paged, wanted: Wanted) -> Listed[AssetOut]:
    """Your units' pictures, and those that units above share with you; the newest first."""
    rows = questions.listed(session, viewer.actor.scope, wanted, page.moment(), page.limit + 1)
    return page.cut(rows, lambda row: (row.created_at, row.id), asset_out)


@router.post("", status_code=201, response_model=AssetOut, openapi_extra=_multipart())
async def add(
    viewer: ByToken, ground: Grounded, sent: SentForm
) -> Response:  # async, to wait without a thread
    """Send a picture or a video; the same file again gives what is there. Large ones better as uploads."""
    return await in_turn(lambda: sent.sending.step_by_step(201, lambda: _added(ground, viewer, sent)))


def _added(ground: Ground, viewer: Viewer, sent: SendingForm) -> AssetOut:
    data, file = _read(sent)
    described = data.model_fields_set & assets.AssetEdit.model_fields.keys()
    assets.check_described(
        assets.AssetEdit.model_validate(data.model_dump(include=described, exclude_none=True))
    )
    name = data.name or file.filename or ""
    asset_id = pictures.take_in_file(ground, viewer.actor, data.unit_id, name, file.file)
    with ground.database.writes() as session:
        if described:
            _edited(session, viewer, asset_id, data)
        return _shown(session, viewer, asset_id)


def _read(sent: SendingForm) -> tuple[AssetForm, UploadFile]:
    """The fields and the file of a form. Raises Invalid."""
    fields = {name: value for name, value in sent.form.items() if name != "file"}
    file = sent.form.get("file")
    try:
        data = AssetForm.model_validate(fields)
    except ValidationError as error:
        raise invalid(error) from None
    if not isinstance(file, UploadFile):
        raise Invalid("file_missing", "file")
    return data, file


@router.get("/{asset_id}")
def show(viewer: ByToken, session: Reads, asset_id: PathId) -> AssetOut:
    """One picture; also one that was removed, as long as it can be restored."""
    return _shown(session, viewer, asset_id)


@router.patch("/{asset_id}", response_model=AssetOut)
async def change(
    viewer: ByToken, ground: Grounded, asset_id: PathId, data: AssetChange
) -> AssetOut:  # async, to wait without a thread
    """Describe it anew, name who is shown and why it may be published, share it; another cover of a video."""
    return await in_turn(lambda: _changed(ground, viewer, asset_id, data))


def _changed(ground: Ground, viewer: Viewer, asset_id: int, data: AssetChange) -> AssetOut:
    if data.cover_ms is not None and data.cover_asset_id is not None:
        raise Invalid("cover_twice", "cover_asset_id")
    with ground.database.reads() as session:  # nothing is done by halves
        row = questions.line(session, viewer.actor.scope, asset_id)
        assets.check_described(edit_of(row, data))
    if data.cover_ms is not None:
        videos.cover_from_moment(ground, viewer.actor, asset_id, data.cover_ms)
    if data.cover_asset_id is not None:
        videos.cover_from_picture(ground, viewer.actor, asset_id, data.cover_asset_id)
    with ground.database.writes() as session:
        _edited(session, viewer, asset_id, data)
        return _shown(session, viewer, asset_id)


def _edited(session: Session, viewer: Viewer, asset_id: int, data: AssetPatch) -> None:
    row = questions.line(session, viewer.actor.scope, asset_id)
    assets.edit(session, viewer.actor, asset_id, edit_of(row, data))


@router.delete("/{asset_id}", status_code=204)
def remove(viewer: ByToken, db: Db, asset_id: PathId) -> None:
    """Take a picture out of the library, unless a post that is not out yet needs it."""
    with db.writes() as session:
        assets.remove(session, viewer.actor, asset_id)


@router.post("/{asset_id}/restore", response_model=AssetOut)
def restore(viewer: ByToken, sent: Sent, asset_id: PathId) -> Response:
    """Bring a removed picture back, within 30 days."""

    def work(session: Session) -> AssetOut:
        assets.restore(session, viewer.actor, asset_id)
        return _shown(session, viewer, asset_id)

    return sent.once(200, work)


@router.get("/{asset_id}/uses")
def uses(viewer: ByToken, session: Reads, asset_id: PathId) -> AssetUses:
    """Posts that carry a picture, the latest changed first."""
    found = asset_uses.used_in(session, viewer.actor.scope, asset_id)
    return AssetUses(
        items=[AssetUse.model_validate(row) for row in found.rows],
        count=found.count,
        elsewhere=found.elsewhere,
    )


@router.get(
    "/{asset_id}/file",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}, "image/webp": {}, "video/mp4": {}}}},
)
def file(
    viewer: ByToken,
    session: Reads,
    ground: Grounded,
    asset_id: PathId,
    size: Literal["thumb", "view", "original", "video"] = "original",
) -> Response:
    """The picture or cover: small (WebP), for the screen, as large as it is kept (JPEG); the video (MP4).

    `video`: whole with 200, or with 206 the part that a Range names.
    """
    kind, media_type = _KINDS[size]
    seen = questions.viewable_video if size == "video" else questions.viewable
    path = ground.store.path(kind, seen(session, viewer.actor.scope, asset_id))
    if not path.is_file():
        raise NotFound
    return FileResponse(path, media_type=media_type, headers=_KEPT)


def _shown(session: Session, viewer: Viewer, asset_id: int) -> AssetOut:
    session.flush()
    return asset_out(questions.line(session, viewer.actor.scope, asset_id))
