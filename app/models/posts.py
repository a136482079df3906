"""Posts, their immutable revisions, and the talk about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import Format
from app.domain.posts import PostStatus, ReviewKind, Tone, check_move
from app.foundation.database import Base, Instant, Word


class Post(Base):
    """One piece of content. Title and tone repeat those of the newest revision, for lists.

    `pillar_id` and `goal_id`: points of the strategy that its unit had when they were chosen.
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_unit_changed", "unit_id", "changed_at"),
        Index("ix_posts_changed", "changed_at"),
        Index("ix_posts_status_changed", "status", "changed_at"),
        Index("ix_posts_author_status_changed", "author_id", "status", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    status: Mapped[PostStatus] = mapped_column(Word(PostStatus))
    title: Mapped[str] = mapped_column(String(200))
    tone: Mapped[Tone | None] = mapped_column(Word(Tone))
    tone_frozen: Mapped[Tone | None] = mapped_column(Word(Tone))
    revision_id: Mapped[int | None]  # the newest; no foreign key, the two tables would point at each other
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    pillar_id: Mapped[int | None]
    goal_id: Mapped[int | None]

    def move(self, new: PostStatus, now: datetime) -> PostStatus:
        """Take a legal step; returns the status before. Raises Conflict."""
        old = self.status
        check_move(old, new)
        self.status = new
        self.changed_at = now
        return old


class Revision(Base):
    """The content at one moment; never changed after."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    tone: Mapped[Tone | None] = mapped_column(Word(Tone))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text, default="")
    format: Mapped[Format] = mapped_column(Word(Format), default=Format.POST)
    first_comment: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class RevisionVariant(Base):
    """What a revision says differently on one channel. None: the same as everywhere.

    `own_pictures`: the channel has its own list of pictures, which may be empty.
    """

    __tablename__ = "revision_variants"
    __table_args__ = (UniqueConstraint("revision_id", "channel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    text: Mapped[str | None] = mapped_column(Text)
    own_pictures: Mapped[bool] = mapped_column(default=False)
    format: Mapped[Format | None] = mapped_column(Word(Format))
    first_comment: Mapped[str | None] = mapped_column(Text)


class RevisionPicture(Base):
    """One picture of a revision at its place (from 0). `channel_id` None: for every channel without its own.

    `crops`: kind of network -> the part to show, as four shares (see `domain.pictures.Box`). `focal_x` and
    `focal_y`: what stayed in view when it was written, so that what was approved is what goes out; for the
    same reason `cover_sha256`: the cover that a video had then.
    """

    __tablename__ = "revision_pictures"
    __table_args__ = (Index("ix_revision_pictures_revision", "revision_id", "channel_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    position: Mapped[int]
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    alt_text: Mapped[str] = mapped_column(Text, default="")
    decorative: Mapped[bool] = mapped_column(default=False)
    crops: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    focal_x: Mapped[float] = mapped_column(default=0.5)
    focal_y: Mapped[float] = mapped_column(default=0.5)
    cover_sha256: Mapped[str | None] = mapped_column(String(64))


class Review(Base):
    """One step in the talk about a revision: sent, corrected, changes asked, approved, withdrawn.

    `approver_id`: of a yes that the writer of the revision before said to an approver's correction: that
    approver, on whose right it stands. None: it stands on the right of whoever said it.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    kind: Mapped[ReviewKind] = mapped_column(Word(ReviewKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    comment: Mapped[str] = mapped_column(Text, default="")
    own: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Instant)
    approver_id: Mapped[int | None]


@event.listens_for(Revision, "before_update")
@event.listens_for(RevisionVariant, "before_update")
@event.listens_for(RevisionPicture, "before_update")
def _immutable(_mapper: Any, _connection: Any, part: Revision | RevisionVariant | RevisionPicture) -> None:
    raise AssertionError(f"{part.__tablename__} {part.id} can't be changed; make a new revision")
