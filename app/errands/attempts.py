"""The trace of every try: a row before the call, its end after it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.connectors.failures import (
    ConnectorFailure,
    NotYet,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.domain.publications import AttemptKind, Outcome
from app.foundation.database import table_of
from app.foundation.logs import without_secrets
from app.models.attempts import Attempt

_OUTCOMES: tuple[tuple[type[ConnectorFailure], Outcome], ...] = (
    (Unsure, Outcome.NO_ANSWER),
    (RateLimited, Outcome.LIMITED),
    (Reconnect, Outcome.RECONNECT),
    (Rejected, Outcome.REJECTED),
    (NotYet, Outcome.NOT_YET),
    (RetryLater, Outcome.LATER),
)
_TABLE = table_of(Attempt)
# Built once: these run on the second that posts are due.
_BEGIN = insert(_TABLE).values({"reason": "", "trace_id": "", "message": ""}).returning(_TABLE.c.id)
_ENDS = ("ended_at", "outcome", "reason", "code", "subcode", "trace_id", "message")
_END = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("its_id"), _TABLE.c.ended_at.is_(None))
    .values({name: bindparam(name) for name in _ENDS})
)
_LOSE = (
    update(_TABLE)
    .where(_TABLE.c.publication_id == bindparam("its_id"), _TABLE.c.ended_at.is_(None))
    .values(ended_at=bindparam("ended_at"), outcome=Outcome.LOST)
)


@dataclass(frozen=True)
class Ending:
    """How an attempt ended, in our words and the network's."""

    outcome: Outcome
    reason: str = ""
    code: int | None = None
    subcode: int | None = None
    trace_id: str = ""
    message: str = ""

    @classmethod
    def of(cls, failure: ConnectorFailure) -> "Ending":
        """The ending that a failure is."""
        outcome = next(outcome for kind, outcome in _OUTCOMES if isinstance(failure, kind))
        return cls(
            outcome,
            failure.reason,
            failure.code,
            failure.subcode,
            failure.trace_id[:64],
            without_secrets(failure.message),
        )


def begin(
    session: Session,
    publication_id: int,
    kind: AttemptKind,
    now: datetime,
    run_id: int | None,
    revision_id: int | None = None,
) -> int:
    """Write down that a try begins; returns its id."""
    values = {
        "publication_id": publication_id,
        "kind": kind,
        "started_at": now,
        "run_id": run_id,
        "revision_id": revision_id,
    }
    return int(session.connection().execute(_BEGIN, values).scalar_one())


def end(session: Session, attempt_id: int, ending: Ending, now: datetime) -> None:
    """Write down how a try ended, once."""
    values = {
        "its_id": attempt_id,
        "ended_at": now,
        "outcome": ending.outcome,
        "reason": ending.reason,
        "code": ending.code,
        "subcode": ending.subcode,
        "trace_id": ending.trace_id,
        "message": ending.message,
    }
    session.connection().execute(_END, values)


def lose(session: Session, publication_id: int, now: datetime) -> None:
    """End the open tries of a publication: they died before they could write the answer down.

    Our own run's too: it has one publication in hand only once, so they ended in an error of ours.
    """
    session.connection().execute(_LOSE, {"its_id": publication_id, "ended_at": now})


def last_begun(session: Session, publication_id: int, kind: AttemptKind) -> datetime | None:
    """When the newest try of a kind began (UTC); None when there was none."""
    return session.scalar(
        select(Attempt.started_at)
        .where(Attempt.publication_id == publication_id, Attempt.kind == kind)
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def unanswered(session: Session, publication_id: int, kind: AttemptKind) -> int:
    """How many tries of a kind got no clear answer, though they may have been carried out."""
    lost = Attempt.outcome == Outcome.NO_ANSWER
    its = Attempt.publication_id == publication_id, Attempt.kind == kind
    return session.scalars(select(func.count(Attempt.id)).where(*its, lost)).one()


def unanswered_since(session: Session, publication_id: int, revision_id: int) -> datetime | None:
    """When the newest staging of a revision began, if it got no answer; else None."""
    newest = session.execute(
        select(Attempt.started_at, Attempt.outcome)
        .where(
            Attempt.publication_id == publication_id,
            Attempt.revision_id == revision_id,
            Attempt.kind == AttemptKind.STAGE,
            Attempt.ended_at.is_not(None),
        )
        .order_by(Attempt.id.desc())
    ).all()
    since = None
    for row in newest:
        if row.outcome not in (Outcome.NO_ANSWER, Outcome.LOST):
            break
        since = row.started_at
    return since
