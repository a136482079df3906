"""Channels: one connected page or profile each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import ChannelState, NetworkKind, Realm
from app.foundation.database import Base, Instant, Word


class Channel(Base):
    """A place that posts go to. Its tokens (`models.channel_tokens`) are sealed to its `place`.

    `used_by`: "unit" (only the owner unit), "subtree" (every unit below it too) or "units" (those that
    `ChannelUnit` names). `token_state`: ok, or dead when no sign-in works. `connected_at`: when last.
    `clock_offset`: seconds that the practice network's clock is ahead of ours; 0 elsewhere.
    `health`: the latest check, as the plain values of `connectors.contract.Health`.
    `page_id`: of a profile, the remote id of the page that it belongs to. `reach`: whether the network can
    fetch pictures from us: "" (not tried), trying, ok or failed; `reach_proof`: the id of the hidden try.
    """

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("network", "realm", "remote_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    network: Mapped[NetworkKind] = mapped_column(Word(NetworkKind))
    realm: Mapped[Realm] = mapped_column(Word(Realm))
    remote_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    used_by: Mapped[str] = mapped_column(String(16), default="subtree")
    state: Mapped[ChannelState] = mapped_column(Word(ChannelState))
    app_id: Mapped[str] = mapped_column(String(40))
    app_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    token_state: Mapped[str] = mapped_column(String(8), default="ok")
    token_reason: Mapped[str] = mapped_column(String(40), default="")
    connected_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    connected_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    health: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    data_access_until: Mapped[datetime | None] = mapped_column(Instant)
    clock_offset: Mapped[float] = mapped_column(default=0.0)
    page_id: Mapped[str] = mapped_column(String(64), default="")
    reach: Mapped[str] = mapped_column(String(8), default="")
    reach_reason: Mapped[str] = mapped_column(String(40), default="")
    reach_proof: Mapped[str] = mapped_column(String(100), default="")
    reach_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def place(self) -> str:
        """What its tokens are sealed to."""
        return token_place(self.network, self.realm, self.remote_id)


class ChannelUnit(Base):
    """A unit that may use a channel whose `used_by` is "units". It lies below the owner unit."""

    __tablename__ = "channel_units"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)


def shared_with(units: Collection[int] | Any, above: Collection[int] | Any) -> ColumnElement[bool]:
    """Whether a channel of the units above is shared with any of the units, by whole subtree or by name.

    Both may be bound parameters that expand.
    """
    named = select(ChannelUnit.channel_id).where(ChannelUnit.unit_id.in_(units))
    by_name = (Channel.used_by == "units") & Channel.id.in_(named)
    return Channel.unit_id.in_(above) & ((Channel.used_by == "subtree") | by_name)


def token_place(network: NetworkKind, realm: Realm, remote_id: str) -> str:
    """What a channel's token is sealed to, known before the row has an id."""
    return f"channels:{network}:{realm}:{remote_id}:token"
