"""Whether there is an example library, how far it is, and who may be looked as in it.

Asked of the whole installation: that there is an example, and what it is called, is told to whoever looks
around in it, to administrators, and to whoever holds the first link.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.networks import Realm
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.examples import ONLY, Example, ExamplePerson, of_example
from app.models.people import Membership, Person
from app.models.units import Unit


def standing(session: Session, scope: Scope) -> AnyRow | None:  # noqa: ARG001 - it is of the installation
    """The example: unit_id, name, state, part, done, total, locale, made_at, beat_at; None without one."""
    columns = ("unit_id", "state", "part", "done", "total", "locale", "made_at", "beat_at")
    question = select(Unit.name, *(getattr(Example, name) for name in columns))
    return session.execute(question.join(Unit, Unit.id == Example.unit_id).where(Example.id == ONLY)).first()


def has_real(session: Session, scope: Scope) -> bool:  # noqa: ARG001 - it is of the installation
    """Whether any channel is real: then there is no example, and nobody looks around in one."""
    return session.scalar(select(Channel.id).where(Channel.realm == Realm.META).limit(1)) is not None


def is_example(session: Session, scope: Scope, unit_id: int) -> bool:  # noqa: ARG001 - asked before rights are
    """Whether a unit is one of the example's."""
    return bool(session.scalar(select(Unit.id).where(Unit.id == unit_id, of_example(Unit.id))))


def is_its_person(session: Session, scope: Scope, person_id: int) -> bool:  # noqa: ARG001 - as above
    """Whether somebody exists in the example alone."""
    return session.get(ExamplePerson, person_id) is not None


def faces(session: Session, scope: Scope) -> list[AnyRow]:  # noqa: ARG001 - its people are made up
    """Who may be looked as: id, name, role, unit (its name), one row for each role that they have.

    Only active people of the example all of whose roles are in it, the highest units first.
    """
    own, other = aliased(Membership), aliased(Membership)
    outside = select(other.id).where(other.person_id == Person.id, ~of_example(other.unit_id)).exists()
    rows = session.execute(
        select(Person.id, Person.name, own.role, Unit.name.label("unit"), Unit.parent_id)
        .join(ExamplePerson, ExamplePerson.person_id == Person.id)
        .join(own, own.person_id == Person.id)
        .join(Unit, Unit.id == own.unit_id)
        .where(Person.active, ~outside)
        .order_by(Unit.parent_id.is_not(None), Person.id)
    )
    return list(rows)


def may_be(session: Session, scope: Scope, person_id: int) -> bool:
    """Whether somebody may be looked as."""
    return any(row.id == person_id for row in faces(session, scope))
