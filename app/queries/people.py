"""People, as far as they hold roles in units that the asker may look into."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.naming import in_order
from app.domain.roles import Role, Scope
from app.models.people import Membership, Person, SignIn
from app.models.units import Unit


@dataclass(frozen=True)
class Seat:
    """The roles of a person in one unit."""

    unit_id: int
    unit_name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class PersonRow:
    """A person with the seats that the asker may see. `came`: has chosen a password. `erased`: has no name
    and no e-mail any more."""

    id: int
    name: str
    email: str
    active: bool
    came: bool
    seats: tuple[Seat, ...]
    erased: bool = False


def people(session: Session, scope: Scope, locale: str = "en") -> list[PersonRow]:
    """Everybody with a role in the asker's units, by name."""
    return in_order(_rows(session, scope, None), lambda person: person.name, locale)


def person(session: Session, scope: Scope, person_id: int) -> PersonRow:
    """One of them. Raises NotFound, also for people of other units."""
    found = _rows(session, scope, person_id)
    if not found:
        raise NotFound
    return found[0]


def _rows(session: Session, scope: Scope, person_id: int | None) -> list[PersonRow]:
    question = (
        select(Person, Unit.id, Unit.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Unit.id.in_(scope.units))
        .order_by(Unit.path)
    )
    if person_id is not None:
        question = question.where(Person.id == person_id)
    known: dict[int, Person] = {}
    seats: dict[int, dict[tuple[int, str], set[Role]]] = defaultdict(lambda: defaultdict(set))
    for found, unit_id, unit_name, role in session.execute(question):
        known[found.id] = found
        seats[found.id][unit_id, unit_name].add(role)
    return [_row(found, seats[found.id]) for found in known.values()]


def _row(found: Person, seats: dict[tuple[int, str], set[Role]]) -> PersonRow:
    return PersonRow(
        found.id,
        found.name,
        "" if found.erased_at else found.email,
        found.active,
        found.password_hash is not None,
        tuple(Seat(unit_id, name, frozenset(roles)) for (unit_id, name), roles in seats.items()),
        found.erased_at is not None,
    )


def roles_in(session: Session, scope: Scope, person_id: int, unit_id: int) -> frozenset[Role]:
    """The roles of a person in one of the asker's units; those held for units above are not counted."""
    if unit_id not in scope.units:
        raise NotFound
    return frozenset(
        session.scalars(
            select(Membership.role).where(Membership.person_id == person_id, Membership.unit_id == unit_id)
        )
    )


@dataclass(frozen=True)
class Device:
    """A browser that is signed in, by its own words (`agent`). Instants are UTC."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime


def devices(session: Session, scope: Scope, person_id: int) -> list[Device]:  # noqa: ARG001 - one's own are asked for by id
    """Where a person is signed in, the latest used first. Ask it for the asker themselves alone."""
    rows = session.execute(
        select(SignIn.id, SignIn.agent, SignIn.created_at, SignIn.seen_at)
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [Device(*row) for row in rows]


def count(session: Session, scope: Scope) -> int:
    """How many people hold a role in the asker's units."""
    found = session.scalar(
        select(func.count(Membership.person_id.distinct())).where(Membership.unit_id.in_(scope.units))
    )
    return found or 0
