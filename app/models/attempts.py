"""Attempts: every try at a network leaves a row, written before the call and ended after it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publications import AttemptKind, Outcome
from app.foundation.database import Base, Instant, Word


class Attempt(Base):
    """One try. Without `ended_at` it is under way, or its process died."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_publication", "publication_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    kind: Mapped[AttemptKind] = mapped_column(Word(AttemptKind))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    reason: Mapped[str] = mapped_column(String(40), default="")
    code: Mapped[int | None]
    subcode: Mapped[int | None]
    trace_id: Mapped[str] = mapped_column(String(64), default="")
    message: Mapped[str] = mapped_column(Text, default="")
