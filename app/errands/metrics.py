"""What monitoring asks an installation: numbers out of the database and the data folder, as of now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, text
from sqlalchemy.orm import Session

from app.domain.publications import WATCHDOG_AFTER, HoldReason, Status
from app.domain.warnings import Severity
from app.errands import backups
from app.errands.ground import Ground
from app.foundation import clock
from app.models.examples import Example, entry_of_example
from app.models.history import Event, Seal
from app.models.holds import Hold
from app.models.leases import ChannelLease, Run
from app.models.notices import Mail, Notice
from app.models.publications import Publication

# Upper bounds of seconds after the second that was chosen; the last is "ten minutes", the watchdog's.
LATENESS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 600.0)
_UNSETTLED = (Status.PLANNED, Status.STAGED, Status.PUBLISHING)


@dataclass(frozen=True)
class Histogram:
    """How many were at most so late, for every bound of `LATENESS`; all of them, and the sum of seconds."""

    within: Mapping[float, int]
    count: int
    sum: float


@dataclass(frozen=True)
class Numbers:
    """All of them. Ages and times are seconds; None where there is nothing to tell.

    `due`: their time has come and they are not settled; `late`: for more than ten minutes. `tick_age`: since
    a clock was last seen; `backup_age`: since the last backup succeeded, as far as this data folder knows.
    """

    version: str
    database: str
    publications: Mapping[Status, int]
    due: int
    late: int
    lateness: Histogram
    clocks: int
    tick_age: float | None
    leases: int
    paused: int
    holds: Mapping[HoldReason, int]
    notices: Mapping[Severity, int]
    mails_waiting: int
    mails_given_up: int
    database_bytes: int
    events: int
    unsealed: int
    backup_age: float | None


def numbers(ground: Ground) -> Numbers:
    """Ask for all of them. Raises SQLAlchemyError when the database does not answer."""
    now = clock.now()
    last = backups.last(ground)
    with ground.database.reads() as session:
        seen = session.scalar(select(func.max(Run.seen_at)).where(Run.ended_at.is_(None)))
        due, late = _due(session, now)
        events, sealed = _rows(session, Event.id), _rows(session, Seal.place)
        theirs = _of_the_example(session)
        return Numbers(
            version=version("kuliss"),
            database=session.get_bind().dialect.name,
            publications=_by(session, Publication.status, Status),
            due=due,
            late=late,
            lateness=_lateness(session),
            clocks=_count(session, Run.ended_at.is_(None)),
            tick_age=(now - seen).total_seconds() if seen else None,
            leases=_count(session, ChannelLease.run_id.is_not(None)),
            paused=_count(session, ChannelLease.paused_until > now),
            holds=_by(session, Hold.reason, HoldReason, Hold.ended_at.is_(None)),
            notices=_by(session, Notice.severity, Severity, Notice.ended_at.is_(None)),
            mails_waiting=_count(session, Mail.next_at.is_not(None)),
            mails_given_up=_count(session, Mail.given_up_at.is_not(None)),
            database_bytes=_size(session),
            events=events,
            unsealed=events - sealed - theirs,
            backup_age=(now - last).total_seconds() if last else None,
        )


def _by(session: Session, column: Any, kind: Any, *where: ColumnElement[bool]) -> dict[Any, int]:
    """How many of each value; values that nothing has are 0, so that a graph begins before the first one."""
    found = dict.fromkeys(kind, 0)
    rows = session.execute(select(column, func.count()).where(*where).group_by(column))
    return {**found, **{kind(value): count for value, count in rows}}


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0


def _rows(session: Session, key: Any) -> int:
    return session.scalar(select(func.count(key))) or 0


def _of_the_example(session: Session) -> int:
    """How many entries of history are the example library's, which are never sealed."""
    if session.scalar(select(Example.id)) is None:
        return 0
    return session.scalar(select(func.count(Event.id)).where(entry_of_example())) or 0


def _due(session: Session, now: datetime) -> tuple[int, int]:
    late = func.coalesce(func.sum(case((Publication.due_at < now - WATCHDOG_AFTER, 1), else_=0)), 0)
    where = Publication.status.in_(_UNSETTLED), Publication.due_at <= now
    due, too_late = session.execute(select(func.count(), late).where(*where)).one()
    return due, int(too_late)


def _lateness(session: Session) -> Histogram:
    row = session.execute(_histogram(session.get_bind().dialect.name)).one()
    within = dict(zip(LATENESS, map(int, row[2:]), strict=True))
    return Histogram(within, int(row[0]), float(row[1]))


def _histogram(dialect: str) -> Select[*tuple[Any, ...]]:
    """All that went out on a time that somebody chose, from the beginning: the counts only grow.

    What a person sent out at once, or found out by hand, was never late: it is counted at 0.
    """
    late: Any = (
        (func.julianday(Publication.published_at) - func.julianday(Publication.due_at)) * 86_400
        if dialect == "sqlite"
        else func.extract("epoch", Publication.published_at - Publication.due_at)
    )
    known = select(case((late < 0, 0.0), else_=late).label("late")).where(
        Publication.published_at.is_not(None), Publication.status.in_([Status.PUBLISHED, Status.REMOVED])
    ).subquery()  # fmt: skip
    # Days as SQLite counts them are exact to some hundred microseconds.
    within = [case((known.c.late <= bound + 0.001, 1), else_=0) for bound in LATENESS]
    bounds = [func.coalesce(func.sum(one), 0) for one in within]
    return select(func.count(), func.coalesce(func.sum(known.c.late), 0.0), *bounds).select_from(known)


def _size(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = session.scalar(text("SELECT page_count FROM pragma_page_count"))
    size = session.scalar(text("SELECT page_size FROM pragma_page_size"))
    return int(pages or 0) * int(size or 0)
