"""API tokens of the person whose program asks."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import tokens
from app.actions.tokens import NewToken
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.queries import tokens as questions

router = api_router(prefix="/tokens", tags=["tokens"])


class TokenOut(Shape):
    """A token by its name. `scope` read: it can't change anything. `used_at`: its last use, null if never."""

    id: int
    name: str
    scope: Literal["read", "write"]
    created_at: datetime
    used_at: datetime | None


class TokenMade(TokenOut):
    """A new token. `token` is shown this once and stored nowhere."""

    token: str


@router.get("")
def listed(viewer: ByToken, session: Reads, page: Paged) -> Listed[TokenOut]:
    """Your own tokens that work, the newest first."""
    rows = questions.tokens(session, viewer.actor.scope, viewer.person_id)
    return page.part(rows, TokenOut.model_validate)


@router.post("", status_code=201, response_model=TokenMade)
def add(viewer: ByToken, sent: Sent, data: NewToken) -> Response:
    """Make a token for yourself; it is shown this once."""
    return sent.once(201, lambda session: _added(session, viewer, data))


def _added(session: Session, viewer: Viewer, data: NewToken) -> TokenMade:
    row, token = tokens.create(session, viewer.actor, viewer.person_id, data)
    return TokenMade(**TokenOut.model_validate(row).model_dump(), token=token)


@router.delete("/{token_id}", status_code=204)
def revoke(viewer: ByToken, db: Db, token_id: PathId) -> None:
    """Make a token of yours stop working at once."""
    with db.writes() as session:
        tokens.revoke(session, viewer.actor, token_id)
