"""The installation: which database this is, and how often its clock was started."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class Installation(Base):
    """The one row (id 1). `beats` grows while the clock runs; the data folder keeps the same two values."""

    __tablename__ = "installations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    beats: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
