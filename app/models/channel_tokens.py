"""Channel tokens: what people's sign-ins at a network gave for a channel, so that one of them may leave."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant

_IN_USE = text("in_use")


class ChannelToken(Base):
    """One person's token for one channel. It is sealed to the channel's place (`Channel.place`).

    `remote_person`: who signed in there, as the network's app knows them; empty: not known. `state`: ok or
    dead, `reason`: why dead. `in_use`: the channel speaks with this one; of those that work it is the newest.
    `expires_at`, `data_access_until`: as last told, UTC; None: never, or not told.
    """

    __tablename__ = "channel_tokens"
    __table_args__ = (
        UniqueConstraint("channel_id", "person_id"),
        Index("uq_channel_tokens_in_use", "channel_id", unique=True,
              sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    remote_person: Mapped[str] = mapped_column(String(64), default="")
    app_id: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="ok")
    reason: Mapped[str] = mapped_column(String(40), default="")
    in_use: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    data_access_until: Mapped[datetime | None] = mapped_column(Instant)
