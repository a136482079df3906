"""What posts name of a strategy: how many name a goal or a pillar, and what a writer may choose from."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
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


def uses(session: Session, scope: Scope, unit_id: int, realm: Realm, since: datetime) -> Uses:
    """What the posts name that a unit and those below it, as far as they are in scope, have had out since."""
    units = _below(session, scope, unit_id)
    if not units:
        return Uses()
    asked = {"units": sorted(units), "realm": realm, "since": since}
    naming: Counter[int] = Counter()
    posts = without_goal = without_pillar = 0
    for goal_id, pillar_id, count in session.execute(_named(), asked):
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
        .where(
            Publication.published_at >= bindparam("since", type_=Publication.published_at.type),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
            Publication.status.in_(OUT),
            Channel.realm == bindparam("realm", type_=Channel.realm.type),
        )
        .group_by(Post.goal_id, Post.pillar_id)
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
