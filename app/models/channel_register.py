"""The register of channels: the plan behind each, when one fell silent, and how one is closed.

Owner and deputy stand in `models.duties`, the promised rhythm in `models.slots`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.channel_register import Decision, Rank, Step
from app.foundation.database import Base, Instant, Word


class ChannelPlan(Base):
    """Why a library is on a channel, for whom and with how much time.

    `purposes`: values of `domain.channel_register.Purpose`, `purpose`: more in own words. `audiences`: one
    line each. `evidence`: why this channel for this audience. `hours_a_week`: hours. `service`: the network's
    name where no program posts ("TikTok"). `language`: ISO 639 code, "" is that of the unit. `privacy_by`:
    the office that decided. `turned_down_on`: since when it is decided not to be there, of a planned one.
    """

    __tablename__ = "channel_plans"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    purposes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    purpose: Mapped[str] = mapped_column(Text, default="")
    audiences: Mapped[list[Any]] = mapped_column(JSON, default=list)
    evidence: Mapped[str] = mapped_column(Text, default="")
    hours_a_week: Mapped[float | None]
    home_link: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[Rank | None] = mapped_column(Word(Rank))
    risks: Mapped[str] = mapped_column(Text, default="")
    service: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    privacy_on: Mapped[date | None]
    privacy_decision: Mapped[Decision | None] = mapped_column(Word(Decision))
    privacy_by: Mapped[str] = mapped_column(String(200), default="")
    privacy_note: Mapped[str] = mapped_column(Text, default="")
    review_on: Mapped[date | None]
    turned_down_on: Mapped[date | None]
    turned_down_why: Mapped[str] = mapped_column(Text, default="")
    turned_down_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ChannelSilence(Base):
    """An active channel without a post for so long that it counts as dormant. It publishes as ever.

    `since_at`: its latest post, or when it was connected.
    """

    __tablename__ = "channel_silences"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    since_at: Mapped[datetime] = mapped_column(Instant)
    found_at: Mapped[datetime] = mapped_column(Instant)


class ChannelClosing(Base):
    """A channel that is being closed, or was. `elsewhere`: where its followers are sent."""

    __tablename__ = "channel_closings"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    why: Mapped[str] = mapped_column(Text, default="")
    elsewhere: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ClosingStep(Base):
    """One thing that was done before closing, and who said so."""

    __tablename__ = "closing_steps"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    step: Mapped[Step] = mapped_column(Word(Step), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
