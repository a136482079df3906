"""Readings: dated sets of a post's numbers. Missing is null, never 0."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import NetworkKind, Realm
from app.foundation.database import Base, Instant, Word


class Told:
    """What a network told of one post at one moment. `age`: seconds since it was published, by the network's
    clock in the practice realm, by ours elsewhere. `sources`: our name -> the network's name for it then.

    A reading that was missed is taken late, with its true age. `comments` are others': our own first comment,
    if it was public by then, is taken off.
    """

    taken_at: Mapped[datetime] = mapped_column(Instant)
    age: Mapped[int]
    api_version: Mapped[str] = mapped_column(String(16))
    views: Mapped[int | None]
    reach: Mapped[int | None]
    clicks: Mapped[int | None]
    reactions: Mapped[int | None]
    comments: Mapped[int | None]
    shares: Mapped[int | None]
    saves: Mapped[int | None]
    sources: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Reading(Told, Base):
    """What the network told of one publication; `models.found.FoundReading` is its twin."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_publication", "publication_id", "age"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))


class DeadMetric(Base):
    """A network's metric name that was refused; it is not asked for again in this version."""

    __tablename__ = "dead_metrics"

    network: Mapped[NetworkKind] = mapped_column(Word(NetworkKind), primary_key=True)
    realm: Mapped[Realm] = mapped_column(Word(Realm), primary_key=True)
    api_version: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    found_at: Mapped[datetime] = mapped_column(Instant)
