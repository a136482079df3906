"""Stage: lay a planned publication ready at the network, hidden, shortly before its time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.connectors.contract import Outgoing, Receipt, Saved, Staged
from app.connectors.failures import ConnectorFailure, NotYet, RateLimited, Reconnect, Rejected
from app.connectors.reasons import Reason
from app.domain.networks import DISCARDED_BY_US, RemoteKind, Seen
from app.domain.publications import AttemptKind, Outcome, Status, retry_after
from app.errands import attempts, leases, remote_objects, settle
from app.errands import outgoing as contents
from app.errands.attempts import Ending
from app.errands.ground import Ground, Line
from app.errands.progress import Progress, always
from app.foundation import clock
from app.models.leases import Lease
from app.models.posts import Post
from app.models.publications import Publication, move_fenced
from app.models.remote_objects import RemoteObject

# Percent of the network's allowance from which on there is no hurry, and how much time that may take.
SLOW_DOWN = 75
_SPARE = timedelta(seconds=30)
# What the network makes public by itself, some time after it took it.
GIVEN_AWAY = frozenset({RemoteKind.REEL, RemoteKind.STORY_VIDEO})


def stage(
    ground: Ground,
    line: Line,
    lease: Lease,
    publication_id: int,
    going: Callable[[], bool] = always,
) -> None:
    """Do the next staging of one publication, and write down how it went. Raises NotOurs.

    `going`: asked while a long file is sent; False: the rest is sent at the next try.
    """
    saving = line.network.usage(line.access) >= SLOW_DOWN
    with ground.database.writes() as session:
        case = settle.load(session, publication_id)
        now = clock.now()
        if case.status is not Status.PLANNED:
            return
        leases.check_ours(session, lease)
        if _does_not_go_on(session, lease, case, now, saving):
            return
        revision_id = _pin(session, case)
        if revision_id is None:
            return
        if line.network.profile.by_hand:
            settle.to_do(session, case, lease, now)
            return
        attempts.lose(session, case.id, now)
        since = attempts.unanswered_since(session, case.id, revision_id)
        taken = remote_objects.of_others(session, case.channel_id, case.id, since) if since else frozenset()
        said = contents.content(session, revision_id, case.channel_id)
        progress = Progress(ground, lease, case, going)
        outgoing = contents.outgoing(ground, line, case.id, said, since, taken, progress)
        earlier = _on_its_way(session, case)
        saved = remote_objects.saved(session, case.id, revision_id, now)
        attempt_id = attempts.begin(session, case.id, AttemptKind.STAGE, now, lease.run_id, revision_id)
    case = replace(case, revision_id=revision_id)
    if earlier and _came_out(ground, line, lease, case, attempt_id, earlier):
        return
    _call(ground, line, lease, case, attempt_id, outgoing, list(saved), progress)


def _does_not_go_on(session: Session, lease: Lease, case: settle.Case, now: datetime, saving: bool) -> bool:
    """Whether its time is past, its channel rests, or others need the allowance (`saving`) first."""
    if case.too_late(now):
        settle.missed(session, case, Status.PLANNED, lease, now, case.reason)
        return True
    if not settle.in_use(session, case.channel_id):
        settle.resting(session, case, Status.PLANNED, lease, now)
        return True
    return saving and _puts_off(session, lease, case, now)


def _on_its_way(session: Session, case: settle.Case) -> Staged | None:
    """What the network took once to make it public by itself, and was then given up, if it was not seen since
    to be public or gone.
    """
    if case.shown_at is None or case.remote_kind not in GIVEN_AWAY:
        return None
    there = select(RemoteObject.id).where(
        RemoteObject.publication_id == case.id,
        RemoteObject.remote_id == case.remote_id,
        RemoteObject.unwanted_at.is_not(None),
        RemoteObject.seen == Seen.HIDDEN,
    )
    if session.scalar(there) is None:
        return None
    return Staged(case.remote_id, since=case.shown_at, kind=case.remote_kind)


def _came_out(
    ground: Ground, line: Line, lease: Lease, case: settle.Case, attempt_id: int, earlier: Staged
) -> bool:
    """Whether what was given up is public after all, or still may be: another one beside it would be twice.

    Public: it stands still until a person says. Undecided: it is looked at again, until it is too late.
    """
    failure: ConnectorFailure = NotYet(Reason.PREPARING)
    receipt: Receipt | None = None
    try:
        told = line.network.look(line.access, earlier)
        if told.seen in (Seen.HIDDEN, Seen.GONE):
            return False
        receipt = told.receipt
    except Rejected:
        return False  # it came to nothing
    except ConnectorFailure as trouble:
        failure = trouble
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.LIVE) if receipt else Ending.of(failure), now)
        if receipt:
            remote_objects.saw(session, case.id, earlier.remote_id, Seen.LIVE, now)
            settle.shown_elsewhere(session, case, lease, receipt, now)
        else:
            polls = case.tries if case.reason == Reason.PREPARING else 0
            _failed(session, line, case, lease, failure, now, _poll_after(line, polls))
    return True


def _puts_off(session: Session, lease: Lease, case: settle.Case, now: datetime) -> bool:
    """Whether there is time, with the network's allowance nearly used up: others may need it sooner."""
    if case.due_at - now < 2 * _SPARE:
        return False
    return move_fenced(
        session, case.id, Status.PLANNED, Status.PLANNED, lease, now,
        version=case.version, step_at=now + _SPARE,
    )  # fmt: skip


def _call(
    ground: Ground,
    line: Line,
    lease: Lease,
    case: settle.Case,
    attempt_id: int,
    outgoing: Outgoing,
    saved: list[Saved],
    progress: Progress,
) -> None:
    revision_id = case.revision_id
    assert revision_id is not None
    remember = remote_objects.remembering(ground, case.id, revision_id)
    try:
        staged = line.network.stage(line.access, outgoing, saved, remember)
    except ConnectorFailure as failure:
        poll_after = _poll_after(line, case.tries if case.reason == Reason.PREPARING else 0)
        with ground.database.writes() as session:
            now = clock.now()
            attempts.end(session, attempt_id, Ending.of(failure), now)
            _failed(session, line, case, lease, failure, now, None if progress.stopped else poll_after)
        return
    with ground.database.writes() as session:
        now = clock.now()
        attempts.end(session, attempt_id, Ending(Outcome.OK), now)
        _ready(session, line, case, lease, staged, revision_id, now)


def _pin(session: Session, case: settle.Case) -> int | None:
    """The id of the revision that goes out: the one with the yes, which is the newest while the plan stands.

    One that was pinned before stays: the post may have been edited when its publication was on its way. None
    when a person changed the plan meanwhile.
    """
    newest = select(Post.revision_id).where(Post.id == case.post_id)
    revision_id = case.revision_id or session.scalars(newest).one()
    pinned = session.execute(
        update(Publication)
        .where(Publication.id == case.id, Publication.version == case.version)
        .values(revision_id=revision_id)
        .returning(Publication.id)
    ).scalar_one_or_none()
    return revision_id if pinned else None


def _ready(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    staged: Staged,
    revision_id: int,
    now: datetime,
) -> None:
    if staged.receipt:
        # The post before its publication, in the order in which people's actions lock them.
        session.execute(select(Post.id).where(Post.id == case.post_id).with_for_update())
    look_at = case.due_at - line.network.profile.look_lead
    # What tells a post that is public already was written down before it was shown.
    tells = {} if staged.receipt else {"known": list(staged.known), "shown_at": None, "hidden_at": None}
    done = move_fenced(
        session, case.id, Status.PLANNED, Status.STAGED, lease, now,
        version=case.version, remote_id=staged.remote_id, permalink=staged.permalink, revision_id=revision_id,
        remote_kind=staged.kind, progress=None,
        step_at=look_at if look_at > now else max(case.due_at, now), tries=0, reason="", looked_at=None,
        **tells,
    )  # fmt: skip
    if done and staged.receipt:
        _is_public(session, case, lease, staged, staged.receipt, revision_id, now)
    elif done:
        remote_objects.unwant_older(session, case.id, staged.remote_id, now)
        if staged.permalink:
            session.execute(
                update(RemoteObject)
                .where(RemoteObject.publication_id == case.id, RemoteObject.remote_id == staged.remote_id)
                .values(permalink=staged.permalink)
            )
    else:
        _left_over(session, case, revision_id, now)


def _is_public(
    session: Session,
    case: settle.Case,
    lease: Lease,
    staged: Staged,
    receipt: Receipt,
    revision_id: int,
    now: datetime,
) -> None:
    """Shown earlier, though we did not know: in another copy of the database, or by somebody else."""
    remote_objects.saw(session, case.id, staged.remote_id, Seen.LIVE, now)
    ready = replace(
        case, remote_id=staged.remote_id, permalink=staged.permalink, revision_id=revision_id,
        remote_kind=staged.kind,
    )  # fmt: skip
    settle.published(session, ready, Status.STAGED, lease, receipt, now)


def _left_over(session: Session, case: settle.Case, revision_id: int, now: datetime) -> None:
    """The plan changed meanwhile. What was laid ready is kept only if the same revision still waits."""
    plan = settle.load(session, case.id)
    waits = plan.status in (Status.PLANNED, Status.STAGED, Status.HELD)
    if waits and plan.revision_id in (None, revision_id):
        return
    session.execute(
        update(RemoteObject)
        .where(
            RemoteObject.publication_id == case.id,
            RemoteObject.revision_id == revision_id,
            RemoteObject.unwanted_at.is_(None),
            RemoteObject.kind.in_(DISCARDED_BY_US),
        )
        .values(unwanted_at=now, discard_at=now)
    )


def _failed(
    session: Session,
    line: Line,
    case: settle.Case,
    lease: Lease,
    failure: ConnectorFailure,
    now: datetime,
    poll_after: timedelta | None,
) -> None:
    """`poll_after`: for how long the network works by itself; None: we broke it off, so it goes on at its
    next turn.
    """
    # Waiting for the network's work is no failure: the two are counted apart.
    waited = case.reason == Reason.PREPARING
    tries = case.tries if waited == isinstance(failure, NotYet) else 0
    again = now + retry_after(tries)
    if isinstance(failure, Reconnect):
        settle.held(session, case, Status.PLANNED, lease, now, failure.reason, line.sealed)
        return
    if isinstance(failure, Rejected):
        ends = settle.blocked if failure.reason in settle.BLOCKS else settle.rejected
        ends(session, case, Status.PLANNED, lease, now, failure.reason)
        return
    if isinstance(failure, RateLimited):
        leases.pause(session, case.channel_id, failure.until)
        again = failure.until
    if isinstance(failure, NotYet):
        again = now + (poll_after or timedelta(0))
        tries -= poll_after is None
    still = move_fenced(
        session, case.id, Status.PLANNED, Status.PLANNED, lease, now,
        version=case.version, step_at=min(again, case.latest), tries=tries + 1, reason=failure.reason,
    )  # fmt: skip
    if not still and case.revision_id is not None:
        _left_over(session, case, case.revision_id, now)


def _poll_after(line: Line, tries: int) -> timedelta:
    polls = line.network.profile.polls or (2,)
    slow = 3 if line.network.usage(line.access) >= SLOW_DOWN else 1
    return timedelta(seconds=slow * polls[min(tries, len(polls) - 1)])
