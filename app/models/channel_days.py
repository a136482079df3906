"""Numbers per page or profile and day, apart from those of its posts."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.readings import Basis
from app.foundation.database import Base, Instant, Word


class ChannelDay(Base):
    """One day of a channel, as the network counts days. Null: not told, never 0.

    `followers`: how many there were at its end (of a day before the connection often not told). `reach`:
    different people of that day; it is never added over days. `views`, `engagement`, `visits` (of the page
    itself): counts of that day. `basis`: whose numbers these are. With `Basis.POSTS` the network tells none
    of so small a page, and `engagement` is what its posts of that day have had so far; reach and views are
    null. `sources`: our name -> the network's name then; where that differs two days can't be compared
    (`domain.metrics`). Until `taken_at` (in the practice realm by its clock) is three days after the day it
    is asked again.
    """

    __tablename__ = "channel_days"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    followers: Mapped[int | None]
    reach: Mapped[int | None]
    views: Mapped[int | None]
    engagement: Mapped[int | None]
    visits: Mapped[int | None]
    basis: Mapped[Basis] = mapped_column(Word(Basis))
    api_version: Mapped[str] = mapped_column(String(16))
    sources: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    taken_at: Mapped[datetime] = mapped_column(Instant)
