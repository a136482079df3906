"""`Idempotency-Key`: a program that got no answer sends the same again, and it is done once.

Answers are kept sealed: some hold a link or a token that nobody shall see twice. What was refused is not
kept, so that the same key may be used again when the reason is gone.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, BinaryIO

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.actions import repeats
from app.dependencies.database import database_of
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Conflict, Invalid
from app.foundation import clock
from app.foundation.crypto import CannotOpen, Keyring
from app.foundation.database import Database

REPLAY = {"Idempotent-Replay": "true"}
_JSON = "application/json"
ROUTE_MOST = 100  # with the token's id it fits into its column
FIELDS_MOST, FIELD_MOST = 20, 64 * 1024  # of a form with a file: how many, and bytes of one
PIECE = 256 * 1024  # bytes of a file that are in the memory at once


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

    def act(
        self,
        viewer: Viewer,
        thing_id: int,
        show: Callable[[Session, Viewer, int], BaseModel],
        action: Callable[..., object],
        *more: object,
    ) -> Response:
        """Do something with a thing once, and answer (200) with how it is then.

        `action` is called with the session, the actor, the thing's id and `more`.
        """

        def work(session: Session) -> BaseModel:
            action(session, viewer.actor, thing_id, *more)
            return show(session, viewer, thing_id)

        return self.once(200, work)

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
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Sending:
    _check(key)
    return _made(request, viewer, key, sha256(await request.body()).hexdigest())


@dataclass(frozen=True)
class SendingForm:
    """A request with one file at most; `form` is closed when it is over."""

    sending: Sending
    form: FormData


async def _sending_form(
    request: Request,
    viewer: ByToken,
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> AsyncIterator[SendingForm]:
    """Only now, when it is known who sends, is anything read. A file lies on the disk, not in the memory."""
    _check(key)
    limits = {"max_files": 1, "max_fields": FIELDS_MOST, "max_part_size": FIELD_MOST}
    async with request.form(**limits) as form:
        body_hash = "" if key is None else await run_in_threadpool(_form_hash, form)
        yield SendingForm(_made(request, viewer, key, body_hash), form)


def _check(key: str | None) -> None:
    if key is not None and not key.isprintable():
        raise Invalid("key_length", "Idempotency-Key", most=repeats.KEY_MOST)


def _made(request: Request, viewer: Viewer, key: str | None, body_hash: str) -> Sending:
    owner = f"token:{viewer.sign_in_id} {_route(request)}"
    return Sending(database_of(request), request.app.state.keyring, owner, key, body_hash)


def _form_hash(form: FormData) -> str:
    """Of what a form says: its bytes differ each time, for the line between its parts is drawn by lot."""
    parts = [
        (name, value.filename, _digest(value.file)) if isinstance(value, UploadFile) else (name, value)
        for name, value in form.multi_items()
    ]
    return sha256(repr(parts).encode(errors="backslashreplace")).hexdigest()


def _digest(file: BinaryIO) -> str:
    found = sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        found.update(piece)
    return found.hexdigest()


def _route(request: Request) -> str:
    """Method and path; shortened where somebody wrote an id with very many zeros in front."""
    route = f"{request.method} {request.url.path}"
    return route if len(route) <= ROUTE_MOST else sha256(route.encode()).hexdigest()


Sent = Annotated[Sending, Depends(_sending)]
SentForm = Annotated[SendingForm, Depends(_sending_form)]
