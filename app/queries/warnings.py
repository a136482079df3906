"""Warnings that concern the asker: of their channels, their posts, and of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, bindparam, func, literal, select, true
from sqlalchemy.orm import Session

from app.domain.networks import ChannelState
from app.domain.roles import Right, Scope
from app.domain.warnings import OF_A_PUBLICATION, OF_A_STRATEGY, OF_THE_HOUSE, Code, clock_stopped
from app.foundation.database import AnyRow
from app.models.channels import Channel, shared_with
from app.models.leases import Run
from app.models.notices import Notice
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit

CLOCK_SILENT = timedelta(minutes=2)  # it says that it runs every ten seconds
MOST = 200
# Posts that are due and not settled stand among what needs somebody, a strategy with what is due on channels.
ELSEWHERE = (Code.STUCK, Code.STRATEGY_OLD)


@dataclass(frozen=True)
class Lit:
    """One warning as it is shown. `acts`: the asker may put it right. Names are those of today."""

    code: str
    severity: int
    id: int = 0
    unit_id: int | None = None
    unit: str | None = None
    channel_id: int | None = None
    channel: str | None = None
    publication_id: int | None = None
    title: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    until_at: datetime | None = None
    since_at: datetime | None = None
    acts: bool = True


def listed(session: Session, scope: Scope, person_id: int, now: datetime, whole: bool = True) -> list[Lit]:
    """The warnings that concern a person, the most urgent first, in one question; at most 200.

    `whole`: also what the first screen shows elsewhere, `ELSEWHERE`.
    """
    asked = {"units": list(scope.units), "shared": list(scope.shared), "most": MOST}
    rows = session.execute(_listed(whole), {**asked, "keeps": bool(scope.units_with(Right.UNITS))}).all()
    found = [_lit(row, scope, person_id) for row in rows if row.id and _concerns(row, scope, person_id)]
    return [*_stopped(scope, rows[0], now), *found]


def _stopped(scope: Scope, row: AnyRow, now: datetime) -> Sequence[Lit]:
    """That no clock runs, where anything could go out."""
    runs = row.seen_at is not None and row.seen_at >= now - CLOCK_SILENT
    if runs or not row.in_use or not scope.units_with(Right.CHANNELS):
        return ()
    light = clock_stopped()
    return (Lit(light.code, light.severity, since_at=row.seen_at, acts=bool(scope.units_with(Right.UNITS))),)


def _lit(row: AnyRow, scope: Scope, person_id: int) -> Lit:
    names = Lit.__dataclass_fields__.keys() - {"acts"}
    return Lit(**{name: getattr(row, name) for name in names}, acts=_acts(row, scope, person_id))


def _concerns(row: AnyRow, scope: Scope, person_id: int) -> bool:
    """Whether somebody does anything that it is about; whoever only reads or sends ideas is left in peace."""
    if row.code in OF_A_PUBLICATION | OF_A_STRATEGY:
        return _acts(row, scope, person_id)
    return bool(scope.units_with(Right.SCHEDULE) or scope.units_with(Right.CHANNELS))


def _acts(row: AnyRow, scope: Scope, person_id: int) -> bool:
    if row.code in OF_THE_HOUSE:
        return True
    if row.code in OF_A_STRATEGY:
        return scope.may(Right.STRATEGY, row.unit_id)
    if row.code not in OF_A_PUBLICATION:
        return scope.may(Right.CHANNELS, row.unit_id)
    wanted = Right.APPROVE if row.code == Code.UNAPPROVED else Right.SCHEDULE
    units = (row.unit_id, row.channel_unit_id)
    return person_id in (row.author_id, row.planned_by_id) or any(scope.may(wanted, one) for one in units)


@cache
def _listed(whole: bool) -> Select[*tuple[Any, ...]]:
    """Notices that stand, each row with the clock's latest beat; one empty row when there are none."""
    wanted = true() if whole else Notice.code.not_in(ELSEWHERE)
    one = select(literal(1).label("one")).subquery()
    beat = select(func.max(Run.seen_at)).where(Run.ended_at.is_(None)).scalar_subquery()
    theirs = Channel.unit_id.in_(bindparam("units", expanding=True))
    in_use = select(Channel.id).where(theirs, Channel.state == ChannelState.ACTIVE).exists()
    return (
        select(
            beat.label("seen_at"),
            in_use.label("in_use"),
            Notice.id,
            Notice.code,
            Notice.severity,
            Notice.unit_id,
            Notice.channel_id,
            Notice.publication_id,
            Notice.facts,
            Notice.until_at,
            Notice.since_at,
            Unit.name.label("unit"),
            Channel.name.label("channel"),
            Channel.unit_id.label("channel_unit_id"),
            Post.title,
            Post.author_id,
            Publication.planned_by_id,
        )
        .select_from(one)
        .outerjoin(Notice, Notice.ended_at.is_(None) & _in_sight() & wanted)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(Channel, Channel.id == Notice.channel_id)
        .outerjoin(Publication, Publication.id == Notice.publication_id)
        .outerjoin(Post, Post.id == Publication.post_id)
        .order_by(Notice.severity.desc(), Notice.until_at.is_(None), Notice.until_at, Notice.id)
        .limit(bindparam("most"))
    )


def _in_sight() -> ColumnElement[bool]:
    """Of the asker's units, of a channel that is shared with them from above, or of the installation."""
    shared = select(Channel.id).where(
        shared_with(bindparam("units", expanding=True), bindparam("shared", expanding=True))
    )
    of_house = Notice.unit_id.is_(None) & bindparam("keeps", type_=Boolean)
    from_above = Notice.publication_id.is_(None) & Notice.channel_id.in_(shared)
    return of_house | from_above | Notice.unit_id.in_(bindparam("units", expanding=True))
