"""What people do by hand on channels that no program reaches."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class ManualPlace(Base):
    """What is known about a manual channel: its address, how to post there, who usually does it."""

    __tablename__ = "manual_places"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, default="")
    how: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Assignment(Base):
    """Who shall post a publication by hand."""

    __tablename__ = "assignments"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(Instant)
