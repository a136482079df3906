"""What is to be told by mail is written down beside history, in the transaction that did it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain.mails import TOLD, MailKind, Verb, first_try
from app.foundation.database import table_of
from app.models.mails import Telling

_ADD = insert(table_of(Telling)).inline()


def note(
    session: Session,
    thing: str,
    thing_id: int,
    verb: str,
    unit_id: int | None,
    by_id: int | None,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Note what history just wrote down, if somebody is told of such things. Takes no question."""
    told = TOLD.get((thing, verb))
    for kind, what in told or ():
        about_id = facts.get("post") if what is Verb.PUBLISHED else thing_id
        if about_id is not None:
            add(session, kind, what, about_id, unit_id, by_id, now)


def add(
    session: Session,
    kind: MailKind,
    verb: Verb,
    about_id: int,
    unit_id: int | None,
    by_id: int | None,
    now: datetime,
) -> None:
    """One thing to be told; to whom and in which words is found out when its hour comes."""
    values = {
        "kind": kind,
        "verb": verb,
        "about_id": about_id,
        "unit_id": unit_id,
        "by_id": by_id,
        "at": now,
        "next_at": first_try(kind, verb, now),
    }
    session.connection().execute(_ADD, values)
