"""What people change about themselves: name, language, password, the browsers they are signed in with."""

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import history, links, sign_ins
from app.actions.inputs import PASSWORD_MOST, Input, LocaleCode, Name, Password
from app.domain.errors import NotFound
from app.domain.roles import Actor
from app.foundation import clock
from app.models.people import Person, SignIn


class AccountEdit(Input):
    """How a person is called, and the language that pages speak to them."""

    name: Name
    locale: LocaleCode


class PasswordEdit(Input):
    """The password until now, and the new one."""

    current: str = Field(min_length=1, max_length=PASSWORD_MOST, repr=False)
    password: Password = Field(repr=False)


class LinkAnswer(Input):
    """What the page of a one-time link sends: the password that its reader chose, or none."""

    password: Password | None = Field(default=None, repr=False)


class Credentials(Input):
    """What the sign-in page sends. A wrong form of e-mail is as good as a wrong e-mail."""

    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=PASSWORD_MOST, repr=False)


def edit(session: Session, actor: Actor, data: AccountEdit) -> Person:
    """The person with a new name or language."""
    person = _self(session, actor)
    if (person.name, person.locale) != (data.name, data.locale):
        person.name, person.locale = data.name, data.locale
        history.record(session, actor, "person", person.id, "changed", now=clock.now(), locale=data.locale)
    return person


def set_password(
    session: Session, actor: Actor, password_hash: str, but: int | None = None, *, after: str | None = None
) -> None:
    """Store a new password; links are void, the person signed out everywhere `but` here (a sign-in's id).

    `password_hash` was made, and the old one (`after`) checked, outside of this transaction. Raises
    NotFound when the password was changed in between.
    """
    person = _self(session, actor)
    if after is not None and person.password_hash != after:
        raise NotFound
    person.password_hash = password_hash
    now = clock.now()
    history.record(session, actor, "person", person.id, "password_changed", now=now)
    sign_ins.end_all(session, actor, person.id, now, but)
    links.withdraw(session, person.id, now)  # a link that somebody found is a way in as well


def end_device(session: Session, actor: Actor, sign_in_id: int) -> None:
    """Sign one of the actor's own browsers out. Raises NotFound."""
    owner = session.scalar(select(SignIn.person_id).where(SignIn.id == sign_in_id))
    if owner is None or owner != actor.person_id:
        raise NotFound
    sign_ins.end(session, sign_in_id)
    history.record(session, actor, "person", owner, "signed_out", now=clock.now())


def _self(session: Session, actor: Actor) -> Person:
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotFound
    return person
