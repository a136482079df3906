"""The ledger: minutes that people wrote down, with people out there or on posts of our own."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ledger import NOTE_MOST, LedgerKind
from app.foundation.database import Base, Instant, Word


class LedgerEntry(Base):
    """Minutes of a person on a day (in the unit's calendar), of one kind, perhaps about one thing of ours.

    What it was about may go, the minutes stay.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        Index("ix_ledger_entries_unit_day", "unit_id", "day"),
        Index("ix_ledger_entries_person_day", "person_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    kind: Mapped[LedgerKind] = mapped_column(Word(LedgerKind))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id", ondelete="SET NULL"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publications.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(String(NOTE_MOST), default="")
    written_at: Mapped[datetime] = mapped_column(Instant)
