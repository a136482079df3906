"""Pictures of a unit, uploads under way, and the short-lived addresses from which networks fetch them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.pictures import Rights, Shown
from app.domain.videos import Captions
from app.foundation.database import Base, Instant, Word


class Asset(Base):
    """One picture. Its bytes lie in the file store under `sha256`; two units may share bytes, never rows.

    `source_sha256`: of the file as it came, to find it again when it is sent twice. `focal_x`, `focal_y`:
    what must stay in view, as shares from the upper left corner. `shared`: units below may use it too.
    `alt_text` empty and not `decorative`: nobody has described it yet.

    Of a video `sha256`, `width`, `height` and `size` are its cover's, a picture like any other; the columns
    from `video_sha256` on are the video's own (see `domain.videos.Video`). `poster_ms`: which moment of it
    the cover shows, in milliseconds; None: another picture was chosen.
    """

    __tablename__ = "assets"
    __table_args__ = (
        Index("ix_assets_unit_created", "unit_id", "created_at"),
        Index("ix_assets_added_created", "added_by_id", "created_at"),
        Index("ix_assets_created", "created_at"),
        Index("ix_assets_unit_source", "unit_id", "source_sha256"),
        Index("ix_assets_sha256", "sha256"),
        Index("ix_assets_video_sha256", "video_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    source_sha256: Mapped[str] = mapped_column(String(64))
    source_kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    alt_text: Mapped[str] = mapped_column(Text, default="")
    decorative: Mapped[bool] = mapped_column(default=False)
    credit: Mapped[str] = mapped_column(String(200), default="")
    rights: Mapped[Rights | None] = mapped_column(Word(Rights))
    shown: Mapped[Shown | None] = mapped_column(Word(Shown))
    focal_x: Mapped[float] = mapped_column(default=0.5)
    focal_y: Mapped[float] = mapped_column(default=0.5)
    shared: Mapped[bool] = mapped_column(default=False)
    video_sha256: Mapped[str | None] = mapped_column(String(64))
    video_size: Mapped[int | None] = mapped_column(BigInteger)
    duration_ms: Mapped[int | None]
    frame_rate: Mapped[float | None]
    video_codec: Mapped[str] = mapped_column(String(16), default="")
    audio_codec: Mapped[str] = mapped_column(String(16), default="")
    captions: Mapped[Captions | None] = mapped_column(Word(Captions))
    poster_ms: Mapped[int | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


class Upload(Base):
    """A file on its way in. `key` names its part file. Over when `asset_id` is set or it expires."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Lending(Base):
    """One address under which a network may fetch one picture for a while.

    `token_hash`: of the secret in its path. `rendition`: the cut and sized file of the asset. `bucket_key`:
    where it lies instead, when networks fetch from a bucket. `publication_id` None: a proof, not a post.
    """

    __tablename__ = "lendings"
    __table_args__ = (Index("ix_lendings_expires", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publications.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    rendition: Mapped[str] = mapped_column(String(80))
    bucket_key: Mapped[str] = mapped_column(String(200), default="")
    fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
