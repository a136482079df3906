"""Mails with a one-time link: to somebody new, and to somebody who forgot the password.

The link is made when the mail is sent (`Mail.link_hours`), so that it stands nowhere but in the mail.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.actions import history, links
from app.actions.inputs import Email, Input
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.models.installations import Installation
from app.models.notices import Mail
from app.models.people import OneTimeLink, Person
from app.models.units import Unit
from app.words import mails

INVITATION, FORGOTTEN = links.FOR_PEOPLE, timedelta(hours=1)
# So often one may ask: more would only fill somebody's mailbox.
APART = timedelta(minutes=5)
PATH = f"/link/{Mail.TOKEN_PLACE}"


class Forgotten(Input):
    """Whose password is forgotten."""

    email: Email


def invite(session: Session, actor: Actor, person: Person, unit_id: int, address: str) -> None:
    """A mail to somebody who was just added in a unit. `address`: of our pages."""
    unit = session.get_one(Unit, unit_id)
    words = mails.invitation(person.name, actor.name, unit.name, PATH, person.locale, address)
    _add(session, person, words, INVITATION, clock.now())


def ask(session: Session, email: str, address: str, now: datetime) -> None:
    """A mail to the person with this e-mail address, if there is one who may come in; else nothing."""
    person = session.scalar(select(Person).where(Person.email == email.lower(), Person.active))
    if person is None or _asked_before(session, person.id, now):
        return
    _add(session, person, mails.new_password(person.name, PATH, person.locale, address), FORGOTTEN, now)
    actor = Actor(person.id, Scope(), person.name, person.locale)
    history.record(session, actor, "person", person.id, "password_forgotten", now=now)


def mailed(session: Session, person_id: int, since: datetime) -> bool:
    """Whether a mail with a link was written to somebody after this instant (UTC)."""
    found = select(Mail.id).where(
        Mail.person_id == person_id, Mail.link_hours.is_not(None), Mail.created_at > since
    )
    return session.scalar(found.limit(1)) is not None


def withdraw(session: Session, person_id: int, now: datetime) -> None:
    """Don't send what waits: the person got a link by another way, which it would make void."""
    waiting = update(Mail).where(
        Mail.person_id == person_id, Mail.link_hours.is_not(None), Mail.next_at.is_not(None)
    )
    session.execute(waiting.values(next_at=None, given_up_at=now, reason="mail_nobody"))


def _asked_before(session: Session, person_id: int, now: datetime) -> bool:
    """Whether a mail of just now still has its link to give: who used it up, or got another
    link since, may ask for the next at once."""
    used = session.scalar(select(func.max(OneTimeLink.spent_at)).where(OneTimeLink.person_id == person_id))
    return mailed(session, person_id, max(now - APART, used or now - APART))


def _add(session: Session, person: Person, words: mails.Written, good_for: timedelta, now: datetime) -> None:
    session.add(
        Mail(
            person_id=person.id,
            made_by=session.scalar(select(Installation.key)) or "",
            link_hours=int(good_for / timedelta(hours=1)),
            locale=person.locale,
            subject=words.subject,
            text=words.text,
            html=words.html,
            created_at=now,
            next_at=now,
        )
    )
