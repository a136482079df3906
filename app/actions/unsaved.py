"""What is typed in a form and not saved yet: kept for its person, sealed, until it is saved or for a week."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.roles import Actor, Right
from app.foundation.crypto import CannotOpen, Keyring
from app.models.unsaved import UnsavedForm
from app.queries import posts

NEW = "/posts/new"
KEPT = timedelta(days=7)
MOST = 20  # of one person
KEY_MOST = 64
_FORM = re.compile(r"/posts/(?:new|(\d{1,10})/edit)")
# Of one moment only: the button pressed, files, what was sought in the library.
_PASSING = frozenset({"do", "files", "chosen", "shelf", "find", "form", "same"})

Fields = Mapping[str, Sequence[str]]


def keep(
    session: Session, actor: Actor, keys: Keyring, form: str, key: str, fields: Fields, now: datetime
) -> bool:
    """Keep what stands in a form, in the place of what stood there before. `form`: the path it is sent to.

    False when the same form was saved, or thrown away, meanwhile: then nothing is kept. Raises NotFound,
    Forbidden, Invalid for a key that is none.
    """
    check_form(session, actor, form)
    if not (0 < len(key) <= KEY_MOST and key.isprintable()) or actor.person_id is None:
        raise Invalid("key_length", most=KEY_MOST)
    written = {name: list(values) for name, values in fields.items() if name not in _PASSING}
    sealed = keys.seal(json.dumps(written, ensure_ascii=False), _place(actor.person_id, key))
    kept = _write(session, actor.person_id, form, key, sealed, now)
    _make_room(session, actor.person_id, now)
    return kept


def check_form(session: Session, actor: Actor, form: str) -> None:
    """Nothing, when the person may save that form. Raises NotFound, Forbidden."""
    found = _FORM.fullmatch(form)
    if found is None:
        raise NotFound
    if found[1] is None:
        may = bool(actor.scope.units_with(Right.WRITE))
    else:
        may = actor.scope.may(Right.WRITE, posts.post(session, actor.scope, int(found[1])).unit_id)
    if not may:
        raise Forbidden("not_allowed")


def _write(session: Session, person_id: int, form: str, key: str, sealed: str, now: datetime) -> bool:
    """Write a row or write over it, unless it is over; whether it was written."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    row = insert(UnsavedForm).values(person_id=person_id, form=form, key=key, sealed=sealed, changed_at=now)
    written = row.on_conflict_do_update(
        index_elements=["person_id", "key"],
        set_={"form": form, "sealed": sealed, "changed_at": now},
        where=UnsavedForm.sealed != "",
    )
    return session.scalar(written.returning(UnsavedForm.id)) is not None


def _make_room(session: Session, person_id: int, now: datetime) -> None:
    mine = UnsavedForm.person_id == person_id
    session.execute(delete(UnsavedForm).where(mine, UnsavedForm.changed_at <= now - KEPT))
    latest = select(UnsavedForm.id).where(mine, UnsavedForm.sealed != "")
    over = session.scalars(latest.order_by(UnsavedForm.changed_at.desc()).offset(MOST)).all()
    if over:
        session.execute(delete(UnsavedForm).where(UnsavedForm.id.in_(over)))


def opened(keys: Keyring, person_id: int, key: str, sealed: str) -> dict[str, list[str]]:
    """The fields of a kept form. Raises NotFound when the keys that sealed it are gone."""
    try:
        fields: dict[str, list[str]] = json.loads(keys.open(sealed, _place(person_id, key)))
    except CannotOpen:
        raise NotFound from None
    return fields


def saved(session: Session, actor: Actor, form: str, key: str, taken: int, now: datetime) -> None:
    """A form was saved: nothing of it is kept, and what comes late is not either. `taken`: the id of the
    kept one that it began with, else 0."""
    if actor.person_id is None:
        return
    if 0 < len(key) <= KEY_MOST and key.isprintable():
        _write(session, actor.person_id, form, key, "", now)
    _end(session, actor.person_id, taken, now)


def forget(session: Session, actor: Actor, key: str) -> bool:
    """Nothing is unsaved in a form any more: it says again what is stored. False when the form is over."""
    mine = UnsavedForm.person_id == actor.person_id, UnsavedForm.key == key
    # PostgreSQL takes no NUL.
    known = session.scalars(select(UnsavedForm).where(*mine)).first() if key.isprintable() else None
    if known is not None and known.sealed:
        session.delete(known)
    return known is None or bool(known.sealed)


def drop(session: Session, actor: Actor, unsaved_id: int, now: datetime) -> str:
    """Throw one's own away; the path of its form. Raises NotFound."""
    form = _end(session, actor.person_id or 0, unsaved_id, now)
    if form is None:
        raise NotFound
    return form


def _end(session: Session, person_id: int, unsaved_id: int, now: datetime) -> str | None:
    mine = UnsavedForm.id == unsaved_id, UnsavedForm.person_id == person_id
    ended = update(UnsavedForm).where(*mine).values(sealed="", changed_at=now)
    return session.scalar(ended.returning(UnsavedForm.form))


def _place(person_id: int, key: str) -> str:
    return f"unsaved_forms:{person_id}:{key}"
