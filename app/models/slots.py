"""The rhythm that a channel promises: how many posts a week, and at which hours."""

from datetime import time

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base


class Rhythm(Base):
    """How many posts a week a channel promises. `at_most` None: no upper end."""

    __tablename__ = "rhythms"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    at_least: Mapped[int]
    at_most: Mapped[int | None]


class Slot(Base):
    """An hour that a channel keeps for a post, each week. `weekday`: 1 is Monday, 7 is Sunday (ISO 8601).

    `local_time` is wall time in the zone of the channel's unit.
    """

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("channel_id", "weekday", "local_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    weekday: Mapped[int]
    local_time: Mapped[time]
