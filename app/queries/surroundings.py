"""What stands around every page: the name of the place, its time zone, and whether this is practice."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.networks import Realm
from app.domain.publications import NEEDS_PERSON
from app.domain.roles import Scope
from app.models.channels import Channel
from app.models.publications import Publication
from app.models.units import Unit


@dataclass(frozen=True)
class Surroundings:
    """unit_name, zone: of the asker's highest unit. practice, real: such channels are in their sight.
    waiting: how many publications wait for a person."""

    unit_name: str = ""
    zone: str = "UTC"
    practice: bool = False
    real: bool = False
    waiting: int = 0


def around(session: Session, scope: Scope) -> Surroundings:
    """The surroundings of an asker, in one question; empty ones for somebody without a role."""
    seen = scope.units | scope.shared
    row = session.execute(_around(), {"units": list(scope.units), "seen": list(seen)}).first()
    return Surroundings(*row) if row else Surroundings()


def zone(session: Session, scope: Scope) -> str:
    """The time zone of an asker's highest unit; UTC for somebody without a role."""
    return session.scalar(_zone(), {"units": list(scope.units)}) or Surroundings.zone


@cache
def _zone() -> Select[str]:
    return (
        select(Unit.zone)
        .where(Unit.id.in_(bindparam("units", expanding=True)))
        .order_by(func.length(Unit.path), Unit.id)
        .limit(1)
    )


@cache  # asked before every page: to build a question takes longer than to answer it
def _around() -> Select[str, str, bool, bool, int]:
    return (
        select(Unit.name, Unit.zone, _any(Realm.PRACTICE), _any(Realm.META), _waiting())
        .where(Unit.id.in_(bindparam("units", expanding=True)))
        .order_by(func.length(Unit.path), Unit.id)
        .limit(1)
    )


def _any(realm: Realm) -> ColumnElement[bool]:
    seen = Channel.unit_id.in_(bindparam("seen", expanding=True))
    return select(Channel.id).where(seen, Channel.realm == realm).exists()


def _waiting() -> ScalarSelect[int]:
    mine = Publication.unit_id.in_(bindparam("units", expanding=True))
    needs_person = Publication.status.in_(sorted(NEEDS_PERSON))
    return select(func.count()).select_from(Publication).where(mine, needs_person).scalar_subquery()
