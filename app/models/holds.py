"""Holds: each reason why a publication stands still is a row. It moves only when none is left."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publications import HoldReason
from app.foundation.database import Base, Instant, Word


class Hold(Base):
    """One reason, by whom, since when.

    Of one restored from a copy: `looked_at`, when the network was last asked whether it is out already, and
    what looks like it there (`found_id`, `found_link`; empty: nothing did).
    """

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_publication", "publication_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    reason: Mapped[HoldReason] = mapped_column(Word(HoldReason))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    since_at: Mapped[datetime] = mapped_column(Instant)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    found_id: Mapped[str] = mapped_column(String(100), default="")
    found_link: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
