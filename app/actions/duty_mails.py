"""Mails about duties: to whom something was handed over, to whom stands in for somebody."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.mails import MailKind
from app.models.installations import Installation
from app.models.notices import Mail
from app.models.people import Person
from app.words.mails import Written


def lay_out(session: Session, to_id: int, write: Callable[[Person], Written], now: datetime) -> None:
    """A mail to an active person. `write`: its words, in the language and with the name of who reads it."""
    person = session.get_one(Person, to_id)
    if not person.active:
        return
    words = write(person)
    session.add(
        Mail(
            person_id=person.id, made_by=session.scalar(select(Installation.key)) or "",
            kind=MailKind.DUTIES, locale=person.locale, subject=words.subject, text=words.text,
            html=words.html, created_at=now, next_at=now,
        )
    )  # fmt: skip
