"""Answers that say no to a program: application/problem+json (RFC 9457) with our codes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from app.dependencies.viewers import NoToken, reader_locale
from app.domain.errors import Refusal
from app.words.sentences import faults, sentence

MEDIA_TYPE = "application/problem+json"


def problem(
    request: Request,
    status: int,
    code: str,
    words: str = "",
    headers: dict[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """One problem: `code` for programs, `detail` for the people who read their logs."""
    detail = words or sentence(code, reader_locale(request))
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail, **more}
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def refused(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal, with every fault in `errors`: field, code, detail."""
    said = faults(refusal, reader_locale(request))
    errors = [{"field": fault.field, "code": fault.code, "detail": fault.sentence} for fault in said]
    return problem(request, refusal.status, said[0].code, said[0].sentence, errors=errors)


def no_token(request: Request, error: NoToken) -> JSONResponse:
    """401, with the challenge that HTTP demands (RFC 9110, 11.6.1)."""
    return problem(request, 401, error.code, headers={"WWW-Authenticate": "Bearer"})


def broken(request: Request, reference: str) -> JSONResponse:
    """A fault of ours; `reference` finds it in the log."""
    return problem(request, 500, "broken", reference=reference)
