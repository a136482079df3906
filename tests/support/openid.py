"""An OpenID provider on this machine, on a real socket: discovery, keys, codes for tokens with PKCE checked.

There is no page to sign in at: a test reads where the browser is led and is given a code by `Provider.code`.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.connectors import openid

CLIENT, SECRET = "kuliss-test", "not a secret"


@cache
def rsa_key(name: str) -> RSAKey:
    """A key pair by its name; made once, that takes a while."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


class Provider:
    """Tests may change `claims` (None leaves one out), the `key` and `algorithm` that sign, `shown` keys."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.claims: dict[str, Any] = {}
        self.key, self.shown = "one", ["one"]
        self.algorithm = "RS256"
        self.asked: list[str] = []  # paths
        self.end_session = f"{issuer}/leave"
        self._codes: dict[str, dict[str, str]] = {}

    def code(self, address: str) -> tuple[str, str]:
        """Sign somebody in who was led to this address: the code and the state that they bring back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self._codes)}"
        self._codes[code] = asked
        return code, asked["state"]

    def discovery(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **({"end_session_endpoint": self.end_session} if self.end_session else {}),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        """The public keys that are shown."""
        return {"keys": [rsa_key(name).as_dict(private=False) for name in self.shown]}

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """The answer to a code, once, for who knows its verifier."""
        asked = self._codes.pop(sent.get("code", ""), None)
        made = _packed(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if asked is None or made != asked["code_challenge"]:
            return None
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return None
        return {"token_type": "Bearer", "access_token": "unused", "id_token": self._signed(asked)}

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            "auth_time": now if "max_age" in asked else None,
            "email": "sara@library.example",
            "email_verified": True,
        }
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        head = {"alg": self.algorithm, "kid": self.key}
        if self.algorithm == "HS256":
            return _swapped(head, claims)
        return jwt.encode(head, claims, rsa_key(self.key))


def _swapped(head: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token signed with the public key that everybody can read, as if it were a shared secret."""
    said = ".".join(_packed(json.dumps(part).encode()) for part in (head, claims))
    secret = rsa_key("one").as_pem(private=False)
    return f"{said}.{_packed(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


def _packed(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """The provider, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            found = {openid.WELL_KNOWN: provider.discovery, "/keys": provider.keys}.get(self.path)
            self._say(404 if found is None else 200, found() if found else {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = provider.token({name: values[0] for name, values in parse_qs(body).items()})
            self._say(400 if said is None else 200, said or {"error": "invalid_grant"})

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing on the tests' screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    openid.forget()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
