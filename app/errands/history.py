"""Sealing history: what was committed gets its seals soon after, one chain, by one process at a time.

On PostgreSQL many transactions write history at once. A chain made by the writers would make each wait for
the one before, on the very second that posts are due; and ids don't tell the order in which they commit, nor
do they come without gaps. So writers only add their row, and this errand, alone under a lock, seals what it
finds committed and not sealed yet. The order of the chain is the order of sealing: an entry that commits late
gets a later place, and none is forgotten.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident

from sqlalchemy import Select, func, insert, select, text
from sqlalchemy.orm import Session

from app.domain.seals import BEGIN, SEALED, seal
from app.errands.ground import Ground
from app.foundation import logs
from app.foundation.database import AnyRow, table_of
from app.models.examples import entry_of_example
from app.models.history import Event, Seal
from app.models.installations import Installation

AT_ONCE = 500
LATE = 10_000  # entries so far behind the newest sealed one are looked for once an hour only
_LOCK = 7_601_100  # of the whole database; leases and rhythms use pairs of numbers
_log = logs.get(__name__)


@dataclass(frozen=True)
class Mark:
    """The newest seal, as the data folder remembers it. `key`: of the installation whose chain it is."""

    key: str
    place: int
    hash: str


def seal_new(ground: Ground, everything: bool = False) -> int:
    """Seal what is not sealed yet; returns how many entries. `everything`: also look far back for them."""
    count = 0
    while done := _seal_some(ground, everything):
        count += done
        if done < AT_ONCE:
            break
    if count:
        _remember(ground)
    return count


def _seal_some(ground: Ground, everything: bool) -> int:
    """Worked out while nobody waits, and written only if the chain still ends where it ended."""
    with ground.database.reads() as session:
        newest = _newest(session)
        rows = session.execute(_unsealed(0 if everything else newest.history_id - LATE)).all()
    if not rows:
        return 0
    seals = _sealed(newest, rows)
    with ground.database.writes() as session:
        if not _alone(session, ground) or _newest(session) != newest:
            return 0
        session.execute(insert(table_of(Seal)), seals)
    return len(seals)


@dataclass(frozen=True)
class _End:
    place: int
    history_id: int
    hash: str


def _newest(session: Session) -> _End:
    farthest = select(func.max(Seal.history_id)).scalar_subquery()
    row = session.execute(
        select(Seal.place, farthest, Seal.hash).order_by(Seal.place.desc()).limit(1)
    ).first()
    return _End(*row) if row else _End(0, 0, BEGIN)


def _unsealed(after: int) -> Select[*tuple[object, ...]]:
    columns = [table_of(Event).c[name] for name in SEALED]
    sealed = select(Seal.place).where(Seal.history_id == Event.id).exists()
    # What is the example library's goes again with it, and so is not sealed.
    mine = Event.id > after, ~sealed, ~entry_of_example()
    return select(*columns).where(*mine).order_by(Event.id).limit(AT_ONCE)


def _sealed(newest: _End, rows: Sequence[AnyRow]) -> list[dict[str, object]]:
    before, made = newest.hash, []
    for place, row in enumerate(rows, newest.place + 1):
        before = seal(before, row._mapping)
        made.append({"place": place, "history_id": row.id, "hash": before})
    return made


def _alone(session: Session, ground: Ground) -> bool:
    """Whether nobody else is sealing; it stays so until the transaction ends."""
    if ground.database.is_sqlite:
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}))


def mark(data_dir: Path) -> Mark | None:
    """What the data folder remembers; None when nothing, or when it can't be read."""
    try:
        told = json.loads(_place(data_dir).read_text())
        return Mark(str(told["key"]), int(told["place"]), str(told["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(ground: Ground) -> None:
    """Keep the newest seal where whoever changes the database does not reach: in the folder, in the log."""
    with ground.database.reads() as session:
        newest = _newest(session)
        key = session.scalar(select(Installation.key)) or ""
        kept = mark(ground.settings.data_dir)
        whole = kept is None or follows(session, kept, key)
    _log.info("history sealed", place=newest.place, seal=newest.hash)
    if not whole:  # what was kept is the proof, and stays until a person has looked: `kuliss check` says it
        _log.error("history does not go on from where it was", place=kept and kept.place)
        return
    fresh = _place(ground.settings.data_dir).with_suffix(f".{os.getpid()}.{get_ident()}.new")
    fresh.write_text(json.dumps({"key": key, "place": newest.place, "hash": newest.hash}))
    fresh.replace(_place(ground.settings.data_dir))


def follows(session: Session, kept: Mark, key: str) -> bool:
    """Whether the chain still holds the seal that was kept; that of another installation proves nothing."""
    if kept.key != key:
        return True
    return session.scalar(select(Seal.hash).where(Seal.place == kept.place)) == kept.hash


def _place(data_dir: Path) -> Path:
    return data_dir / "history-seal.json"
