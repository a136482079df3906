"""Standing in: a person, or who looks after people, names somebody for a time. It gives nobody a right."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import duty_mails, history, leavings, people
from app.actions.inputs import Id, Input
from app.domain.duties import instants, wrong_days
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.naming import in_order
from app.domain.roles import Actor
from app.domain.timing import to_local
from app.foundation import clock
from app.foundation.database import is_id
from app.foundation.former import called
from app.models.duties import StandIn
from app.models.people import Person
from app.queries import stand_ins as questions
from app.queries.scopes import scope_of
from app.queries.surroundings import around
from app.words import mails


class NewStandIn(Input):
    """Who stands in, from one day to another, both included; the days are those of the person's place."""

    deputy_id: Id
    from_on: date
    until_on: date


def name(session: Session, actor: Actor, person_id: int, data: NewStandIn, address: str = "") -> StandIn:
    """Somebody stands in for a person: for oneself, or for somebody about whom the actor may decide.

    `address`: of our pages, where mail is sent; the deputy gets one. Raises NotFound, Forbidden, Invalid for
    days that can't be and for somebody whose roles don't reach there, Conflict when somebody is named for
    some of the days already.
    """
    person = _whose(session, actor, person_id)
    now, zone = clock.now(), zone_of(session, person.id)
    if faults := wrong_days(data.from_on, data.until_on, to_local(now, zone).date()):
        raise Invalid.of(faults)
    if data.deputy_id not in dict(candidates(session, person.id)):
        raise Invalid("cannot_stand_in", "deputy_id")
    from_at, until_at = instants(data.from_on, data.until_on, zone)
    _check_free(session, person.id, from_at, until_at)
    row = StandIn(
        person_id=person.id, deputy_id=data.deputy_id, from_on=data.from_on, until_on=data.until_on,
        zone=zone, from_at=from_at, until_at=until_at, named_by_id=actor.person_id, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    history.record(
        session, actor, "person", person.id, "stand_in_named", now=now, deputy_id=row.deputy_id,
        from_on=str(row.from_on), until_on=str(row.until_on),
    )  # fmt: skip
    if address and row.deputy_id != actor.person_id:
        _write(session, row, person.name, address, now)
    return row


def _write(session: Session, row: StandIn, name: str, address: str, now: datetime) -> None:
    days = row.from_on, row.until_on
    duty_mails.lay_out(
        session, row.deputy_id, lambda to: mails.stand_in(to.name, name, days, to.locale, address), now
    )


def end(session: Session, actor: Actor, stand_in_id: int) -> StandIn:
    """It is over at once, or does not begin. Whoever stands in may end it too. Raises NotFound, Forbidden."""
    row = session.get(StandIn, stand_in_id) if is_id(stand_in_id) else None
    if row is None:
        raise NotFound
    if row.deputy_id != actor.person_id:
        _whose(session, actor, row.person_id)
    now = clock.now()
    if row.ended_at is None and row.until_at > now:
        row.ended_at = now
        leavings.note_end(session, actor, row.person_id, row.deputy_id, now)
    return row


def candidates(session: Session, person_id: int, locale: str = "en") -> list[tuple[int, str]]:
    """Who may stand in for a person: id and name of everybody active whose roles meet theirs somewhere."""
    found = questions.near(session, scope_of(session, person_id))
    return in_order([row for row in found if row[0] != person_id], lambda row: row[1], locale)


def zone_of(session: Session, person_id: int) -> str:
    """The time zone of the highest unit in which a person has a role."""
    return around(session, scope_of(session, person_id)).zone


def _whose(session: Session, actor: Actor, person_id: int) -> Person:
    if person_id == actor.person_id:
        return session.get_one(Person, person_id)
    person = people.governed(session, actor, person_id)
    if not person.active:
        raise Conflict("person_inactive")
    return person


def _check_free(session: Session, person_id: int, from_at: datetime, until_at: datetime) -> None:
    found = session.scalar(
        select(Person.name)
        .join(StandIn, StandIn.deputy_id == Person.id)
        .where(
            StandIn.person_id == person_id,
            StandIn.ended_at.is_(None),
            StandIn.from_at < until_at,
            StandIn.until_at > from_at,
        )
    )
    if found is not None:
        raise Conflict("stood_in_already", "from_on", name=called(found, "en"))
