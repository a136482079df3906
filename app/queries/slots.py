"""Questions about what channels promise, and which of their hours are still free in a week.

Only channels of units in scope are told of: whether an hour of a shared channel is taken would tell a branch
about the plans of the branch beside it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.domain import slots, timing
from app.domain.errors import Invalid
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT
from app.domain.roles import Right, Scope
from app.domain.slots import Hour, Promise
from app.foundation.database import AnyRow
from app.models.channels import Channel, ChannelUnit
from app.models.found import FoundPost
from app.models.posts import Post
from app.models.publications import Publication
from app.models.slots import Rhythm, Slot
from app.models.units import Unit
from app.queries.calendar import COUNTED
from app.queries.channels import channel

A_DAY = timedelta(days=1)
WIDEST = timedelta(hours=15)  # no zone is further from UTC


@dataclass
class Promised:
    """A channel and what it promises. `zone`: of its unit, in which its hours are meant."""

    channel_id: int
    name: str
    network: NetworkKind
    realm: Realm
    unit_id: int
    unit: str
    zone: str
    promise: Promise | None
    hours: list[Hour] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    """One channel's week. `planned`: posts that are out or go out; `free`: wall times still to come."""

    of: Promised
    planned: int
    free: Sequence[datetime]


def rhythm(session: Session, scope: Scope, channel_id: int) -> Promised:
    """What one channel of a unit in scope promises, which may be nothing. Raises NotFound."""
    channel(session, scope, channel_id)
    return _grouped(session.execute(_promised().where(Channel.id == channel_id)).all())[0]


def promised(session: Session, scope: Scope, *narrowed: ColumnElement[bool]) -> list[Promised]:
    """Active channels of units in scope that promise something, by name."""
    anything = Rhythm.channel_id.is_not(None) | Slot.id.is_not(None)
    mine = Channel.unit_id.in_(scope.units)
    asked = _promised().where(mine, anything, Channel.state == ChannelState.ACTIVE, *narrowed)
    return _grouped(session.execute(asked).all())


def _promised() -> Select[*tuple[object, ...]]:
    return (
        select(
            Channel.id,
            Channel.name,
            Channel.network,
            Channel.realm,
            Channel.unit_id,
            Unit.name.label("unit"),
            Unit.zone,
            Rhythm.at_least,
            Rhythm.at_most,
            Slot.weekday,
            Slot.local_time,
        )
        .join(Unit, Unit.id == Channel.unit_id)
        .outerjoin(Rhythm, Rhythm.channel_id == Channel.id)
        .outerjoin(Slot, Slot.channel_id == Channel.id)
        .order_by(Channel.name, Channel.id, Slot.weekday, Slot.local_time)
    )


def _grouped(rows: Sequence[AnyRow]) -> list[Promised]:
    found: dict[int, Promised] = {}
    for row in rows:
        promise = Promise(row.at_least, row.at_most) if row.at_least is not None else None
        named = (row.id, row.name, row.network, row.realm, row.unit_id, row.unit, row.zone)
        one = found.setdefault(row.id, Promised(*named, promise))
        if row.weekday is not None:
            one.hours.append(Hour(row.weekday, row.local_time))
    return list(found.values())


def weeks(
    session: Session,
    scope: Scope,
    monday: date,
    now: datetime,
    channel_id: int | None = None,
    unit_id: int | None = None,
) -> list[Week]:
    """How the week that begins on a Monday stands on every channel that promises something; two questions."""
    narrowed = [Channel.id == channel_id] if channel_id is not None else []
    narrowed += [Channel.unit_id == unit_id] if unit_id is not None else []
    found = promised(session, scope, *narrowed)
    taken = _taken(session, scope, [one.channel_id for one in found], monday)
    return [_week(one, taken[one.channel_id], monday, now) for one in found]


def _taken(
    session: Session, scope: Scope, channel_ids: Sequence[int], monday: date
) -> dict[int, list[datetime]]:
    """Instants of what goes out and went out on channels around a week, found on the page or ours."""
    found: dict[int, list[datetime]] = defaultdict(list)
    if not channel_ids:
        return found
    begins = datetime.combine(monday, time(), UTC)
    since, until = begins - WIDEST, begins + 7 * A_DAY + WIDEST
    ours = (
        select(Publication.channel_id, Publication.due_at)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(
            Publication.channel_id.in_(channel_ids),
            Channel.unit_id.in_(scope.units),
            Publication.status.in_(COUNTED),
            Publication.due_at >= since,
            Publication.due_at < until,
        )
    )
    for row in session.execute(ours.union_all(_found(channel_ids, since, until))):
        found[row.channel_id].append(row.due_at)
    return found


def _found(channel_ids: Sequence[int], since: datetime, until: datetime) -> Select[int, datetime]:
    """Channel and instant of what somebody posted at the network itself, and what is still there."""
    return select(FoundPost.channel_id, FoundPost.made_at).where(
        FoundPost.channel_id.in_(channel_ids),
        FoundPost.made_at >= since,
        FoundPost.made_at < until,
        FoundPost.gone_at.is_(None),
        FoundPost.left_out.is_(False),
    )


def _week(of: Promised, taken: Sequence[datetime], monday: date, now: datetime) -> Week:
    local = [timing.to_local(instant, of.zone) for instant in taken]
    here = [wall for wall in local if monday <= wall.date() < monday + 7 * A_DAY]
    if of.promise and of.promise.is_full(len(here)):
        return Week(of, len(here), [])
    hours = [hour.on(monday) for hour in of.hours]
    open_hours = [wall for wall in slots.free(hours, here) if _is_ahead(wall, of.zone, now)]
    return Week(of, len(here), open_hours)


def _is_ahead(wall: datetime, zone: str, now: datetime) -> bool:
    """Whether a wall time is still to come; one that the clocks jump over never comes."""
    try:
        return timing.to_instant(wall, zone) > now
    except Invalid:
        return False


def _users(session: Session, of: Channel) -> ColumnElement[bool]:
    """Whether a unit's posts may go to a channel."""
    if of.used_by == "subtree":
        path = session.scalars(select(Unit.path).where(Unit.id == of.unit_id)).one()
        return Unit.path.startswith(path)
    named = select(ChannelUnit.unit_id).where(ChannelUnit.channel_id == of.id)
    return (Unit.id == of.unit_id) | Unit.id.in_(named)


def fitting(session: Session, scope: Scope, channel_id: int, limit: int = 30) -> Sequence[AnyRow]:
    """Posts that the asker may give a time on a channel and that have none there, the latest first."""
    where = channel(session, scope, channel_id)
    users = _users(session, where)
    there = exists().where(
        Publication.post_id == Post.id,
        Publication.channel_id == channel_id,
        Publication.status.in_(sorted(OPEN | OUT)),
    )
    return session.execute(
        select(
            Post.id,
            Post.title,
            Post.tone,
            Post.status,
            Post.unit_id,
            Unit.name.label("unit"),
            Unit.zone,
            Post.changed_at,
        )
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Post.unit_id.in_(scope.units_with(Right.SCHEDULE)),
            users,
            Post.status != PostStatus.WITHDRAWN,
            ~there,
        )
        .order_by(Post.changed_at.desc(), Post.id.desc())
        .limit(limit)
    ).all()
