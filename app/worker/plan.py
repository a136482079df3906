"""What the clock has to do soon: which publication, on which channel, when, and with which errand."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.connectors.reasons import Reason
from app.domain.publications import WAITS_FOR_TIME, Status, is_too_late
from app.errands import afterwards, discard, expire, look, show, stage
from app.errands.ground import Ground, Line
from app.errands.leases import NotOurs
from app.errands.lock_out import lock_out
from app.errands.progress import always
from app.foundation import clock
from app.foundation.database import AnyRow, Database
from app.models.assets import Asset
from app.models.leases import ChannelLease, Lease
from app.models.posts import Post, RevisionPicture
from app.models.publications import Publication
from app.models.remote_objects import RemoteObject
from app.worker.lanes import Job, Lane

AT_MOST = 3000
_SOON = (
    select(Publication.id)
    .where(Publication.step_at <= bindparam("until"))
    .order_by(Publication.step_at, Publication.due_at, Publication.id)
    .limit(bindparam("most"))
)
_CHANNELS_SOON = select(Publication.channel_id).where(Publication.step_at <= bindparam("until")).distinct()
_IN_DOUBT = (Status.PUBLISHING, Status.UNSURE)
AFTER_A_FAULT = timedelta(seconds=30)
_ROWS = (
    select(
        Publication.id,
        Publication.channel_id,
        Publication.status,
        Publication.step_at,
        Publication.due_at,
        Publication.lateness_minutes,
        Publication.unit_id,
        Publication.reason,
        ChannelLease.paused_until,
    )
    .outerjoin(ChannelLease, ChannelLease.channel_id == Publication.channel_id)
    .where(Publication.id.in_(bindparam("ids", expanding=True)), Publication.step_at.is_not(None))
    .order_by(Publication.step_at, Publication.due_at, Publication.id)
)
# Those that hold a video, on whatever channel: they wait in a lane of their own.
_MOVING = (
    select(Publication.id)
    .join(Post, Post.id == Publication.post_id)
    .join(
        RevisionPicture,
        RevisionPicture.revision_id == func.coalesce(Publication.revision_id, Post.revision_id),
    )
    .join(Asset, Asset.id == RevisionPicture.asset_id)
    .where(Publication.id.in_(bindparam("ids", expanding=True)), Asset.video_sha256.is_not(None))
    .distinct()
)
_BESIDE = select(RemoteObject.publication_id).where(
    RemoteObject.discard_at.is_not(None),
    RemoteObject.publication_id.in_(bindparam("ids", expanding=True)),
)


@dataclass(frozen=True)
class Step:
    """One thing to do: not before `at` (UTC). `unit_id`: whose post. `moving`: a video is laid ready.

    `too_late`: it is past its limit already, so that nothing is shown any more. `beside`: something lay ready
    for it before, of which nobody knows that it is gone.
    """

    publication_id: int
    channel_id: int
    status: Status
    at: datetime
    due_at: datetime
    unit_id: int = 0
    moving: bool = False
    too_late: bool = False
    beside: bool = False

    @property
    def shows(self) -> bool:
        """Whether this is the visible call."""
        return self.status is Status.STAGED and self.at >= self.due_at

    @property
    def lane(self) -> Lane:
        """Where it waits for its turn."""
        if self.shows:
            return Lane.SHOW
        if self.status in _IN_DOUBT:
            return Lane.DOUBT
        return Lane.LONG if self.moving else Lane.QUIET


def soon(database: Database, until: datetime, in_hand: Collection[Hashable] = ()) -> list[Step]:
    """Everything with a step not later than `until`, earliest first, but publications (ids) that are in hand.

    On a channel that is paused only what needs no call: to be missed in time, and to be asked about.
    """
    with database.reads() as session:
        # In a crowd nearly all is in hand, and to read it whole at each look costs as much as to show it.
        found = session.scalars(_SOON, {"until": until, "most": AT_MOST + len(in_hand)})
        wanted = [one for one in found if one not in in_hand][:AT_MOST]
        if not wanted:
            return []
        rows = session.execute(_ROWS, {"ids": wanted}).all()
        open_now = [
            row
            for row in rows
            if row.paused_until is None or row.paused_until <= until or _needs_no_call(row)
        ]
        moving = _ids(session, _MOVING, [row.id for row in open_now if row.status is Status.PLANNED])
        beside = _ids(session, _BESIDE, [row.id for row in open_now if row.status is Status.STAGED])
    return [
        Step(
            row[0], row[1], row[2], row[3] or until, row[4], row.unit_id, row.id in moving, _too_late(row),
            row.id in beside,
        )
        for row in open_now
    ]  # fmt: skip


def channels_soon(database: Database, until: datetime) -> set[int]:
    """Ids of the channels with a step not later than `until`."""
    with database.reads() as session:
        return set(session.scalars(_CHANNELS_SOON, {"until": until}))


def _too_late(row: AnyRow) -> bool:
    waits = row.status in WAITS_FOR_TIME
    return waits and is_too_late(row.due_at, timedelta(minutes=row.lateness_minutes), clock.now())


def _needs_no_call(row: AnyRow) -> bool:
    if row.status in WAITS_FOR_TIME:
        return _too_late(row)
    return row.status is Status.PUBLISHING and row.reason != Reason.PREPARING


def _ids(session: Session, which: Select[int], publication_ids: Collection[int]) -> frozenset[int]:
    """Those of some publications (ids) that a question finds."""
    return (
        frozenset(session.scalars(which, {"ids": list(publication_ids)})) if publication_ids else frozenset()
    )


def _trusted(_line: Line, _due_at: datetime, _too_late: bool) -> bool:
    return True


def job(
    ground: Ground,
    step: Step,
    lease: Lease,
    going: Callable[[], bool] = always,
    trusts: Callable[[Line, datetime, bool], bool] = _trusted,
) -> Job:
    """A step as a job for its channel's lane. `going`: whether a long file may still be sent.

    `trusts`: whether the clock can be trusted about a time (UTC), so that nothing is shown too early; it is
    told too whether that is past its limit.
    """

    def work(line: Line) -> None:
        if step.shows and not trusts(line, step.due_at, step.too_late):
            _put_off(ground.database, step)
            return
        try:
            _do(ground, line, lease, step, going)
        except (NotOurs, SQLAlchemyError):
            raise
        except Exception:
            _put_off(ground.database, step)
            raise

    def locked_out() -> None:
        lock_out(ground, lease, step.publication_id)

    return Job(step.publication_id, step.channel_id, step.lane, work, locked_out, step.unit_id)


def _put_off(database: Database, step: Step) -> None:
    """After a fault of our own: not again each second, with a trace each time."""
    now = clock.now()
    with database.writes() as session:
        session.execute(
            update(Publication)
            .where(Publication.id == step.publication_id, Publication.step_at <= now)
            .values(step_at=now + AFTER_A_FAULT)
        )


def _do(ground: Ground, line: Line, lease: Lease, step: Step, going: Callable[[], bool]) -> None:
    if step.status is Status.PLANNED:
        stage.stage(ground, line, lease, step.publication_id, going)
    elif step.shows:
        # A colleague may have shown what lay ready before: then the same would be public twice.
        if step.beside and not step.too_late and not discard.known(ground, line, lease, step.publication_id):
            _put_off(ground.database, step)
        else:
            show.show(ground, line, lease, step.publication_id)
    elif step.status in (Status.STAGED, Status.UNSURE):
        look.look(ground, line, lease, step.publication_id)
    elif step.status is Status.PUBLISHING:
        show.recover(ground, lease, step.publication_id, line)
    elif step.status in (Status.PROPOSED, Status.TO_DO):
        expire.expire(ground, lease, step.publication_id)
    elif step.status is Status.PUBLISHED:
        afterwards.afterwards(ground, line, lease, step.publication_id)
