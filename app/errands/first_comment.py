"""First comment: written once below a post that is out. After any doubt it is looked for, or a person asked.

A comment has no hidden form, so that each call makes another one. `tried_at` is therefore committed before
the call and cleared only when it is certain that the call made none; while it stands nothing is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import history
from app.connectors.contract import Commented
from app.connectors.failures import ConnectorFailure, RateLimited, Reconnect, Rejected, Unsure
from app.connectors.reasons import Reason
from app.domain.publications import AttemptKind, Outcome, Status, Wish, next_look_after, retry_after
from app.errands import attempts, leases, outgoing, remote_objects, settle
from app.errands.attempts import Ending
from app.errands.ground import CLOCK, Ground, Line
from app.errands.look import in_time, never_left, overslept, patience
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import move_fenced
from app.models.wishes import PublicationWish

# Seen absent twice, so far apart, it may be written again.
APART = timedelta(seconds=30)
# Looks that told nothing; calls that were refused or got no answer. After so many a person is asked.
LOOKS_MOST = 8
TRIES_MOST = 8


@dataclass(frozen=True)
class Asked:
    """A wish for a comment as the errand read it. `denied`: a person says that it is not there."""

    id: int
    text: str
    tries: int
    tried_at: datetime | None
    absent_at: datetime | None
    denied: bool


def open_wish(session: Session, case: settle.Case) -> Asked | None:
    """The comment that is still to be written below a post, if any."""
    wish = session.scalar(
        select(PublicationWish).where(
            PublicationWish.publication_id == case.id,
            PublicationWish.kind == Wish.COMMENT,
            PublicationWish.ended_at.is_(None),
            PublicationWish.by_hand.is_(False),
        )
    )
    if wish is None or wish.revision_id is None:
        return None
    text = outgoing.content(session, wish.revision_id, case.channel_id).first_comment
    return Asked(wish.id, text, wish.tries, wish.tried_at, wish.absent_at, wish.person_id is not None)


def comment(ground: Ground, line: Line, lease: Lease, case: settle.Case, asked: Asked) -> None:
    """Do the next thing for a first comment: write it, or look whether it is there. Raises NotOurs."""
    with ground.database.writes() as session:
        leases.check_ours(session, lease)
        now = clock.now()
        attempts.lose(session, case.id, now)
        attempt_id = attempts.begin(
            session, case.id, AttemptKind.COMMENT, now, lease.run_id, case.revision_id
        )
        if asked.tried_at is None and not _begin(session, asked, now):
            attempts.end(session, attempt_id, Ending(Outcome.LATER), now)
            return
    if asked.tried_at is None and overslept(ground, now):
        return  # looked for like any other, for somebody else may have written it
    if asked.tried_at is None:
        _write(ground, line, lease, case, asked, attempt_id, now)
    else:
        _look(ground, line, lease, case, asked, attempt_id, asked.tried_at)


def can_not_be_written(session: Session, case: settle.Case, now: datetime) -> None:
    """Which post it is there could not be told, so that a person writes the comment."""
    asked = open_wish(session, case)
    if asked is not None:
        doubt = asked.tried_at is not None
        _keep(session, asked, by_hand=True, reason=Reason.NOT_OFFERED)
        _record(session, case, "comment_unsure" if doubt else "comment_by_hand", now)


def _begin(session: Session, asked: Asked, now: datetime) -> bool:
    """Note that it is being sent; False when another hand has been at it meanwhile.

    What a person said of earlier tries, that it is not there, says nothing of this one.
    """
    begun = session.execute(
        update(PublicationWish)
        .where(
            PublicationWish.id == asked.id,
            PublicationWish.ended_at.is_(None),
            PublicationWish.by_hand.is_(False),
            PublicationWish.tried_at.is_(None),
        )
        .values(tried_at=now, absent_at=None, person_id=None)
        .returning(PublicationWish.id)
    )
    return begun.scalar_one_or_none() is not None


def _write(
    ground: Ground,
    line: Line,
    lease: Lease,
    case: settle.Case,
    asked: Asked,
    attempt_id: int,
    begun_at: datetime,
) -> None:
    failure: ConnectorFailure | None = None
    remote_id = ""
    try:
        access = in_time(ground, line.access, begun_at)
        remote_id = line.network.comment(access, case.remote_id, asked.text)
    except ConnectorFailure as failed:
        if never_left(failed) and overslept(ground, begun_at):
            return
        failure = failed
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending.of(failure) if failure else Ending(Outcome.OK), now)
        if failure is None:
            _there(session, case, lease, asked, remote_id, now)
        elif isinstance(failure, Unsure):
            _later(session, case, lease, asked, now + next_look_after(1), now, reason=failure.reason)
        else:
            _not_made(session, line, case, lease, asked, failure, now)


def _not_made(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    asked: Asked,
    failure: ConnectorFailure,
    now: datetime,
) -> None:
    """A clear "no": nothing was written. A refusal is a person's matter, the rest is tried again."""
    again = now + max(retry_after(asked.tries), timedelta(seconds=5))
    if isinstance(failure, RateLimited):
        leases.pause(session, case.channel_id, failure.until)
        again = failure.until
    if isinstance(failure, Reconnect) and failure.reason != Reason.PERMISSION_MISSING:
        settle.sign_in_died(session, case.channel_id, failure.reason, line.sealed)
    refused = isinstance(failure, Rejected | Reconnect) or asked.tries + 1 >= TRIES_MOST
    if refused:
        _by_hand(session, case, lease, asked, failure.reason, now, doubt=False)
        return
    _later(
        session, case, lease, asked, again, now, reason=failure.reason, tried_at=None, tries=asked.tries + 1
    )


def _look(
    ground: Ground,
    line: Line,
    lease: Lease,
    case: settle.Case,
    asked: Asked,
    attempt_id: int,
    tried_at: datetime,
) -> None:
    found: Commented | ConnectorFailure
    try:
        found = line.network.find_comment(line.access, case.remote_id, asked.text)
        ending = Ending(_OUTCOMES[bool(found.remote_id), found.whole])
    except ConnectorFailure as failure:
        found, ending = failure, Ending.of(failure)
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, ending, now)
        if isinstance(found, RateLimited):
            leases.pause(session, case.channel_id, found.until)
            _later(session, case, lease, asked, found.until, now)
        elif isinstance(found, Commented) and found.remote_id:
            _there(session, case, lease, asked, found.remote_id, now)
        elif isinstance(found, Commented) and (found.whole or asked.denied):
            _absent(session, ground, case, lease, asked, tried_at, now)
        elif asked.tries + 1 >= LOOKS_MOST:
            _by_hand(session, case, lease, asked, Reason.UNCLEAR_ANSWER, now, doubt=True)
        else:
            again = now + next_look_after(asked.tries + 2)
            _later(session, case, lease, asked, again, now, tries=asked.tries + 1)


_OUTCOMES = {
    (True, True): Outcome.LIVE,
    (True, False): Outcome.LIVE,
    (False, True): Outcome.GONE,
    (False, False): Outcome.UNKNOWN,
}


def _absent(
    session: Session,
    ground: Ground,
    case: settle.Case,
    lease: Lease,
    asked: Asked,
    tried_at: datetime,
    now: datetime,
) -> None:
    """It is not there. It may be written once that was seen twice, and no call of ours can be open.

    A network that takes it again and again without a clear answer is a person's matter.
    """
    first = asked.absent_at or now
    safe_at = tried_at + patience(ground) if asked.denied else max(first + APART, tried_at + patience(ground))
    if safe_at > now:
        _later(session, case, lease, asked, safe_at, now, absent_at=first)
    elif asked.denied or attempts.unanswered(session, case.id, AttemptKind.COMMENT) < TRIES_MOST:
        _later(session, case, lease, asked, now, now, tried_at=None, absent_at=None, tries=0)
    else:
        _by_hand(session, case, lease, asked, Reason.UNCLEAR_ANSWER, now, doubt=True)


def _there(
    session: Session, case: settle.Case, lease: Lease, asked: Asked, remote_id: str, now: datetime
) -> None:
    session.execute(
        update(PublicationWish)
        .where(PublicationWish.id == asked.id)
        .values(ended_at=now, done=True, remote_id=remote_id, reason="")
    )
    if remote_id and case.revision_id is not None:
        remote_objects.commented(session, case.id, case.revision_id, remote_id, now)
    _record(session, case, "commented", now)
    _next(session, case, lease, now)


def _by_hand(
    session: Session,
    case: settle.Case,
    lease: Lease,
    asked: Asked,
    reason: str,
    now: datetime,
    doubt: bool,
) -> None:
    """A person's turn. `doubt`: it may be there, so they are asked first."""
    values = {} if doubt else {"tried_at": None}
    _keep(session, asked, by_hand=True, reason=reason, tries=asked.tries + 1, **values)
    _record(session, case, "comment_unsure" if doubt else "comment_by_hand", now, reason=reason)
    _next(session, case, lease, now)


def _later(
    session: Session,
    case: settle.Case,
    lease: Lease,
    asked: Asked,
    again: datetime,
    now: datetime,
    **values: object,
) -> None:
    _keep(session, asked, **values)
    move_fenced(
        session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now, version=case.version, step_at=again
    )


def _keep(session: Session, asked: Asked, **values: object) -> None:
    if values:
        session.execute(
            update(PublicationWish)
            .where(PublicationWish.id == asked.id, PublicationWish.ended_at.is_(None))
            .values(**values)
        )


def _next(session: Session, case: settle.Case, lease: Lease, now: datetime) -> None:
    """What else there is to do for the post: its address, if it is not known yet."""
    at = None if case.permalink else now
    move_fenced(
        session, case.id, Status.PUBLISHED, Status.PUBLISHED, lease, now, version=case.version, step_at=at
    )


def _record(session: Session, case: settle.Case, verb: str, now: datetime, **facts: str) -> None:
    history.record(
        session, CLOCK, "publication", case.id, verb,
        unit_id=case.unit_id, old=case.status, new=case.status, now=now, **facts,
    )  # fmt: skip
