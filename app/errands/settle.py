"""The moves that end a doubt or a try: one place each, used by every errand. All are fenced by the lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.actions import history
from app.connectors.contract import Receipt
from app.domain.networks import Seen
from app.domain.publications import HoldReason, Status, is_too_late, next_look_after
from app.domain.readings import next_reading_at
from app.errands import remote_objects
from app.errands.ground import CLOCK
from app.foundation.database import table_of
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.leases import Lease
from app.models.posts import Post, Revision
from app.models.publications import Publication, move_fenced

_TABLE, _POSTS, _REVISIONS = table_of(Publication), table_of(Post), table_of(Revision)
_FACTS = (
    "id post_id channel_id unit_id revision_id status due_at lateness_minutes version tries looks looked_at "
    "answered_no_at reason remote_id permalink known shown_at hidden_at"
).split()
# Built once: these run on the second that posts are due.
_LOAD = select(*(_TABLE.c[name] for name in _FACTS)).where(_TABLE.c.id == bindparam("its_id"))
# The tone of what went out: the post itself may bear a newer draft's.
_ITS_TONE = select(_REVISIONS.c.tone).where(_REVISIONS.c.id == bindparam("its_revision")).scalar_subquery()
_FREEZE_TONE = (
    update(_POSTS)
    .where(_POSTS.c.id == bindparam("its_id"), _POSTS.c.tone_frozen.is_(None))
    .values(tone_frozen=func.coalesce(_ITS_TONE, _POSTS.c.tone))
)


@dataclass(frozen=True)
class Case:
    """A publication as an errand read it."""

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
        tuple(row.known), row.shown_at, row.hidden_at,
    )  # fmt: skip


def published(
    session: Session, case: Case, old: Status, lease: Lease, receipt: Receipt, now: datetime
) -> bool:
    """It is public. Nothing that fails later can undo this.

    What the network has not told yet, its id or its address, is asked for from now on.
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
        step_at=None if permalink and receipt.remote_id else now, reason="", tries=0,
    )  # fmt: skip
    if receipt.remote_id == case.remote_id:
        remote_objects.saw(session, case.id, receipt.remote_id, Seen.LIVE, now)
    elif receipt.remote_id:
        remote_objects.came_out(session, case.id, case.revision_id, receipt.remote_id, now)
    if done:
        remote_objects.unwant_older(session, case.id, receipt.remote_id, now)
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


def held(session: Session, case: Case, old: Status, lease: Lease, now: datetime, reason: str) -> bool:
    """The channel's sign-in is dead: stand still until somebody has connected it again."""
    done = move_fenced(session, case.id, old, Status.HELD, lease, now, step_at=None, reason=reason)
    sign_in_died(session, case.channel_id, reason)
    if done:
        session.add(Hold(publication_id=case.id, reason=HoldReason.RECONNECT, note="", since_at=now))
        _record(session, case, old, Status.HELD, "held", now, reason=reason)
    return done


def sign_in_died(session: Session, channel_id: int, reason: str) -> None:
    """The network no longer takes the channel's token; the pages say so until somebody connects it again."""
    session.execute(
        update(Channel).where(Channel.id == channel_id).values(token_state="dead", token_reason=reason)  # noqa: S106 - a state
    )


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
        version=case.version, step_at=now, reason=reason, remote_id="", shown_at=None,
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
