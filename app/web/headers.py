"""What every answer says to the browser: what a page may load and send, who may frame it, what is kept."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"
A_YEAR = 31_536_000
_POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'",),
    "connect-src": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
    "base-uri": ("'none'",),
}
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def allow(request: Request, directive: str, *sources: str) -> None:
    """Let this one answer load from or send to more places, for example `allow(request, "form-action", url)`.

    A form whose answer leads on to a network's sign-in needs that network's origin in form-action: Chromium
    holds redirects after a form to the policy of the page that carries the form.
    """
    extra: dict[str, tuple[str, ...]] = request.scope.setdefault("state", {}).setdefault("csp", {})
    extra[directive] = extra.get(directive, ()) + sources


def policy(extra: dict[str, tuple[str, ...]]) -> str:
    """The text of a Content-Security-Policy: ours and the additions, by directive."""
    names = [*_POLICY, *(name for name in extra if name not in _POLICY)]
    return "; ".join(" ".join((name, *_POLICY.get(name, ()), *_once(extra.get(name, ())))) for name in names)


def _once(sources: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(sources)


_PLAIN_POLICY = policy({})


class SecurityHeaders:
    """Plain ASGI middleware; the outermost of all, so that refusals and errors carry the headers as well."""

    def __init__(self, app: ASGIApp, *, public_url: str = "") -> None:
        self._app = app
        self._fixed = dict(_FIXED)
        if public_url.startswith("https://"):
            self._fixed["Strict-Transport-Security"] = f"max-age={A_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._write(MutableHeaders(scope=message), scope, message["status"], state.get("csp"))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _write(
        self, headers: MutableHeaders, scope: Scope, status: int, extra: dict[str, tuple[str, ...]] | None
    ) -> None:
        for name, value in self._fixed.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", policy(extra) if extra else _PLAIN_POLICY)
        headers.setdefault("Cache-Control", _keeping(scope, status))


def _keeping(scope: Scope, status: int) -> str:
    """How long an answer may be kept: addresses with a hash for ever, pages and errors not at all."""
    if not scope["path"].startswith(STATIC) or status >= 400:
        return "no-store"
    if b"v=" in scope.get("query_string", b""):
        return f"public, max-age={A_YEAR}, immutable"
    return "no-cache"


def protect(app: Starlette, *, public_url: str) -> None:
    """Add compression and, around everything, the security headers. Call it once, after other middleware.

    Starlette keeps its catcher of crashes outside of all added middleware; the headers go around that too, so
    that an error page has them.
    """
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    inner = app.build_middleware_stack

    def around() -> ASGIApp:
        return SecurityHeaders(inner(), public_url=public_url)

    app.build_middleware_stack = around  # type: ignore[method-assign]  # the only door around the catcher
