"""Calendar feeds: made, renewed, ended by the person whose they are; opened by whoever has the address."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.actions import history, tries
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import new_token, token_hash
from app.models.feeds import Feed
from app.models.people import Person

MOST_FETCHES = 60  # within a window; calendar programs ask once in some minutes to once a day
TOKEN_MOST = 100  # letters of an address that can be one of ours


def renew(session: Session, actor: Actor) -> tuple[Feed, str]:
    """The actor's feed under a new address, and the secret in it, which nobody sees again.

    The address before stops working at once.
    """
    assert actor.person_id is not None
    now, token = clock.now(), new_token()
    renewed = _forget(session, actor.person_id)
    row = Feed(person_id=actor.person_id, token_hash=token_hash(token), created_at=now)
    session.add(row)
    session.flush()
    history.record(session, actor, "feed", row.id, "renewed" if renewed else "made", now=now)
    return row, token


def end(session: Session, actor: Actor) -> None:
    """The actor's feed stops working at once. Raises NotFound when there is none."""
    row = session.scalars(select(Feed).where(Feed.person_id == actor.person_id)).one_or_none()
    if row is None or actor.person_id is None:
        raise NotFound
    _forget(session, actor.person_id)
    history.record(session, actor, "feed", row.id, "revoked", now=clock.now())


def _forget(session: Session, person_id: int) -> bool:
    gone = session.execute(delete(Feed).where(Feed.person_id == person_id).returning(Feed.id))
    return gone.first() is not None


def opened(session: Session, token: str, now: datetime) -> Person:
    """The person whose feed has this secret in its address; the fetch is counted.

    Raises NotFound for an address that is wrong, was renewed or ended, or is of somebody who left, and
    Conflict("feed_too_often", minutes=...) after sixty fetches within a quarter of an hour.
    """
    if not (token.isascii() and len(token) <= TOKEN_MOST):
        raise NotFound
    found = session.execute(
        select(Feed.id, Feed.used_at, Person)
        .join(Person, Person.id == Feed.person_id)
        .where(Feed.token_hash == token_hash(token), Person.active)
    ).one_or_none()
    if found is None:
        raise NotFound
    tries.count(session, {f"feed:{found.id}": MOST_FETCHES}, "feed_too_often", now)
    if found.used_at is None or now - found.used_at >= timedelta(minutes=1):
        session.execute(update(Feed).where(Feed.id == found.id).values(used_at=now))
    person: Person = found.Person
    return person
