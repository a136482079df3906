"""API tokens: their names and uses, never the tokens themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import Scope
from app.models.people import ApiToken


@dataclass(frozen=True)
class TokenRow:
    """`scope` is read or write. Instants are UTC; `used_at` None: never used."""

    id: int
    name: str
    scope: str
    created_at: datetime
    used_at: datetime | None


def tokens(session: Session, scope: Scope, person_id: int) -> list[TokenRow]:  # noqa: ARG001 - one's own are asked for by id
    """The working tokens of a person, the newest first. Ask it for the asker themselves alone."""
    rows = session.execute(
        select(ApiToken.id, ApiToken.name, ApiToken.scope, ApiToken.created_at, ApiToken.used_at)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    )
    return [TokenRow(*row) for row in rows]
