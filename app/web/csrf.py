"""Proof that a form was sent from our own pages, by the person whose session it is.

Two locks, because old browsers know only one of them: what the browser says about where the request comes
from, and a token that is bound to the session.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from app.domain.errors import Forbidden

FIELD = "csrf"
HEADER = "x-csrf-token"
_OWN_SITES = ("same-origin", "none")


def mask(secret: str) -> str:
    """The session's secret in a new disguise, to be printed in a page.

    A page is compressed; a secret that repeated itself from answer to answer could be guessed from lengths.
    """
    plain = secret.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _xor(plain, pad)).decode().rstrip("=")


def unmask(token: str) -> str:
    """The secret behind a token; an empty text for anything that `mask` did not make."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        half = len(raw) // 2
        return _xor(raw[half:], raw[:half]).decode() if len(raw) == 2 * half else ""
    except (ValueError, binascii.Error):
        return ""


def check(headers: Mapping[str, str], token: str, *, secret: str, origin: str) -> None:
    """Nothing, when a form is ours. Raises Forbidden ("foreign_form" or "stale_form").

    headers: the request's, names in any case that `headers.get` takes in lower case. token: the form's field.
    secret: of the session. origin: the public address, "https://kuliss.example.org".
    """
    if not from_our_pages(headers, origin):
        raise Forbidden("foreign_form")
    if not secret or not hmac.compare_digest(unmask(token).encode(), secret.encode()):
        raise Forbidden("stale_form")


def from_our_pages(headers: Mapping[str, str], origin: str) -> bool:
    """Whether the browser's own words name us as the sender; True where it says nothing.

    Sec-Fetch-Site decides where it is sent (Fetch Metadata Request Headers, W3C); else Origin, which must be
    the public address or the host that was asked for.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    sender = headers.get("origin")
    return sender is None or sender == origin or _host(sender) == headers.get("host", "?")


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
