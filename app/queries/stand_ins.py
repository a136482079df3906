"""Who stands in for whom: just now, and in the days to come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.domain.duties import Cover
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.duties import StandIn
from app.models.people import Membership, Person


def covers(session: Session, scope: Scope, now: datetime) -> Mapping[int, list[int]]:  # noqa: ARG001 - whoever is told is looked up by their roles
    """Person -> who stands in for them at `now`. For telling people of things, never to show it."""
    found: dict[int, list[int]] = {}
    for row in session.execute(_now(), {"now": now}):
        found.setdefault(row.person_id, []).append(row.deputy_id)
    return found


def covered_by(session: Session, scope: Scope, person_id: int, now: datetime) -> list[Cover]:  # noqa: ARG001 - one's own are asked for by id
    """For whom the asker stands in at `now`, by name. Ask it for the asker themselves alone."""
    question = _now().where(StandIn.deputy_id == person_id)
    return [_cover(row) for row in session.execute(question, {"now": now})]


def now_in_sight(session: Session, scope: Scope, now: datetime) -> dict[int, Cover]:
    """Person -> the one who stands in for them at `now`, for people with a role in the asker's units."""
    here = select(Membership.person_id).where(Membership.unit_id.in_(scope.units))
    rows = session.execute(_now().where(StandIn.person_id.in_(here)), {"now": now})
    return {row.person_id: _cover(row) for row in rows}


def _cover(row: AnyRow) -> Cover:
    return Cover(row.id, row.person_id, row.person, row.deputy_id, row.deputy, row.until_on)


@cache
def _now() -> Select[*tuple[Any, ...]]:
    return (
        _named()
        .where(StandIn.from_at <= bindparam("now"), StandIn.until_at > bindparam("now"))
        .order_by(StandIn.until_at, StandIn.id)
    )


def _named() -> Select[*tuple[Any, ...]]:
    """Those that hold, with names; of people who are still here."""
    person, deputy = aliased(Person), aliased(Person)
    return (
        select(
            StandIn.id, StandIn.person_id, person.name.label("person"), StandIn.deputy_id,
            deputy.name.label("deputy"), StandIn.from_on, StandIn.until_on, StandIn.from_at,
            StandIn.until_at, StandIn.zone,
        )
        .join(person, person.id == StandIn.person_id)
        .join(deputy, deputy.id == StandIn.deputy_id)
        .where(StandIn.ended_at.is_(None), person.active, deputy.active)
    )  # fmt: skip


def near(session: Session, scope: Scope) -> list[tuple[int, str]]:
    """Id and name of the active people with a role in the asker's units, or in one above them."""
    reaching = Membership.unit_id.in_(scope.units | scope.shared)
    here = select(Membership.person_id).where(reaching)
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(here), Person.active))
    return [(row.id, row.name) for row in rows]


def coming(session: Session, scope: Scope, person_id: int, now: datetime) -> Sequence[AnyRow]:  # noqa: ARG001 - the person is looked up first
    """Who stands in for a person at `now` and later, the earliest first. Ask it for a person in sight."""
    question = _named().where(StandIn.person_id == person_id, StandIn.until_at > now)
    return session.execute(question.order_by(StandIn.from_at, StandIn.id)).all()
