"""Second factors: the secret that a person's phone shares with us, and codes for the day it is lost."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.database import Base, Instant


class SecondFactor(Base):
    """The authenticator app of a person. It counts once a code of it was typed (`confirmed_at`).

    `sealed`: the shared secret, base32, sealed to `place`. `last_step`: the time step (30 seconds since 1970)
    of the last code that was good; no code of it or of an earlier one is good again. `salt`: of the recovery
    codes' hashes.
    """

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def place(self) -> str:
        """What `sealed` is sealed to."""
        return f"second_factors:{self.person_id}"


class RecoveryCode(Base):
    """One code that stands in for the phone, once. Here is only its slow, salted hash."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    spent_at: Mapped[datetime | None] = mapped_column(Instant)


class HalfSignIn(Base):
    """Somebody whose password or link was right and whose code is still asked for; some minutes, one browser.

    `how`: what was right, as in `SignIn.how`. The cookie holds the token; here is only its hash.
    """

    __tablename__ = "half_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(Instant)
