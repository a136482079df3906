"""Pages that say no, kindly: what happened, and one way on."""

from starlette.requests import Request
from starlette.responses import Response

from app.dependencies.viewers import reader_locale
from app.domain.errors import Refusal
from app.foundation.i18n import N_, translations
from app.web.frame import Frame
from app.web.rendering import render
from app.words.sentences import faults, sentence

_TITLES = {
    403: N_("This isn't yours to do"),
    404: N_("Nothing here"),
    409: N_("Not now"),
    422: N_("Something doesn't fit"),
    500: N_("Something broke"),
}
_OTHER = N_("That didn't work")


def page(request: Request, status: int, words: str, way: tuple[str, str] | None = None) -> Response:
    """A page with a status, a title for it, and one sentence or more. `way`: address and words of the way
    on; without it to the first page.
    """
    locale = reader_locale(request)
    if getattr(request.state, "viewer", None) is None:
        request.state.frame = Frame(locale=locale)
    say = translations(locale).gettext
    on = way or ("/", say(N_("To the first page")))
    return render(
        request, "error.html", status, title=say(_TITLES.get(status, _OTHER)), sentence=words, next=on
    )


def refused(request: Request, refusal: Refusal) -> Response:
    """The page for a refusal that no form could show at its field."""
    words = " ".join(fault.sentence for fault in faults(refusal, reader_locale(request)))
    return page(request, refusal.status, words)


def coded(request: Request, status: int, code: str) -> Response:
    """The page for a code without a refusal."""
    return page(request, status, sentence(code, reader_locale(request)))


def broken(request: Request, reference: str) -> Response:
    """The page for a fault of ours; `reference` finds it in the log."""
    locale = reader_locale(request)
    words = f"{sentence('broken', locale)} {sentence('broken_code', locale, code=reference)}"
    return page(request, 500, words)
