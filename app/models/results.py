"""Results: one row of figures per published post, and the answers of the three questions, summed up at night.

Everything here is worked out from publications, posts found on the page and their readings, and may be thrown
away: it is only kept because medians over two years take longer than a reader waits.
"""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.networks import Format, Realm
from app.domain.posts import Tone
from app.domain.results import Paid
from app.foundation.database import Base, Instant, Word

_IS_STALE = text("stale")


class Result(Base):
    """The figures of one post on one channel at 7 days (of a story: at its end).

    `id`: twice that of the publication, or twice that of the found post and one. `unit_id`: the
    publication's, or the channel's. `counts`: false for what was removed before it had its figure, and for
    what a person left out. `day`: the calendar day where it was published, as Python's ordinal number;
    `quarter`: four times its year, and 0 to 3. `age`: seconds, of the reading that the figures are from;
    null: there is none that may stand for 7 days. `reach_basis`, `engagement_basis`: a number for the
    network's names of what was counted; figures with different ones are never compared. `usual_…`: the
    baseline, null under 8 posts, and how many posts it is of. `stale`: somebody changed what it is made of,
    and it waits to be worked out anew.
    """

    __tablename__ = "results"
    __table_args__ = (
        Index("ix_results_unit_day", "unit_id", "day"),
        Index("ix_results_day", "day"),
        Index("ix_results_unit_published", "unit_id", "published_at"),
        Index("ix_results_published", "published_at"),
        Index("ix_results_channel_published", "channel_id", "published_at"),
        Index("ix_results_stale", "id", sqlite_where=_IS_STALE, postgresql_where=_IS_STALE),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publications.id"), unique=True)
    found_id: Mapped[int | None] = mapped_column(unique=True)  # may turn out to be a publication, and go
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    realm: Mapped[Realm] = mapped_column(Word(Realm))
    format: Mapped[Format] = mapped_column(Word(Format))
    paid: Mapped[Paid] = mapped_column(Word(Paid))
    tone: Mapped[Tone | None] = mapped_column(Word(Tone))
    published_at: Mapped[datetime] = mapped_column(Instant)
    day: Mapped[int]
    quarter: Mapped[int]
    removed: Mapped[bool]
    counts: Mapped[bool]
    age: Mapped[int | None]
    views: Mapped[int | None]
    reach: Mapped[int | None]
    clicks: Mapped[int | None]
    comments: Mapped[int | None]
    engagement: Mapped[int | None]
    reach_basis: Mapped[int]
    engagement_basis: Mapped[int]
    usual_reach: Mapped[float | None]
    usual_engagement: Mapped[float | None]
    usual_rate: Mapped[float | None]
    usual_reach_n: Mapped[int]
    usual_engagement_n: Mapped[int]
    usual_rate_n: Mapped[int]
    stale: Mapped[bool] = mapped_column(default=False)


class ResultRun(Base):
    """How far the rows of results go; one row, `id` 1. `ran_at`: when what had changed was last looked for.

    `readings_to`, `found_readings_to`, `found_to`: every row up to these ids is counted in.
    """

    __tablename__ = "result_runs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ran_at: Mapped[datetime] = mapped_column(Instant)
    readings_to: Mapped[int]
    found_readings_to: Mapped[int]
    found_to: Mapped[int]


class ResultSummary(Base):
    """The answers for a unit and everything below it over one period, as they were when it was made.

    `units`: which units it counted, to see when one was moved. `answers`: see `domain.results_answers`,
    `shape`: which of its shapes they have.
    """

    __tablename__ = "result_summaries"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    realm: Mapped[Realm] = mapped_column(Word(Realm))
    units: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)
    shape: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class PaidMark(Base):
    """What a person said about money behind a publication; without a row it is not known.

    `at`: when it was noted here; said of a found post that turned out to be ours, when that was seen.
    """

    __tablename__ = "paid_marks"
    __table_args__ = (Index("ix_paid_marks_at", "at"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    paid: Mapped[Paid] = mapped_column(Word(Paid))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


def units_key(units: Iterable[int]) -> str:
    """A word of 64 signs that is the same for the same units."""
    return sha256(",".join(map(str, sorted(units))).encode()).hexdigest()


def result_id(publication_id: int | None = None, found_id: int | None = None) -> int:
    """The id of the row about a publication or about a found post."""
    return publication_id * 2 if publication_id is not None else (found_id or 0) * 2 + 1
