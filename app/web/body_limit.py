"""More than a request may hold is refused before it fills the memory, in the words of whoever asked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413
FILES = "multipart/form-data"


@dataclass(frozen=True)
class Room:
    """Addresses that may be sent more, by POST and as a form with files, which go to the disk.

    `paths`: a pattern of whole addresses. `most`: bytes.
    """

    paths: re.Pattern[str]
    most: int


class BodyLimit:
    """Plain ASGI middleware. `most`: bytes; `rooms`: where it may be more; `refuse`: the answer to a request
    that says it brings too much.

    A body whose length isn't told is counted while it comes; the app's own handler answers then. (Starlette's
    limit would do the same, but answers everybody in plain English.)
    """

    def __init__(
        self, app: ASGIApp, *, most: int, refuse: Callable[[Request], Response], rooms: Sequence[Room] = ()
    ) -> None:
        self._app, self._most, self._refuse, self._rooms = app, most, refuse, rooms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        most = self._most_of(request)
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > most:
            await self._refuse(request)(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, counted, send)

    def _most_of(self, request: Request) -> int:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method != "POST" or kind != FILES:
            return self._most
        path = request.url.path
        return max((room.most for room in self._rooms if room.paths.fullmatch(path)), default=self._most)
