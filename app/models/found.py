"""Posts that were not made here: read in from the page itself, so that mix, rhythm and baselines are true.

How results count them like ours: a row of `found_posts` stands for a publication. `channel_id`, `format`,
`tone`, `paid`, `permalink` and `made_at` (for `published_at`) mean the same; the unit is the channel's;
`found_readings` has the columns of `readings` with `found_id` instead of `publication_id`, taken at the same
ages. Only rows with `left_out` false count; `gone_at` is a publication's `removed`. `tone` null: nobody has
been asked yet. None of them is ever a publication of ours as well.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import Format
from app.domain.posts import Tone
from app.domain.results import Paid
from app.foundation.database import Base, Instant, Word
from app.models.readings import Told

TEXT_MOST = 600
_WAITS = text("tone IS NULL AND gone_at IS NULL AND NOT left_out")


class FoundPost(Base):
    """One public post that somebody made in the network's own tools.

    `also_id`: another id of the same thing (a video's post, a story's), empty when it has one only.
    `made_at`: when it was made by our clock (UTC), `network_made_at`: by the network's, from which ages are
    counted in the practice realm. `text`: the first `TEXT_MOST` characters of the page's own words; nobody
    else's words are kept. `left_out`: a person said that it shall not count; then `tone` is null. `tone_at`:
    when a person last said its tone, or took it back. `paid`, `paid_at`: the same of money behind it.
    `local_made`: when it was made, naive wall time where the channel's unit was when it was found.
    `found_at`: when we saw it first, `listed_at`: last.
    `gone_at`: since when it is no longer there; null while it is, and of stories, which end by themselves.
    `reading_at`: when its numbers are read next. No id is given out twice: results keep theirs for a while.
    """

    __tablename__ = "found_posts"
    __table_args__ = (
        UniqueConstraint("channel_id", "remote_id"),
        Index("ix_found_posts_channel_made", "channel_id", "made_at"),
        Index("ix_found_posts_waiting", "channel_id", "made_at",
              sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_found_posts_reading", "reading_at"),
        Index("ix_found_posts_local", "local_made", "channel_id", "tone"),
        Index("ix_found_posts_tone_at", "tone_at"),
        Index("ix_found_posts_paid_at", "paid_at"),
        Index("ix_found_posts_gone_at", "gone_at"),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    remote_id: Mapped[str] = mapped_column(String(100))
    also_id: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    network_made_at: Mapped[datetime] = mapped_column(Instant)
    local_made: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    permalink: Mapped[str] = mapped_column(Text, default="")
    format: Mapped[Format] = mapped_column(Word(Format))
    tone: Mapped[Tone | None] = mapped_column(Word(Tone))
    left_out: Mapped[bool] = mapped_column(default=False)
    tone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    tone_at: Mapped[datetime | None] = mapped_column(Instant)
    paid: Mapped[Paid] = mapped_column(Word(Paid), default=Paid.UNKNOWN)
    paid_by_id: Mapped[int | None]  # a person; without a key of the database's, see the migration
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    found_at: Mapped[datetime] = mapped_column(Instant)
    listed_at: Mapped[datetime] = mapped_column(Instant)
    gone_at: Mapped[datetime | None] = mapped_column(Instant)
    reading_at: Mapped[datetime | None] = mapped_column(Instant)


class FoundReading(Told, Base):
    """What the network told of one found post; as `Reading`, of a post that was not made here."""

    __tablename__ = "found_readings"
    __table_args__ = (Index("ix_found_readings_found", "found_id", "age"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    found_id: Mapped[int] = mapped_column(ForeignKey("found_posts.id"))


class ChannelRound(Base):
    """When a channel was last asked for what is not about one post of ours. Instants are ours, UTC.

    `listed_at`: for the newest posts; `whole_at`: for those of the last 90 days; `days_at`: for its numbers
    per day. `wait_until`: the network wants quiet until then; that holds for reading alone. `few_followers`:
    it had too few followers to be told numbers when it was last asked (null: not asked).
    """

    __tablename__ = "channel_rounds"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    listed_at: Mapped[datetime | None] = mapped_column(Instant)
    whole_at: Mapped[datetime | None] = mapped_column(Instant)
    days_at: Mapped[datetime | None] = mapped_column(Instant)
    wait_until: Mapped[datetime | None] = mapped_column(Instant)
    few_followers: Mapped[bool | None]
