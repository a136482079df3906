"""Fetching a picture or video from an address that a call names, as Meta's servers do (Meta, IG User media).

Only from known origins, exactly: the app's own, the bucket's, and what a test adds. No redirects.
"""

import asyncio
import http.client
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

from app.foundation import clock
from app.foundation.settings import LOOPBACK

AT_ONCE = 16
CHUNK = 65_536
AGENT = "facebookexternalhit/1.1 (practice)"
Result = TypeVar("Result")
Keep = Callable[[bytes], object]


class Unreachable(Exception):
    """Nothing came, or not what was asked for."""


class Slow(Exception):
    """It took longer than the network waits."""


@dataclass(frozen=True)
class Fetched:
    """What came. kind: its content type, without parameters; body: cut off one byte behind the most."""

    kind: str
    body: bytes


def origin(address: str) -> str:
    """Scheme, host and port of an address in one spelling; "" if it has none that can be fetched from."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        return ""
    if not parts.hostname or parts.username is not None or parts.password is not None:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def is_loopback(address: str) -> bool:
    """Whether an address leads to this very machine."""
    return bool(origin(address)) and urlsplit(address).hostname in LOOPBACK


def is_plain(address: str) -> bool:
    """Whether an address is spelt so that every program reads it alike: ASCII, no blanks, no backslashes."""
    return address.isascii() and address.isprintable() and not set(address) & set(' \\"<>')


async def fetch(address: str, origins: frozenset[str], most: int, seconds: float) -> Fetched:
    """The answer to a GET, at most `most` + 1 bytes of it. Raises Unreachable and Slow."""
    body = bytearray()
    kind = await _fetch(address, origins, most, seconds, body.extend)
    return Fetched(kind, bytes(body))


async def fetch_file(address: str, origins: frozenset[str], most: int, seconds: float, path: Path) -> str:
    """The same into a file, piece by piece. Returns its content type. Raises Unreachable and Slow; then
    there is no file."""
    try:
        with path.open("wb") as file:
            return await _fetch(address, origins, most, seconds, file.write)
    except (Unreachable, Slow):
        forget(path)
        raise


def forget(path: Path) -> None:
    """Throw a file away that nobody wants."""
    path.unlink(missing_ok=True)


async def _fetch(address: str, origins: frozenset[str], most: int, seconds: float, keep: Keep) -> str:
    if not is_plain(address) or origin(address) not in origins:
        raise Unreachable
    try:
        work = in_thread(lambda: _get(address, most, clock.monotonic() + seconds, keep))
        return await asyncio.wait_for(work, seconds)
    except TimeoutError:
        raise Slow from None
    except (OSError, ValueError, http.client.HTTPException):
        raise Unreachable from None


def in_thread(work: Callable[[], Result]) -> "asyncio.Future[Result]":
    """Do something slow beside the event loop, in a thread that nobody waits for at the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as caught:  # noqa: BLE001 - handed on to whoever waits
            error = caught
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, daemon=True).start()
    return future


def _get(address: str, most: int, until: float, keep: Keep) -> str:
    parts = urlsplit(address)
    line = _line(parts.scheme, parts.hostname or "", parts.port, until - clock.monotonic())
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        line.request("GET", path, headers={"user-agent": AGENT, "accept": "*/*", "connection": "close"})
        with line.getresponse() as answer:
            if answer.status != 200:
                raise Unreachable
            _body(answer, most, until, keep)
            return answer.headers.get_content_type() if answer.headers.get("content-type") else ""
    finally:
        line.close()


def _line(scheme: str, host: str, port: int | None, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=seconds)


def _body(answer: http.client.HTTPResponse, most: int, until: float, keep: Keep) -> None:
    came = 0
    while came <= most:
        if clock.monotonic() > until:
            raise TimeoutError
        chunk = answer.read1(min(CHUNK, most + 1 - came))
        if not chunk:
            break
        keep(chunk)
        came += len(chunk)
    length = answer.headers.get("content-length", "")
    if came <= most and length.isdigit() and came < int(length):
        raise Unreachable  # the line was cut on the way
