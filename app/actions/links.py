"""One-time links: they sign somebody in once. Only their hash is stored; spending one is a single UPDATE."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.foundation.crypto import new_token, token_hash
from app.models.people import OneTimeLink, Person

FOR_PEOPLE = timedelta(days=7)
FOR_THE_FIRST = timedelta(hours=24)
GONE = "link_gone"


def make(
    session: Session, actor: Actor, person: Person, now: datetime, good_for: timedelta = FOR_PEOPLE
) -> str:
    """The token of a new link for a person. One for seven days makes the links they had void.

    A shorter one leaves them: anybody who knows an e-mail address can ask for it (a forgotten password).
    """
    if good_for >= FOR_PEOPLE:
        withdraw(session, person.id, now)
    token = _add(session, actor, person.id, now + good_for)
    history.record(session, actor, "person", person.id, "link_made", now=now)
    return token


def make_first(session: Session, actor: Actor, now: datetime) -> str:
    """The token of a link that makes the library and its administrator, good for 24 hours."""
    return _add(session, actor, None, now + FOR_THE_FIRST)


def _add(session: Session, actor: Actor, person_id: int | None, expires_at: datetime) -> str:
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=token_hash(token),
            person_id=person_id,
            made_by_id=actor.person_id,
            expires_at=expires_at,
        )
    )
    session.flush()
    return token


def spend(session: Session, token: str, now: datetime) -> int:
    """The id of the person whom the link signs in; it never works again. Raises NotFound("link_gone")."""
    spent = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == token_hash(token), OneTimeLink.person_id.is_not(None), *_works(now))
        .values(spent_at=now)
        .returning(OneTimeLink.person_id)
    ).scalar_one_or_none()
    person = session.get(Person, spent) if spent is not None else None
    if person is None or not person.active:
        raise NotFound(GONE)
    return person.id


def spend_first(session: Session, token: str, now: datetime) -> None:
    """Spend a first link and all others of its kind with it, so that two of them can't make two libraries.

    Raises NotFound("link_gone").
    """
    spent = session.scalars(
        update(OneTimeLink)
        .where(OneTimeLink.person_id.is_(None), *_works(now))
        .values(spent_at=now)
        .returning(OneTimeLink.token_hash)
    ).all()
    if token_hash(token) not in spent:
        raise NotFound(GONE)


def withdraw(session: Session, person_id: int, now: datetime) -> None:
    """Make the open links of a person void."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.spent_at.is_(None))
        .values(spent_at=now)
    )


def _works(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OneTimeLink.spent_at.is_(None), OneTimeLink.expires_at > now
