"""Questions about many publications at once: what a stop would hold, what it holds, what was chosen."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, NotFound
from app.domain.publications import MAY_HOLD, HoldReason, Status
from app.domain.roles import Right, Scope
from app.foundation.database import AnyRow, is_id
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.people import Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit

MOST_SHOWN = 200
ON_THEIR_WAY = frozenset({Status.PUBLISHING, Status.UNSURE})


@dataclass(frozen=True)
class Standing:
    """How many publications, posts and channels there are of something."""

    publications: int
    posts: int
    channels: int


@dataclass(frozen=True)
class Stop:
    """A stop that still stands: who, since when, why, and how many publications it holds."""

    person: str | None
    since_at: datetime
    note: str
    count: int


def reach(session: Session, scope: Scope, unit_id: int | None = None) -> frozenset[int]:
    """Ids of the units where the asker may plan: of one unit and everything below it, or of all in sight.

    Raises NotFound for a unit out of sight, Forbidden when none is left.
    """
    mine = scope.units_with(Right.SCHEDULE)
    if unit_id is not None:
        if unit_id not in scope.units:
            raise NotFound
        path = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
        below = session.scalars(select(Unit.id).where(Unit.path.startswith(path)))
        mine &= frozenset(below)
    if not mine:
        raise Forbidden("not_allowed")
    return mine


def in_order(session: Session, scope: Scope, ids: Collection[int]) -> list[int]:
    """The chosen ids in the order in which everybody locks rows: by post; unknown ones stand last."""
    wanted = [id_ for id_ in dict.fromkeys(ids) if is_id(id_)]
    rows = session.execute(
        select(Publication.id, Publication.post_id).where(
            Publication.id.in_(wanted), Publication.unit_id.in_(scope.units)
        )
    )
    places = {row.id: (row.post_id, row.id) for row in rows}
    return [*sorted(places, key=places.__getitem__), *(id_ for id_ in wanted if id_ not in places)]


def to_hold(session: Session, scope: Scope, units: Collection[int]) -> list[tuple[int, int]]:
    """(id, post id) of everything in these units that may be held."""
    rows = session.execute(
        select(Publication.id, Publication.post_id).where(_of(scope, units), Publication.status.in_(MAY_HOLD))
    )
    return [(row.id, row.post_id) for row in rows]


def on_their_way(session: Session, scope: Scope, units: Collection[int]) -> list[int]:
    """Ids of what is just being published, or in doubt, and so can't be held."""
    found = session.scalars(
        select(Publication.id)
        .where(_of(scope, units), Publication.status.in_(ON_THEIR_WAY))
        .order_by(Publication.due_at, Publication.id)
    )
    return list(found)


def standing(session: Session, scope: Scope, units: Collection[int]) -> Standing:
    """How much a stop would hold, what is held already left out."""
    row = session.execute(
        select(
            func.count(Publication.id),
            func.count(Publication.post_id.distinct()),
            func.count(Publication.channel_id.distinct()),
        ).where(_of(scope, units), Publication.status.in_(MAY_HOLD - {Status.HELD}))
    ).one()
    return Standing(*row)


def stopped_holds(
    session: Session, scope: Scope, units: Collection[int], limit: int
) -> dict[int, frozenset[int]]:
    """Publication id -> ids of the holds of a stop that stand on it, for the first ones in order of post."""
    first = (
        select(Publication.id, Publication.post_id)
        .where(_of(scope, units), Publication.id.in_(_by_a_stop()))
        .order_by(Publication.post_id, Publication.id)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(Hold.publication_id, Hold.id)
        .join(first, first.c.id == Hold.publication_id)
        .where(_is_a_stop())
        .order_by(first.c.post_id, first.c.id)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.publication_id].add(row.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def stops(session: Session, scope: Scope, units: Collection[int]) -> list[Stop]:
    """The stops that still hold something in these units, the newest first."""
    rows = session.execute(
        select(Person.name, Hold.since_at, Hold.note, func.count(Hold.publication_id.distinct()))
        .join(Publication, Publication.id == Hold.publication_id)
        .outerjoin(Person, Person.id == Hold.person_id)
        .where(_of(scope, units), _is_a_stop())
        .group_by(Person.name, Hold.since_at, Hold.note)
        .order_by(Hold.since_at.desc())
    )
    return [Stop(*row) for row in rows]


def held_by_stops(
    session: Session, scope: Scope, units: Collection[int], limit: int = MOST_SHOWN
) -> Sequence[AnyRow]:
    """What the stops hold, in order of time."""
    found = _lines().where(_of(scope, units), Publication.id.in_(_by_a_stop()))
    return session.execute(found.limit(limit)).all()


def would_hold(
    session: Session, scope: Scope, units: Collection[int], limit: int = MOST_SHOWN
) -> Sequence[AnyRow]:
    """What a stop would hold, in order of time, what is held already left out."""
    found = _lines().where(_of(scope, units), Publication.status.in_(MAY_HOLD - {Status.HELD}))
    return session.execute(found.limit(limit)).all()


def chosen(session: Session, scope: Scope, ids: Collection[int]) -> Sequence[AnyRow]:
    """The publications with these ids that are in scope, in order of time."""
    wanted = [id_ for id_ in ids if is_id(id_)]
    found = _lines().where(Publication.id.in_(wanted), Publication.unit_id.in_(scope.units))
    return session.execute(found).all()


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id, Publication.post_id, Publication.due_at, Publication.zone, Publication.status,
            Publication.lateness_minutes, Publication.unit_id, Post.title, Post.tone,
            Channel.name.label("channel"), Channel.network, Channel.realm, Unit.name.label("unit"),
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .order_by(Publication.due_at, Publication.id)
    )  # fmt: skip


def _of(scope: Scope, units: Collection[int]) -> ColumnElement[bool]:
    return Publication.unit_id.in_(frozenset(units) & scope.units)


def _is_a_stop() -> ColumnElement[bool]:
    return (Hold.reason == HoldReason.EVERYTHING) & Hold.ended_at.is_(None)


def _by_a_stop() -> Select[int]:
    return select(Hold.publication_id).where(_is_a_stop())
