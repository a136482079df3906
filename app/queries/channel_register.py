"""Questions about the register: the plan of every channel, what it lacks, and what somebody should look at.

An entry is read in one question, whatever the number of channels.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import timing
from app.domain.channel_register import Lack, Matter, Whole, privacy_matter
from app.domain.errors import NotFound
from app.domain.networks import ChannelState, Realm
from app.domain.roles import Right, Scope
from app.foundation import clock
from app.foundation.database import AnyRow
from app.models.channel_register import ChannelClosing, ChannelPlan, ChannelSilence
from app.models.channels import Channel, shared_with
from app.models.duties import ChannelKeeper
from app.models.people import Membership, Person
from app.models.slots import Rhythm
from app.models.tasks import ManualPlace
from app.models.units import Unit


@dataclass(frozen=True)
class Found:
    """A matter of one channel. `since`: from which day (in its unit's calendar), None where no day is known;
    `days`: how many that is by today; `count`: how many things, where there can be several."""

    kind: Matter
    since: date | None = None
    days: int | None = None
    count: int = 1


@dataclass(frozen=True)
class Entry:
    """A channel in the register. `row`: see `_rows`; `lacks`: what its plan lacks; `matters`: what is due."""

    row: AnyRow
    lacks: tuple[Lack, ...]
    matters: tuple[Found, ...]

    @property
    def id(self) -> int:
        """The channel's id."""
        return int(self.row.id)

    @property
    def has_plan(self) -> bool:
        """Whether somebody has written anything down."""
        return self.row.changed_at is not None


@dataclass(frozen=True)
class RegisterMatter:
    """Something about a channel for those who look after it; see `Found`."""

    channel_id: int
    name: str
    kind: Matter
    since: date | None
    days: int | None
    count: int


def entries(session: Session, scope: Scope, unit_id: int | None = None) -> list[Entry]:
    """Every channel in sight with its plan, by name: of units in scope, and shared from above.

    `unit_id`: only those of this unit and below it. Raises NotFound for a unit out of scope.
    """
    asked = _rows().where(Channel.unit_id.in_(scope.units) | shared_with(scope.units, scope.shared))
    if unit_id is not None:
        asked = asked.where(_below(session, scope, unit_id))
    return _read(session.execute(asked).all())


def _below(session: Session, scope: Scope, unit_id: int) -> ColumnElement[bool]:
    if unit_id not in scope.units:
        raise NotFound
    return Unit.path.startswith(session.scalars(select(Unit.path).where(Unit.id == unit_id)).one())


def in_use(session: Session, scope: Scope, unit_id: int | None = None) -> list[Entry]:
    """Active ones of `entries`; practice only where nothing else is, so that nobody takes it for real."""
    active = [one for one in entries(session, scope, unit_id) if one.row.state is ChannelState.ACTIVE]
    return [one for one in active if one.row.realm is Realm.META] or active


def entry(session: Session, scope: Scope, channel_id: int) -> Entry:
    """One channel of a unit in scope. Raises NotFound."""
    found = of_channels(session, scope, [channel_id])
    if channel_id not in found:
        raise NotFound
    return found[channel_id]


def of_channels(session: Session, scope: Scope, channel_ids: Collection[int]) -> dict[int, Entry]:
    """Those of some channels that belong to units in scope, by id."""
    asked = _rows().where(Channel.id.in_(list(channel_ids)), Channel.unit_id.in_(scope.units))
    return {one.id: one for one in _read(session.execute(asked).all())}


def matters(session: Session, scope: Scope) -> Sequence[RegisterMatter]:
    """What is due on channels that the asker looks after, the longest first; in one question."""
    mine = list(scope.units_with(Right.CHANNELS))
    if not mine:
        return []
    asked = _rows().where(Channel.unit_id.in_(mine), Channel.state != ChannelState.CLOSED)
    found = [
        RegisterMatter(one.id, one.row.name, due.kind, due.since, due.days, due.count)
        for one in _read(session.execute(asked).all())
        for due in one.matters
    ]
    return sorted(found, key=lambda one: (-(one.days or 0), one.name, one.kind))


def _read(rows: Sequence[AnyRow]) -> list[Entry]:
    now = clock.now()
    return [_entry(row, now) for row in rows]


def _entry(row: AnyRow, now: datetime) -> Entry:
    whole = Whole(
        purpose=bool(row.purposes or row.purpose),
        audience=bool(row.audiences),
        owner=bool(row.owner_active),
        deputy=bool(row.deputy_active),
        hours=bool(row.hours_a_week),
        rhythm=row.at_least is not None,
        review=row.review_on is not None,
        alone=row.people <= 1,
    )
    lacks = whole.lacks()
    return Entry(row, lacks, tuple(_matters(row, lacks, now)))


def _matters(row: AnyRow, lacks: Sequence[Lack], now: datetime) -> list[Found]:
    """What is due. Nobody is asked about privacy before anything of the plan is written: one thing first."""
    if row.state is ChannelState.CLOSED:
        return []
    today = timing.to_local(now, row.zone).date()
    found: list[Found] = []
    if row.state is ChannelState.ACTIVE and lacks:
        found.append(_since(Matter.PLAN, row.connected_at, row.zone, today, len(lacks)))
    if row.state is ChannelState.ACTIVE and row.silent_at:
        found.append(_since(Matter.SILENT, row.silent_at, row.zone, today))
    if row.closing_at and row.closed_at is None:
        found.append(_since(Matter.CLOSING, row.closing_at, row.zone, today))
    if row.review_on is not None and row.review_on < today:
        found.append(Found(Matter.REVIEW, row.review_on, (today - row.review_on).days))
    if row.state is not ChannelState.PLANNED and row.changed_at is not None:
        privacy = privacy_matter(row.privacy_on, today)
        if privacy is not None:
            days = (today - row.privacy_on).days if row.privacy_on else None
            found.append(Found(privacy, row.privacy_on, days))
    return found


def _since(kind: Matter, at: datetime, zone: str, today: date, count: int = 1) -> Found:
    since = timing.to_local(at, zone).date()
    return Found(kind, since, (today - since).days, count)


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    """Channels with all that the register tells of them; `people`: 2 where a deputy is there or possible."""
    owner, deputy, refuser = aliased(Person), aliased(Person), aliased(Person)
    by_another = case((deputy.active.is_(True), literal(2)), else_=_people_around())
    return (
        select(
            Channel.id, Channel.unit_id, Channel.name, Channel.network, Channel.realm, Channel.remote_id,
            Channel.state, Channel.connected_at, Channel.used_by,
            Unit.name.label("unit"), Unit.path, Unit.zone, Unit.locale,
            ChannelPlan.purposes, ChannelPlan.purpose, ChannelPlan.audiences, ChannelPlan.evidence,
            ChannelPlan.hours_a_week, ChannelPlan.home_link, ChannelPlan.rank, ChannelPlan.risks,
            ChannelPlan.service, ChannelPlan.language, ChannelPlan.privacy_on, ChannelPlan.privacy_decision,
            ChannelPlan.privacy_by, ChannelPlan.privacy_note, ChannelPlan.review_on, ChannelPlan.changed_at,
            ChannelPlan.turned_down_on, ChannelPlan.turned_down_why, refuser.name.label("turned_down_by"),
            ChannelKeeper.owner_id, owner.name.label("owner"), owner.active.label("owner_active"),
            ChannelKeeper.deputy_id, deputy.name.label("deputy"), deputy.active.label("deputy_active"),
            Rhythm.at_least, Rhythm.at_most, ManualPlace.address,
            ChannelSilence.since_at.label("silent_at"),
            ChannelClosing.begun_at.label("closing_at"), ChannelClosing.ended_at.label("closed_at"),
            by_another.label("people"),
        )
        .join(Unit, Unit.id == Channel.unit_id)
        .outerjoin(ChannelPlan, ChannelPlan.channel_id == Channel.id)
        .outerjoin(refuser, refuser.id == ChannelPlan.turned_down_by_id)
        .outerjoin(ChannelKeeper, ChannelKeeper.channel_id == Channel.id)
        .outerjoin(owner, owner.id == ChannelKeeper.owner_id)
        .outerjoin(deputy, deputy.id == ChannelKeeper.deputy_id)
        .outerjoin(Rhythm, Rhythm.channel_id == Channel.id)
        .outerjoin(ManualPlace, ManualPlace.channel_id == Channel.id)
        .outerjoin(ChannelSilence, ChannelSilence.channel_id == Channel.id)
        .outerjoin(ChannelClosing, ChannelClosing.channel_id == Channel.id)
        .order_by(Channel.name, Channel.id)
    )  # fmt: skip


def _people_around() -> ColumnElement[int]:
    """How many active people have a role in a channel's unit, above it or below it."""
    their = aliased(Unit)
    above = func.substr(Unit.path, 1, func.length(their.path)) == their.path
    below = func.substr(their.path, 1, func.length(Unit.path)) == Unit.path
    return (
        select(func.count(Person.id.distinct()))
        .select_from(their)
        .join(Membership, Membership.unit_id == their.id)
        .join(Person, Person.id == Membership.person_id)
        .where(or_(above, below), Person.active)
        .correlate(Unit)
        .scalar_subquery()
    )
