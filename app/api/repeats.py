"""`Idempotency-Key`: a program that got no answer sends the same again, and it is done once.

Answers are kept sealed: some hold a link or a token that nobody shall see twice. What was refused is not
kept, so that the same key may be used again when the reason is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.actions import repeats
from app.dependencies.database import Db
from app.dependencies.viewers import ByToken
from app.domain.errors import Conflict, Invalid
from app.foundation import clock
from app.foundation.crypto import CannotOpen, Keyring
from app.foundation.database import Database

REPLAY = {"Idempotent-Replay": "true"}
_JSON = "application/json"
ROUTE_MOST = 100  # with the token's id it fits into its column


@dataclass(frozen=True)
class Sending:
    """One request that changes something. `key` is None when the program gave none."""

    db: Database
    keyring: Keyring
    owner: str
    key: str | None
    body_hash: str

    def once(self, status: int, work: Callable[[Session], BaseModel]) -> Response:
        """Do the work in one transaction and answer with what it returns, or with what was answered before.

        Raises what the work raises, Invalid ("key_reused") and Conflict ("key_running").
        """
        with self.db.writes() as session:
            earlier = self._earlier(session)
            if earlier:
                return earlier
            body = work(session).model_dump_json()
            self._keep(session, status, body)
        return Response(body, status, media_type=_JSON)

    def step_by_step(self, status: int, work: Callable[[], BaseModel]) -> Response:
        """The same for work that opens transactions of its own, because it talks to a network in between."""
        with self.db.writes() as session:
            earlier = self._earlier(session)
        if earlier:
            return earlier
        try:
            body = work().model_dump_json()
        except Exception:
            if self.key is not None:
                with self.db.writes() as session:
                    repeats.forget(session, self.owner, self.key)
            raise
        with self.db.writes() as session:
            self._keep(session, status, body)
        return Response(body, status, media_type=_JSON)

    def _earlier(self, session: Session) -> Response | None:
        if self.key is None:
            return None
        found = repeats.first(session, self.owner, self.key, self.body_hash, clock.now())
        if found is None:
            return None
        try:
            body = self.keyring.open(found.answer, self._place)
        except CannotOpen:
            raise Conflict("key_answer_lost") from None
        return Response(body, found.status, REPLAY, _JSON)

    def _keep(self, session: Session, status: int, body: str) -> None:
        if self.key is not None:
            sealed = self.keyring.seal(body, self._place)
            repeats.answer(session, self.owner, self.key, status, sealed)

    @property
    def _place(self) -> str:
        return f"repeats:{self.owner}:{self.key}"


async def _sending(  # async, because bodies are read that way
    request: Request,
    viewer: ByToken,
    db: Db,
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Sending:
    if key is not None and not key.isprintable():
        raise Invalid("key_length", "Idempotency-Key", most=repeats.KEY_MOST)
    body = await request.body()
    owner = f"token:{viewer.sign_in_id} {_route(request)}"
    return Sending(db, request.app.state.keyring, owner, key, sha256(body).hexdigest())


def _route(request: Request) -> str:
    """Method and path; shortened where somebody wrote an id with very many zeros in front."""
    route = f"{request.method} {request.url.path}"
    return route if len(route) <= ROUTE_MOST else sha256(route.encode()).hexdigest()


Sent = Annotated[Sending, Depends(_sending)]
