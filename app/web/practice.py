"""The practice network through our own address, for people who are signed in.

Only what a browser needs goes through: its sign-in dialog, its public pages, its stylesheet, and for
those who look after channels its control page. Our cookies never go there, and it sets none here.
"""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.connectors import http
from app.connectors.http import Forwarded, NeverSent, NoAnswer
from app.dependencies.database import Configured
from app.dependencies.viewers import SAFE_METHODS, SignedIn, Viewer
from app.domain.errors import Forbidden, NotFound
from app.domain.roles import Right
from app.foundation import practice_keys
from app.foundation.settings import Settings
from app.web import csrf, errors
from app.web.forms import go

router = APIRouter()
PREFIX = "/practice"
_OPEN = re.compile(r"(v\d+\.\d+/)?dialog/oauth|public(/.*)?|static/.+")
_CONTROL = re.compile(r"control(/(?!api(/|$)).*)?")
_ALONG = (
    "content-type",
    "origin",
    "accept",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "sec-fetch-user",
)
_PIECE = 4 * 1024 * 1024  # bytes of a video that are handed on at once; the browser asks for the next
_TO_THE_END = re.compile(r"bytes=(\d{1,12})-")
_BACK = frozenset(
    {
        "accept-ranges",
        "content-range",
        "content-type",
        "content-security-policy",
        "referrer-policy",
        "cache-control",
        "etag",
        "last-modified",
    }
)


async def body_of(request: Request) -> bytes:  # async, because a body is read in no other way
    """What was sent, as it is."""
    return await request.body()


@router.get(PREFIX)
@router.get(PREFIX + "/")
def enter(_viewer: SignedIn) -> Response:
    """The address that is told at the start: on to its Pages."""
    return go(f"{PREFIX}/public")


@router.get(PREFIX + "/{path:path}")
@router.post(PREFIX + "/{path:path}")
def forward(
    request: Request,
    viewer: SignedIn,
    settings: Configured,
    body: Annotated[bytes, Depends(body_of)],
    path: str,
) -> Response:
    """Hand a browser's request on, and the answer back."""
    extra = _way_in(request, viewer, settings, path)
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings.practice_address}/{quote(path)}{query}"
    along = [(name, request.headers[name]) for name in _ALONG if name in request.headers]
    along.append(("accept-language", viewer.locale))
    along += _part(request.headers.get("range", ""))
    try:
        answer = http.forward(request.method, url, [*along, *extra], body or None)
    except NeverSent:
        return errors.coded(request, 503, "practice_down")
    except NoAnswer:
        return errors.coded(request, 504, "practice_silent")
    return _handed_back(answer, settings)


def _way_in(request: Request, viewer: Viewer, settings: Settings, path: str) -> list[tuple[str, str]]:
    """Headers to add for this path. Raises NotFound for what isn't for browsers, Forbidden."""
    if any(part in (".", "..") for part in path.split("/")):
        raise NotFound
    if request.method not in SAFE_METHODS and not csrf.from_our_pages(request.headers, settings.address):
        raise Forbidden("foreign_form")
    if _OPEN.fullmatch(path):
        return []
    if not _CONTROL.fullmatch(path):
        raise NotFound
    if not viewer.actor.scope.units_with(Right.CHANNELS):
        raise Forbidden("not_allowed")
    token = practice_keys.load(settings.data_dir).control_token
    return [("authorization", f"Bearer {token}")]


def _part(asked: str) -> list[tuple[str, str]]:
    """The part of a file that a player asks for; "all from here on" is a piece: it goes through memory."""
    open_end = _TO_THE_END.fullmatch(asked)
    if open_end:
        asked = f"{asked}{int(open_end[1]) + _PIECE - 1}"
    return [("range", asked)] if asked else []


def _handed_back(answer: Forwarded, settings: Settings) -> Response:
    response = Response(answer.body, answer.status)
    for name, value in answer.headers:
        if name.lower() in _BACK:
            response.headers[name] = value
        elif name.lower() == "location":
            response.headers["location"] = _through_us(value, settings)
    return response


def _through_us(location: str, settings: Settings) -> str:
    """An address of the practice network as browsers reach it."""
    if location.startswith(f"{settings.practice_address}/"):
        return settings.practice_public_address + location.removeprefix(settings.practice_address)
    own = location.startswith("/") and not location.startswith("//")
    return f"{PREFIX}{location}" if own and not location.startswith(f"{PREFIX}/") else location
