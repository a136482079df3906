"""Reading history: what happened in the asker's units, or to one thing there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.roles import Scope
from app.foundation.database import Aside
from app.models.history import Event
from app.models.people import Person
from app.queries.scopes import are_few


@dataclass(frozen=True)
class EventRow:
    """One event with the name of who did it; an empty name is the clock or the command line (`via`)."""

    id: int
    at: datetime
    person_id: int | None
    person_name: str
    via: str
    thing: str
    thing_id: int
    unit_id: int | None
    verb: str
    old_state: str | None
    new_state: str | None
    facts: dict[str, Any]


def events(
    session: Session,
    scope: Scope,
    thing: str | None = None,
    thing_id: int | None = None,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[EventRow]:
    """At most `limit` events of the asker's units, the latest first; `before`: only smaller ids."""
    question = (
        select(
            Event.id,
            Event.at,
            Event.person_id,
            func.coalesce(Person.name, "").label("person_name"),
            Event.via,
            Event.thing,
            Event.thing_id,
            Event.unit_id,
            Event.verb,
            Event.old_state,
            Event.new_state,
            Event.facts,
        )
        .outerjoin(Person, Person.id == Event.person_id)
        .where(_in_sight(scope, thing))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    for column, wanted in ((Event.thing, thing), (Event.thing_id, thing_id)):
        if wanted is not None:
            question = question.where(column == wanted)
    if before is not None:
        question = question.where(Event.id < before)
    return [EventRow(**row) for row in session.execute(question).mappings()]


def _in_sight(scope: Scope, thing: str | None) -> ColumnElement[bool]:
    """Events of the units in scope; those of one kind of thing are found by the thing."""
    by_unit = thing is None and are_few(scope.units)
    return (Event.unit_id if by_unit else Aside(Event.unit_id)).in_(scope.units)
