"""Doing once what was sent twice: keyed requests of programs, and forms that were sent again.

The row of a key is written in the transaction that does the work. A second request with the same key waits
there for the first; then it finds the answer, or, when the first was refused, nothing at all and goes ahead.
Work of several transactions commits the row first: until `answer`, repeats are told that it still runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, Invalid
from app.models.repeats import Repeat

KEPT = timedelta(hours=48)
KEY_MOST = 200


@dataclass(frozen=True)
class Earlier:
    """What was answered the first time: an HTTP status, and a body or the address that a form led to."""

    status: int
    answer: str


def first(session: Session, owner: str, key: str, body_hash: str, now: datetime) -> Earlier | None:
    """None for the first request with this key: do the work, then call `answer`. Else what was answered.

    Raises Invalid("key_reused") for the same key with another body, Conflict("key_running").
    """
    if not 0 < len(key) <= KEY_MOST:
        raise Invalid("key_length", "Idempotency-Key", most=KEY_MOST)
    session.execute(
        delete(Repeat).where(Repeat.owner == owner, Repeat.key == key, Repeat.created_at <= now - KEPT)
    )
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    row = {"owner": owner, "key": key, "body_hash": body_hash, "created_at": now}
    made = session.execute(insert(Repeat).values(row).on_conflict_do_nothing().returning(Repeat.key)).first()
    if made:
        return None
    earlier = session.get_one(Repeat, (owner, key), populate_existing=True)
    if earlier.body_hash != body_hash:
        raise Invalid("key_reused", "Idempotency-Key")
    if earlier.answer is None or earlier.status is None:
        raise Conflict("key_running")
    return Earlier(earlier.status, earlier.answer)


def answer(session: Session, owner: str, key: str, status: int, answer: str) -> None:
    """Keep what the first request was answered."""
    session.execute(
        update(Repeat).where(Repeat.owner == owner, Repeat.key == key).values(status=status, answer=answer)
    )


def forget(session: Session, owner: str, key: str) -> None:
    """Let a key be used again, after work of several transactions that was refused."""
    session.execute(delete(Repeat).where(Repeat.owner == owner, Repeat.key == key, Repeat.answer.is_(None)))


def kept(session: Session, owner: str, key: str, now: datetime) -> str | None:
    """What was kept under a key within its time, without claiming the key; None when nothing is."""
    readable = 0 < len(key) <= KEY_MOST and key.isprintable()  # PostgreSQL takes no NUL
    found = session.get(Repeat, (owner, key)) if readable else None
    return found.answer if found is not None and found.created_at > now - KEPT else None
