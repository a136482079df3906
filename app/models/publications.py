"""Publications: one post on one channel at one time. The spine of the program."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, Update, bindparam, exists, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.networks import RemoteKind
from app.domain.publications import OPEN, Status, check_move
from app.foundation.database import Base, Instant, Word, table_of
from app.models.leases import ChannelLease, Lease

_IS_OPEN = text("status in ({})".format(", ".join(f"'{status.value}'" for status in sorted(OPEN))))


class Publication(Base):
    """`local_due` (naive wall time) with `zone` and `fold` is the truth; `due_at` is worked out from it.

    `step_at`: when the clock has something to do with it next; None when it waits for a person or is over.
    `version` grows with every change by a person, so that work done meanwhile for an older plan is not used.
    `looks`: looks made since the last doubt. `tries`: stagings or showings that failed in a row.
    `published_at`: when OUR call was answered (UTC). `network_published_at`: the network's own time of it.
    `prepare_late`: nothing is laid ready before its time. `known`: see `connectors.contract.Staged`.
    `remote_kind`: what `remote_id` names before it is public. `progress`: percent of a long file sent so far.
    `shown_at`: when it was first tried to be shown. `hidden_at`: first seen hidden since the last doubt.
    """

    __tablename__ = "publications"
    __table_args__ = (
        Index("uq_publications_open", "post_id", "channel_id", unique=True,
              sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_publications_step", "step_at"),
        Index("ix_publications_unit_status_due", "unit_id", "status", "due_at"),
        Index("ix_publications_published", "published_at"),
        Index("ix_publications_unit_published", "unit_id", "published_at"),
        Index("ix_publications_channel_due", "channel_id", "due_at"),
        Index("ix_publications_reading", "reading_at"),
        Index("ix_publications_local", "local_due", "unit_id", "channel_id", "status", "post_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("publications.id"))
    status: Mapped[Status] = mapped_column(Word(Status))
    since_at: Mapped[datetime] = mapped_column(Instant)
    local_due: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    fold: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    lateness_minutes: Mapped[int] = mapped_column(default=60)
    step_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
    tries: Mapped[int] = mapped_column(default=0)
    looks: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_no_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(40), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    remote_id: Mapped[str] = mapped_column(String(100), default="")
    permalink: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    network_published_at: Mapped[datetime | None] = mapped_column(Instant)
    reading_at: Mapped[datetime | None] = mapped_column(Instant)
    prepare_late: Mapped[bool] = mapped_column(default=False)
    remote_kind: Mapped[RemoteKind | None] = mapped_column(Word(RemoteKind))
    progress: Mapped[int | None]
    known: Mapped[list[str]] = mapped_column(JSON, default=list)
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def lateness(self) -> timedelta:
        """How late it may still go out."""
        return timedelta(minutes=self.lateness_minutes)

    def move(self, new: Status, now: datetime, step_at: datetime | None = None) -> Status:
        """Take a legal step by a person's hand; returns the status before. Raises Conflict."""
        old = self.status
        check_move(old, new)
        self.status = new
        self.since_at = now
        self.step_at = step_at
        self.version += 1
        return old


def move_fenced(
    session: Session,
    publication_id: int,
    old: Status,
    new: Status,
    lease: Lease,
    now: datetime,
    *,
    version: int | None = None,
    **values: Any,
) -> bool:
    """Take a legal step by the clock, if it is still where we think and the channel is still leased to us.

    With `version` also only if no person changed it meanwhile. Returns whether the step was taken.
    """
    if new is not old:
        check_move(old, new)
        values = {"since_at": now, **values}
    statement = _fenced(tuple(sorted(values)), version is not None)
    given = {f"new_{name}": value for name, value in values.items()}
    fence = {"its_id": publication_id, "its_status": old, "its_version": version, "new_status": new}
    holder = {"its_channel": lease.channel_id, "its_run": lease.run_id, "its_token": lease.token}
    return session.connection().execute(statement, {**given, **fence, **holder}).rowcount == 1


@cache
def _fenced(names: tuple[str, ...], by_version: bool) -> Update:
    """The statement that sets these columns; built once, because it runs on the second that posts are due."""
    table, leases = table_of(Publication), table_of(ChannelLease)
    where = [
        table.c.id == bindparam("its_id"),
        table.c.status == bindparam("its_status"),
        exists().where(
            leases.c.channel_id == bindparam("its_channel"),
            leases.c.run_id == bindparam("its_run"),
            leases.c.token == bindparam("its_token"),
        ),
    ]
    if by_version:
        where.append(table.c.version == bindparam("its_version"))
    return update(table).where(*where).values({name: bindparam(f"new_{name}") for name in (*names, "status")})
