"""Show: the one visible call, at its second. Whatever it answers, nothing is ever sent again on a guess."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.connectors.contract import Receipt, Staged
from app.connectors.failures import ConnectorFailure, NotYet, RateLimited, Reconnect
from app.connectors.reasons import Reason
from app.domain.publications import STAGED_GOOD_FOR, AttemptKind, Outcome, Status, retry_after
from app.errands import attempts, leases, outgoing, settle
from app.errands import look as looking
from app.errands.attempts import Ending
from app.errands.ground import Ground, Line
from app.foundation import clock
from app.models.leases import Lease
from app.models.publications import move_fenced

# While no connection can be made: so late it goes out at most once there is one again.
_OFTEN_ENOUGH = timedelta(seconds=30)


def show(ground: Ground, line: Line, lease: Lease, publication_id: int) -> None:
    """Show one staged publication whose time has come. Writes "publishing" down before the call is made.

    Raises NotOurs.
    """
    begun = _begin(ground, lease, publication_id)
    if begun is None:
        return
    case, attempt_id, ready, begun_at = begun
    if looking.overslept(ground, begun_at):
        _not_called(ground, lease, case, attempt_id)
        return
    try:
        receipt = line.network.show(looking.in_time(ground, line.access, begun_at), ready)
    except NotYet as taken:
        _taken(ground, line, lease, case, attempt_id, taken)
        return
    except ConnectorFailure as failure:
        if looking.never_left(failure) and looking.overslept(ground, begun_at):
            _not_called(ground, lease, case, attempt_id)
            return
        _not_answered_well(ground, line, lease, case, attempt_id, failure)
        return
    _shown(ground, lease, case, attempt_id, receipt)


def _begin(
    ground: Ground, lease: Lease, publication_id: int
) -> tuple[settle.Case, int, Staged, datetime] | None:
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        if case.status is not Status.STAGED or now < case.due_at:
            return None
        if case.too_late(now):
            leases.check_ours(session, lease)
            settle.missed(session, case, Status.STAGED, lease, now, case.reason)
            return None
        if not case.in_use:
            # It waited for a connection or an allowance, and somebody put the channel to rest meanwhile.
            leases.check_ours(session, lease)
            settle.resting(session, case, Status.STAGED, lease, now)
            return None
        if not case.remote_id or now > case.due_at + STAGED_GOOD_FOR:
            leases.check_ours(session, lease)
            settle.stage_anew(session, case, lease, now, "too_old" if case.remote_id else "post_gone")
            return None
        started = move_fenced(
            session, case.id, Status.STAGED, Status.PUBLISHING, lease, now,
            version=case.version, step_at=now + looking.patience(ground), shown_at=case.shown_at or now,
            reason="",
        )  # fmt: skip
        if not started:
            leases.check_ours(session, lease)
            return None
        attempt_id = attempts.begin(session, case.id, AttemptKind.SHOW, now, lease.run_id, case.revision_id)
        ready = outgoing.ready(session, case)
    return replace(case, shown_at=case.shown_at or now), attempt_id, ready, now


def _not_called(ground: Ground, lease: Lease, case: settle.Case, attempt_id: int) -> None:
    """Its turn passed while this process slept. Whoever has the channel now shows it."""
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.LATER), now)
        settle.staged_again(session, case, Status.PUBLISHING, lease, now, now, case.reason)


def _shown(ground: Ground, lease: Lease, case: settle.Case, attempt_id: int, receipt: Receipt) -> None:
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.OK), now)
        settle.published(session, case, Status.PUBLISHING, lease, receipt, now)


def _taken(
    ground: Ground, line: Line, lease: Lease, case: settle.Case, attempt_id: int, taken: NotYet
) -> None:
    """The network makes it public by itself soon: from here on it is only looked at."""
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending.of(taken), now)
        settle.coming_out(session, case, lease, now, now + looking.poll_after(line, 0))


def _not_answered_well(
    ground: Ground,
    line: Line,
    lease: Lease,
    case: settle.Case,
    attempt_id: int,
    failure: ConnectorFailure,
) -> None:
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending.of(failure), now)
        if _turned_away(session, line, case, lease, failure, now):
            return
        look_id = attempts.begin(session, case.id, AttemptKind.LOOK, now, lease.run_id, case.revision_id)
    found = looking.ask(ground, line, look_id, case)
    with ground.database.writes() as session:
        looking.after_showing(session, line, case, lease, failure, found, clock.now())


def _turned_away(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    failure: ConnectorFailure,
    now: datetime,
) -> bool:
    """Whether the call was refused at the door: nothing was shown, and a look would be refused too.

    "You may not" is no such answer: it is also given for what a colleague has shown already.
    """
    if isinstance(failure, Reconnect) and failure.reason != Reason.PERMISSION_MISSING:
        settle.held(session, case, Status.PUBLISHING, lease, now, failure.reason, line.sealed)
        return True
    if isinstance(failure, RateLimited):
        leases.pause(session, case.channel_id, failure.until)
        again = min(failure.until, case.latest)
        settle.staged_again(session, case, Status.PUBLISHING, lease, now, again, failure.reason)
        return True
    if looking.never_left(failure):
        again = min(now + min(retry_after(case.tries), _OFTEN_ENOUGH), case.latest)
        settle.staged_again(session, case, Status.PUBLISHING, lease, now, again, failure.reason)
        return True
    return False


def recover(ground: Ground, lease: Lease, publication_id: int, line: Line | None = None) -> None:
    """What a dead process left "publishing": nobody knows, so it is unsure and looked at now.

    What the network had taken already is looked at until it is public. Raises NotOurs.
    """
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        if case.status is not Status.PUBLISHING:
            return
        leases.check_ours(session, lease)
        now = clock.now()
        attempts.lose(session, case.id, now)
        if case.reason != Reason.PREPARING:
            if settle.unsure(session, case, lease, now, "process_lost"):
                move_fenced(session, case.id, Status.UNSURE, Status.UNSURE, lease, now, step_at=now, looks=0)
            return
        if line is None:
            settle.coming_out(session, case, lease, now, now + timedelta(minutes=10))
            return
    looking.follow(ground, line, lease, case)
