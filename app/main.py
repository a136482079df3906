"""The app: pages and JSON API put together. What runs beside it is started by cli/."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.api import problems
from app.api.document import document
from app.api.routes import FILES as PROGRAMS
from app.api.routing import API
from app.dependencies.viewers import Locked, NoToken, SignInFirst
from app.domain.errors import Refusal
from app.errands.ground import Ground
from app.foundation import logs
from app.foundation.crypto import keyring
from app.foundation.database import Database, open_database
from app.foundation.settings import Settings
from app.web import errors, headers, unlock
from app.web.areas import Areas
from app.web.body_limit import TOO_LARGE, BodyLimit, Room
from app.web.context import RequestContext, Waking
from app.web.open_ideas import MOST_BYTES as OPEN_MOST
from app.web.rendering import STATIC
from app.web.routes import FILES as PAGES
from app.web.scripts import Statics

MOST_BODY = 1024 * 1024  # bytes
_FIELDS = 1_000_000  # bytes of a form beside its file
_CODES = {401: "token_needed", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
_log = logs.get(__name__)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: Settings, database: Database | None = None, lifespan: Lifespan | None = None
) -> FastAPI:
    """The whole app. `database`: one that is open already, else that of the settings is opened."""
    app = FastAPI(
        title="Kuliss",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
        openapi_url=f"{API}/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=lifespan,
    )
    furnish(app, settings, database or open_database(settings.database))
    pages, programs = Areas("app.web", PAGES), Areas("app.api", PROGRAMS, under=API)
    app.router.routes += [pages, programs]
    app.openapi = partial(document, app, programs.all)  # type: ignore[method-assign]  # the way that FastAPI names for it
    app.mount("/static", Statics(directory=STATIC), name="static")
    _handle(app)
    app.add_middleware(BodyLimit, most=MOST_BODY, refuse=_too_large, rooms=rooms(settings))
    app.add_middleware(Waking)
    app.add_middleware(RequestContext)
    headers.protect(app, public_url=settings.address)
    return app


def furnish(app: FastAPI, settings: Settings, database: Database) -> None:
    """What the routes find in the app: settings, database, keys, ground of errands, a bell for the clock."""
    app.state.settings, app.state.database = settings, database
    app.state.keyring = keyring(settings.data_dir, settings.secret_keys)
    app.state.ground = Ground(settings, database, app.state.keyring)
    app.state.wake = _nothing_to_wake


def rooms(settings: Settings) -> tuple[Room, ...]:
    """Where a form may bring more: a video to the library, some pictures of 30 MB at once to a post."""
    video = settings.upload_video_megabytes * 1_000_000 + _FIELDS
    return (
        Room(re.compile(f"{API}/assets|/pictures/new"), max(video, 100_000_000)),
        Room(re.compile(r"/i/[\w-]+"), OPEN_MOST),
        Room(re.compile(r"/ideas/new|/posts/new|/posts/\d+/edit"), 100_000_000),
    )


def _nothing_to_wake() -> None:
    """Where the clock runs in another process, it looks at the plan once a second."""


def _handle(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(NoToken, _no_token)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return problems.refused(request, error) if _is_program(request) else errors.refused(request, error)


async def _sign_in_first(request: Request, error: Exception) -> Response:
    """Async, because the form of somebody whose browser was locked is read, to be kept."""
    assert isinstance(error, SignInFirst)
    address = await unlock.kept_first(request, error) if isinstance(error, Locked) else error.address
    return RedirectResponse(address, 303)


def _no_token(request: Request, error: Exception) -> Response:
    assert isinstance(error, NoToken)
    return problems.no_token(request, error)


def _unreadable(request: Request, error: Exception) -> Response:
    """A program is told each field; of a page only the address can be wrong, and then nothing is there."""
    assert isinstance(error, RequestValidationError)
    if _is_program(request):
        return problems.unreadable(request, error)
    return errors.coded(request, 404, "not_found")


def _too_large(request: Request) -> Response:
    return _http(request, HTTPException(TOO_LARGE))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad_request")
    answer = problems.problem if _is_program(request) else errors.coded
    response = answer(request, error.status_code, code)
    response.headers.update(error.headers or {})
    return response


def _broken(request: Request, error: Exception) -> Response:
    reference = getattr(request.state, "reference", "")
    _log.error(
        "broken", reference=reference, path=request.url.path, kind=type(error).__name__, exc_info=error
    )
    return problems.broken(request, reference) if _is_program(request) else errors.broken(request, reference)
