"""Doors for ideas without an account, who sent one through it, and pictures until somebody takes them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.idea_doors import DOOR_NAME_MOST, GUEST_NAME_MOST
from app.foundation.database import Base, Instant


class IdeaDoor(Base):
    """A link of a unit by which anybody sends an idea. It creates, and reads nothing.

    `token_hash`: it is found by. `token_sealed`: for its keepers, who print its poster again.
    `day_count`: how many ideas came on `day_on` (UTC); `came`, `spam`: how many ever, and how many were none.
    """

    __tablename__ = "idea_doors"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(DOOR_NAME_MOST))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    renewed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    day_on: Mapped[date | None]
    day_count: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)
    spam: Mapped[int] = mapped_column(default=0)


class IdeaGuest(Base):
    """Who sent an idea through a door, as far as they said; gone some time after the answer.

    `follow_hash`: of the secret in the address where they see what became of it. `locale`: they read.
    """

    __tablename__ = "idea_guests"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True, autoincrement=False)
    follow_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(GUEST_NAME_MOST), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str] = mapped_column(String(8))


class GuestPicture(Base):
    """A picture that came through a door and is in no library yet. `key`: of its folder in quarantine.

    `came_with_id`: the idea that it was sent with, when that was put together with another one.
    """

    __tablename__ = "idea_guest_pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), index=True)
    came_with_id: Mapped[int | None]
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    source_sha256: Mapped[str] = mapped_column(String(64))
    source_kind: Mapped[str] = mapped_column(String(8))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
