"""The moves that end a doubt or a try: one place each, used by every errand. All are fenced by the lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.actions import channel_tokens, comments, history
from app.connectors.contract import Receipt
from app.connectors.reasons import Reason
from app.domain.networks import ChannelState, RemoteKind, Seen
from app.domain.publications import WAITS_FOR_TIME, HoldReason, Status, is_too_late, next_look_after
from app.domain.readings import next_reading_at
from app.errands import leases, remote_objects
from app.errands.ground import CLOCK
from app.foundation import clock
from app.foundation.database import table_of
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.leases import Lease
from app.models.posts import Post, Revision
from app.models.publications import Publication, move_fenced

_TABLE, _POSTS, _REVISIONS = table_of(Publication), table_of(Post), table_of(Revision)
_CHANNELS = table_of(Channel)
_FACTS = (
    "id post_id channel_id unit_id revision_id status due_at lateness_minutes version tries looks looked_at "
    "answered_no_at reason remote_id permalink known shown_at hidden_at remote_kind"
).split()
DEAD = "dead"
SHOWN_ELSEWHERE = "shown_elsewhere"
# Not about the content: nobody may post there for a while, or no more so fast.
BLOCKS = frozenset({Reason.BLOCKED_FOR_NOW, Reason.POSTING_TOO_FAST})
# After "you may not post for a while" nothing is called there; the network says seldom for how long.
BLOCKED_FOR = timedelta(hours=6)
# A lane goes on with the sign-in that it has for a moment.
_NEW_SIGN_IN_IN_USE = timedelta(seconds=3)
_STOPPABLE = (Status.PLANNED, Status.STAGED)
# Built once: these run on the second that posts are due.
_LOAD = (
    select(*(_TABLE.c[name] for name in _FACTS), _CHANNELS.c.state.label("channel_state"))
    .join(_CHANNELS, _CHANNELS.c.id == _TABLE.c.channel_id)
    .where(_TABLE.c.id == bindparam("its_id"))
)
_IN_USE = select(_CHANNELS.c.id).where(
    _CHANNELS.c.id == bindparam("its_id"), _CHANNELS.c.state == ChannelState.ACTIVE
)
# The tone of what went out: the post itself may bear a newer draft's.
_ITS_TONE = select(_REVISIONS.c.tone).where(_REVISIONS.c.id == bindparam("its_revision")).scalar_subquery()
_FREEZE_TONE = (
    update(_POSTS)
    .where(_POSTS.c.id == bindparam("its_id"), _POSTS.c.tone_frozen.is_(None))
    .values(tone_frozen=func.coalesce(_ITS_TONE, _POSTS.c.tone))
)


@dataclass(frozen=True)
class Case:
    """A publication as an errand read it; `in_use`: whether its channel was."""

    id: int
    post_id: int
    channel_id: int
    unit_id: int
    revision_id: int | None
    status: Status
    due_at: datetime
    lateness: timedelta
    version: int
    tries: int
    looks: int
    looked_at: datetime | None
    answered_no: bool
    reason: str
    remote_id: str
    permalink: str
    known: tuple[str, ...] = ()
    shown_at: datetime | None = None
    hidden_at: datetime | None = None
    remote_kind: RemoteKind | None = None
    in_use: bool = True

    @property
    def latest(self) -> datetime:
        """When it is missed at the latest (UTC), so that its people are told in time."""
        return self.due_at + self.lateness + timedelta(seconds=1)

    def too_late(self, now: datetime) -> bool:
        """Whether its time is past by more than its limit."""
        return is_too_late(self.due_at, self.lateness, now)


def load(session: Session, publication_id: int) -> Case:
    """Read a publication for an errand."""
    row = session.connection().execute(_LOAD, {"its_id": publication_id}).one()
    return Case(
        row.id, row.post_id, row.channel_id, row.unit_id, row.revision_id, row.status, row.due_at,
        timedelta(minutes=row.lateness_minutes), row.version, row.tries, row.looks, row.looked_at,
        row.answered_no_at is not None, row.reason, row.remote_id, row.permalink,
        tuple(row.known), row.shown_at, row.hidden_at, row.remote_kind,
        row.channel_state is ChannelState.ACTIVE,
    )  # fmt: skip


def published(
    session: Session, case: Case, old: Status, lease: Lease, receipt: Receipt, now: datetime
) -> bool:
    """It is public. Nothing that fails later can undo this.

    What the network has not told yet, its id or its address, is asked for from now on; and its first comment
    is written, looked for before unless our own call has just been answered.
    """
    begins = receipt.network_at or now
    permalink = receipt.permalink or (case.permalink if receipt.remote_id == case.remote_id else "")
    # The post before its publication, in the order in which people's actions lock them.
    tone = {"its_id": case.post_id, "its_revision": case.revision_id}
    session.connection().execute(_FREEZE_TONE, tone)
    done = move_fenced(
        session, case.id, old, Status.PUBLISHED, lease, now,
        remote_id=receipt.remote_id, permalink=permalink, published_at=now,
        network_published_at=receipt.network_at, reading_at=next_reading_at(begins, timedelta(0)),
        step_at=None if permalink and receipt.remote_id else now, reason="", tries=0, progress=None,
    )  # fmt: skip
    if receipt.remote_id == case.remote_id:
        remote_objects.saw(session, case.id, receipt.remote_id, Seen.LIVE, now)
    elif receipt.remote_id:
        remote_objects.came_out(session, case.id, case.revision_id, receipt.remote_id, now)
    if done:
        remote_objects.unwant_older(session, case.id, receipt.remote_id, now)
        sure = old is Status.PUBLISHING and case.reason in ("", Reason.PREPARING)
        comments.ask(session, case.id, case.channel_id, case.revision_id, now, sure)
        _record(session, case, old, Status.PUBLISHED, "published", now)
    return done


def missed(session: Session, case: Case, old: Status, lease: Lease, now: datetime, reason: str = "") -> bool:
    """Its time is past by more than its limit: it stays until a person decides."""
    done = move_fenced(session, case.id, old, Status.MISSED, lease, now, step_at=None, reason=reason)
    if done:
        remote_objects.unwant_older(session, case.id, "", now)
        _record(session, case, old, Status.MISSED, "missed", now, reason=reason)
    return done


def rejected(session: Session, case: Case, old: Status, lease: Lease, now: datetime, reason: str) -> bool:
    """The network says no to it: back to the editor."""
    done = move_fenced(session, case.id, old, Status.REJECTED, lease, now, step_at=None, reason=reason)
    if done:
        remote_objects.unwant_older(session, case.id, "", now)
        _record(session, case, old, Status.REJECTED, "rejected", now, reason=reason)
    return done


def held(
    session: Session, case: Case, old: Status, lease: Lease, now: datetime, reason: str, sealed: str = ""
) -> bool:
    """The channel's sign-in is dead: all that waits there stands still until somebody has connected it again.

    `sealed`: the sign-in that was refused; when a newer one has come meanwhile, it is tried with that one.
    """
    if not sign_in_died(session, case.channel_id, reason, sealed, but=case.id):
        _once_more(session, case, old, lease, now)
        return False
    return _stand(session, case, old, lease, now, HoldReason.RECONNECT, reason)


def blocked(session: Session, case: Case, old: Status, lease: Lease, now: datetime, reason: str) -> bool:
    """The network lets nobody post there for a while: nothing of the channel is tried until a person says."""
    leases.pause(session, case.channel_id, now + BLOCKED_FOR)
    _stop_others(session, case.channel_id, HoldReason.BLOCKED, reason, now, case.id)
    return _stand(session, case, old, lease, now, HoldReason.BLOCKED, reason)


def shown_elsewhere(session: Session, case: Case, lease: Lease, receipt: Receipt, now: datetime) -> None:
    """What lay hidden for it, and was not wanted any more, is public: somebody showed it at the network."""
    if case.status in _STOPPABLE:
        _stand(session, case, case.status, lease, now, HoldReason.SHOWN, SHOWN_ELSEWHERE)
    session.execute(
        update(Publication)
        .where(Publication.id == case.id)
        .values(
            reason=SHOWN_ELSEWHERE,
            permalink=receipt.permalink or case.permalink,
            version=Publication.version + 1,
        ),
        execution_options={"synchronize_session": False},
    )
    _record(session, case, case.status, case.status, "shown_elsewhere", now, link=receipt.permalink)


def in_use(session: Session, channel_id: int) -> bool:
    """Whether posts may go out on a channel: one that rests or is closed shows nothing more by itself."""
    return session.connection().execute(_IN_USE, {"its_id": channel_id}).first() is not None


def resting(session: Session, case: Case, old: Status, lease: Lease, now: datetime) -> bool:
    """Its channel is not in use any more: a person says what shall become of it."""
    return _stand(session, case, old, lease, now, HoldReason.RESTING, "")


def sign_in_died(session: Session, channel_id: int, reason: str, sealed: str = "", but: int = 0) -> bool:
    """The network no longer takes the channel's token; the pages say so until somebody connects it again.

    Everything that waits there stands still at once, but one publication that the caller has in hand. False,
    and nothing stands still, when the token has been replaced since (`sealed`: the one that was refused) or
    another person's takes over.
    """
    channel = session.scalar(select(Channel).where(Channel.id == channel_id).with_for_update())
    token = channel_tokens.in_use(session, channel_id)
    if channel is None or (sealed and (token is None or token.sealed != sealed)):
        return False
    now, old = clock.now(), channel.token_state
    if token is not None and channel_tokens.died(session, CLOCK, channel, token, reason, now):
        return False  # another person's sign-in has taken over: it goes on with that one
    if old != DEAD:
        channel.token_state, channel.token_reason = DEAD, reason
        history.record(
            session, CLOCK, "channel", channel_id, "sign_in_died",
            unit_id=channel.unit_id, old=old, new=DEAD, now=now, reason=reason,
        )  # fmt: skip
    _stop_others(session, channel_id, HoldReason.RECONNECT, reason, now, but)
    return True


def _once_more(session: Session, case: Case, old: Status, lease: Lease, now: datetime) -> None:
    again = now + _NEW_SIGN_IN_IN_USE
    if old is Status.PUBLISHING:
        staged_again(session, case, old, lease, now, again, "")
    elif old in WAITS_FOR_TIME:
        at = again if old is Status.PLANNED else max(again, case.due_at)
        move_fenced(session, case.id, old, old, lease, now, version=case.version, step_at=at)


def _stand(
    session: Session,
    case: Case,
    old: Status,
    lease: Lease,
    now: datetime,
    why: HoldReason,
    reason: str,
) -> bool:
    done = move_fenced(session, case.id, old, Status.HELD, lease, now, step_at=None, reason=reason)
    if done:
        session.add(Hold(publication_id=case.id, reason=why, note="", since_at=now))
        _record(session, case, old, Status.HELD, "held", now, reason=reason or why)
    return done


def _stop_others(
    session: Session, channel_id: int, why: HoldReason, reason: str, now: datetime, but: int
) -> None:
    """What else waits on a channel stands still; what another hand has just locked is stopped at its step."""
    rows = session.execute(
        select(Publication.id, Publication.unit_id, Publication.status)
        .where(
            Publication.channel_id == channel_id, Publication.id != but, Publication.status.in_(_STOPPABLE)
        )
        .order_by(Publication.id)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return
    session.execute(
        update(Publication)
        .where(Publication.id.in_([row.id for row in rows]))
        .values(
            status=Status.HELD, since_at=now, step_at=None, reason=reason, version=Publication.version + 1
        ),
        execution_options={"synchronize_session": False},
    )
    for row in rows:
        session.add(Hold(publication_id=row.id, reason=why, note="", since_at=now))
        history.record(
            session, CLOCK, "publication", row.id, "held",
            unit_id=row.unit_id, old=row.status, new=Status.HELD, now=now, reason=reason,
        )  # fmt: skip


def coming_out(session: Session, case: Case, lease: Lease, now: datetime, look_at: datetime) -> bool:
    """The network took it and makes it public by itself: it is looked at, and never shown again."""
    first = case.reason != Reason.PREPARING
    done = move_fenced(
        session, case.id, Status.PUBLISHING, Status.PUBLISHING, lease, now,
        step_at=look_at, reason=Reason.PREPARING, looks=0 if first else case.looks + 1, looked_at=now,
    )  # fmt: skip
    if done and first:
        _record(session, case, Status.PUBLISHING, Status.PUBLISHING, "coming_out", now)
    return done


def unsure(
    session: Session,
    case: Case,
    lease: Lease,
    now: datetime,
    reason: str,
    hidden_at: datetime | None = None,
) -> bool:
    """Nobody knows whether it is public: look, and ask a person meanwhile.

    `hidden_at`: when a look has already seen it hidden, where one such look is not enough.
    """
    done = move_fenced(
        session, case.id, Status.PUBLISHING, Status.UNSURE, lease, now,
        step_at=now + next_look_after(1), looks=1, looked_at=now, answered_no_at=None, reason=reason,
        hidden_at=hidden_at,
    )  # fmt: skip
    if done:
        _record(session, case, Status.PUBLISHING, Status.UNSURE, "unsure", now, reason=reason)
    return done


def staged_again(
    session: Session, case: Case, old: Status, lease: Lease, now: datetime, step_at: datetime, reason: str
) -> bool:
    """It is still hidden, so it may be shown: the flag of the same object is set once more."""
    done = move_fenced(
        session, case.id, old, Status.STAGED, lease, now,
        step_at=step_at, tries=case.tries + 1, reason=reason, hidden_at=None,
    )  # fmt: skip
    if done:
        if not case.tries or reason != case.reason:
            # An hour without a network is one line in the story, not a thousand.
            _record(session, case, old, Status.STAGED, "still_hidden", now, reason=reason)
        _stand_still(session, case, lease, now)
    return done


def _stand_still(session: Session, case: Case, lease: Lease, now: datetime) -> None:
    """It moves only when no hold is left: in a copy of the database what was in doubt is held as well."""
    standing = select(Hold.reason).where(Hold.publication_id == case.id, Hold.ended_at.is_(None)).limit(1)
    why = session.scalar(standing)
    if why and move_fenced(session, case.id, Status.STAGED, Status.HELD, lease, now, step_at=None):
        _record(session, case, Status.STAGED, Status.HELD, "held", now, reason=why)


def stage_anew(session: Session, case: Case, lease: Lease, now: datetime, reason: str) -> bool:
    """What was laid ready is no longer there or too old: lay it ready once more."""
    done = move_fenced(
        session, case.id, Status.STAGED, Status.PLANNED, lease, now,
        version=case.version, step_at=now, reason=reason, remote_id="", remote_kind=None, shown_at=None,
    )  # fmt: skip
    if done:
        _record(session, case, Status.STAGED, Status.PLANNED, "stage_anew", now, reason=reason)
    return done


def to_do(session: Session, case: Case, lease: Lease, now: datetime) -> bool:
    """A person's turn: no program reaches this channel."""
    done = move_fenced(
        session, case.id, Status.PLANNED, Status.TO_DO, lease, now,
        version=case.version, step_at=case.due_at + case.lateness + timedelta(seconds=1), reason="", tries=0,
    )  # fmt: skip
    if done:
        _record(session, case, Status.PLANNED, Status.TO_DO, "to_do", now)
    return done


def _record(
    session: Session, case: Case, old: Status, new: Status, verb: str, now: datetime, **facts: str
) -> None:
    history.record(
        session, CLOCK, "publication", case.id, verb, unit_id=case.unit_id, old=old, new=new, now=now, **facts
    )
