"""Repeats: the answers to requests that carry a key, so that sending one twice does it once."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class Repeat(Base):
    """One keyed request. `owner`: whose key, for example "token:5 POST /api/v1/posts" or "form:3".

    `answer`: what was answered (a JSON body, or the address that a form led to); None while it runs.
    """

    __tablename__ = "repeats"

    owner: Mapped[str] = mapped_column(String(160), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
