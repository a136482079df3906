"""A number for every request, in all its log lines and in its answer."""

import secrets

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.foundation import clock, logs

HEADER = "X-Request-ID"
_log = logs.get(__name__)


class RequestContext:
    """Plain ASGI middleware: `request.state.reference`, the answer's header, one log line per request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reference = secrets.token_hex(5)
        scope.setdefault("state", {})["reference"] = reference
        began, status = clock.monotonic(), 500

        async def send_with_reference(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = reference
            await send(message)

        with structlog.contextvars.bound_contextvars(reference=reference):
            try:
                await self._app(scope, receive, send_with_reference)
            finally:
                took = round((clock.monotonic() - began) * 1000, 1)
                _log.info("request", method=scope["method"], path=scope["path"], status=status, ms=took)


class Waking:
    """Plain ASGI middleware: after a request that may have changed the plan, the clock looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            scope["app"].state.wake()
