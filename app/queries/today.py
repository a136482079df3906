"""Questions of the first screen: what is in work, what was out lately, how far a library is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT, Status
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Instant
from app.models.channels import Channel
from app.models.duties import HandOver, StandIn
from app.models.people import Membership
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit
from app.queries import found
from app.queries.ideas import Unanswered
from app.queries.scopes import are_few, within

WRITING = (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED)
MOST_APPROVED = 200  # so many of a person's newest approved posts are asked whether they have a time


@dataclass(frozen=True)
class Begun:
    """Whether there is a channel in sight, a second person, and a post; and what waits, as numbers.

    `covers`: the asker stands in for somebody just now; `came`: something was handed over to them. Both are
    rare, so that it is worth knowing before they are asked for. `found`: how many posts found on a page wait
    for a tone that the asker may say; `ideas`: those that wait for an answer which they may give.
    """

    channels: bool
    people: bool
    posts: bool
    covers: bool = False
    came: bool = False
    found: int = 0
    ideas: Unanswered = field(default_factory=Unanswered)


def begun(session: Session, scope: Scope, person_id: int, now: datetime) -> Begun:
    """How far the asker's units have come and what waits there, in one question."""
    asked = {"seen": list(scope.units | scope.shared), "inside": list(scope.units), "person_id": person_id}
    row = session.execute(_begun(), {**asked, "now": now, **Unanswered.asked(scope, now)}).one()
    channels, people, posts, covers, came, tones, waiting, late = row
    return Begun(channels, people > 1, posts, covers, came, tones, Unanswered(waiting, late))


@cache  # the first screen is asked for most of all: to build a question takes longer than to answer it
def _begun() -> Select[bool, int, bool, bool, bool, int, int, int]:
    # `units` are those where the asker writes, as the questions of `found` and `ideas` call them.
    inside: BindParameter[int] = bindparam("inside", expanding=True)
    me: BindParameter[int] = bindparam("person_id")
    people = select(func.count(Membership.person_id.distinct())).where(Membership.unit_id.in_(inside))
    answers = Unanswered.question().subquery()
    return select(
        select(Channel.id).where(Channel.unit_id.in_(bindparam("seen", expanding=True))).exists(),
        people.scalar_subquery(),
        select(Post.id).where(Post.unit_id.in_(inside)).exists(),
        _stands_in(),
        select(HandOver.id).where(HandOver.to_id == me, HandOver.seen_at.is_(None)).exists(),
        found.Counting.question().scalar_subquery(),
        answers.c.waiting,
        answers.c.late,
    ).select_from(answers)


def _stands_in() -> ColumnElement[bool]:
    now = bindparam("now", type_=Instant())
    mine = StandIn.deputy_id == bindparam("person_id")
    holds = StandIn.ended_at.is_(None), StandIn.from_at <= now, StandIn.until_at > now
    return select(StandIn.id).where(mine, *holds).exists()


def in_work(
    session: Session, scope: Scope, person_id: int, limit: int = 10, also: Collection[int] = ()
) -> Sequence[AnyRow]:
    """A person's posts that somebody still has to do something about, the latest changed first.

    `also`: those of people for whom they stand in just now; `author_id` tells whose each is.
    """
    asked = {"people": [person_id, *also], "units": list(scope.units), "most": limit}
    return session.execute(_in_work(), asked).all()


@cache
def _in_work() -> Select[*tuple[Any, ...]]:
    most: BindParameter[int] = bindparam("most")
    theirs = select(Post.id).where(
        Post.author_id.in_(bindparam("people", expanding=True)),
        Post.unit_id.in_(bindparam("units", expanding=True)),
    )
    writing = _latest(theirs.where(Post.status.in_(WRITING)), most)
    approved = _latest(theirs.where(Post.status == PostStatus.APPROVED), literal(MOST_APPROVED))
    waiting = select(approved.c.id).where(~_has_time(approved.c.id))
    return (
        select(
            Post.id,
            Post.title,
            Post.tone,
            Post.status,
            Post.changed_at,
            Post.author_id,
            Unit.name.label("unit"),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.id.in_(union_all(select(writing.c.id), waiting)))
        .order_by(Post.changed_at.desc(), Post.id.desc())
        .limit(most)
    )


def _latest(posts: Select[int], limit: ColumnElement[int]) -> Subquery:
    return posts.order_by(Post.changed_at.desc(), Post.id.desc()).limit(limit).subquery()


def _has_time(post_id: ColumnElement[int]) -> ColumnElement[bool]:
    statuses = OPEN | OUT | {Status.REMOVED}
    return (
        select(Publication.id)
        .where(Publication.post_id == post_id, Publication.status.in_(statuses))
        .exists()
    )


def lately(session: Session, scope: Scope, limit: int = 5) -> Sequence[AnyRow]:
    """What went out last, the latest first: id, title, tone, channel, network, published_at, zone."""
    asked = {"units": list(scope.units), "most": limit}
    return session.execute(_lately(are_few(scope.units)), asked).all()


@cache
def _lately(few: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id,
            Publication.status,
            Publication.published_at,
            Publication.zone,
            Post.title,
            Post.tone,
            Channel.name.label("channel"),
            Channel.network,
            Channel.realm,
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(
            within(Publication.unit_id, few),
            Publication.status.in_(OUT),
            Publication.published_at.is_not(None),
        )
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(bindparam("most"))
    )
