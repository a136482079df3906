"""Questions of the first screen: what is in work, what was out lately, how far a library is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT, Status
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.people import Membership
from app.models.posts import Post
from app.models.publications import Publication
from app.models.units import Unit

IN_WORK = (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED, PostStatus.APPROVED)


@dataclass(frozen=True)
class Begun:
    """Whether there is a channel in sight, a second person, and a post."""

    channels: bool
    people: bool
    posts: bool


def begun(session: Session, scope: Scope) -> Begun:
    """How far the asker's units have come, in one question."""
    seen = scope.units | scope.shared
    row = session.execute(
        select(
            select(Channel.id).where(Channel.unit_id.in_(seen)).exists(),
            select(func.count(Membership.person_id.distinct()))
            .where(Membership.unit_id.in_(scope.units))
            .scalar_subquery(),
            select(Post.id).where(Post.unit_id.in_(scope.units)).exists(),
        )
    ).one()
    return Begun(bool(row[0]), row[1] > 1, bool(row[2]))


def in_work(session: Session, scope: Scope, person_id: int, limit: int = 10) -> Sequence[AnyRow]:
    """A person's posts that somebody still has to do something about, the latest changed first."""
    timed = (
        select(Publication.id)
        .where(Publication.post_id == Post.id, Publication.status.in_(OPEN | OUT | {Status.REMOVED}))
        .exists()
    )
    return session.execute(
        select(Post.id, Post.title, Post.tone, Post.status, Post.changed_at, Unit.name.label("unit"))
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Post.author_id == person_id,
            Post.unit_id.in_(scope.units),
            Post.status.in_(IN_WORK),
            (Post.status != PostStatus.APPROVED) | ~timed,
        )
        .order_by(Post.changed_at.desc(), Post.id.desc())
        .limit(limit)
    ).all()


def lately(session: Session, scope: Scope, limit: int = 5) -> Sequence[AnyRow]:
    """What went out last, the latest first: id, title, tone, channel, network, published_at, zone."""
    return session.execute(
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
        .where(Publication.unit_id.in_(scope.units), Publication.status.in_(OUT))
        .order_by(Publication.due_at.desc(), Publication.id.desc())
        .limit(limit)
    ).all()
