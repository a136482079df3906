"""How a form is taken in: proven ours, read into an input model, done once, given back when it is refused.

    @router.post("/units/new")
    def add(request: Request, viewer: SignedIn, db: Db, form: Posted) -> Response:
        try:
            with once(db, viewer, form) as turn:
                if turn.first:
                    unit = units.add(turn.session, viewer.actor, form.read(units.NewUnit))
                    turn.address = f"/units/{unit.id}?done=unit_added"
        except Refusal as refusal:
            return _form(request, db, viewer, form, refusal)   # the page again, with what was typed
        return go(turn.address)

The viewer stands before the form: somebody who isn't signed in is led to the sign-in, not refused.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Annotated, Any, TypeVar, get_args, get_origin

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.actions import repeats, sign_ins
from app.dependencies.database import Configured, settings_of
from app.dependencies.viewers import FORM_COOKIE, MaybeSignedIn, SignedIn, Stranger, Viewer, cookie_name
from app.domain.errors import Forbidden, NotFound, Refusal
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.web import csrf
from app.words.sentences import Said, faults
from app.words.validation import invalid

M = TypeVar("M", bound=BaseModel)
ONCE = "once"
MOST_FIELDS = 300
MOST_FIELDS_WITH_FILES = 2000  # the composer on a library with many channels
MOST_FILES = 20
MOST_TYPED = 1024 * 1024  # bytes of all fields beside the files, which lie on the disk
UNREADABLE = 400
TOO_MANY = 429
_MANY = (list, set, frozenset, tuple)


@dataclass(frozen=True)
class Form:
    """What was typed, by field; a field that came several times keeps all values. `files`: chosen ones."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    once: str = ""
    path: str = ""
    files: Sequence[UploadFile] = ()

    @classmethod
    def of(cls, **values: Any) -> "Form":
        """A form to show first: with the values that stand in it before anybody typed; None stands empty."""
        given = {name: value for name, value in values.items() if value is not None}
        return cls(
            {
                name: [str(each) for each in value] if isinstance(value, _MANY) else [str(value)]
                for name, value in given.items()
            }
        )

    def text(self, name: str, default: str = "") -> str:
        """One value; the first when there are several."""
        return next(iter(self.values.get(name, ())), default)

    def many(self, name: str) -> Sequence[str]:
        """All values of a field: ticked boxes."""
        return self.values.get(name, ())

    def only(self, names: Collection[str]) -> "Form":
        """The same form with these fields alone."""
        return replace(self, values={name: value for name, value in self.values.items() if name in names})

    def read(self, model: type[M], *, without: Sequence[str] = (), **more: Any) -> M:
        """The input model, made of the fields (not those of `without`) and `more`. Raises Invalid.

        A field left blank counts as not sent, so that a default applies or "fill this in" is said.
        """
        sent = {
            name: list(values) if _takes_many(model, name) else values[0]
            for name, values in self.values.items()
            if name not in without and any(value.strip() for value in values)
        }
        try:
            return model.model_validate({**sent, **more})
        except ValidationError as error:
            raise invalid(error) from None

    @property
    def key(self) -> str:
        """The same for the same form with the same words, sent to the same address."""
        files = [(file.filename, file.size) for file in self.files]
        named = sorted((name, *values) for name, values in self.values.items())
        words = repr((self.once, self.path, named, *files))
        return sha256(words.encode()).hexdigest()


def _takes_many(model: type[BaseModel], name: str) -> bool:
    known = model.model_fields.get(name)
    if known is None:
        return False
    kinds = (known.annotation, *get_args(known.annotation))
    return any(get_origin(kind) in _MANY or kind in _MANY for kind in kinds)


async def posted(request: Request, viewer: MaybeSignedIn) -> Form:
    """The form of a request, proven ours. Raises Forbidden. (Async, because bodies are read that way.)"""
    return _proven(request, viewer, settings_of(request), await _read(request, MOST_FIELDS))


async def posted_with_files(request: Request, viewer: SignedIn) -> AsyncIterator[Form]:
    """The same with its files, which nobody may send before it is known who they are. Raises Forbidden.

    Where it comes from is looked at before a file is taken; after the answer the files are gone.
    """
    settings = settings_of(request)
    if not csrf.from_our_pages(request.headers, settings.address):
        raise Forbidden("foreign_form")
    sent = await _read(request, MOST_FIELDS_WITH_FILES, MOST_FILES)
    try:
        yield _proven(request, viewer, settings, sent)
    finally:
        await sent.close()


async def of_locked(request: Request, locked: Viewer, settings: Settings) -> Form:
    """The form of somebody whose browser is locked: it must be ours all the same. Its files are not read on.

    Raises Forbidden, HTTPException.
    """
    if not csrf.from_our_pages(request.headers, settings.address):
        raise Forbidden("foreign_form")
    sent = await _read(request, MOST_FIELDS_WITH_FILES, MOST_FILES)
    try:
        return _proven(request, locked, settings, sent)
    finally:
        await sent.close()


async def posted_by_anybody(request: Request, settings: Configured) -> AsyncIterator[Form]:
    """The form of a page that knows nobody and sets no cookie, with its files: it stands for no person, so
    only where it comes from is looked at. Raises Forbidden."""
    if not csrf.from_our_pages(request.headers, settings.address):
        raise Forbidden("foreign_form")
    sent = await _read(request, MOST_FIELDS, MOST_FILES)
    try:
        yield _made(request, sent)[0]
    finally:
        await sent.close()


def _proven(request: Request, viewer: Viewer | None, settings: Settings, sent: FormData) -> Form:
    form, token = _made(request, sent)
    check_sent(request, viewer, settings, token)
    return form


def _made(request: Request, sent: FormData) -> tuple[Form, str]:
    """The form, and the token that came with it."""
    values: dict[str, list[str]] = {}
    for name, value in _texts(sent):
        values.setdefault(name, []).append(value)
    token = "".join(values.pop(csrf.FIELD, [])[:1])
    files = [value for _, value in sent.multi_items() if not isinstance(value, str)]
    chosen = [file for file in files if file.filename]  # a browser sends an empty one for none
    return Form(values, "".join(values.pop(ONCE, [])[:1]), request.url.path, chosen), token


def check_sent(request: Request, viewer: Viewer | None, settings: Settings, token: str = "") -> None:
    """Nothing, when a page of ours sent this. A script of ours may send the token as a header.

    Raises Forbidden.
    """
    secret = viewer.csrf if viewer else request.cookies.get(cookie_name(FORM_COOKIE, settings), "")
    token = token or request.headers.get(csrf.HEADER, "")
    csrf.check(request.headers, token, secret=secret, origin=settings.address)


class _ToDisk(MultiPartParser):
    """Starlette keeps a megabyte of every file in memory, and a megabyte of every field.

    Of twenty files from fifty people that is much, and of two thousand fields still more.
    """

    spool_max_size = 64 * 1024
    _typed = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Count what is no file, and take no more of it than a form without files may bring."""
        if self._current_part.file is None:
            self._typed += end - start
            if self._typed > MOST_TYPED:
                raise MultiPartException("too much is typed")
        super().on_part_data(data, start, end)


async def _read(request: Request, most_fields: int, most_files: int = 0) -> FormData:
    """What was sent. Raises HTTPException for a form that can't be read, or brings too much.

    A form may name its own encoding: one that nobody knows, or that makes half a sign, which can't be kept.
    """
    kind = request.headers.get("content-type", "")
    try:
        if most_files and kind.startswith("multipart/form-data"):
            body = _ToDisk(request.headers, request.stream(), max_files=most_files, max_fields=most_fields)
            return await body.parse()
        return await request.form(max_files=0, max_fields=most_fields)
    except (MultiPartException, LookupError, UnicodeError):
        raise HTTPException(UNREADABLE) from None


def _texts(sent: FormData) -> list[tuple[str, str]]:
    """Names and values as they came. Raises HTTPException for what is no text."""
    fields = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    try:
        for name, value in fields:
            (name + value).encode()
    except UnicodeError:
        raise HTTPException(UNREADABLE) from None
    return fields


Posted = Annotated[Form, Depends(posted)]
PostedWithFiles = Annotated[Form, Depends(posted_with_files)]
PostedByAnybody = Annotated[Form, Depends(posted_by_anybody)]


@dataclass
class Turn:
    """One sending of a form. `first`: do the work. `address`: where it leads, or led the first time."""

    session: Session
    first: bool = True
    address: str = "/"


@contextmanager
def once(db: Database, viewer: Viewer, form: Form) -> Iterator[Turn]:
    """A transaction in which a form is done, unless it was already: then `address` is where it led."""
    owner, now = f"form:{viewer.person_id}", clock.now()
    with db.writes() as session:
        turn = Turn(session)
        if not form.once:
            yield turn
            return
        earlier = repeats.first(session, owner, form.key, "", now)
        if earlier:
            turn.first, turn.address = False, earlier.answer
        yield turn
        if turn.first:
            repeats.answer(session, owner, form.key, 303, turn.address)


def step(
    db: Database,
    viewer: Viewer,
    form: Form,
    work: Callable[[Session], str],
    refused: Callable[[Session, Refusal], Response],
) -> Response:
    """A step of a page, done once, then on to the address that `work` returns; or the page again (`refused`).

    Raises Forbidden and NotFound: no page of theirs can say it.
    """
    try:
        with once(db, viewer, form) as turn:
            if turn.first:
                turn.address = work(turn.session)
    except (Forbidden, NotFound):
        raise
    except Refusal as refusal:
        with db.reads() as session:
            return refused(session, refusal)
    return go(turn.address)


def go(address: str, done: str = "") -> RedirectResponse:
    """On to another page; `done`: code of a sentence to say there ("saved" is "done_saved")."""
    if done:
        address += f"{'&' if '?' in address else '?'}done={done}"
    return RedirectResponse(address, 303)


def said(request: Request, refusal: Refusal | None) -> list[Said]:
    """The faults for a template's `errors`."""
    return faults(refusal, request.state.viewer.locale) if refusal else []


def status_of(refusal: Refusal | None) -> int:
    """What a page answers that tells why something did not go; 200 without a refusal."""
    if refusal is None:
        return 200
    return TOO_MANY if refusal.code == sign_ins.TOO_MANY else refusal.status


def own_page(address: str) -> str:
    """An address to go on to, if it is a page of ours, else the first page."""
    plain = address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable()
    return address if plain else "/"


def bind(request: Request, response: Response, settings: Settings) -> Response:
    """Bind the form of a stranger's page to their browser, by the cookie that `posted` compares."""
    name, reader = cookie_name(FORM_COOKIE, settings), request.state.viewer
    if isinstance(reader, Stranger) and request.cookies.get(name) != reader.csrf:
        set_cookie(response, name, reader.csrf, settings)
    return response


def set_cookie(response: Response, name: str, value: str, settings: Settings) -> None:
    """A cookie that ends with the browser, out of reach for scripts and for other sites' forms."""
    secure = settings.address.startswith("https://")
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=secure, path="/")


def forget_cookie(response: Response, name: str, settings: Settings) -> None:
    """Take such a cookie back; over https browsers accept that only as they accept the cookie itself."""
    response.delete_cookie(name, path="/", secure=settings.address.startswith("https://"), httponly=True)
