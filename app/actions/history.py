"""Writing history: every action says here what it did, in the session that did it."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.actions import tellings
from app.domain.roles import Actor
from app.foundation.database import table_of
from app.models.history import Event

# Built once: this is written on the second that posts are due.
_ADD = insert(table_of(Event)).inline()


def record(
    session: Session,
    actor: Actor,
    thing: str,
    thing_id: int,
    verb: str,
    *,
    unit_id: int | None = None,
    old: str | None = None,
    new: str | None = None,
    now: datetime,
    **facts: Any,
) -> None:
    """Add one event: who (`actor`) did `verb` to which thing, from state `old` to `new`, at `now` (UTC).

    `facts` are kept as JSON and read by everyone who may see the thing: no secrets, no text of drafts. What
    somebody is told of by mail is noted for it.
    """
    values = {
        "at": now,
        "person_id": actor.person_id,
        "via": actor.via,
        "thing": thing,
        "thing_id": thing_id,
        "unit_id": unit_id,
        "verb": verb,
        "old_state": old,
        "new_state": new,
        "facts": facts,
    }
    session.connection().execute(_ADD, values)
    tellings.note(session, thing, thing_id, verb, unit_id, actor.person_id, facts, now)
