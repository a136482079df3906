"""Forms that came from a browser that was locked: kept, sealed, until their person unlocks it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.foundation.crypto import CannotOpen, Keyring, new_token
from app.models.kept_forms import KeptForm

KEPT = timedelta(hours=12)  # a text that was begun in the morning is there in the evening
MOST = 20  # of one person


@dataclass(frozen=True)
class Kept:
    """What was sent: the path it was sent to, its fields, and whether files that can't be kept were with it.

    `once` is the form's own key, by which it is done once however often it is sent.
    """

    path: str
    fields: Mapping[str, Sequence[str]]
    once: str = ""
    files: bool = False


def keep(session: Session, person_id: int, keys: Keyring, form: Kept, now: datetime) -> str:
    """The key under which a form is kept; the oldest of very many gives way."""
    session.execute(delete(KeptForm).where(KeptForm.expires_at <= now))
    latest = select(KeptForm.id).where(KeptForm.person_id == person_id).order_by(KeptForm.id.desc())
    over = session.scalars(latest.offset(MOST - 1)).all()
    session.execute(delete(KeptForm).where(KeptForm.id.in_(over)))
    key = new_token(16)
    written = json.dumps([form.path, {**form.fields}, form.once, form.files], ensure_ascii=False)
    sealed = keys.seal(written, _place(key))
    session.add(KeptForm(person_id=person_id, key=key, sealed=sealed, expires_at=now + KEPT))
    session.flush()
    return key


def opened(session: Session, actor: Actor, keys: Keyring, key: str, now: datetime) -> Kept:
    """The form kept under a key, for its own person. Raises NotFound."""
    row = _own(session, actor, key, now)
    try:
        path, fields, once, files = json.loads(keys.open(row.sealed, _place(key)))
    except CannotOpen:
        raise NotFound from None
    return Kept(path, fields, once, files)


def drop(session: Session, actor: Actor, key: str, now: datetime) -> None:
    """Throw a kept form away. Raises NotFound."""
    session.delete(_own(session, actor, key, now))


def _own(session: Session, actor: Actor, key: str, now: datetime) -> KeptForm:
    # PostgreSQL takes no NUL.
    found = select(KeptForm).where(KeptForm.key == key, KeptForm.expires_at > now)
    row = session.scalar(found) if key.isprintable() else None
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    return row


def _place(key: str) -> str:
    return f"kept_forms:{key}"
