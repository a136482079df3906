"""Discard: delete what lies hidden and is no longer wanted. Looks first, never deletes what is public."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.connectors.contract import Receipt, Staged
from app.connectors.failures import ConnectorFailure
from app.domain.networks import RemoteKind, Seen
from app.domain.publications import OUT, AttemptKind, Status
from app.errands import attempts, settle
from app.errands.attempts import Ending
from app.errands.ground import Ground, Line
from app.errands.look import OUTCOMES
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject

_TRY_AGAIN, _AT_MOST = timedelta(minutes=10), timedelta(days=1)


@dataclass(frozen=True)
class Leftover:
    """One unwanted object: its row, its publication and channel, its id at the network, since when, what."""

    id: int
    publication_id: int
    channel_id: int
    remote_id: str
    unwanted_at: datetime
    kind: RemoteKind


def leftovers(ground: Ground, now: datetime, limit: int = 100) -> list[Leftover]:
    """What is to be discarded now."""
    return _found(ground, RemoteObject.discard_at <= now, limit)


def known(ground: Ground, line: Line, lease: Lease, publication_id: int) -> bool:
    """Look at everything that lay ready for a publication before and is not known to be gone: whether it is
    known now of each whether it is public. What is, stops the publication (see `_is_public`).
    """
    unwanted = RemoteObject.discard_at.is_not(None) & (RemoteObject.publication_id == publication_id)
    return Seen.UNKNOWN not in [discard(ground, line, lease, one) for one in _found(ground, unwanted, 100)]


def _found(ground: Ground, which: ColumnElement[bool], limit: int) -> list[Leftover]:
    with ground.database.reads() as session:
        rows = session.execute(
            select(
                RemoteObject.id,
                RemoteObject.publication_id,
                Publication.channel_id,
                RemoteObject.remote_id,
                RemoteObject.unwanted_at,
                RemoteObject.kind,
            )
            .join(Publication, Publication.id == RemoteObject.publication_id)
            .where(which)
            .order_by(RemoteObject.discard_at)
            .limit(limit)
        ).all()
    return [
        Leftover(
            row.id,
            row.publication_id,
            row.channel_id,
            row.remote_id,
            row.unwanted_at or clock.now(),
            row.kind,
        )
        for row in rows
    ]


def discard(ground: Ground, line: Line, lease: Lease, leftover: Leftover) -> Seen:
    """Look at one unwanted object and delete it if it is still hidden. A public one stays and is told.

    Returns what was seen; UNKNOWN when there was no answer.
    """
    with ground.database.writes() as session:
        now = clock.now()
        attempt_id = attempts.begin(session, leftover.publication_id, AttemptKind.DISCARD, now, lease.run_id)
    try:
        found = line.network.discard(line.access, Staged(leftover.remote_id, kind=leftover.kind))
    except ConnectorFailure as failure:
        _put_off(ground, leftover, attempt_id, Ending.of(failure))
        return Seen.UNKNOWN
    if found.seen in (Seen.HIDDEN, Seen.UNKNOWN):
        _put_off(ground, leftover, attempt_id, Ending(OUTCOMES[found.seen]))
        return found.seen
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending(OUTCOMES[found.seen]), now)
        session.execute(
            update(RemoteObject)
            .where(RemoteObject.id == leftover.id)
            .values(seen=found.seen, seen_at=now, discard_at=None)
        )
        if found.seen is Seen.LIVE:
            _is_public(session, leftover, lease, found.receipt or Receipt(leftover.remote_id), now)
    return found.seen


def _put_off(ground: Ground, leftover: Leftover, attempt_id: int, ending: Ending) -> None:
    with ground.database.writes() as session:
        attempts.end(session, attempt_id, ending, clock.now())
        _again(session, leftover)


def lock_out(ground: Ground, leftover: Leftover) -> None:
    """The channel's token doesn't open here: what lies hidden there waits."""
    with ground.database.writes() as session:
        _again(session, leftover)


def _again(session: Session, leftover: Leftover) -> None:
    """The longer it is in vain, the seldomer: it is hidden and harmless, and each try leaves a row."""
    now = clock.now()
    wait = min(max(_TRY_AGAIN, now - leftover.unwanted_at), _AT_MOST)
    session.execute(update(RemoteObject).where(RemoteObject.id == leftover.id).values(discard_at=now + wait))


def _is_public(session: Session, leftover: Leftover, lease: Lease, receipt: Receipt, now: datetime) -> None:
    """Somebody showed it by other means. If the very same still waits, its plan is thereby carried out.

    Else people are told: what was cancelled or missed is out all the same, and what waits in other words
    would go out beside it, so that it stands still until a person says.
    """
    case = settle.load(session, leftover.publication_id)
    if case.status is Status.STAGED and case.remote_id == leftover.remote_id:
        settle.published(session, case, Status.STAGED, lease, receipt, now)
    elif case.status not in OUT and case.status is not Status.REMOVED:
        settle.shown_elsewhere(session, case, lease, receipt, now)
