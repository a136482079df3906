"""The forms of pictures and videos, of where they are used, and of uploads in parts."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.actions.assets import AssetEdit
from app.actions.inputs import Id, Input, Name
from app.api.shapes import Shape
from app.domain.contents import video_of
from app.domain.pictures import ALT_MOST, CREDIT_MOST, Rights, Shown
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.videos import Captions
from app.foundation.database import AnyRow

Share = Annotated[float, Field(ge=0, le=1)]


class Kind(StrEnum):
    """Whether it moves."""

    PICTURE = "picture"
    VIDEO = "video"


class VideoOut(Shape):
    """What is known of a video: milliseconds, bytes, frames a second; `audio` empty: no sound.

    `captions` null: nobody has said yet whether those who do not hear it can follow. `cover_ms`: the moment
    that the cover shows; null: another picture.
    """

    sha256: str
    size: int
    duration_ms: int
    width: int
    height: int
    frame_rate: float
    codec: str
    audio: str
    captions: Captions | None
    cover_ms: int | None


class AssetOut(Shape):
    """A picture, or a video: then `width`, `height` and `size` are its cover's.

    `focal`: what stays in view, as shares from the upper left corner. `size`: bytes. `alt_text` empty and not
    `decorative`: nobody has described it yet; of a video nobody asks. `shared`: units below may use it too.
    `removed_at`: within 30 days of it the picture can be restored.
    """

    id: int
    kind: Kind
    unit_id: int
    unit: str
    name: str
    alt_text: str
    decorative: bool
    credit: str
    rights: Rights | None
    shown: Shown | None
    focal: tuple[float, float]
    shared: bool
    width: int
    height: int
    size: int
    source_kind: str
    video: VideoOut | None
    added_by_id: int | None
    created_at: datetime
    changed_at: datetime
    removed_at: datetime | None


class AssetPatch(Input):
    """What is sent is changed, the rest stays. `captions`: of a video."""

    name: Name | None = None
    alt_text: Annotated[str, Field(max_length=ALT_MOST)] | None = None
    decorative: bool | None = None
    credit: Annotated[str, Field(max_length=CREDIT_MOST)] | None = None
    rights: Rights | None = None
    shown: Shown | None = None
    focal: tuple[Share, Share] | None = None
    shared: bool | None = None
    captions: Captions | None = None


class AssetChange(AssetPatch):
    """A video may get another cover: the moment `cover_ms` of it, or the picture `cover_asset_id`."""

    cover_ms: Annotated[int, Field(ge=0, le=86_400_000)] | None = None
    cover_asset_id: Id | None = None


def _pair(value: Any) -> Any:
    """A form has only texts: "0.5,0.25"."""
    return tuple(value.split(",")) if isinstance(value, str) else value


class AssetForm(AssetPatch):
    """A new picture, beside its `file`. `focal`: two shares with a comma between, "0.5,0.25"."""

    unit_id: Id
    focal: Annotated[tuple[Share, Share] | None, BeforeValidator(_pair, json_schema_input_type=str)] = None


class AssetUse(Shape):
    """A post that carries the picture: in its newest revision, or in one that is planned or public."""

    post_id: int
    title: str
    status: PostStatus
    unit_id: int
    unit: str
    newest: bool
    public: bool
    publication_status: Status | None
    changed_at: datetime


class AssetUses(Shape):
    """Posts that you see, at most 100 of `count`; `elsewhere`: posts that you don't see carry it too."""

    items: list[AssetUse]
    count: int
    elsewhere: bool


class UploadOut(Shape):
    """A file on its way: `offset` of `size` bytes have come. `asset_id`: the picture it became, if it did."""

    key: str
    unit_id: int
    name: str
    offset: int
    size: int
    expires_at: datetime
    asset_id: int | None


def asset_out(row: AnyRow) -> AssetOut:
    """A picture or a video, from a row of `queries.assets`."""
    found = video_of(row)
    video = VideoOut(**asdict(found), cover_ms=row.poster_ms) if found else None
    kind = Kind.VIDEO if found else Kind.PICTURE
    facts = {"focal": (row.focal_x, row.focal_y), "kind": kind, "video": video}
    return AssetOut.model_validate({**row._mapping, **facts})


def edit_of(row: AnyRow, sent: AssetPatch) -> AssetEdit:
    """What a picture says from now on: what was sent, and else what it says."""
    given = {name: getattr(sent, name) for name in sent.model_fields_set if name in AssetEdit.model_fields}
    now = {name: getattr(row, name) for name in AssetEdit.model_fields if name != "focal"}
    empty = {"alt_text": "", "credit": "", "decorative": False, "shared": False}
    kept = {name: empty.get(name) if value is None else value for name, value in given.items()}
    return AssetEdit.model_validate(now | kept)
