"""Look: ask the network whether an object is public, hidden or gone, and settle what can be settled."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.connectors.contract import Access, Look
from app.connectors.failures import ConnectorFailure, RateLimited, Reconnect, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import Seen
from app.domain.publications import AttemptKind, Outcome, Status, next_look_after, retry_after
from app.errands import attempts, leases, outgoing, remote_objects, settle
from app.errands.attempts import Ending
from app.errands.ground import Ground, Line
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import move_fenced

OUTCOMES = {
    Seen.LIVE: Outcome.LIVE,
    Seen.HIDDEN: Outcome.HIDDEN,
    Seen.GONE: Outcome.GONE,
    Seen.UNKNOWN: Outcome.UNKNOWN,
}

# Where a profile names none; after so many looks the intervals grow, to an hour at most.
_POLLS = (1, 2, 4, 8, 15, 30)
_MANY = 30
_SLOWER = 5
# After an hour without a network a post goes out that much later at most.
_IN_TIME = timedelta(minutes=5)


def patience(ground: Ground) -> timedelta:
    """Longer than a call may take: one that is still "publishing" then has lost its process, and no call of
    ours can still be under way.
    """
    return timedelta(seconds=3 * ground.settings.network_timeout_seconds)


def in_time(ground: Ground, access: Access, begun_at: datetime) -> Access:
    """The same access for a call that was written down at an instant (UTC): it leaves before the call could
    be taken for lost, or never.
    """
    return replace(access, not_after=begun_at + patience(ground) / 2)


def overslept(ground: Ground, begun_at: datetime) -> bool:
    """Whether a call that was written down, and is not made yet, may have been taken for lost meanwhile: the
    machine slept, or this process was stopped. It must not be made any more.
    """
    return clock.now() - begun_at > patience(ground) / 2


def never_left(failure: ConnectorFailure) -> bool:
    """Whether a call was not made at all: no connection could be had, or its time to leave was over."""
    return isinstance(failure, RetryLater) and failure.reason == Reason.NETWORK_DOWN


def look(ground: Ground, line: Line, lease: Lease, publication_id: int) -> None:
    """Look at a staged one before its time, or at an unsure one; write down what was seen. Raises NotOurs."""
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        if case.status not in (Status.STAGED, Status.UNSURE):
            return
        leases.check_ours(session, lease)
        if case.status is Status.STAGED and case.too_late(now):
            settle.missed(session, case, Status.STAGED, lease, now, case.reason)
            return
        attempts.lose(session, case.id, now)
        attempt_id = attempts.begin(session, case.id, AttemptKind.LOOK, now, lease.run_id, case.revision_id)
    seen = ask(ground, line, attempt_id, case)
    with ground.database.writes() as session:
        if case.status is Status.STAGED:
            _before_time(session, line, case, lease, seen, clock.now())
        else:
            _in_doubt(session, ground, line, case, lease, seen, clock.now())


def follow(ground: Ground, line: Line, lease: Lease, case: settle.Case) -> None:
    """Look at one that the network took and makes public by itself, until it is public or refused."""
    with ground.database.writes() as session:
        now = clock.now()
        attempt_id = attempts.begin(session, case.id, AttemptKind.LOOK, now, lease.run_id, case.revision_id)
    found = ask(ground, line, attempt_id, case)
    with ground.database.writes() as session:
        now = clock.now()
        if isinstance(found, Look) and found.seen is Seen.LIVE and found.receipt:
            settle.published(session, case, Status.PUBLISHING, lease, found.receipt, now)
        elif isinstance(found, Look) and found.seen is Seen.GONE:
            settle.unsure(session, case, lease, now, Reason.POST_GONE)
        elif isinstance(found, Rejected):
            settle.rejected(session, case, Status.PUBLISHING, lease, now, found.reason)
        else:
            settle.coming_out(session, case, lease, now, _again(session, line, case, found, now))


def _again(
    session: Session, line: Line, case: settle.Case, found: Look | ConnectorFailure, now: datetime
) -> datetime:
    again = now + poll_after(line, case.looks + 1)
    if isinstance(found, Reconnect):
        settle.sign_in_died(session, case.channel_id, found.reason, line.sealed)
        again = now + next_look_after(case.looks + _SLOWER)
    if isinstance(found, RateLimited):
        leases.pause(session, case.channel_id, found.until)
        again = max(again, found.until)
    return again


def poll_after(line: Line, looks: int) -> timedelta:
    """How long the network's own work is waited for, given how many looks were made: longer in the end."""
    polls = line.network.profile.polls or _POLLS
    wait = timedelta(seconds=polls[min(looks, len(polls) - 1)])
    return max(wait, next_look_after(looks - _MANY)) if looks > _MANY else wait


def ask(ground: Ground, line: Line, attempt_id: int, case: settle.Case) -> Look | ConnectorFailure:
    """One look, with the end of its attempt written down. A failure comes back as a value."""
    found: Look | ConnectorFailure
    with ground.database.reads() as session:
        staged = outgoing.staged(session, line, case)
    try:
        found = line.network.look(line.access, staged)
        ending = Ending(OUTCOMES[found.seen])
    except ConnectorFailure as failure:
        found, ending = failure, Ending.of(failure)
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, ending, now)
        if isinstance(found, Look) and found.seen is not Seen.UNKNOWN:
            remote_objects.saw(session, case.id, case.remote_id, found.seen, now)
    return found


def _before_time(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    found: Look | ConnectorFailure,
    now: datetime,
) -> None:
    """The look at what is laid ready, half a minute before its time."""
    if isinstance(found, Reconnect):
        settle.held(session, case, Status.STAGED, lease, now, found.reason, line.sealed)
    elif isinstance(found, Look) and found.seen is Seen.LIVE and found.receipt:
        settle.published(session, case, Status.STAGED, lease, found.receipt, now)
    elif isinstance(found, Look) and found.seen is Seen.GONE:
        settle.stage_anew(session, case, lease, now, "post_gone")
    elif isinstance(found, Rejected):
        # It came to nothing since; the staging says whether another one may do better.
        settle.stage_anew(session, case, lease, now, found.reason)
    elif not settle.in_use(session, case.channel_id):
        settle.resting(session, case, Status.STAGED, lease, now)
    elif isinstance(found, RateLimited):
        # It may not go out now, a full quota for example.
        move_fenced(
            session, case.id, Status.STAGED, Status.STAGED, lease, now, version=case.version,
            step_at=min(max(found.until, case.due_at), case.latest), looked_at=now, reason=found.reason,
        )  # fmt: skip
    else:
        # Hidden as it should be, or not told now: at its time the showing itself will tell.
        known = list(found.known) if isinstance(found, Look) and found.known else list(case.known)
        move_fenced(
            session, case.id, Status.STAGED, Status.STAGED, lease, now,
            version=case.version, step_at=max(case.due_at, now), looked_at=now, known=known,
        )  # fmt: skip


def _in_doubt(
    session: Session,
    ground: Ground,
    line: Line,
    case: settle.Case,
    lease: Lease,
    found: Look | ConnectorFailure,
    now: datetime,
) -> None:
    """The look at an unsure one. Live: it is out. Hidden: show the same one. Gone: a person decides.

    Rejected: the network took it, and it came to nothing.
    """
    if isinstance(found, Look) and found.seen is Seen.LIVE and found.receipt:
        settle.published(session, case, Status.UNSURE, lease, found.receipt, now)
        return
    spent = _is_spent(case.reason, found)
    if isinstance(found, Look) and found.seen is Seen.HIDDEN and not spent:
        _hidden(session, ground, line, case, lease, now)
        return
    if isinstance(found, Rejected):
        settle.rejected(session, case, Status.UNSURE, lease, now, found.reason)
        return
    gone = spent or (isinstance(found, Look) and found.seen is Seen.GONE)
    reason = "post_gone" if gone and not spent else case.reason
    if gone and case.answered_no:
        settle.rejected(session, case, Status.UNSURE, lease, now, reason)
        return
    _look_again(session, line, case, lease, found, now, reason)


def _look_again(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    found: Look | ConnectorFailure,
    now: datetime,
    reason: str,
) -> None:
    again = now + next_look_after(case.looks)
    if now <= case.latest:
        # Were it hidden, it could still go out in time.
        again = min(again, now + _IN_TIME)
    if isinstance(found, Reconnect):
        settle.sign_in_died(session, case.channel_id, found.reason, line.sealed)
    if isinstance(found, RateLimited):
        leases.pause(session, case.channel_id, found.until)
        again = max(again, found.until)
    move_fenced(
        session, case.id, Status.UNSURE, Status.UNSURE, lease, now,
        step_at=again, looks=case.looks + 1, looked_at=now, reason=reason, hidden_at=None,
    )  # fmt: skip


def _is_spent(reason: str, found: Look | ConnectorFailure) -> bool:
    """Whether it lies there hidden and can't be shown any more: the network says that it was, and somebody
    has taken it away since. A person decides, as about one that is gone.
    """
    hidden = isinstance(found, Look) and found.seen is Seen.HIDDEN
    return hidden and reason == Reason.PHOTOS_ALREADY_POSTED


def _hidden(
    session: Session, ground: Ground, line: Line, case: settle.Case, lease: Lease, now: datetime
) -> None:
    """It is still hidden, so the same object may be shown once more.

    Where showing makes a new object, only when it was seen hidden twice, some time apart, and no call of
    ours can still be under way.
    """
    safe_at = _safe_at(session, ground, line, case, now)
    if safe_at <= now:
        settle.staged_again(session, case, Status.UNSURE, lease, now, now, case.reason)
        return
    move_fenced(
        session, case.id, Status.UNSURE, Status.UNSURE, lease, now,
        step_at=safe_at, looks=case.looks + 1, looked_at=now, hidden_at=case.hidden_at or now,
    )  # fmt: skip


def _safe_at(session: Session, ground: Ground, line: Line, case: settle.Case, now: datetime) -> datetime:
    apart = outgoing.sure_after(session, line, case)
    if not apart:
        return now
    tried_at = attempts.last_begun(session, case.id, AttemptKind.SHOW) or now
    return max((case.hidden_at or now) + apart, tried_at + patience(ground))


def after_showing(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    failure: ConnectorFailure,
    found: Look | ConnectorFailure,
    now: datetime,
) -> None:
    """A showing did not answer with success, and this is what the look after it told."""
    if isinstance(found, Look) and found.seen is Seen.LIVE and found.receipt:
        settle.published(session, case, Status.PUBLISHING, lease, found.receipt, now)
    elif isinstance(found, Look) and found.seen is Seen.HIDDEN:
        if isinstance(failure, Unsure) and outgoing.sure_after(session, line, case):
            settle.unsure(session, case, lease, now, failure.reason, hidden_at=now)
            return
        _refused(session, line, case, lease, failure, now)
    elif isinstance(found, Rejected):
        settle.rejected(session, case, Status.PUBLISHING, lease, now, found.reason)
    elif isinstance(failure, Reconnect) and isinstance(found, Reconnect):
        settle.held(session, case, Status.PUBLISHING, lease, now, failure.reason, line.sealed)
    else:
        gone = isinstance(found, Look) and found.seen is Seen.GONE
        settle.unsure(session, case, lease, now, "post_gone" if gone else failure.reason)


def _refused(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    failure: ConnectorFailure,
    now: datetime,
) -> None:
    if isinstance(failure, Reconnect):
        settle.held(session, case, Status.PUBLISHING, lease, now, failure.reason, line.sealed)
        return
    if isinstance(failure, Rejected):
        ends = settle.blocked if failure.reason in settle.BLOCKS else settle.rejected
        ends(session, case, Status.PUBLISHING, lease, now, failure.reason)
        return
    again = min(now + retry_after(case.tries), case.latest)
    settle.staged_again(session, case, Status.PUBLISHING, lease, now, again, failure.reason)
