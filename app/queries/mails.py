"""Questions about mail: when places are at work, what people want to be told, and how mail itself fares."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.roles import Scope
from app.domain.units import ancestors
from app.domain.working_hours import USUAL, WorkingHours
from app.foundation.database import AnyRow
from app.models.mails import MailChoice, Telling, UnitHours
from app.models.notices import Mail
from app.models.people import Membership, Person
from app.models.units import Unit

LATELY = timedelta(days=7)
MOST = 20


def hours(session: Session, scope: Scope, unit_ids: Collection[int]) -> dict[int, WorkingHours]:  # noqa: ARG001 - the clock asks for all
    """When each of these units is at work: its own hours, else those of the nearest above, else the usual."""
    if not unit_ids:
        return {}
    units = session.execute(
        select(Unit.id, Unit.path, Unit.zone, Unit.country).where(Unit.id.in_(unit_ids))
    ).all()
    lines = {unit.id: [*ancestors(unit.path), unit.id] for unit in units}
    asked = {one for line in lines.values() for one in line}
    rows = session.scalars(select(UnitHours).where(UnitHours.unit_id.in_(asked)))
    given = {row.unit_id: row for row in rows}
    return {unit.id: _hours(unit, lines[unit.id], given) for unit in units}


def _hours(unit: AnyRow, line: Sequence[int], given: Mapping[int, UnitHours]) -> WorkingHours:
    nearest = next((given[one] for one in reversed(line) if one in given), None)
    begins, ends = (nearest.begins, nearest.ends) if nearest else USUAL
    return WorkingHours(unit.zone, unit.country, begins, ends)


def places(session: Session, scope: Scope, person_ids: Collection[int]) -> dict[int, int]:  # noqa: ARG001 - the clock asks for all
    """Person -> the highest unit in which they have a role; people without any are left out."""
    rows = session.execute(
        select(Membership.person_id, Membership.unit_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(person_ids))
        .order_by(func.length(Unit.path).desc(), Unit.id.desc())
    )
    return {row.person_id: row.unit_id for row in rows}


def choices(session: Session, scope: Scope, person_ids: Collection[int]) -> dict[int, MailChoice]:  # noqa: ARG001 - people are looked up first
    """Person -> what they chose about their mails; those who chose nothing are left out."""
    rows = session.scalars(select(MailChoice).where(MailChoice.person_id.in_(person_ids)))
    return {row.person_id: row for row in rows}


@dataclass(frozen=True)
class Health:
    """How mail fares. `last_sent_at`: None for never. `waiting`: mails that are tried; `planned`: those whose
    hour has not come. `given_up`: of the last week. `rows`: the latest of those that did not go.
    """

    last_sent_at: datetime | None
    sent: int
    waiting: int
    planned: int
    given_up: int
    rows: Sequence[AnyRow]


def health(session: Session, scope: Scope, now: datetime) -> Health:
    """How mail fares to people with a role in the asker's units and to those without an account, of the last
    week, in numbers; no words of any mail."""
    tried, late = Mail.next_at.is_not(None), Mail.created_at > now
    counts = session.execute(
        select(
            func.max(Mail.sent_at, type_=Mail.sent_at.type),
            func.count().filter(Mail.sent_at > now - LATELY),
            func.count().filter(tried, ~late),
            func.count().filter(tried, late),
            func.count().filter(Mail.given_up_at > now - LATELY),
        ).where(_in_sight(scope))
    ).one()
    mine = Telling.next_at.is_not(None), Telling.unit_id.in_(scope.units)
    untold = session.scalar(select(func.count()).select_from(Telling).where(*mine))
    last, sent, waiting, planned, given_up = counts
    return Health(last, sent, waiting, planned + (untold or 0), given_up, _troubled(session, scope, now))


def _in_sight(scope: Scope) -> ColumnElement[bool]:
    near = select(Membership.person_id).where(Membership.unit_id.in_(scope.units))
    return Mail.person_id.is_(None) | Mail.person_id.in_(near)


def _troubled(session: Session, scope: Scope, now: datetime) -> Sequence[AnyRow]:
    troubled = (Mail.next_at.is_not(None) & (Mail.reason != "")) | (Mail.given_up_at > now - LATELY)
    return session.execute(
        select(
            Mail.id, Mail.kind, Mail.reason, Mail.tries, Mail.created_at, Mail.next_at, Mail.given_up_at,
            Person.name.label("person"),
        )
        .outerjoin(Person, Person.id == Mail.person_id)
        .where(troubled, _in_sight(scope))
        .order_by(Mail.id.desc())
        .limit(MOST)
    ).all()  # fmt: skip


def own_hours(session: Session, scope: Scope, unit_id: int) -> UnitHours | None:
    """The hours that a unit in scope has of its own."""
    return session.get(UnitHours, unit_id) if unit_id in scope.units else None
