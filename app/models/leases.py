"""Runs of the clock and their leases on channels."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class Run(Base):
    """One life of a process that publishes. On PostgreSQL it lives as long as it holds its advisory lock."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(200), default="")
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ChannelLease(Base):
    """Which run works for a channel. `token` grows each time the lease changes hands (fencing).

    `paused_until`: the network asked us to stop calling for this channel until then.
    """

    __tablename__ = "channel_leases"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    token: Mapped[int] = mapped_column(default=0)
    until_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Lease:
    """The right to move a channel's publications, as one run got it."""

    channel_id: int
    run_id: int
    token: int
