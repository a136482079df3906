"""What ends by itself when an account is closed: the calendar feed, and standing in for each other."""

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.roles import Actor
from app.models.duties import StandIn
from app.models.feeds import Feed


def end_with(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """The person's feed stops working; nobody stands in for them any more, and they for nobody."""
    feed_id = session.scalar(delete(Feed).where(Feed.person_id == person_id).returning(Feed.id))
    if feed_id is not None:
        history.record(session, actor, "feed", feed_id, "revoked", now=now, owner_id=person_id)
    mine = or_(StandIn.person_id == person_id, StandIn.deputy_id == person_id)
    ended = session.execute(
        update(StandIn)
        .where(mine, StandIn.ended_at.is_(None), StandIn.until_at > now)
        .values(ended_at=now)
        .returning(StandIn.person_id, StandIn.deputy_id)
    ).all()
    for row in ended:
        note_end(session, actor, row.person_id, row.deputy_id, now)


def note_end(session: Session, actor: Actor, person_id: int, deputy_id: int, now: datetime) -> None:
    """Write down that somebody does not stand in for a person any more."""
    history.record(session, actor, "person", person_id, "stand_in_ended", now=now, deputy_id=deputy_id)
