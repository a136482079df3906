"""Connections under way: between the click on "connect" and the choice of pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import NetworkKind, Realm
from app.foundation.database import Base, Instant, Word


class Connection(Base):
    """One run of the network's sign-in. The state is single use, ten minutes, bound to a person and a unit.

    `sealed`: what the sign-in gave, kept at most 15 minutes, sealed to "connections:<id>".
    `sign_in_id`: the browser that began it; None when it was begun through the API. `channel_id`: the channel
    that shall be connected again by it; None: whatever it opens.
    """

    __tablename__ = "connections"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sign_in_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ins.id", ondelete="SET NULL"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    network: Mapped[NetworkKind] = mapped_column(Word(NetworkKind))
    realm: Mapped[Realm] = mapped_column(Word(Realm))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed: Mapped[str | None] = mapped_column(Text)
    channel_id: Mapped[int | None]

    @property
    def place(self) -> str:
        """What `sealed` is sealed to."""
        return f"connections:{self.id}"
