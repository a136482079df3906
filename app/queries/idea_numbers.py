"""Who takes part with ideas, month by month and unit by unit: counts of units that the asker may open."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.errors import NotFound
from app.domain.idea_numbers import Counted, Month, after, begins
from app.domain.publications import OUT
from app.domain.roles import Role, Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.ideas import Idea, IdeaPost
from app.models.people import Membership
from app.models.publications import Publication
from app.models.units import Unit
from app.queries.results import realm


@dataclass(frozen=True)
class Numbers:
    """What was counted of a unit with all below it: month by month; and in the last of them unit by unit."""

    months: Sequence[Month]
    units: Sequence[tuple[int, Counted]]


def numbers(session: Session, scope: Scope, unit_id: int, months: Sequence[date]) -> Numbers:
    """Counts of a unit in scope and those below it, over months that follow each other (their first days).

    Raises NotFound.
    """
    unit = session.get(Unit, unit_id) if unit_id in scope.units else None
    if unit is None:
        raise NotFound
    below = set(session.scalars(select(Unit.id).where(Unit.path.startswith(unit.path)))) & scope.units
    starts = begins([*months, after(months[-1])], unit.zone)
    by_month = _people(session, _place(Idea.sent_at, starts), below, starts)
    by_unit = _people(session, Idea.unit_id, below, starts[-2:])
    out = _posts(session, scope, below, starts)
    made, begun = _counters((row.month, row) for row in out)
    last, last_begun = _counters((row.unit_id, row) for row in out if row.month == len(months) - 1)
    return Numbers(
        [
            Month(month, _one(by_month.get(place), made[place], begun[place]))
            for place, month in enumerate(months)
        ],
        [(one, _one(by_unit.get(one), last[one], last_begun[one])) for one in sorted(below)],
    )


def _counters(rows: Iterable[tuple[int, AnyRow]]) -> tuple[Counter[int], Counter[int]]:
    """By key how many posts, and how many of them began outside."""
    made, begun = Counter[int](), Counter[int]()
    for key, row in rows:
        made[key] += row.posts
        begun[key] += row.outside
    return made, begun


def _people(
    session: Session,
    by: ColumnElement[int] | InstrumentedAttribute[int],
    units: Collection[int],
    starts: Sequence[datetime],
) -> dict[int, AnyRow]:
    return {row.group_of: row for row in session.execute(_ideas(by, units, starts))}


def _one(row: AnyRow | None, posts: int, outside: int) -> Counted:
    people, ideas, through_doors = row[1:] if row else (0, 0, 0)
    return Counted(people, ideas, through_doors, posts, outside)


def _ideas(
    by: ColumnElement[int] | InstrumentedAttribute[int], units: Collection[int], starts: Sequence[datetime]
) -> Select[int, int, int, int]:
    """For each value of `by`: people, ideas of colleagues, ideas over open links."""
    return (
        select(
            by.label("group_of"), func.count(Idea.sender_id.distinct()), func.count(Idea.sender_id),
            func.count().filter(Idea.sender_id.is_(None)),
        )
        .where(Idea.unit_id.in_(units), Idea.sent_at >= starts[0], Idea.sent_at < starts[-1])
        .group_by("group_of")
    )  # fmt: skip


def _place(column: Any, starts: Sequence[datetime]) -> ColumnElement[int]:
    """Which of the times between the starts an instant lies in, from 0."""
    return case(*((column < start, place) for place, start in enumerate(starts[1:])), else_=-1)


def _posts(
    session: Session, scope: Scope, units: Collection[int], starts: Sequence[datetime]
) -> Sequence[AnyRow]:
    """For each month (its place from 0) and unit: posts that first went out then, and how many of them came
    from an idea whose sender is no editor there.
    """
    at = func.min(Publication.published_at, type_=Publication.published_at.type).label("at")
    out = (
        select(Publication.post_id, Publication.unit_id, at)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(
            Publication.unit_id.in_(units),
            Publication.status.in_(OUT),
            Publication.published_at >= starts[0],
            Publication.published_at < starts[-1],
            Channel.realm == realm(session, scope),
        )
        .group_by(Publication.post_id, Publication.unit_id)
        .subquery()
    )
    outside = func.count().filter(_began_outside(out.c.post_id, units)).label("outside")
    counted = select(
        _place(out.c.at, starts).label("month"), out.c.unit_id, func.count().label("posts"), outside
    )
    return session.execute(counted.group_by("month", out.c.unit_id)).all()


def _began_outside(post_id: ColumnElement[int], units: Collection[int]) -> ColumnElement[bool]:
    editor = (
        select(Membership.id)
        .join(_TOP, _TOP.c.id == Membership.unit_id)
        .where(
            Membership.person_id == Idea.sender_id,
            Membership.role == Role.EDITOR,
            Unit.path.startswith(_TOP.c.path),
        )
        .correlate(Idea, Unit)
        .exists()
    )
    return (
        select(IdeaPost.post_id)
        .join(Idea, Idea.id == IdeaPost.idea_id)
        .join(Unit, Unit.id == Idea.unit_id)
        .where(IdeaPost.post_id == post_id, Idea.unit_id.in_(units), ~editor)
        .exists()
    )


_TOP = select(Unit.id, Unit.path).subquery("top")
