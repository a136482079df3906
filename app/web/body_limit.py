"""More than a request may hold is refused before it fills the memory, in the words of whoever asked."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class BodyLimit:
    """Plain ASGI middleware. `most`: bytes; `refuse`: the answer to a request that says it brings more.

    A body whose length isn't told is counted while it comes; the app's own handler answers then. (Starlette's
    limit would do the same, but answers everybody in plain English.)
    """

    def __init__(self, app: ASGIApp, *, most: int, refuse: Callable[[Request], Response]) -> None:
        self._app, self._most, self._refuse = app, most, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > self._most:
            await self._refuse(request)(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._most:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, counted, send)
