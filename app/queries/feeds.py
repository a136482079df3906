"""Calendar feeds: whether one has one, never its address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import Scope
from app.models.feeds import Feed
from app.models.installations import Installation


@dataclass(frozen=True)
class FeedRow:
    """Instants are UTC; `used_at` None: never fetched."""

    id: int
    created_at: datetime
    used_at: datetime | None


def own(session: Session, scope: Scope, person_id: int) -> FeedRow | None:  # noqa: ARG001 - one's own is asked for by id
    """The feed of a person, None without one. Ask it for the asker themselves alone."""
    row = session.execute(
        select(Feed.id, Feed.created_at, Feed.used_at).where(Feed.person_id == person_id)
    ).one_or_none()
    return FeedRow(*row) if row else None


def installation(session: Session, scope: Scope) -> str:  # noqa: ARG001 - no unit's, the whole database's
    """What tells this database's entries from those of others, in a calendar that shows both."""
    return session.scalar(select(Installation.key)) or "kuliss"
