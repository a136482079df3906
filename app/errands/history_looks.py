"""A daily look whether history is whole: the chain of seals is followed a part at a time, all day long.

So that nobody waits for it, each part is small. What is found to be wrong becomes a warning for
administrators and stays one until the chain was followed once more; `kuliss check` names every place.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.seals import BEGIN
from app.errands.ground import Ground
from app.errands.history import follows, mark
from app.errands.history_check import Break, Kind, Walk, along
from app.foundation import clock
from app.models.history import Seal
from app.models.history_looks import HistoryLook
from app.models.installations import Installation

PARTS = 100  # of a day's 144 rounds; the rest is for rounds that did not come
LEAST = 2000  # seals in one go: some hundredths of a second
REST = timedelta(hours=12)
_ONLY = 1
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class _At:
    """How far the look has come. `found`: what is wrong so far; `end`: nothing comes after this."""

    place: int = 0
    hash: str = BEGIN
    found: dict[str, Any] | None = None
    end: bool = False


def look_on(ground: Ground) -> bool:
    """Look at the next part, at the end also at what the data folder keeps. True while all is well.

    After the end it rests for half a day, then begins anew.
    """
    now = clock.now()
    with ground.database.reads() as session:
        row = session.get(HistoryLook, _ONLY)
        if row and row.place == 0 and row.whole_at and now - row.whole_at < REST:
            return row.told is None
        begun = _At(row.place, row.hash, row.found) if row else _At()
        at = _part(session, begun)
        if at.end:
            at = replace(at, found=at.found or _cut(session, ground))
    _keep(ground, at, now)
    return at.found is None


def told(session: Session) -> dict[str, Any] | None:
    """What is known to be wrong: found this time around, or the time before. None: nothing."""
    row = session.get(HistoryLook, _ONLY)
    return (row.found or row.told) if row else None


def _part(session: Session, at: _At) -> _At:
    if at.place and session.scalar(select(Seal.hash).where(Seal.place == at.place)) != at.hash:
        return replace(at, found=at.found or _fact(Break(Kind.CUT, place=at.place)), end=True)
    newest = session.scalar(select(func.max(Seal.place))) or 0
    most = max(LEAST, -(-newest // PARTS))
    walk, found = Walk(0, at.hash), at.found
    try:
        for one in along(session, walk, after=at.place, most=most):
            found = found or _fact(one)
    except ValueError:  # facts that are no JSON any more; what comes after can't be read in one go with it
        found = found or {"kind": UNREADABLE, "entry": 0, "place": at.place + walk.seals}
        return replace(at, found=found, end=True)
    return _At(walk.place, walk.newest, found, end=walk.seals < most)


def _fact(one: Break) -> dict[str, Any]:
    return {"kind": one.kind.value, "entry": one.entry, "place": one.place}


def _cut(session: Session, ground: Ground) -> dict[str, Any] | None:
    """Whether the end was cut off together with its seals: the data folder remembers the newest one."""
    kept = mark(ground.settings.data_dir)
    key = session.scalar(select(Installation.key)) or ""
    if kept is None or follows(session, kept, key):
        return None
    return _fact(Break(Kind.CUT, place=kept.place))


def _keep(ground: Ground, at: _At, now: datetime) -> None:
    with ground.database.writes() as session:
        row = session.get(HistoryLook, _ONLY)
        if row is None:
            row = HistoryLook(id=_ONLY)
            session.add(row)
        row.looked_at = now
        if at.end:
            row.place, row.hash, row.found = 0, BEGIN, None
            row.told, row.whole_at = at.found, now
        else:
            row.place, row.hash, row.found = at.place, at.hash, at.found
