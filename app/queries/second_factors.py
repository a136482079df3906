"""What a person has set up beside their password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.roles import Right, Scope
from app.models.identities import Identity
from app.models.people import Membership
from app.models.second_factors import RecoveryCode, SecondFactor


@dataclass(frozen=True)
class Setup:
    """A person's authenticator app. `confirmed_at` is None while its first code is still to be typed.

    `sealed`, `place`, `salt`: see the model. `codes`: recovery codes that are left. Instants are UTC.
    """

    sealed: str
    place: str
    salt: str
    created_at: datetime
    confirmed_at: datetime | None
    used_at: datetime | None
    codes: int


@dataclass(frozen=True)
class Linked:
    """A person's account at a provider. Instants are UTC."""

    id: int
    issuer: str
    linked_at: datetime
    used_at: datetime


def setup(session: Session, scope: Scope, person_id: int) -> Setup | None:  # noqa: ARG001 - one's own is asked for by id
    """The authenticator app of a person. Ask it for the asker themselves alone."""
    row = session.get(SecondFactor, person_id)
    if row is None:
        return None
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.spent_at.is_(None))
    return Setup(
        row.sealed,
        row.place,
        row.salt,
        row.created_at,
        row.confirmed_at,
        row.used_at,
        session.scalar(left) or 0,
    )


def linked(session: Session, scope: Scope, person_id: int) -> list[Linked]:  # noqa: ARG001 - as above
    """The accounts at providers of a person. Ask it for the asker themselves alone."""
    rows = session.execute(
        select(Identity.id, Identity.issuer, Identity.linked_at, Identity.used_at)
        .where(Identity.person_id == person_id)
        .order_by(Identity.id)
    )
    return [Linked(*row) for row in rows]


@dataclass(frozen=True)
class Doors:
    """By which doors somebody else comes in, as far as those who look after people need to know."""

    second_factor: bool
    provider: bool


def doors(session: Session, scope: Scope, person_id: int) -> Doors:
    """Whether a person whom the asker looks after has a second factor, and a link to a provider.

    Of others nothing is told: who has none is nobody else's business.
    """
    mine = scope.units_with(Right.PEOPLE)
    seen = select(Membership.id).where(Membership.person_id == person_id, Membership.unit_id.in_(mine))
    if session.scalar(seen.limit(1)) is None:
        return Doors(second_factor=False, provider=False)
    confirmed = SecondFactor.confirmed_at.is_not(None)
    factor = session.scalar(
        select(SecondFactor.person_id).where(SecondFactor.person_id == person_id, confirmed)
    )
    account = session.scalar(select(Identity.id).where(Identity.person_id == person_id).limit(1))
    return Doors(second_factor=factor is not None, provider=account is not None)
