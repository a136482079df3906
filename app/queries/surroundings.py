"""What stands around every page: the name of the place, its time zone, and whether this is practice."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.networks import Realm
from app.domain.roles import Scope
from app.models.channels import Channel
from app.models.units import Unit


@dataclass(frozen=True)
class Surroundings:
    """unit_name, zone: of the asker's highest unit. practice, real: such channels are in their sight."""

    unit_name: str = ""
    zone: str = "UTC"
    practice: bool = False
    real: bool = False


def around(session: Session, scope: Scope) -> Surroundings:
    """The surroundings of an asker, in one question; empty ones for somebody without a role."""
    seen = scope.units | scope.shared
    row = session.execute(
        select(Unit.name, Unit.zone, _any(seen, Realm.PRACTICE), _any(seen, Realm.META))
        .where(Unit.id.in_(scope.units))
        .order_by(func.length(Unit.path), Unit.id)
        .limit(1)
    ).first()
    return Surroundings(*row) if row else Surroundings()


def _any(units: frozenset[int], realm: Realm) -> ColumnElement[bool]:
    return select(Channel.id).where(Channel.unit_id.in_(units), Channel.realm == realm).exists()
