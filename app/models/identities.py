"""Identities: who a person is at the OpenID provider, and sign-ins that are under way there."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class Identity(Base):
    """A person's name at a provider: the pair that never changes there, unlike an e-mail address.

    Source: OpenID Connect Core 1.0, 5.7 (claim stability and uniqueness). A person has one at each provider.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issuer: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime] = mapped_column(Instant)


class ProviderRun(Base):
    """One way to the provider and back. The state is single use, ten minutes, bound to a browser's cookie.

    `sealed`: nonce, PKCE verifier and the page to go on to, as JSON, sealed to "provider_runs:<state_hash>".
    `person_id`: who asked, signed in, to link the account that comes back; None for somebody who signs in.
    """

    __tablename__ = "provider_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)
