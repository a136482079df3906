"""Which installation this is. A database starts its clock freely only where it last ran.

The database and the data folder each keep the installation's key and a count that grows while it runs; for
SQLite the folder also keeps the file's inode number, which a copy does not share. Where they disagree, this
is a copy or a restored backup: everything that is not settled is held, and a person releases it.
"""

import json
import uuid
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.publications import MAY_HOLD, HoldReason, Status
from app.errands.ground import CLOCK, Ground
from app.foundation import clock, logs
from app.models.holds import Hold
from app.models.installations import Installation
from app.models.publications import Publication

_log = logs.get(__name__)


class Found(StrEnum):
    """What the start of an installation found."""

    FIRST = "first"
    SAME = "same"
    COPIED = "copied"


def begin(ground: Ground) -> Found:
    """Compare database and data folder, hold everything where they disagree, and make them agree."""
    kept = _read(ground)
    with ground.database.writes() as session:
        row = session.get(Installation, 1)
        if row is None:
            found = Found.FIRST
            row = Installation(id=1, key=str(uuid.uuid4()), beats=0, created_at=clock.now())
            session.add(row)
        elif (
            kept is None
            or kept["key"] != row.key
            or kept["beats"] > row.beats
            or not _same_file(ground, kept)
        ):
            found = Found.COPIED
            _hold_all(session)
            row.key = str(uuid.uuid4())
        else:
            found = Found.SAME
        row.beats = max(row.beats, kept["beats"] if kept else 0) + 1
        key, beats = row.key, row.beats
    _write(ground, key, beats)
    if found is Found.COPIED:
        _log.warning("this database is a copy or was restored: everything not settled is held")
    return found


def beat(ground: Ground) -> None:
    """Count on, in both places; the database first, so that the folder is never ahead by mistake."""
    with ground.database.writes() as session:
        row = session.get_one(Installation, 1)
        row.beats += 1
        key, beats = row.key, row.beats
    _write(ground, key, beats)


def _hold_all(session: Session) -> None:
    now = clock.now()
    rows = session.scalars(select(Publication).where(Publication.status.in_(MAY_HOLD))).all()
    for publication in rows:
        old = publication.status
        session.add(Hold(publication_id=publication.id, reason=HoldReason.RESTORED, note="", since_at=now))
        if old is not Status.HELD:
            publication.move(Status.HELD, now)
            history.record(
                session, CLOCK, "publication", publication.id, "held",
                unit_id=publication.unit_id, old=old, new=Status.HELD, now=now, reason="restored",
            )  # fmt: skip


def _place(ground: Ground) -> Path:
    return ground.settings.data_dir / "installation.json"


def _inode(ground: Ground) -> int:
    if not ground.database.is_sqlite or not ground.database.engine.url.database:
        return 0
    return Path(ground.database.engine.url.database).stat().st_ino


def _same_file(ground: Ground, kept: dict[str, object]) -> bool:
    return kept.get("inode") == _inode(ground)


def _read(ground: Ground) -> dict | None:  # type: ignore[type-arg]
    try:
        return json.loads(_place(ground).read_text())  # type: ignore[no-any-return]
    except FileNotFoundError:
        return None


def _write(ground: Ground, key: str, beats: int) -> None:
    fresh = _place(ground).with_suffix(".new")
    fresh.write_text(json.dumps({"key": key, "beats": beats, "inode": _inode(ground)}))
    fresh.replace(_place(ground))
