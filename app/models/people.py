"""People and how they come in: memberships, sign-ins, one-time links, API tokens, counted failures."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ScalarSelect, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.roles import Role
from app.foundation.database import Base, Instant, Word
from app.foundation.former import PersonName


class Person(Base):
    """Somebody who works with the planner. `email` is stored in lower case.

    `erased_at`: since when neither name nor e-mail is known any more; both hold something else then.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(PersonName)
    locale: Mapped[str] = mapped_column(String(8))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)


def name_of(person_id: Any) -> ScalarSelect[str]:
    """The name of whom a column holds, looked up for each row by itself.

    Of many tables that are joined PostgreSQL thinks longer about their order than it reads.
    """
    return select(Person.name).where(Person.id == person_id).scalar_subquery()


class Membership(Base):
    """A role of a person in a unit; it holds for everything below the unit too."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))


PROVIDER = "provider"
PROVIDER_ANEW = "provider anew"  # it asked for the password just then, and said so
BY_PROVIDER = (PROVIDER, PROVIDER_ANEW)


class SignIn(Base):
    """A browser that is signed in. The cookie holds the token; here is only its hash.

    `how`: by which door: password, code (password or link, and a second factor), link, or one of BY_PROVIDER.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200), default="")
    how: Mapped[str] = mapped_column(String(16), default="password")
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class OneTimeLink(Base):
    """A link that signs somebody in once. Without a person it makes the library and its administrator."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    spent_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiToken(Base):
    """A program's key, of one person. `scope` is read or write."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Failure(Base):
    """How often something failed in a window of time, to slow down guessing."""

    __tablename__ = "failures"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
