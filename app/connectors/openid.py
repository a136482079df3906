"""Signing in at an OpenID provider: where it is, the way there, and whether what comes back is believed.

Sources: OpenID Connect Core 1.0 (3.1.2 authentication, 3.1.3.7 what of an ID token is checked), Discovery 1.0
(4), RP-Initiated Logout 1.0 (2), RFC 7636 (PKCE), RFC 6749 (2.3.1), RFC 9207 (issuer in the answer), RFC 8725
(algorithms); Microsoft identity platform, optional claims (xms_edov, auth_time).
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from app.connectors import http
from app.foundation import clock
from app.foundation.settings import LOOPBACK

SCOPES = "openid email profile"
ANEW, CHOOSE = "login", "select_account"
WELL_KNOWN = "/.well-known/openid-configuration"
# Only those whose key we can't make ourselves: with HS256 the client's secret, or a public key taken for a
# secret, would sign whatever one likes.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_KINDS = frozenset({"RSA", "EC"})
SKEW = 60  # seconds that clocks may differ
_FRESH = 3600.0  # seconds for which an answer of the provider is kept
_AGAIN = 30.0  # seconds between two looks for a key that nobody knows
_SUBJECT_MOST = 255  # Core, 2: sub
_OK, _REFUSED = 200, 400


class ProviderDown(Exception):
    """No answer, or none that can be used: nobody is at fault who signs in."""


class NotBelieved(Exception):
    """What came back proves nothing. `why`, for the log, in a few words without anything of it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Client:
    """Who we are at the provider, and where it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    callback: str


@dataclass(frozen=True)
class Provider:
    """What its discovery document says; `issuer` as it writes it itself.

    `end_session`: where people sign out there; empty when it tells no such address.
    """

    issuer: str
    authorization: str
    token: str
    jwks: str
    by_basic: bool
    end_session: str = ""


@dataclass(frozen=True)
class Who:
    """Whom the provider vouches for. `verified`: it says itself that the e-mail address is theirs.

    `asked_at`: when it last asked them who they are, in seconds since 1970; None when it does not say.
    """

    issuer: str
    subject: str
    email: str
    verified: bool
    asked_at: int | None = None


class _Kept:
    """Answers of providers, by address, with the moment they came; one process, all threads."""

    lock = threading.Lock()
    answers: ClassVar[dict[str, tuple[float, dict[str, Any]]]] = {}


def forget() -> None:
    """Drop what is kept of providers."""
    with _Kept.lock:
        _Kept.answers.clear()


def provider(issuer: str) -> Provider:
    """The provider of an issuer's address. Raises ProviderDown, also when it says it is another one."""
    said = _read(issuer.rstrip("/") + WELL_KNOWN, _FRESH)
    own = str(said.get("issuer", ""))
    found = {
        name: str(said.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    if own.rstrip("/") != issuer.rstrip("/") or not all(_is_safe(one) for one in found.values()):
        raise ProviderDown("its discovery document does not fit")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_basic = "client_secret_post" not in methods
    end_session = str(said.get("end_session_endpoint") or "")
    return Provider(
        own,
        found["authorization_endpoint"],
        found["token_endpoint"],
        found["jwks_uri"],
        by_basic,
        end_session if _is_safe(end_session) else "",
    )


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    except ValueError:
        return False


def _read(address: str, fresh: float) -> dict[str, Any]:
    """A JSON object at an address; kept for `fresh` seconds. Raises ProviderDown."""
    now = clock.monotonic()
    with _Kept.lock:
        at, known = _Kept.answers.get(address, (0.0, {}))
    if known and now - at < fresh:
        return known
    said = _answer("GET", address)
    with _Kept.lock:
        _Kept.answers[address] = (now, said)
    return said


def _answer(
    method: str, address: str, headers: tuple[tuple[str, str], ...] = (), body: bytes | None = None
) -> dict[str, Any]:
    try:
        answer = http.shared().send(method, address, (("Accept", "application/json"), *headers), body)
    except (http.NeverSent, http.NoAnswer):
        raise ProviderDown("no answer") from None
    if method == "POST" and answer.status == _REFUSED:  # RFC 6749, 5.2: the code is not good (any more)
        raise NotBelieved("code refused")
    try:
        said = json.loads(answer.body) if answer.status == _OK else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderDown(f"answered {answer.status}")
    return said


def challenge(verifier: str) -> str:
    """What the provider is told of the PKCE verifier beforehand (S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def address(
    found: Provider, client: Client, state: str, nonce: str, verifier: str, prompt: str, locale: str
) -> str:
    """Where the person's browser goes. `prompt`: ANEW asks who they are, CHOOSE lets them choose.

    A person could take `prompt` out of the address; so after ANEW the provider must say when it asked.
    """
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.callback,
        "scope": SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "prompt": prompt,
        "ui_locales": locale,
    }
    if prompt == ANEW:
        asked["max_age"] = "0"
    return _with(found.authorization, asked)


def way_out(found: Provider, client: Client, locale: str) -> str:
    """Where a person signs out there; empty when the provider tells no such address.

    Without a hint of who they are, since we keep none: the provider asks them before it does it.
    """
    if not found.end_session:
        return ""
    return _with(found.end_session, {"client_id": client.client_id, "ui_locales": locale})


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def who(client: Client, code: str, named: str, nonce: str, verifier: str, now: datetime) -> Who:
    """The person for whom the provider gave this code. `named`: the issuer that the answer names, if it does.

    Raises ProviderDown, NotBelieved.
    """
    found = provider(client.issuer)
    if named and named != found.issuer:
        raise NotBelieved("issuer of the answer")
    return _believed(found, client, _trade(found, client, code, verifier), nonce, now)


def _trade(found: Provider, client: Client, code: str, verifier: str) -> str:
    """The code -> an ID token. Access and refresh tokens that come along are not kept."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.callback,
        "code_verifier": verifier,
    }
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    if found.by_basic:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    else:
        sent |= {"client_id": client.client_id, "client_secret": client.client_secret}
    said = _answer("POST", found.token, tuple(headers), urlencode(sent).encode())
    token = said.get("id_token")
    if not isinstance(token, str):
        raise NotBelieved("no ID token")
    return token


def _believed(found: Provider, client: Client, token: str, nonce: str, now: datetime) -> Who:
    from joserfc import jwt  # noqa: PLC0415 - loaded at the first sign-in by a provider: it takes long
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        claims = jwt.decode(token, _key(found, token), algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotBelieved("signature") from None
    _check(claims, found, client, nonce, int(now.timestamp()))
    email = claims.get("email")
    return Who(
        found.issuer,
        claims["sub"],
        email.strip().lower() if isinstance(email, str) and email.isprintable() else "",
        _is_yes(claims.get("email_verified", claims.get("xms_edov"))),
        int(claims["auth_time"]) if claims.get("auth_time") is not None else None,
    )


def _is_yes(said: Any) -> bool:
    """Some providers write yes as a text or as a number."""
    return said is True or said in ("true", "1", 1)


def _key(found: Provider, token: str) -> Any:
    """The key that a token names. Keys are kept; one that is not among them is looked for anew, not often."""
    from joserfc import jwk  # noqa: PLC0415 - as above

    head = json.loads(_unpadded(token.split(".", 1)[0]))
    if not isinstance(head, dict) or head.get("alg") not in ALGORITHMS:
        raise NotBelieved("algorithm")
    for fresh in (_FRESH, _AGAIN):
        fitting = _fitting(_read(found.jwks, fresh), head.get("kid"))
        if fitting:
            return jwk.import_key(fitting)
    raise NotBelieved("key")


def _unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _fitting(said: Mapping[str, Any], name: Any) -> dict[str, Any] | None:
    """The key of that name; without a name the only one there is. Never one that is a shared secret."""
    keys = said.get("keys")
    usable = [
        key
        for key in (keys if isinstance(keys, list) else ())
        if isinstance(key, dict) and key.get("kty") in _KINDS and key.get("use", "sig") == "sig"
    ]
    named = [key for key in usable if name is not None and key.get("kid") == name]
    if name is None and len(usable) == 1:
        return usable[0]
    return named[0] if named else None


def _check(claims: Mapping[str, Any], found: Provider, client: Client, nonce: str, now: int) -> None:
    """Nothing, when the claims are of this sign-in, for us, and of now. Raises NotBelieved."""
    if claims.get("iss") != found.issuer:
        raise NotBelieved("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client.client_id not in audiences or claims.get("azp", client.client_id) != client.client_id:
        raise NotBelieved("audience")
    if len(audiences) > 1 and "azp" not in claims:
        raise NotBelieved("audience")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotBelieved("nonce")
    _check_times(claims, now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_MOST or not subject.isprintable():
        raise NotBelieved("subject")


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or expires <= now - SKEW:
        raise NotBelieved("expired")
    for name in ("iat", "nbf", "auth_time"):
        told = claims.get(name)
        if told is not None and (not isinstance(told, int | float) or not 0 <= told <= now + SKEW):
            raise NotBelieved("not yet")
