"""What posts name of a strategy: how many name a goal or a pillar, and what a writer may choose from."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.networks import Realm
from app.domain.publications import OUT
from app.domain.roles import Scope
from app.domain.strategies import Kind
from app.foundation.database import AnyRow, Aside
from app.models.channels import Channel
from app.models.posts import Post
from app.models.publications import Publication
from app.models.strategies import StrategyPoint
from app.models.units import Unit
from app.queries import results

LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Uses:
    """Of `posts` that went out: how many name each point (by its id), and how many none of that kind."""

    posts: int = 0
    without_goal: int = 0
    without_pillar: int = 0
    naming: Mapping[int, int] = field(default_factory=dict)

    @property
    def share_without_goal(self) -> float | None:
        """0 to 1; None without posts."""
        return self.without_goal / self.posts if self.posts else None


@dataclass(frozen=True)
class Outings:
    """What units have had out on a realm's channels since then (UTC)."""

    units: frozenset[int]
    realm: Realm
    since: datetime

    @property
    def asked(self) -> dict[str, Any]:
        """The values that the questions below leave open."""
        return {"out_units": sorted(self.units), "out_realm": self.realm, "out_since": self.since}

    @property
    def post_ids(self) -> Select[int]:
        """A question for the ids of their posts, to be asked with these values."""
        return _post_ids()


def lately(session: Session, scope: Scope, unit_id: int, now: datetime) -> Outings:
    """Of the last 90 days, of a unit and those below it that are in scope; nothing where it is not itself."""
    return Outings(_below(session, scope, unit_id), results.realm(session, scope), now - LATELY)


def uses(session: Session, scope: Scope, unit_id: int, now: datetime) -> Uses:
    """What the posts name that went out lately there."""
    out = lately(session, scope, unit_id, now)
    if not out.units:
        return Uses()
    naming: Counter[int] = Counter()
    posts = without_goal = without_pillar = 0
    for goal_id, pillar_id, count in session.execute(_named(), out.asked):
        posts += count
        without_goal += 0 if goal_id else count
        without_pillar += 0 if pillar_id else count
        naming.update({one: count for one in (goal_id, pillar_id) if one})
    return Uses(posts, without_goal, without_pillar, naming)


def _below(session: Session, scope: Scope, unit_id: int) -> frozenset[int]:
    if unit_id not in scope.units:
        return frozenset()
    path = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return scope.units.intersection(session.scalars(select(Unit.id).where(Unit.path.startswith(path))))


@cache  # to build a question takes longer than to answer it
def _named() -> Select[*tuple[Any, ...]]:
    return (
        select(Post.goal_id, Post.pillar_id, func.count(Post.id.distinct()))
        .select_from(Publication)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(*_went_out())
        .group_by(Post.goal_id, Post.pillar_id)
    )


@cache
def _post_ids() -> Select[int]:
    joined = select(Publication.post_id).join(Channel, Channel.id == Publication.channel_id)
    return joined.where(*_went_out())


def _went_out() -> tuple[ColumnElement[bool], ...]:
    return (
        Publication.published_at >= bindparam("out_since", type_=Publication.published_at.type),
        Aside(Publication.unit_id).in_(bindparam("out_units", expanding=True)),
        Publication.status.in_(OUT),
        Channel.realm == bindparam("out_realm", type_=Channel.realm.type),
    )


def named(session: Session, scope: Scope, *point_ids: int | None) -> Mapping[int, AnyRow]:
    """Points by id, with kind and name, for posts in scope that name them: also retired ones."""
    ids = [one for one in point_ids if one]
    if not ids:
        return {}
    seen = scope.units | scope.shared
    rows = session.execute(
        select(StrategyPoint.id, StrategyPoint.kind, StrategyPoint.name).where(
            StrategyPoint.id.in_(ids), StrategyPoint.unit_id.in_(seen)
        )
    )
    return {row.id: row for row in rows}


def retired(session: Session, scope: Scope, unit_id: int, kind: Kind, here: Collection[int]) -> list[AnyRow]:
    """Rows that a unit's list once had and that are not among those `here`: id and name, by name."""
    rows = session.execute(
        select(StrategyPoint.id, StrategyPoint.name)
        .where(
            StrategyPoint.unit_id == unit_id,
            StrategyPoint.unit_id.in_(scope.units),
            StrategyPoint.kind == kind,
            StrategyPoint.id.not_in(here),
        )
        .order_by(StrategyPoint.name, StrategyPoint.id)
    )
    return list(rows)
