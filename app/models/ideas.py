"""Ideas: what somebody sent, what others think, what became of it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ideas import IdeaState
from app.foundation.database import Base, Instant, Word


class Idea(Base):
    """A suggestion of somebody on staff, or with `door_id` and without a sender of anybody who came by.

    `last_on`: after that day it is too late, for example an event. `since_at`: since when it is in its state.
    `answer`: what its sender is told. `parked_until`: the day on which it comes back, `wakes_at`: when that
    begins at its unit. Posts that were made of it name it.
    """

    __tablename__ = "ideas"
    __table_args__ = (
        Index("ix_ideas_unit_state", "unit_id", "state", "since_at"),
        Index("ix_ideas_unit_sent", "unit_id", "sent_at"),
        Index("ix_ideas_sent", "sent_at", "id"),
        Index("ix_ideas_sender_sent", "sender_id", "sent_at"),
        Index("ix_ideas_door_state", "door_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    door_id: Mapped[int | None] = mapped_column(ForeignKey("idea_doors.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")
    last_on: Mapped[date | None]
    state: Mapped[IdeaState] = mapped_column(Word(IdeaState), default=IdeaState.NEW)
    since_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    parked_until: Mapped[date | None]
    wakes_at: Mapped[datetime | None] = mapped_column(Instant)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class IdeaPicture(Base):
    """A picture of an idea, at its place (from 0)."""

    __tablename__ = "idea_pictures"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True, index=True)
    position: Mapped[int]


class IdeaVote(Base):
    """Somebody who would like to see it too."""

    __tablename__ = "idea_votes"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class IdeaComment(Base):
    """What somebody said about it."""

    __tablename__ = "idea_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class IdeaPost(Base):
    """A post that an idea became; it names its origin."""

    __tablename__ = "idea_posts"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
