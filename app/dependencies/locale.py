"""The language of an answer: the person's own, else asked for in the address, else the browser's offer."""

from starlette.requests import Request

from app.foundation import i18n


def locale_of(request: Request, own: str | None = None) -> str:
    """A locale of `i18n.LOCALES`. `own`: the language that a known person chose."""
    wanted = request.query_params.get("language") if own is None else own
    return i18n.pick(request.headers.get("accept-language"), wanted)
