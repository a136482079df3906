"""Who is asking: the few questions that are put before anybody's scope is known."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.roles import POWERFUL
from app.foundation.settings import Settings
from app.models.examples import Example
from app.models.identities import Identity
from app.models.people import BY_PROVIDER, ApiToken, Membership, OneTimeLink, Person, SignIn
from app.models.second_factors import HalfSignIn, SecondFactor
from app.models.units import Unit


@dataclass(frozen=True)
class Known:
    """A person behind a sign-in or a token. `key_id`: the id of that row; `seen_at`: its last use, UTC.

    Of a sign-in: `how` it was begun (`SignIn.how`) and `began_at`. `must_set_up`: the library wants a second
    factor of this person, there is none, and the provider was not asked instead; of a token: the person is
    not linked to the provider either.
    """

    key_id: int
    person_id: int
    name: str
    email: str
    locale: str
    csrf: str = ""
    seen_at: datetime | None = None
    how: str = ""
    began_at: datetime | None = None
    must_set_up: bool = False
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


def by_sign_in(
    session: Session, token_hash: str, idle_since: datetime, began_since: datetime
) -> Known | None:
    """The person whose browser holds this token; nobody when it was idle, or begun, since before those."""
    given = {"token_hash": token_hash, "idle_since": idle_since, "began_since": began_since}
    row = session.execute(_by_sign_in(), given).first()
    return Known(*row) if row else None


@cache  # asked before every page: to build a question takes longer than to answer it
def _by_sign_in() -> Select[*tuple[Any, ...]]:
    return (
        select(
            SignIn.id,
            Person.id,
            Person.name,
            Person.email,
            Person.locale,
            SignIn.csrf,
            SignIn.seen_at,
            SignIn.how,
            SignIn.created_at,
            and_(SignIn.how.not_in(BY_PROVIDER), _wanted(), ~_has_second_factor()),
        )
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == bindparam("token_hash"),
            SignIn.seen_at >= bindparam("idle_since"),
            SignIn.created_at >= bindparam("began_since"),
            Person.active,
        )
    )


def _has_second_factor() -> ColumnElement[bool]:
    mine = SecondFactor.person_id == Person.id
    return select(SecondFactor.person_id).where(mine, SecondFactor.confirmed_at.is_not(None)).exists()


def _wanted() -> ColumnElement[bool]:
    """Whether a library in which the person has powers wants a second factor of such people."""
    top = aliased(Unit)
    return (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(top, Unit.path.startswith(top.path))
        .where(
            Membership.person_id == Person.id,
            Membership.role.in_(sorted(POWERFUL)),
            top.parent_id.is_(None),
            top.second_factor,
        )
        .exists()
    )


def by_half(session: Session, token_hash: str, now: datetime) -> Known | None:
    """The person whose password was right and whose code is still asked for; `key_id` of the half sign-in."""
    row = session.execute(
        select(HalfSignIn.id, Person.id, Person.name, Person.email, Person.locale)
        .join(Person, Person.id == HalfSignIn.person_id)
        .where(HalfSignIn.token_hash == token_hash, HalfSignIn.expires_at > now, Person.active)
    ).first()
    return Known(*row) if row else None


def easily_guessed(session: Session, email: str) -> tuple[str, ...]:
    """What somebody who knows a person would try as their password: name, address, their units' names."""
    mine = select(Membership.unit_id).join(Person, Person.id == Membership.person_id)
    mine = mine.where(Person.email == email)
    units = select(Unit.name).where(or_(Unit.id.in_(mine), Unit.parent_id.is_(None))).order_by(Unit.id)
    name = select(Person.name).where(Person.email == email)
    return (email, *session.scalars(name), *session.scalars(units))


def salt(session: Session, person_id: int) -> str:
    """The salt of a person's recovery codes; empty without a second factor that counts."""
    found = select(SecondFactor.salt).where(
        SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(found) or ""


def by_token(session: Session, settings: Settings, token_hash: str) -> Known | None:
    """The person whose program holds this API token, unless it was revoked."""
    given = {"token_hash": token_hash, "issuers": _issuers(settings)}
    row = session.execute(_by_token(), given).first()
    if row is None:
        return None
    key_id, person_id, name, email, locale, scope, used_at, must = row
    return Known(key_id, person_id, name, email, locale, seen_at=used_at, must_set_up=must, scope=scope)


@cache  # as above
def _by_token() -> Select[*tuple[Any, ...]]:
    linked = select(Identity.id).where(
        Identity.person_id == Person.id, Identity.issuer.in_(bindparam("issuers", expanding=True))
    )
    return (
        select(
            ApiToken.id,
            Person.id,
            Person.name,
            Person.email,
            Person.locale,
            ApiToken.scope,
            ApiToken.used_at,
            and_(_wanted(), ~_has_second_factor(), ~linked.exists()),
        )
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.token_hash == bindparam("token_hash"), ApiToken.revoked_at.is_(None), Person.active)
    )


def _issuers(settings: Settings) -> list[str]:
    """How the provider of the settings may write its own name; none where no provider is set."""
    return [settings.oidc_issuer, f"{settings.oidc_issuer}/"] if settings.oidc_issuer else []


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


def may_use_password(session: Session, settings: Settings, person_id: int) -> bool:
    """Whether a person may come in by a password: not where OIDC_PASSWORDS is off and they are linked."""
    if settings.oidc_passwords or not settings.oidc_issuer:
        return True
    linked = select(Identity.id).where(
        Identity.person_id == person_id, Identity.issuer.in_(_issuers(settings))
    )
    return session.scalar(linked.limit(1)) is None


def person_named(session: Session, email: str) -> Person | None:
    """The person with an e-mail address, active or not; for the command line."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def has_begun(session: Session) -> bool:
    """Whether a library was made already. The example library is none."""
    its_root = select(Example.unit_id).where(Example.unit_id == Unit.id).exists()
    return session.scalar(select(Unit.id).where(Unit.parent_id.is_(None), ~its_root).limit(1)) is not None
