"""Which installation this is. A database starts its clock freely only where it last ran.

The database and the data folder each keep the installation's key and a count that grows while it runs. The
folder also keeps what a copy does not share: of SQLite the file's inode number, of PostgreSQL the server's
identifier and the database's number in it. Where they disagree, this
is a copy or a restored backup: everything that is not settled is held, and a person releases it. Only a new,
empty folder beside a clock that lives on the same PostgreSQL is one more worker's: locks are not copied.
"""

import json
import os
import uuid
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from threading import get_ident
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.actions import comments, history
from app.domain.publications import MAY_HOLD, HoldReason, Status
from app.errands import leases
from app.errands.ground import CLOCK, Ground
from app.foundation import clock, logs
from app.models.holds import Hold
from app.models.installations import Installation
from app.models.mails import Telling
from app.models.publications import Publication

_IN_DOUBT = (Status.PUBLISHING, Status.UNSURE)
MISSED_LATELY = timedelta(days=30)  # what is older hardly anybody publishes any more
_log = logs.get(__name__)


class Found(StrEnum):
    """What the start of an installation found."""

    FIRST = "first"
    SAME = "same"
    JOINED = "joined"
    COPIED = "copied"


def begin(ground: Ground) -> Found:
    """Compare database and data folder, hold everything where they disagree, and make them agree."""
    with ground.database.writes() as session:
        first = _make_row(session, ground)
        row = session.get_one(Installation, 1, with_for_update=True)
        # Read while nobody else is at it: two workers may share the folder and start at once.
        kept = _read(ground)
        # One more worker beside a clock that runs on this very database is no copy of it.
        joins = leases.living(session, ground.database)
        if first:
            found = Found.FIRST
        elif kept and kept["key"] == row.key and kept["beats"] <= row.beats and _same_one(ground, kept):
            found = Found.SAME
        elif kept is None and joins:
            found = Found.JOINED
        else:
            found = Found.COPIED
            _hold_all(session)
            session.execute(delete(Telling))  # the first one tells it
            # Those who run there go by the key that it has.
            row.key = row.key if joins else str(uuid.uuid4())
        row.beats = max(row.beats, kept["beats"] if kept else 0) + 1
        key, beats = row.key, row.beats
        session.flush()
        if found is Found.COPIED:
            _write(ground, key, beats)
    _write(ground, key, beats)
    if found is Found.COPIED:
        _log.warning("this database is a copy or was restored: everything not settled is held")
    return found


def recognise(ground: Ground) -> bool:
    """Whether the database is still the one of this folder. One that was exchanged while we ran is held."""
    kept = _read(ground)
    with ground.database.reads() as session:
        key = session.scalar(select(Installation.key))
    if kept is None or key == kept["key"]:
        return True
    begin(ground)
    return False


def _make_row(session: Session, ground: Ground) -> bool:
    """Make the one row if it is not there; two processes may start on a new database at once."""
    insert = sqlite_insert if ground.database.is_sqlite else postgresql_insert
    made = session.execute(
        insert(Installation)
        .values(id=1, key=str(uuid.uuid4()), beats=0, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(Installation.id)
    )
    return made.scalar_one_or_none() is not None


def beat(ground: Ground) -> None:
    """Count on, in both places; the database first, so that the folder is never ahead by mistake."""
    if not recognise(ground):
        return
    with ground.database.writes() as session:
        row = session.get_one(Installation, 1)
        row.beats += 1
        key, beats = row.key, row.beats
    _write(ground, key, beats)


def _hold_all(session: Session) -> None:
    now = clock.now()
    comments.doubt_all(session, now)
    # One in doubt is looked at all the same, and stands still if it is hidden. What was missed may have been
    # published since by a person, who would else be offered to do it once more.
    missed = (Publication.status == Status.MISSED) & (Publication.due_at > now - MISSED_LATELY)
    unsettled = select(Publication).where(Publication.status.in_([*MAY_HOLD, *_IN_DOUBT]) | missed)
    restored = Hold.reason == HoldReason.RESTORED, Hold.ended_at.is_(None)
    # One that is held for it already is looked up once more, for this may be a copy of a copy.
    session.execute(update(Hold).where(*restored).values(looked_at=None))
    before = set(session.scalars(select(Hold.publication_id).where(*restored)))
    for publication in session.scalars(unsettled.with_for_update()).all():
        old = publication.status
        if publication.id not in before:
            hold = Hold(publication_id=publication.id, reason=HoldReason.RESTORED, note="", since_at=now)
            session.add(hold)
        if old is Status.MISSED:
            publication.move(Status.PLANNED, now)  # by the table's own steps; released it is missed again
        if publication.status in MAY_HOLD and old is not Status.HELD:
            publication.move(Status.HELD, now)
            history.record(
                session, CLOCK, "publication", publication.id, "held",
                unit_id=publication.unit_id, old=old, new=Status.HELD, now=now, reason="restored",
            )  # fmt: skip


def _place(ground: Ground) -> Path:
    return ground.settings.data_dir / "installation.json"


def _itself(ground: Ground) -> int | str:
    """What tells this database from its copies."""
    if not ground.database.is_sqlite:
        return _on_server(ground)
    name = ground.database.engine.url.database
    return Path(name).stat().st_ino if name else 0


def _on_server(ground: Ground) -> str:
    """Source: PostgreSQL, functions, control data (a service may keep it to itself) and pg_database."""
    asked = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()"
    with ground.database.reads() as session:
        number = session.scalar(text(asked))
    try:
        with ground.database.reads() as session:
            server = session.scalar(text("SELECT system_identifier FROM pg_control_system()"))
    except ProgrammingError:
        server = ""
    return f"{server}/{number}"


def _same_one(ground: Ground, kept: dict[str, object]) -> bool:
    told = kept.get("inode")
    # An earlier version told nothing of PostgreSQL.
    return told == _itself(ground) or (told == 0 and not ground.database.is_sqlite)


def _read(ground: Ground) -> dict[str, Any] | None:
    """What the folder keeps; None when there is nothing, or when it was cut short by a full disk."""
    try:
        kept = json.loads(_place(ground).read_text())
    except (FileNotFoundError, ValueError):
        return None
    whole = isinstance(kept, dict) and isinstance(kept.get("beats"), int) and "key" in kept
    return kept if whole else None


def _write(ground: Ground, key: str, beats: int) -> None:
    # Under a name of our own: workers may share the folder, and threads a process. On the disk before it is
    # in its place: half a file after a power cut would look like a copy.
    fresh = _place(ground).with_suffix(f".{os.getpid()}.{get_ident()}.new")
    with fresh.open("w") as file:
        file.write(json.dumps({"key": key, "beats": beats, "inode": _itself(ground)}))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(_place(ground))
