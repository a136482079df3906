"""People and their roles. Nobody hands out, or takes away, more than they may give."""

from collections.abc import Iterable

from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.actions import history, leavings, link_mails, links, sign_ins, tokens
from app.actions.inputs import Email, Id, Input, LocaleCode, Name
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right, Role, Scope
from app.domain.units import root_of
from app.foundation import clock
from app.foundation.database import lock
from app.models.examples import ExamplePerson
from app.models.identities import Identity
from app.models.notices import Mail
from app.models.people import Membership, Person
from app.models.units import Unit
from app.queries import examples


class NewPerson(Input):
    """Somebody who shall work in a unit and everything below it. The language is the unit's unless given."""

    unit_id: Id
    name: Name
    email: Email
    roles: frozenset[Role] = Field(min_length=1)
    locale: LocaleCode | None = None


class RolesEdit(Input):
    """All the roles that a person shall have in a unit; none takes them away."""

    unit_id: Id
    roles: frozenset[Role] = frozenset()


def add(session: Session, actor: Actor, data: NewPerson) -> tuple[Person, str]:
    """The person and the token of a one-time link; an empty one for somebody who has an account elsewhere.

    Raises Invalid: unit out of sight, a role that isn't the actor's to give, an e-mail that is here already.
    """
    if not actor.scope.may(Right.PEOPLE, data.unit_id):
        raise Invalid("unit_not_yours", "unit_id")
    _givable(actor, data.unit_id, data.roles)
    known = session.scalar(select(Person).where(Person.email == data.email).with_for_update())
    there = examples.is_example(session, actor.scope, data.unit_id)
    if known is not None:
        # Whoever looks around in an example may look as its people: these have no business elsewhere.
        if there is not examples.is_its_person(session, actor.scope, known.id):
            raise Invalid("example_stays_apart", "email")
        return _join(session, actor, known, data), ""
    unit = session.get_one(Unit, data.unit_id)
    now = clock.now()
    person = Person(
        email=data.email,
        name=data.name,
        locale=data.locale or unit.locale,
        password_hash=None,
        created_at=now,
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError:  # somebody added them a moment ago
        raise Invalid("email_taken", "email", name=data.name) from None
    if there:
        session.add(ExamplePerson(person_id=person.id))
    history.record(session, actor, "person", person.id, "added", unit_id=unit.id, now=now)
    _set_roles(session, actor, person, unit.id, data.roles)
    return person, links.make(session, actor, person, now)


def _join(session: Session, actor: Actor, known: Person, data: NewPerson) -> Person:
    """Give a person of another unit roles here. Their name and language stay as they are."""
    here = session.scalars(select(Membership.unit_id).where(Membership.person_id == known.id)).all()
    if any(unit_id in actor.scope.units for unit_id in here):
        raise Invalid("email_taken", "email", name=known.name)
    if not known.active:
        raise Invalid("email_not_usable", "email")
    _set_roles(session, actor, known, data.unit_id, data.roles)
    return known


def change_roles(session: Session, actor: Actor, person_id: int, data: RolesEdit) -> Person:
    """The person, with exactly these roles in the unit. Raises NotFound, Invalid, Forbidden, Conflict."""
    person = _seen(session, actor, person_id)
    if not actor.scope.may(Right.PEOPLE, data.unit_id):
        raise Invalid("unit_not_yours", "unit_id")
    held = frozenset(
        session.scalars(
            select(Membership.role).where(
                Membership.person_id == person_id, Membership.unit_id == data.unit_id
            )
        )
    )
    _givable(actor, data.unit_id, held ^ data.roles)
    _set_roles(session, actor, person, data.unit_id, data.roles)
    return person


def _set_roles(session: Session, actor: Actor, person: Person, unit_id: int, roles: frozenset[Role]) -> None:
    held = {
        row.role: row
        for row in session.scalars(
            select(Membership).where(Membership.person_id == person.id, Membership.unit_id == unit_id)
        )
    }
    if roles == held.keys():
        return
    for role in held.keys() - roles:
        session.delete(held[role])
    if held.keys() - roles:
        _drop_mails(session, person)
    for role in sorted(roles - held.keys()):
        session.add(Membership(person_id=person.id, unit_id=unit_id, role=role))
    session.flush()
    _keep_an_administrator(session, [unit_id])
    before, after = _words(held), _words(roles)
    now = clock.now()
    history.record(
        session, actor, "person", person.id, "roles", unit_id=unit_id, now=now, before=before, after=after
    )


def _drop_mails(session: Session, person: Person) -> None:
    """What waits to be sent may tell of what the person has no business with any more."""
    waiting = update(Mail).where(Mail.person_id == person.id, Mail.next_at.is_not(None))
    session.execute(waiting.values(next_at=None, given_up_at=clock.now(), reason="mail_nobody"))


def _words(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def deactivate(session: Session, actor: Actor, person_id: int) -> Person:
    """The person can't come in any more: signed out everywhere, tokens, feed and links void. Roles are kept.

    Raises NotFound, Forbidden (also when they hold roles out of the actor's reach), Conflict.
    """
    person = _governed(session, actor, person_id)
    if not person.active:
        return person
    person.active = False
    session.flush()
    now = clock.now()
    sign_ins.end_all(session, actor, person.id, now)
    tokens.revoke_all(session, person.id)
    links.withdraw(session, person.id, now)
    leavings.end_with(session, actor, person.id, now)
    units = units_of(session, person_id)
    _keep_an_administrator(session, units)
    history.record(
        session, actor, "person", person.id, "deactivated", unit_id=units[0] if units else None, now=now
    )
    return person


def activate(session: Session, actor: Actor, person_id: int) -> Person:
    """The person may come in again, with the roles and the password they had.

    Raises NotFound, Forbidden, Conflict("person_erased").
    """
    person = _governed(session, actor, person_id)
    if person.erased_at is not None:
        raise Conflict("person_erased")
    if not person.active:
        person.active = True
        units = units_of(session, person_id)
        history.record(session, actor, "person", person.id, "activated", unit_id=units[0], now=clock.now())
    return person


def new_link(session: Session, actor: Actor, person_id: int) -> tuple[Person, str]:
    """The person and the token of a new one-time link, for somebody who can't get in.

    Such a link is as good as the person's password. So it is only made by those who could give the person
    every role that they hold. Raises NotFound, Forbidden, Conflict("person_inactive").
    """
    person = _governed(session, actor, person_id)
    if not person.active:
        raise Conflict("person_inactive")
    link_mails.withdraw(session, person.id, clock.now())
    return person, links.make(session, actor, person, clock.now())


def invite_again(session: Session, actor: Actor, person_id: int, address: str) -> Person:
    """Mail the invitation once more to somebody who has not come in yet. `address`: of our pages.

    The link of the mail before stops working as soon as this one is sent. Raises NotFound, Forbidden, and
    Conflict ("person_inactive", "person_came", "invited_just_now").
    """
    person = _governed(session, actor, person_id)
    lock(session, person)  # of two who press at once one is told that it is done
    if not person.active:
        raise Conflict("person_inactive")
    linked = select(Identity.id).where(Identity.person_id == person.id).limit(1)
    if person.password_hash is not None or session.scalar(linked) is not None:
        raise Conflict("person_came", name=person.name)
    now = clock.now()
    if link_mails.mailed(session, person.id, now - link_mails.APART):
        raise Conflict("invited_just_now", name=person.name)
    link_mails.withdraw(session, person.id, now)
    unit_id = next(each for each in units_of(session, person.id) if each in actor.scope.units)
    link_mails.invite(session, actor, person, unit_id, address)
    history.record(session, actor, "person", person.id, "invited_again", unit_id=unit_id, now=now)
    return person


def governs(scope: Scope, held: Iterable[tuple[int, Role]]) -> bool:
    """Whether somebody may decide about a person who holds these roles: pairs of unit id and role."""
    return all(role in scope.may_give(unit_id) for unit_id, role in held)


def governed(session: Session, actor: Actor, person_id: int) -> Person:
    """A person about whom the actor may decide (see `governs`). Raises NotFound, Forbidden."""
    return _governed(session, actor, person_id)


def _governed(session: Session, actor: Actor, person_id: int) -> Person:
    person = _seen(session, actor, person_id)
    held = session.execute(
        select(Membership.unit_id, Membership.role).where(Membership.person_id == person_id)
    )
    if not governs(actor.scope, ((unit_id, role) for unit_id, role in held)):
        raise Forbidden("person_out_of_reach", name=person.name)
    return person


def _seen(session: Session, actor: Actor, person_id: int) -> Person:
    """The person, if one of their roles is in the actor's sight."""
    if not any(unit_id in actor.scope.units for unit_id in units_of(session, person_id)):
        raise NotFound
    return session.get_one(Person, person_id)


def units_of(session: Session, person_id: int) -> list[int]:
    """Ids of the units in which a person holds a role, the lowest id first."""
    found = select(Membership.unit_id).where(Membership.person_id == person_id).distinct()
    return sorted(session.scalars(found))


def _givable(actor: Actor, unit_id: int, roles: frozenset[Role]) -> None:
    beyond = sorted(roles - actor.scope.may_give(unit_id))
    if beyond:
        raise Invalid("role_not_yours", "roles", role=beyond[0])


def _keep_an_administrator(session: Session, unit_ids: Iterable[int]) -> None:
    """Raises Conflict("last_administrator") when a root would have no active administrator.

    The root's row is locked first, so that two administrators can't each remove the other at the same time.
    """
    paths = session.scalars(select(Unit.path).where(Unit.id.in_(unit_ids))).all()
    roots = sorted({root_of(path) for path in paths})
    for root in roots:
        session.execute(select(Unit.id).where(Unit.id == root).with_for_update())
        left = session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.unit_id == root, Membership.role == Role.ADMINISTRATOR, Person.active)
        )
        if not left:
            raise Conflict("last_administrator", "roles")
