"""Duties: who looks after a channel, who stands in for whom, and what was handed over to somebody."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class ChannelKeeper(Base):
    """The owner of a channel, who answers for it, and the deputy. Without a row nobody was named."""

    __tablename__ = "channel_keepers"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)


class StandIn(Base):
    """Somebody stands in for a person from one day to another, both included, as the days are in `zone`.

    `from_at`, `until_at`: the same as instants, UTC; the latter is the first after. `ended_at`: taken back.
    """

    __tablename__ = "stand_ins"
    __table_args__ = (
        Index("ix_stand_ins_person_until", "person_id", "until_at"),
        Index("ix_stand_ins_deputy_until", "deputy_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class HandOver(Base):
    """What somebody got from a person in one go. `things`: kind (`domain.duties.Kind`) to ids of its things.

    `seen_at`: the receiver has taken note; until then it stands on their first page.
    """

    __tablename__ = "hand_overs"
    __table_args__ = (Index("ix_hand_overs_to_seen", "to_id", "seen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    things: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
