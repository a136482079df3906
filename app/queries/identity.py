"""Who is asking: the few questions that are put before anybody's scope is known."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.models.people import ApiToken, OneTimeLink, Person, SignIn
from app.models.units import Unit


@dataclass(frozen=True)
class Known:
    """A person behind a sign-in or a token. `key_id`: the id of that row; `seen_at`: its last use, UTC."""

    key_id: int
    person_id: int
    name: str
    email: str
    locale: str
    csrf: str = ""
    seen_at: datetime | None = None
    scope: str = "write"


@dataclass(frozen=True)
class Link:
    """A one-time link that still works. Without a person it is the first of all."""

    id: int
    person_id: int | None
    name: str
    email: str
    locale: str
    has_password: bool


def by_sign_in(session: Session, token_hash: str, idle_since: datetime) -> Known | None:
    """The person whose browser holds this token, unless it was idle since before that instant."""
    row = session.execute(_by_sign_in(), {"token_hash": token_hash, "idle_since": idle_since}).first()
    return Known(*row) if row else None


@cache  # asked before every page: to build a question takes longer than to answer it
def _by_sign_in() -> Select[*tuple[Any, ...]]:
    return (
        select(SignIn.id, Person.id, Person.name, Person.email, Person.locale, SignIn.csrf, SignIn.seen_at)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == bindparam("token_hash"),
            SignIn.seen_at >= bindparam("idle_since"),
            Person.active,
        )
    )


def by_token(session: Session, token_hash: str) -> Known | None:
    """The person whose program holds this API token, unless it was revoked."""
    row = session.execute(
        select(
            ApiToken.id, Person.id, Person.name, Person.email, Person.locale, ApiToken.scope, ApiToken.used_at
        )
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None), Person.active)
    ).first()
    if row is None:
        return None
    key_id, person_id, name, email, locale, scope, used_at = row
    return Known(key_id, person_id, name, email, locale, seen_at=used_at, scope=scope)


def by_link(session: Session, token_hash: str, now: datetime) -> Link | None:
    """The link with this token, while it is neither spent nor too old."""
    row = session.execute(
        select(OneTimeLink.id, Person.id, Person.name, Person.email, Person.locale, Person.password_hash)
        .outerjoin(Person, Person.id == OneTimeLink.person_id)
        .where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.spent_at.is_(None),
            OneTimeLink.expires_at > now,
            OneTimeLink.person_id.is_(None) | Person.active,
        )
    ).first()
    if row is None:
        return None
    link_id, person_id, name, email, locale, password_hash = row
    return Link(link_id, person_id, name or "", email or "", locale or "", password_hash is not None)


def credentials(session: Session, email: str) -> tuple[int, str | None] | None:
    """The person's id and password hash behind an e-mail address, for somebody who may come in at all."""
    row = session.execute(
        select(Person.id, Person.password_hash).where(Person.email == email.lower(), Person.active)
    ).first()
    return (row[0], row[1]) if row else None


def person_named(session: Session, email: str) -> Person | None:
    """The person with an e-mail address, active or not; for the command line."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def has_begun(session: Session) -> bool:
    """Whether a library was made already."""
    return session.scalar(select(Unit.id).limit(1)) is not None
