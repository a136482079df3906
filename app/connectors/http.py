"""The one place that talks HTTP to the outside, and the only importer of httpx.

What matters after a call that failed is whether it can have been carried out: `NeverSent` says no, `NoAnswer`
says perhaps. Neither holds an address or a header, because these may hold tokens.

Idle connections wait in one stack per server, the warmest on top, each in a transport of its own. One large
pool would look through all its connections at every call, which costs as much as the rest of the call.
"""

import secrets
import ssl
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

import httpx

from app.foundation import clock, outgoing

MOST_CONNECTIONS = 100
CONNECT_SECONDS = 5.0
# What holds for one connection alone, or for a body that is no longer packed.
_NOT_HANDED_ON = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-encoding", "content-length"}
)
_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60)
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,  # the tunnel was refused
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
# The event of the wire right before the first byte of a request.
_LEAVES = "http11.send_request_headers.started"

Body = bytes | Iterator[bytes]


class NeverSent(Exception):
    """The request did not reach the other side: nothing can have happened."""


class NoAnswer(Exception):
    """The request may have arrived, and no whole answer came back: it may have been carried out."""


@dataclass(frozen=True)
class Answer:
    """A whole answer; header names are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Forwarded:
    """An answer to hand on to a browser: headers in their order, repeated ones (Set-Cookie) apart."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def multipart(fields: Mapping[str, str], name: str, file: bytes, kind: str) -> tuple[bytes, str]:
    """Fields and one file as multipart/form-data: the body, and its content type with the boundary.

    `name`: the file's field, `kind`: its media type. Source: RFC 7578.
    """
    boundary = secrets.token_hex(16)
    pieces = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    pieces.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    body = b"".join(["".join(pieces).encode(), file, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # for http, where nothing is checked


def _proxy_for(url: httpx.URL) -> httpx.Proxy | None:
    """The outgoing proxy. Only for https: plain http is the practice network, nearby."""
    address = outgoing.proxy_for(url.host) if url.scheme == "https" else ""
    if not address:
        return None
    # To a proxy with https itself the same certificates are believed.
    return httpx.Proxy(address, ssl_context=outgoing.trust() if address.startswith("https:") else None)


class Wire:
    """The process's connections. Safe for many threads; `transport` replaces the network in tests.

    `timeout`: seconds to wait for each part of an answer. Redirects are not followed.
    """

    def __init__(self, timeout: float = 30.0, transport: httpx.BaseTransport | None = None) -> None:
        self._timeouts = {
            "connect": CONNECT_SECONDS,
            "read": timeout,
            "write": timeout,
            "pool": CONNECT_SECONDS,
        }
        self._fixed = transport
        self._idle: defaultdict[tuple[str, str, int | None], deque[httpx.BaseTransport]] = defaultdict(deque)
        self._places = BoundedSemaphore(MOST_CONNECTIONS)

    def send(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]] = (),
        body: Body | None = None,
        not_after: datetime | None = None,
    ) -> Answer:
        """One request, its whole answer. Raises NeverSent or NoAnswer; every HTTP status is an answer.

        `not_after` (UTC): it does not leave later than that, also when this process slept on the way to it.

        Pieces are taken one at a time while they are sent; what taking one raises ends the call and comes out
        as it is. Their headers tell how many bytes there are.
        """
        response = self._send(method, url, headers, body, not_after)
        return Answer(response.status_code, response.headers, response.content)

    def forward(
        self, method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Forwarded:
        """The same for a browser's request that is handed on; the caller chooses which headers go along."""
        response = self._send(method, url, headers, body)
        kept = [pair for pair in response.headers.multi_items() if pair[0].lower() not in _NOT_HANDED_ON]
        return Forwarded(response.status_code, kept, response.content)

    def close(self) -> None:
        """Close the idle connections; the wire can be used again after it."""
        while self._idle:
            _, stack = self._idle.popitem()
            for transport in stack:
                transport.close()

    def _send(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: Body | None,
        not_after: datetime | None = None,
    ) -> httpx.Response:
        # Raised outside the `except`, so that no chained error carries the request along.
        try:
            request = httpx.Request(
                method, url, headers=list(headers), content=body, extensions={"timeout": self._timeouts}
            )
        except (httpx.InvalidURL, ValueError):
            request = None
        if request is None:
            raise NeverSent("the request could not be written")
        outcome = self._exchange(request, not_after)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _exchange(
        self, request: httpx.Request, not_after: datetime | None
    ) -> httpx.Response | NeverSent | NoAnswer:
        if not self._places.acquire(timeout=CONNECT_SECONDS):
            return NeverSent("all connections are in use")
        stack = self._idle[(request.url.scheme, request.url.host, request.url.port)]
        transport: httpx.BaseTransport | None = None
        try:
            transport = self._take(stack, request.url)
            if not_after is not None:
                _in_time("before", not_after)
                # And once more when a connection stands: to make one may take long.
                request.extensions["trace"] = lambda event, _info: _in_time(event, not_after)
            response = transport.handle_request(request)
            response.read()
            return response
        except NeverSent as late:
            return late
        except _BEFORE_SENDING as error:
            return NeverSent(type(error).__name__)
        except (httpx.TransportError, httpx.DecodingError) as error:
            return NoAnswer(type(error).__name__)
        finally:
            # Also when no transport could be made (a proxy's address that is none): the place is free again.
            if transport is not None and transport is not self._fixed:
                stack.append(transport)
            self._places.release()

    def _take(self, stack: deque[httpx.BaseTransport], url: httpx.URL) -> httpx.BaseTransport:
        if self._fixed is not None:
            return self._fixed
        try:
            return stack.pop()
        except IndexError:
            trusted = outgoing.trust() if url.scheme == "https" else _PLAIN
            return httpx.HTTPTransport(verify=trusted, limits=_ONE, proxy=_proxy_for(url))


def _in_time(event: str, not_after: datetime) -> None:
    """Nothing, while a request may leave; of what the wire tells on the way, its last step before counts."""
    if event in ("before", _LEAVES) and clock.now() > not_after:
        raise NeverSent("its time to leave was over")


class _Shared:
    wire = Wire()


def set_up(timeout: float) -> None:
    """Choose how many seconds the process's shared wire waits. Called once at start."""
    before, _Shared.wire = _Shared.wire, Wire(timeout)
    before.close()


def shared() -> Wire:
    """The wire that the whole process shares."""
    return _Shared.wire


def forward(
    method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
) -> Forwarded:
    """Hand a browser's request on over the shared wire. Raises NeverSent or NoAnswer."""
    return shared().forward(method, url, headers, body)
