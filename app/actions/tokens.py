"""API tokens: a program's key that acts as one person. Shown once, stored as a hash."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Input
from app.domain.errors import Forbidden, NotFound
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import new_token, token_hash
from app.models.people import ApiToken

PREFIX = "kuliss_"
SEEN_EVERY_SECONDS = 60
COMMAND_LINE = "cli"


class NewToken(Input):
    """What a token is for, and whether it may change things."""

    name: str = Field(min_length=1, max_length=100)
    scope: Literal["read", "write"] = "read"


def create(session: Session, actor: Actor, person_id: int, data: NewToken) -> tuple[ApiToken, str]:
    """The new row and the token itself, which nobody sees again. Only for oneself, or on the command line."""
    _own(actor, person_id)
    now, token = clock.now(), PREFIX + new_token()
    row = ApiToken(
        person_id=person_id, name=data.name, token_hash=token_hash(token), scope=data.scope, created_at=now
    )
    session.add(row)
    session.flush()
    history.record(session, actor, "token", row.id, "made", now=now, owner_id=person_id, scope=data.scope)
    return row, token


def revoke(session: Session, actor: Actor, token_id: int) -> None:
    """The token stops working at once. Raises NotFound for other people's tokens; revoked ones stay so."""
    row = session.get(ApiToken, token_id)
    if row is None or not _is_own(actor, row.person_id):
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        history.record(session, actor, "token", row.id, "revoked", now=row.revoked_at)


def revoke_all(session: Session, person_id: int) -> None:
    """Every token of a person stops working."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def _is_own(actor: Actor, person_id: int) -> bool:
    return actor.person_id == person_id or (actor.person_id is None and actor.via == COMMAND_LINE)


def _own(actor: Actor, person_id: int) -> None:
    if not _is_own(actor, person_id):
        raise Forbidden("token_of_another")


def see(session: Session, token_id: int, now: datetime) -> None:
    """Note that a token was used; callers ask for it at most once a minute."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))
