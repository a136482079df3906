"""Remote objects: what lies at a network because of us. Added the moment an id arrives, without fencing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import RemoteKind, Seen
from app.foundation.database import Base, Instant, Word


class RemoteObject(Base):
    """One id at the network. `unwanted_at`: to be discarded: looked at first, never deleted when public.

    `part`: which picture it carries (see `connectors.contract.Picture`). Of a file on its way `remote_id` is
    an address at the network.
    """

    __tablename__ = "remote_objects"
    __table_args__ = (
        UniqueConstraint("publication_id", "remote_id"),
        Index("ix_remote_objects_unwanted", "discard_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    kind: Mapped[RemoteKind] = mapped_column(Word(RemoteKind))
    remote_id: Mapped[str] = mapped_column(String(500))
    part: Mapped[str] = mapped_column(String(80), default="")
    permalink: Mapped[str] = mapped_column(Text, default="")
    seen: Mapped[Seen] = mapped_column(Word(Seen))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    good_until: Mapped[datetime] = mapped_column(Instant)
    unwanted_at: Mapped[datetime | None] = mapped_column(Instant)
    discard_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
