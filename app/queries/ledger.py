"""Questions about minutes that people wrote down: one's own, and sums over those who may be summed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.domain import timing
from app.domain.errors import NotFound
from app.domain.ledger import WEEKS_SHOWN, Eyes, Line, Promise, Week, eyes, summed, week_of, weeks
from app.domain.roles import Scope
from app.foundation.database import AnyRow, is_id
from app.models.ideas import Idea
from app.models.ledger import LedgerEntry
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import strategies


@dataclass(frozen=True)
class Load:
    """One person's week."""

    person_id: int
    name: str
    week: Week


@dataclass(frozen=True)
class Course:
    """The weeks up to that of today, the earliest first, None where nothing may be said; what was promised.

    `own`: the asker's share of each of them. `loads`: this week's, of each person whom the asker coordinates.
    """

    today: date
    weeks: Sequence[Week | None]
    own: Sequence[Week]
    loads: Sequence[Load]
    promise: Promise

    @property
    def now(self) -> Week | None:
        """This week; None where its sums may not be shown."""
        return self.weeks[-1]


def entry(session: Session, scope: Scope, person_id: int, entry_id: int) -> LedgerEntry:
    """An entry of a person's own, of a unit in scope. Raises NotFound for others', too."""
    found = session.get(LedgerEntry, entry_id) if is_id(entry_id) else None
    if found is None or found.person_id != person_id or found.unit_id not in scope.units:
        raise NotFound
    return found


def own(
    session: Session,
    scope: Scope,
    person_id: int,
    from_on: date = date.min,
    after: int | None = None,
    limit: int = 100,
) -> Sequence[AnyRow]:
    """A person's own entries since a day, the latest written first, each with the title of its thing.

    `after`: id of the last row of the page before.
    """
    rows = _own() if after is None else _own().where(LedgerEntry.id < after)
    asked = {"units": list(scope.units), "person_id": person_id, "from_on": from_on, "most": limit}
    return session.execute(rows, asked).all()


@cache
def _own() -> Select[*tuple[Any, ...]]:
    of = aliased(Post)
    return (
        select(
            *(LedgerEntry.id, LedgerEntry.unit_id, LedgerEntry.day, LedgerEntry.minutes, LedgerEntry.kind),
            *(LedgerEntry.idea_id, LedgerEntry.post_id, LedgerEntry.publication_id),
            *(LedgerEntry.note, LedgerEntry.written_at),
            Unit.name.label("unit"),
            Unit.zone,
            func.coalesce(Idea.title, Post.title, of.title).label("about"),
        )
        .join(Unit, Unit.id == LedgerEntry.unit_id)
        .outerjoin(Idea, (Idea.id == LedgerEntry.idea_id) & (Idea.unit_id == LedgerEntry.unit_id))
        .outerjoin(Post, (Post.id == LedgerEntry.post_id) & (Post.unit_id == LedgerEntry.unit_id))
        .outerjoin(Publication, Publication.id == LedgerEntry.publication_id)
        .outerjoin(of, (of.id == Publication.post_id) & (of.unit_id == LedgerEntry.unit_id))
        .where(
            LedgerEntry.person_id == bindparam("person_id"),
            LedgerEntry.unit_id.in_(bindparam("units", expanding=True)),
            LedgerEntry.day >= bindparam("from_on"),
        )
        .order_by(LedgerEntry.id.desc())
        .limit(bindparam("most"))
    )


def course(
    session: Session,
    scope: Scope,
    person_id: int,
    now: datetime,
    unit_id: int | None = None,
    many: int = WEEKS_SHOWN,
) -> Course:
    """The last weeks of a unit with all below it, of everything in scope without one. Raises NotFound, also
    for somebody without any unit.

    Only somebody who coordinates a unit may ask for it alone: else what is left of two sums would tell what
    one person did.
    """
    may = eyes(scope, person_id)
    if unit_id is not None and unit_id not in may.coordinated:
        raise NotFound
    standing = _standing(session, scope, unit_id)
    if standing is None:
        raise NotFound
    today = timing.to_local(now, standing.zone).date()
    first = week_of(today) - timedelta(weeks=many - 1)
    found = lines(session, scope, first, today, unit_id)
    mine = [line for line in found if line.person_id == person_id]
    alone = Eyes(person_id)
    return Course(
        today,
        weeks(found, may, today, many),
        [week for week in weeks(mine, alone, today, many) if week],
        _loads(session, scope, [line for line in found if line.day >= week_of(today)], may),
        _promise(session, scope, standing.id, now),
    )


def lines(
    session: Session, scope: Scope, from_on: date, to_on: date, unit_id: int | None = None
) -> list[Line]:
    """Minutes by day, person, unit and kind, of units in scope: of one with all below it, or of all."""
    asked = {"units": list(scope.units), "from_on": from_on, "to_on": to_on}
    if unit_id is not None:
        asked["unit_id"] = unit_id
    return [Line(*row) for row in session.execute(_lines(unit_id is None), asked)]


@cache
def _lines(all_of_them: bool) -> Select[*tuple[Any, ...]]:
    by = (LedgerEntry.day, LedgerEntry.person_id, LedgerEntry.unit_id, LedgerEntry.kind)
    rows = (
        select(*by, func.sum(LedgerEntry.minutes), func.count())
        .where(
            LedgerEntry.unit_id.in_(bindparam("units", expanding=True)),
            LedgerEntry.day.between(bindparam("from_on"), bindparam("to_on")),
        )
        .group_by(*by)
    )
    if all_of_them:
        return rows
    top = aliased(Unit)
    return (
        rows.join(Unit, Unit.id == LedgerEntry.unit_id)
        .join(top, Unit.path.startswith(top.path))
        .where(top.id == bindparam("unit_id"))
    )


def _loads(session: Session, scope: Scope, found: Collection[Line], may: Eyes) -> list[Load]:
    """Each person's week by name, as far as they are coordinated; without erased names. It is no ranking."""
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in found:
        if line.unit_id in may.coordinated and line.unit_id in scope.units:
            by_person[line.person_id].append(line)
    if not by_person:
        return []
    named = select(Person.id, Person.name).where(Person.id.in_(by_person), Person.erased_at.is_(None))
    loads = [
        Load(row.id, row.name, summed(week_of(by_person[row.id][0].day), by_person[row.id]))
        for row in session.execute(named)
    ]
    return sorted(loads, key=lambda load: (load.name, load.person_id))


def _standing(session: Session, scope: Scope, unit_id: int | None) -> AnyRow | None:
    """Where sums are looked at from: a unit, or the highest one in scope; its id and zone."""
    wanted = [unit_id] if unit_id is not None else list(scope.units)
    highest = select(Unit.id, Unit.zone).where(Unit.id.in_(wanted)).order_by(func.length(Unit.path), Unit.id)
    return session.execute(highest.limit(1)).first()


def _promise(session: Session, scope: Scope, unit_id: int, now: datetime) -> Promise:
    """What the strategy in force for a unit in scope asks."""
    found = strategies.in_force(session, scope, unit_id, now, lists=False)
    hours = found.hours_per_week
    return Promise(float(found.interaction_target), None if hours is None else float(hours))
