"""Kept forms: what somebody sent from a browser that was locked meanwhile, until they unlock it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class KeptForm(Base):
    """One form of one person, for some hours. `sealed`: its path and fields, sealed to "kept_forms:<key>".

    `key` stands in the address that leads back to it; only its own person gets it.
    """

    __tablename__ = "kept_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)
