"""Afterwards: what is still done for a post that is out: its address found, its text corrected, taken down.

None of it can make a second post: finding reads, correcting sets the same text again, removing is done once
by a stored id and counts "already gone" as done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import comments, history
from app.connectors.contract import Receipt
from app.connectors.failures import ConnectorFailure, RateLimited, Reconnect, Rejected
from app.connectors.reasons import Reason
from app.domain.networks import Seen
from app.domain.publications import AttemptKind, Outcome, Status, Wish, next_look_after, retry_after
from app.errands import attempts, first_comment, leases, outgoing, remote_objects, settle
from app.errands.attempts import Ending
from app.errands.ground import CLOCK, Ground, Line
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import Publication, move_fenced
from app.models.wishes import PublicationWish

# Some hours of asking; its numbers need the id, its readers the address.
FIND_TRIES = 20
WISH_TRIES = 8


@dataclass(frozen=True)
class Asked:
    """A wish as the errand read it; `text`: what shall stand there."""

    id: int
    kind: Wish
    revision_id: int | None
    text: str
    tries: int


def afterwards(ground: Ground, line: Line, lease: Lease, publication_id: int) -> None:
    """Do the next thing for a published one. Raises NotOurs."""
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        if case.status is not Status.PUBLISHED:
            return
        leases.check_ours(session, lease)
        attempts.lose(session, case.id, clock.now())
        # Without its id, which is found first, nothing else can be done.
        asked = _open_wish(session, line, case) if case.remote_id else None
        first = first_comment.open_wish(session, case) if case.remote_id and asked is None else None
    if first is not None:
        first_comment.comment(ground, line, lease, case, first)
        return
    with ground.database.writes() as session:
        leases.check_ours(session, lease)
        kind = AttemptKind(asked.kind) if asked else AttemptKind.FIND
        attempt_id = attempts.begin(session, case.id, kind, clock.now(), lease.run_id, case.revision_id)
    if asked is None:
        _find(ground, line, lease, case, attempt_id)
    else:
        _grant(ground, line, lease, case, asked, attempt_id)


def _open_wish(session: Session, line: Line, case: settle.Case) -> Asked | None:
    wish = session.scalar(
        select(PublicationWish)
        .where(
            PublicationWish.publication_id == case.id,
            PublicationWish.kind != Wish.COMMENT,
            PublicationWish.ended_at.is_(None),
            PublicationWish.by_hand.is_(False),
        )
        .order_by(PublicationWish.id)
        .limit(1)
    )
    if wish is None:
        return None
    said = outgoing.content(session, wish.revision_id, case.channel_id) if wish.revision_id else None
    return Asked(
        wish.id,
        wish.kind,
        wish.revision_id,
        said.live_text(line.network.profile.takes_links) if said else "",
        wish.tries,
    )


def _find(ground: Ground, line: Line, lease: Lease, case: settle.Case, attempt_id: int) -> None:
    with ground.database.reads() as session:
        staged = outgoing.staged(session, line, case)
    found: Receipt | None = None
    ending, limited_until = Ending(Outcome.UNKNOWN), None
    try:
        found = line.network.find(line.access, staged, case.remote_id)
    except ConnectorFailure as failure:
        ending = Ending.of(failure)
        limited_until = failure.until if isinstance(failure, RateLimited) else None
    with ground.database.writes() as session:
        _lock(session, case)
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.LIVE) if found else ending, now)
        if found and found.remote_id:
            _known_now(session, line, case, lease, found, now)
            return
        again = now + next_look_after(case.tries + 1) if case.tries < FIND_TRIES else None
        if again is None and not case.remote_id:
            first_comment.can_not_be_written(session, case, now)
        if limited_until:
            leases.pause(session, case.channel_id, limited_until)
        _later(session, case, lease, again, now)


def _lock(session: Session, case: settle.Case) -> settle.Case:
    """Nobody asks for anything else until this transaction ends; returns what it has become meanwhile."""
    session.execute(select(Publication.id).where(Publication.id == case.id).with_for_update())
    return settle.load(session, case.id)


def _known_now(
    session: Session, line: Line, case: settle.Case, lease: Lease, found: Receipt, now: datetime
) -> None:
    move_fenced(
        session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now,
        remote_id=found.remote_id, permalink=found.permalink or case.permalink,
        step_at=_next(session, line, case, now), tries=0,
    )  # fmt: skip
    if found.remote_id != case.remote_id:
        remote_objects.came_out(session, case.id, case.revision_id, found.remote_id, now)


def _next(session: Session, line: Line, case: settle.Case, now: datetime) -> datetime | None:
    waits = _open_wish(session, line, case) or first_comment.open_wish(session, case)
    return now if waits else None


def _later(session: Session, case: settle.Case, lease: Lease, again: datetime | None, now: datetime) -> None:
    move_fenced(
        session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now,
        version=case.version, step_at=again, tries=case.tries + 1,
    )  # fmt: skip


def _grant(
    ground: Ground, line: Line, lease: Lease, case: settle.Case, asked: Asked, attempt_id: int
) -> None:
    try:
        if asked.kind is Wish.CORRECT:
            line.network.correct(line.access, case.remote_id, asked.text)
        else:
            line.network.remove(line.access, case.remote_id)
    except ConnectorFailure as failure:
        with ground.database.writes() as session:
            changed = _lock(session, case).version != case.version
            now = clock.now()
            attempts.end(session, attempt_id, Ending.of(failure), now)
            _not_granted(session, line, case, lease, asked, failure, now, changed)
        return
    with ground.database.writes() as session:
        _lock(session, case)
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.OK), now)
        _granted(session, line, case, lease, asked, now)


def _granted(
    session: Session, line: Line, case: settle.Case, lease: Lease, asked: Asked, now: datetime
) -> None:
    session.execute(
        update(PublicationWish)
        .where(PublicationWish.id == asked.id)
        .values(ended_at=now, done=True, reason="", tries=asked.tries + 1)
    )
    session.flush()
    if asked.kind is Wish.CORRECT:
        unfound = now if not case.permalink else None
        done = move_fenced(
            session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now,
            revision_id=asked.revision_id, step_at=_next(session, line, case, now) or unfound,
        )  # fmt: skip
        if done:
            _record(session, case, Status.PUBLISHED, "corrected", now)
        return
    remote_objects.saw(session, case.id, case.remote_id, Seen.GONE, now)
    comments.end(session, case.id, now)
    if move_fenced(
        session, case.id, Status.PUBLISHED, Status.REMOVED, lease, now, step_at=None, reading_at=None
    ):
        _record(session, case, Status.REMOVED, "taken_down", now)


def _not_granted(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    asked: Asked,
    failure: ConnectorFailure,
    now: datetime,
    changed: bool,
) -> None:
    """A refusal, or too many tries, hands it to a person; passing trouble is tried again.

    `changed`: somebody asked for something else meanwhile; that stands, and its time.
    """
    by_hand = isinstance(failure, Rejected) or asked.tries + 1 >= WISH_TRIES
    if isinstance(failure, Reconnect) and failure.reason != Reason.PERMISSION_MISSING:
        settle.sign_in_died(session, case.channel_id, failure.reason, line.sealed)
    by_hand = by_hand or isinstance(failure, Reconnect)
    session.execute(
        update(PublicationWish)
        .where(PublicationWish.id == asked.id, PublicationWish.ended_at.is_(None))
        .values(tries=asked.tries + 1, by_hand=by_hand, reason=failure.reason)
    )
    again: datetime | None = now + max(retry_after(asked.tries), timedelta(seconds=5))
    if isinstance(failure, RateLimited):
        leases.pause(session, case.channel_id, failure.until)
        again = failure.until
    if changed:
        return
    move_fenced(
        session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now,
        step_at=None if by_hand and case.permalink else again,
    )  # fmt: skip
    if by_hand:
        _record(session, case, Status.PUBLISHED, f"{asked.kind}_by_hand", now, reason=failure.reason)


def _record(session: Session, case: settle.Case, new: Status, verb: str, now: datetime, **facts: str) -> None:
    history.record(
        session, CLOCK, "publication", case.id, verb,
        unit_id=case.unit_id, old=Status.PUBLISHED, new=new, now=now, **facts,
    )  # fmt: skip


def without_sign_in(ground: Ground, lease: Lease, publication_id: int) -> None:
    """The channel's token doesn't open here: a person does what was asked. Raises NotOurs."""
    with ground.database.writes() as session:
        case = _lock(session, settle.load(session, publication_id))
        leases.check_ours(session, lease)
        now = clock.now()
        session.execute(
            update(PublicationWish)
            .where(PublicationWish.publication_id == case.id, PublicationWish.ended_at.is_(None))
            .values(by_hand=True, reason=Reason.TOKEN_INVALID)
        )
        move_fenced(
            session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now,
            step_at=None if case.remote_id and case.permalink else now + timedelta(hours=1),
        )  # fmt: skip
