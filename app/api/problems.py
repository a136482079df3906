"""Answers that say no to a program: application/problem+json (RFC 9457) with our codes."""

from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from app.dependencies.viewers import NoToken, reader_locale
from app.domain.errors import NotFound, Refusal
from app.words.sentences import faults, sentence
from app.words.validation import invalid

MEDIA_TYPE = "application/problem+json"


class ProblemFault(BaseModel):
    """One thing that is wrong. `field` is null when it is about the whole."""

    code: str
    field: str | None
    detail: str


class Problem(BaseModel):
    """Why something was not done. `detail` is written in the language of the token's owner."""

    type: str = "about:blank"
    status: int
    title: str
    code: str
    detail: str
    errors: list[ProblemFault] = Field(default_factory=list)


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
    title = HTTPStatus(status).phrase  # what RFC 9457, 4.2.1 asks of about:blank
    body = {"type": "about:blank", "status": status, "title": title, "code": code, "detail": detail}
    return JSONResponse({**body, "errors": [], **more}, status, headers, MEDIA_TYPE)


def refused(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal, with every fault in `errors` (field, code, detail), and what else a program needs beside."""
    said = faults(refusal, reader_locale(request))
    errors = [{"code": fault.code, "field": fault.field, "detail": fault.sentence} for fault in said]
    return problem(request, refusal.status, said[0].code, said[0].sentence, errors=errors, **refusal.beside)


def unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
    """400 for what is no JSON, 404 for an id that can't be one, else 422 with each field that doesn't fit."""
    errors = error.errors()
    if any(each["loc"][:1] == ("path",) for each in errors):
        return refused(request, NotFound())
    if any(each["type"] == "json_invalid" for each in errors):
        return problem(request, HTTPStatus.BAD_REQUEST, "malformed_json")
    return refused(request, invalid(errors))


def no_token(request: Request, error: NoToken) -> JSONResponse:
    """401, with the challenge that HTTP demands (RFC 9110, 11.6.1)."""
    return problem(request, 401, error.code, headers={"WWW-Authenticate": "Bearer"})


def broken(request: Request, reference: str) -> JSONResponse:
    """A fault of ours; `reference` finds it in the log."""
    return problem(request, 500, "broken", reference=reference)
