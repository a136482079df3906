"""The first visit: whoever holds the first link makes the library and becomes its administrator."""

from pydantic import Field
from sqlalchemy.orm import Session

from app.actions import history, links, units
from app.actions.inputs import Country, Email, Input, LocaleCode, Name, Password, Zone
from app.domain.errors import Conflict
from app.domain.roles import Actor, Role, Scope
from app.domain.units import UnitKind
from app.foundation import clock
from app.models.people import Membership, Person
from app.models.units import Unit
from app.queries.identity import has_begun


class Beginning(Input):
    """The library and the person. `roles`: what they will do themselves besides administering."""

    library: Name
    kind: UnitKind = UnitKind.LIBRARY
    country: Country
    zone: Zone
    locale: LocaleCode
    name: Name
    email: Email
    password: Password = Field(repr=False)
    roles: frozenset[Role] = Field(default=frozenset(Role))


def begin(session: Session, token: str, data: Beginning, password_hash: str) -> Person:
    """Make the top unit and its administrator. `password_hash` was made outside of this transaction.

    Raises NotFound("link_gone"), Conflict("already_begun").
    """
    now = clock.now()
    links.spend_first(session, token, now)
    if has_begun(session):
        raise Conflict("already_begun")
    unit = units.add_root(
        session,
        Unit(
            parent_id=None,
            kind=data.kind,
            name=data.library,
            zone=data.zone,
            locale=data.locale,
            country=data.country,
            created_at=now,
        ),
    )
    person = Person(
        email=data.email, name=data.name, locale=data.locale, password_hash=password_hash, created_at=now
    )
    session.add(person)
    session.flush()
    roles = data.roles | {Role.ADMINISTRATOR}
    session.add_all(Membership(person_id=person.id, unit_id=unit.id, role=role) for role in sorted(roles))
    actor = Actor(person.id, Scope(), person.name, person.locale)
    history.record(session, actor, "unit", unit.id, "made", unit_id=unit.id, now=now, name=unit.name)
    words = sorted(role.value for role in roles)
    history.record(
        session, actor, "person", person.id, "roles", unit_id=unit.id, now=now, before=[], after=words
    )
    return person
