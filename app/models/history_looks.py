"""How far history was looked through of late, and what was found to be wrong with it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class HistoryLook(Base):
    """One row. The chain of seals is followed a part at a time; `place`, `hash`: of the seal looked at last.

    `found`: what is wrong, of this time around so far (`kind`, `entry`, `place`, `count`); `told`: of the
    time around before, which ended at `whole_at`. Nulls: nothing.
    """

    __tablename__ = "history_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))
    looked_at: Mapped[datetime] = mapped_column(Instant)
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    whole_at: Mapped[datetime | None] = mapped_column(Instant)
