"""Minutes that people write down, for themselves: with one tap, and taken back in the same week.

History names nobody here: whoever may read it would see how much each person did, which only that person and
who coordinates may. An entry is its own record.
"""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from app.actions.inputs import Id, Input
from app.domain import timing
from app.domain.errors import Conflict, Fault, Forbidden, Invalid
from app.domain.ledger import DAYS_BACK, MINUTES_MOST, NOTE_MOST, LedgerKind, may_undo
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.foundation import clock
from app.models.ledger import LedgerEntry
from app.models.units import Unit
from app.queries import ideas, posts, publications
from app.queries import ledger as questions


class EntryInput(Input):
    """Minutes of the actor's. About at most one thing, whose unit it then is; else `unit_id` says which.

    `day`: in the unit's calendar; today without one.
    """

    kind: LedgerKind
    minutes: Annotated[int, Field(ge=1, le=MINUTES_MOST)]
    unit_id: Id | None = None
    idea_id: Id | None = None
    post_id: Id | None = None
    publication_id: Id | None = None
    day: date | None = None
    note: Annotated[str, Field(max_length=NOTE_MOST)] = ""


def write(session: Session, actor: Actor, data: EntryInput) -> LedgerEntry:
    """Write minutes down. Raises NotFound for a thing out of sight, Forbidden, Invalid."""
    unit = session.get_one(Unit, _unit_of(session, actor, data))
    if not actor.scope.may(Right.SUGGEST, unit.id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    now = clock.now()
    today = timing.to_local(now, unit.zone).date()
    row = LedgerEntry(
        person_id=actor.person_id, unit_id=unit.id, day=_checked(data.day or today, today),
        minutes=data.minutes, kind=data.kind, idea_id=data.idea_id, post_id=data.post_id,
        publication_id=data.publication_id, note=normalise(data.note), written_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _unit_of(session: Session, actor: Actor, data: EntryInput) -> int:
    """The unit of what it is about, else the one that was named."""
    scope, found = actor.scope, list[int]()
    if data.idea_id is not None:
        found.append(ideas.idea(session, scope, data.idea_id).unit_id)
    if data.post_id is not None:
        found.append(posts.post(session, scope, data.post_id).unit_id)
    if data.publication_id is not None:
        found.append(publications.publication(session, scope, data.publication_id).unit_id)
    if len(found) > 1:
        raise Invalid("ledger_one_thing")
    if data.unit_id is None and not found:
        raise Invalid("missing", "unit_id")
    if data.unit_id is not None and (
        data.unit_id not in scope.units or data.unit_id not in (found or scope.units)
    ):
        raise Invalid("unit_not_yours", "unit_id")
    return found[0] if found else data.unit_id or 0


def _checked(day: date, today: date) -> date:
    """The day, when it is today or not long ago. Raises Invalid."""
    faults = []
    if day > today:
        faults.append(Fault("day_is_to_come", "day"))
    if today - day > timedelta(days=DAYS_BACK):
        faults.append(Fault("day_long_ago", "day", {"most": DAYS_BACK}))
    if faults:
        raise Invalid.of(faults)
    return day


def undo(session: Session, actor: Actor, entry_id: int) -> None:
    """Take one's own entry back. Raises NotFound, also for others' ones; Conflict after the week's end."""
    row = questions.entry(session, actor.scope, actor.person_id or 0, entry_id)
    zone = session.get_one(Unit, row.unit_id).zone
    days = [timing.to_local(moment, zone).date() for moment in (row.written_at, clock.now())]
    if not may_undo(*days):
        raise Conflict("ledger_week_over")
    session.delete(row)
    session.flush()
