"""History: who did what to which thing, when, from which state to which. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class Event(Base):
    """One thing that happened. Without a person it was the clock or the command line (`via`).

    The database itself refuses to change or remove rows (triggers of the first migration).
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_thing", "thing", "thing_id", "id"),
        Index("ix_history_at", "at", "id"),
        Index("ix_history_person_at", "person_id", "at", "id"),
        Index("ix_history_unit_at", "unit_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    via: Mapped[str] = mapped_column(String(16))
    thing: Mapped[str] = mapped_column(String(32))
    thing_id: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    verb: Mapped[str] = mapped_column(String(40))
    old_state: Mapped[str | None] = mapped_column(String(32))
    new_state: Mapped[str | None] = mapped_column(String(32))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Seal(Base):
    """The seal of one event; `place` counts 1, 2, 3 … in the order in which they were sealed.

    `hash` is of the event and of the seal before it (`domain.seals`). Rows are only ever added here too.
    """

    __tablename__ = "history_seals"

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    history_id: Mapped[int] = mapped_column(ForeignKey("history.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
