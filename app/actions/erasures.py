"""Erasing a name (General Data Protection Regulation, article 17): only a number is left of a person.

History keeps the number of who did what and is never changed; what names them is taken away everywhere else.
What people wrote themselves, texts of posts and comments, stays as it is: it is the library's. Answers that
are kept for programs are sealed, and gone within two days (`models.repeats`).
"""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from markupsafe import escape as marked
from sqlalchemy import Text, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from app.actions import history, people
from app.domain.errors import Conflict
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.former import FORMER
from app.models.channel_tokens import ChannelToken
from app.models.connections import Connection
from app.models.feeds import Feed
from app.models.identities import Identity, ProviderRun
from app.models.kept_forms import KeptForm
from app.models.ledger import LedgerEntry
from app.models.mails import MailChoice, Telling
from app.models.notices import Mail, Notice
from app.models.people import ApiToken, OneTimeLink, Person, SignIn
from app.models.second_factors import HalfSignIn, RecoveryCode, SecondFactor
from app.models.unsaved import UnsavedForm

NOWHERE = "erased.invalid"  # a name that no mail ever reaches (RFC 2606)
_OF_ONE_PERSON = (
    Feed, HalfSignIn, Identity, KeptForm, MailChoice, OneTimeLink, ProviderRun, RecoveryCode, SecondFactor,
    Telling,
    UnsavedForm,
)  # fmt: skip


def erase(session: Session, actor: Actor, person_id: int) -> Person:
    """The person without name and e-mail, for good. Raises NotFound, Forbidden, Conflict for who is here."""
    person = people.governed(session, actor, person_id)
    if person.active:
        raise Conflict("person_still_here")
    if person.erased_at is not None:
        return person
    now, names = clock.now(), (person.name, person.email)
    person.name, person.email = FORMER, f"{person.id}@{NOWHERE}"
    person.password_hash, person.erased_at = None, now
    session.flush()
    _forget_keys(session, person.id)
    _forget_in_mails(session, person.id, names)
    _forget_in_notices(session, names)
    units = people.units_of(session, person.id)
    history.record(
        session, actor, "person", person.id, "name_erased", unit_id=units[0] if units else None, now=now
    )
    return person


def _forget_keys(session: Session, person_id: int) -> None:
    """All that only this person can use, and what their browsers and accounts elsewhere are called."""
    # One that asked to sign in at a network may still stand in a sign-in's row.
    mine = update(Connection).where(Connection.person_id == person_id)
    session.execute(mine.values(sign_in_id=None, sealed=None))
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    for model in _OF_ONE_PERSON:
        session.execute(delete(model).where(model.person_id == person_id))
    session.execute(update(ApiToken).where(ApiToken.person_id == person_id).values(name=""))
    # Minutes stay in the sums of their unit; what somebody noted about their own time is theirs.
    session.execute(update(LedgerEntry).where(LedgerEntry.person_id == person_id).values(note=""))
    of_networks = update(ChannelToken).where(ChannelToken.person_id == person_id)
    session.execute(of_networks.values(remote_person=""))


def _forget_in_mails(session: Session, person_id: int, names: Iterable[str]) -> None:
    session.execute(delete(Mail).where(Mail.person_id == person_id))
    words = {word for name in names for word in (name, escape(name), str(marked(name)))}
    parts = (Mail.subject, Mail.text, Mail.html)
    found = or_(*(part.contains(word, autoescape=True) for part in parts for word in words))
    for mail in session.scalars(select(Mail).where(found)):
        mail.subject, mail.text, mail.html = (
            _without(text, words) for text in (mail.subject, mail.text, mail.html)
        )


def _forget_in_notices(session: Session, names: Iterable[str]) -> None:
    """Warnings name people too; the next round would write them anew, but that is in a minute."""
    for row in session.scalars(select(Notice).where(_holds(Notice.facts, names))):
        row.facts = {key: FORMER if value in names else value for key, value in row.facts.items()}


def _holds(column: Any, names: Iterable[str]) -> Any:
    """Whether a text, or what is written as JSON, has one of the names in it."""
    words = {word for name in names for word in (name, json.dumps(name)[1:-1])}
    return or_(*(cast(column, Text).contains(word, autoescape=True) for word in words))


def _without(text: str, words: Iterable[str]) -> str:
    """A text without these names, not inside of other words. Only of names of one word the end must be one:
    a longer one may be inflected, and its stem is a name still."""
    longest = sorted(words, key=len, reverse=True)
    names = "|".join(re.escape(word) + ("" if " " in word else r"(?!\w)") for word in longest)
    return re.sub(rf"(?<!\w)(?:{names})", FORMER, text)
