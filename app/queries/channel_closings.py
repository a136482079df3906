"""Questions about closing a channel: how far it is, what is still queued there, what was posted on it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.channel_register import Step
from app.domain.publications import OPEN, OUT
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.channel_register import ChannelClosing, ClosingStep
from app.models.found import FoundPost
from app.models.people import Person
from app.models.posts import Post, Revision, RevisionVariant
from app.models.publications import Publication
from app.models.units import Unit
from app.queries.channels import channel

MOST_QUEUED = 200


def closing(session: Session, scope: Scope, channel_id: int) -> AnyRow | None:
    """Why and since when a channel is being closed, or was closed; None: never. Raises NotFound."""
    channel(session, scope, channel_id)
    return session.execute(
        select(
            ChannelClosing.why, ChannelClosing.elsewhere, ChannelClosing.begun_at, ChannelClosing.ended_at,
            ChannelClosing.begun_by_id, func.coalesce(Person.name, "").label("begun_by"),
        )
        .outerjoin(Person, Person.id == ChannelClosing.begun_by_id)
        .where(ChannelClosing.channel_id == channel_id)
    ).one_or_none()  # fmt: skip


def steps(session: Session, scope: Scope, channel_id: int) -> dict[Step, AnyRow]:
    """The steps that are done: done_at (UTC), done_by_id, done_by. Raises NotFound."""
    channel(session, scope, channel_id)
    rows = session.execute(
        select(ClosingStep.step, ClosingStep.done_at, ClosingStep.done_by_id)
        .add_columns(func.coalesce(Person.name, "").label("done_by"))
        .outerjoin(Person, Person.id == ClosingStep.done_by_id)
        .where(ClosingStep.channel_id == channel_id)
    ).all()
    return {row.step: row for row in rows}


def queued(session: Session, scope: Scope, channel_id: int) -> Sequence[AnyRow]:
    """What is not settled on a channel of a unit in scope, the next first; at most `MOST_QUEUED`.

    Posts of every unit that uses it: all of them lie below its own.
    """
    channel(session, scope, channel_id)
    return session.execute(
        select(Publication.id, Publication.status, Publication.due_at, Publication.zone, Publication.unit_id)
        .add_columns(Post.title, Unit.name.label("unit"))
        .join(Post, Post.id == Publication.post_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .where(Publication.channel_id == channel_id, Publication.status.in_(sorted(OPEN)))
        .order_by(Publication.due_at, Publication.id)
        .limit(MOST_QUEUED)
    ).all()


def posted(
    session: Session, scope: Scope, channel_id: int, after: int = 0, limit: int = 500
) -> Sequence[AnyRow]:
    """What we posted on a channel of a unit in scope, by number, those after one: with text and address."""
    channel(session, scope, channel_id)
    variant = RevisionVariant
    return session.execute(
        select(
            Publication.id, Publication.published_at, Publication.zone, Publication.status,
            Publication.permalink, Unit.name.label("unit"), Post.title, Post.tone, Revision.link,
            func.coalesce(variant.text, Revision.text).label("text"),
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Unit, Unit.id == Publication.unit_id)
        .outerjoin(Revision, Revision.id == Publication.revision_id)
        .outerjoin(variant, (variant.revision_id == Revision.id) & (variant.channel_id == channel_id))
        .where(Publication.channel_id == channel_id, Publication.status.in_(sorted(OUT)))
        .where(Publication.id > after)
        .order_by(Publication.id)
        .limit(limit)
    ).all()  # fmt: skip


def posted_there(
    session: Session, scope: Scope, channel_id: int, after: int = 0, limit: int = 500
) -> Sequence[AnyRow]:
    """What was posted in the network's own tools and found: the beginning of its text, and its address."""
    channel(session, scope, channel_id)
    return session.execute(
        select(FoundPost.id, FoundPost.made_at, FoundPost.text, FoundPost.tone, FoundPost.permalink)
        .where(FoundPost.channel_id == channel_id, FoundPost.gone_at.is_(None), FoundPost.id > after)
        .order_by(FoundPost.id)
        .limit(limit)
    ).all()
