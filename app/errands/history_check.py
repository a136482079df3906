"""Whether history is whole: every seal is worked out anew, along the chain, and compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.seals import BEGIN, SEALED, seal
from app.errands.ground import Ground
from app.errands.history import follows, mark
from app.foundation import clock
from app.foundation.database import table_of
from app.models.examples import entry_of_example
from app.models.history import Event, Seal
from app.models.installations import Installation

AT_ONCE = 1000
PATIENCE = timedelta(hours=1)  # an entry without a seal is older than the clock lets it grow


class Kind(StrEnum):
    """What can be wrong with the chain."""

    CHANGED = "changed"
    MISSING = "missing"
    SEALS_MISSING = "seals_missing"
    CUT = "cut"
    UNSEALED = "unsealed"


@dataclass(frozen=True)
class Break:
    """One place where history is not what was sealed.

    `entry`: the entry's id. `at`, `what`: of the entry itself, as it stands there now. `count`: how many
    seals or entries; `place`: after which seal.
    """

    kind: Kind
    entry: int = 0
    at: datetime | None = None
    what: str = ""
    count: int = 1
    place: int = 0


@dataclass
class Walk:
    """How far the chain was followed: seals that were looked at, the newest of them and its place."""

    seals: int = 0
    newest: str = BEGIN
    place: int = 0


def breaks(ground: Ground, walk: Walk) -> Iterator[Break]:
    """Every break, the oldest first; `walk` tells afterwards how long the chain is. Only reads.

    A history whose end was cut off together with its seals is told by the seal that the data folder keeps.
    """
    with ground.database.reads() as session:
        yield from along(session, walk)
        kept = mark(ground.settings.data_dir)
        key = session.scalar(select(Installation.key)) or ""
        if kept is not None and not follows(session, kept, key):
            yield Break(Kind.CUT, place=kept.place)
        yield from _unsealed(session)


def along(session: Session, walk: Walk, after: int = 0, most: int | None = None) -> Iterator[Break]:
    """The breaks among the seals after a place, whose seal `walk` holds; at most so many are looked at."""
    place = walk.place = after
    question = _chain().where(Seal.place > after).limit(most)
    for row in session.execute(question, execution_options={"yield_per": AT_ONCE}):
        if row.place != place + 1:
            yield Break(Kind.SEALS_MISSING, count=row.place - place - 1, place=place)
        elif row.id is None:
            yield Break(Kind.MISSING, row.history_id, place=row.place)
        elif seal(walk.newest, row._mapping) != row.hash:
            yield Break(Kind.CHANGED, row.id, row.at, f"{row.thing} {row.thing_id}, {row.verb}")
        place = walk.place = row.place
        walk.newest = row.hash
        walk.seals += 1


def _chain() -> Select[*tuple[Any, ...]]:
    columns = [table_of(Event).c[name] for name in SEALED]
    joined = Seal.history_id == Event.id
    return (
        select(Seal.place, Seal.history_id, Seal.hash, *columns).outerjoin(Event, joined).order_by(Seal.place)
    )


def _unsealed(session: Session) -> Iterator[Break]:
    sealed = select(Seal.place).where(Seal.history_id == Event.id).exists()
    old = select(func.count(), func.min(Event.id)).where(
        ~sealed, Event.at < clock.now() - PATIENCE, ~entry_of_example()
    )
    count, first = session.execute(old).one()
    if count:
        yield Break(Kind.UNSEALED, first, count=count)
