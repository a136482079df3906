"""A small app with one page of all the parts, for the tests of how pages look and behave."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Template
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app.web.frame import Frame, Notice
from app.web.headers import allow, protect
from app.web.rendering import STATIC, environment, render

PAGE = Path(__file__).parent / "gallery.html"
AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-session"


@dataclass(frozen=True)
class Told:
    """An error as a form is shown it."""

    field: str | None
    sentence: str


ERRORS = (
    Told("tone", "Choose one of the two."),
    Told("title", "Write a title."),
    Told("hour", "Write a time, for example 9.00."),
    Told("channels", "Choose a channel that you may use."),
    Told(None, "Nothing was saved."),
)


@cache
def template() -> Template:
    """The page of all the parts, compiled once as files of the house are."""
    return environment().from_string(PAGE.read_text("utf-8"))


def frame(locale: str = "en", *, name: str = "Aino L.", real: bool = False) -> Frame:
    """The surroundings of the gallery."""
    return Frame(
        locale=locale,
        person_name=name,
        unit_name="Saarivesi City Library",
        practice=True,
        real=real,
        csrf=SECRET,
        zone="Europe/Helsinki",
        counts={"queue": 4},
        notices=[Notice("Saved.")],
    )


def gallery(request: Request) -> Response:
    """Every part once, in the language of `?language=`."""
    request.state.frame = frame(request.query_params.get("language", "en"))
    return render(request, template(), at=AT, errors=ERRORS)


def clear(request: Request) -> Response:
    """The same without errors: nothing takes the focus."""
    request.state.frame = frame()
    return render(request, template(), at=AT, errors=())


def sign_in(request: Request) -> Response:
    """A page without a house, that may send its form to a network's dialog."""
    request.state.frame = frame(name="")
    allow(request, "form-action", "https://www.facebook.com")
    return render(
        request, "error.html", 404, title="Not here", sentence="It may have moved.", next=("/", "Today")
    )


def crash(request: Request) -> Response:
    """A bug."""
    raise RuntimeError


def plain(request: Request) -> Response:
    """An answer that says itself how long it may be kept."""
    return PlainTextResponse("plain", headers={"Cache-Control": "private, max-age=60"})


def gallery_app(public_url: str = "https://kuliss.example") -> Starlette:
    """The app, with the headers of the real one."""
    app = Starlette(
        routes=[
            Route("/gallery", gallery),
            Route("/", clear),
            Route("/sign-in", sign_in),
            Route("/crash", crash),
            Route("/plain", plain),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )
    protect(app, public_url=public_url)
    return app
