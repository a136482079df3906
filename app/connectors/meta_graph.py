"""Calls to Meta's Graph API: token in a header or body, proof on every call, errors read by their numbers.

What comes back is either a `Reply` or one of four exceptions: `Refused` (Meta says no, with its codes),
`Garbled` (an answer nobody can read), and http's `NeverSent` and `NoAnswer`. Each network's folder says what
they mean. Source: Meta, Graph API: overview, error handling, secure requests, batch requests.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from app.connectors import http
from app.connectors.contract import Access, App
from app.connectors.meta_usage import Usage, regain_at

BATCH_MOST = 50
_FORM = ("content-type", "application/x-www-form-urlencoded")
_ALWAYS = (("accept", "application/json"), ("accept-encoding", "gzip"))
_LOOKS_SECRET = re.compile(r"[A-Za-z0-9_\-|.%]{32,}")


@dataclass(frozen=True)
class Reply:
    """A good answer: its JSON object, the network's time (Date, UTC), the API version that served it."""

    data: dict[str, Any]
    network_at: datetime | None
    served_version: str


@dataclass(frozen=True)
class GraphError:
    """Meta's error envelope. `regain_at`: from when calls are allowed again (UTC)."""

    code: int
    subcode: int
    message: str
    trace_id: str
    status: int
    transient: bool = False
    regain_at: datetime = field(default_factory=regain_at)


class Refused(Exception):
    """Meta answered with an error envelope."""

    def __init__(self, error: GraphError) -> None:
        super().__init__(f"{error.code}/{error.subcode}")
        self.error = error


class Garbled(Exception):
    """An answer came that holds neither what was asked for nor an error envelope."""


class FileRefused(Exception):
    """A server that takes files refused one. `kind`: its name for why; `retriable`: worth another try."""

    def __init__(self, kind: str, retriable: bool, message: str) -> None:
        super().__init__(kind)
        self.kind, self.retriable, self.message = kind, retriable, message


@dataclass(frozen=True)
class Batch:
    """A batch's answers in the order asked: an object, an error, or None where Meta gave up on the item."""

    items: list[dict[str, Any] | GraphError | None]
    network_at: datetime | None
    served_version: str


def proof(app_secret: str, token: str) -> str:
    """The appsecret_proof: lower-case hex HMAC-SHA256 of the token under the app's secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class Graph:
    """One door to the Graph API over one wire (the process's shared one when none is given).

    `allowance`: the kind of allowance that counts, as in `Usage`.
    """

    def __init__(self, wire: http.Wire | None = None, allowance: str = "") -> None:
        self._wire = wire
        self.usage = Usage(allowance)

    def ask(self, access: Access, method: str, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """A call that speaks for a page. Raises Refused, Garbled, NeverSent or NoAnswer."""
        given = params or {}
        return self.call(
            access.app, access.token, method, path, given,
            page_id=access.remote_id, not_after=access.not_after,
        )  # fmt: skip

    def call(
        self,
        app: App,
        token: str,
        method: str,
        path: str,
        params: Mapping[str, str],
        *,
        page_id: str = "",
        proven: bool = True,
        not_after: datetime | None = None,
    ) -> Reply:
        """A call with any token; without `proven` no proof is added (an app's own token has none)."""
        sent = dict(params)
        headers = [*_ALWAYS]
        if token:
            headers.append(("authorization", f"Bearer {token}"))
        if token and proven:
            sent["appsecret_proof"] = proof(app.app_secret, token)
        url, body = f"{app.endpoint.graph}/{app.endpoint.version}/{path}", None
        if method == "POST":
            headers.append(_FORM)
            body = urlencode(sent).encode()
        elif sent:
            url = f"{url}?{urlencode(sent)}"
        answer = self._send(method, url, headers, body, not_after)
        return self._read(app, page_id, answer, (token, app.app_secret))

    def upload(
        self, access: Access, path: str, params: Mapping[str, str], jpeg: bytes, name: str = "source"
    ) -> Reply:
        """A POST that carries a picture's bytes by a name. Raises as `ask`; nothing raised holds them."""
        endpoint, secrets = access.app.endpoint, (access.token, access.app.app_secret)
        sent = {**params, "appsecret_proof": proof(access.app.app_secret, access.token)}
        body, kind = http.multipart(sent, name, jpeg, "image/jpeg")
        headers = [*_ALWAYS, ("authorization", f"Bearer {access.token}"), ("content-type", kind)]
        answer = self._send(
            "POST", f"{endpoint.graph}/{endpoint.version}/{path}", headers, body, access.not_after
        )
        return self._read(access.app, access.remote_id, answer, secrets)

    def carry(
        self,
        access: Access,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Iterator[bytes] | None = None,
    ) -> Reply:
        """A call about a file on its way, to the whole address that the network gave for it.

        These servers want the token as OAuth; the proof joins what stands in the address already. Raises as
        `ask`, and FileRefused.
        """
        proven = urlencode({"appsecret_proof": proof(access.app.app_secret, access.token)})
        url = f"{url}{'&' if '?' in url else '?'}{proven}"
        sent = [*_ALWAYS, ("authorization", f"OAuth {access.token}"), *(headers or {}).items()]
        answer = self._send(method, url, sent, body, access.not_after)
        return self._read(access.app, access.remote_id, answer, (access.token, access.app.app_secret))

    def batch(self, access: Access, urls: Sequence[str]) -> Batch:
        """Up to 50 readings in one call; `urls` are paths with their query, without version or token.

        Never for writes: an item that timed out comes back as None, done or not. Raises as `ask`.
        """
        endpoint = access.app.endpoint
        wanted = [{"method": "GET", "relative_url": f"{endpoint.version}/{url}"} for url in urls]
        form = {
            # In the body, as documented for batches, and not in the address, which lands in logs.
            "access_token": access.token,
            "appsecret_proof": proof(access.app.app_secret, access.token),
            # Each item tells itself how much of the allowance is used, and when calls are possible again.
            "include_headers": "true",
            "batch": json.dumps(wanted),
        }
        answer = self._send("POST", f"{endpoint.graph}/", [*_ALWAYS, _FORM], urlencode(form).encode())
        secrets = (access.token, access.app.app_secret)
        found = self._parse(access.app, access.remote_id, answer, secrets)
        if not isinstance(found, list) or len(found) != len(urls):
            raise Garbled(f"a batch with status {answer.status}")
        items = [self._item(access, one, answer.headers, secrets) for one in found]
        return Batch(items, instant_of(answer), answer.headers.get("facebook-api-version", ""))

    def _send(
        self,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: http.Body | None,
        not_after: datetime | None = None,
    ) -> http.Answer:
        return (self._wire or http.shared()).send(method, url, headers, body, not_after)

    def _read(self, app: App, page_id: str, answer: http.Answer, secrets: tuple[str, ...]) -> Reply:
        found = self._parse(app, page_id, answer, secrets)
        if not isinstance(found, dict) or not 200 <= answer.status < 300:
            raise Garbled(f"status {answer.status}")
        return Reply(found, instant_of(answer), answer.headers.get("facebook-api-version", ""))

    def _parse(self, app: App, page_id: str, answer: http.Answer, secrets: tuple[str, ...]) -> Any:
        self.usage.note(app.app_id, page_id, answer.headers)
        found = _json(answer.body)
        if error := self._error(found, answer.status, answer.headers, page_id, secrets):
            raise Refused(error)
        if isinstance(found, dict) and isinstance(found.get("debug_info"), dict):
            told = found["debug_info"]
            words = clean(str(told.get("message") or ""), secrets)
            raise FileRefused(str(told.get("type") or ""), told.get("retriable") is True, words)
        return found

    def _item(
        self, access: Access, item: Any, outer: Mapping[str, str], secrets: tuple[str, ...]
    ) -> dict[str, Any] | GraphError | None:
        if not isinstance(item, dict) or not isinstance(item.get("body"), str):
            return None
        headers = _headers_of(item) or outer
        self.usage.note(access.app.app_id, access.remote_id, headers)
        found = _json(item["body"])
        error = self._error(found, _whole(item.get("code")), headers, access.remote_id, secrets)
        return error or (found if isinstance(found, dict) else None)

    def _error(
        self, found: Any, status: int, headers: Mapping[str, str], page_id: str, secrets: tuple[str, ...]
    ) -> GraphError | None:
        """The error envelope in an answer. Only its numbers decide; its words are for people."""
        told = found.get("error") if isinstance(found, dict) else None
        if not isinstance(told, dict):
            return None
        words = told.get("error_user_msg") or told.get("message") or ""
        return GraphError(
            code=_whole(told.get("code")),
            subcode=_whole(told.get("error_subcode")),
            message=clean(str(words), secrets),
            trace_id=str(told.get("fbtrace_id") or "")[:64],
            status=status,
            transient=told.get("is_transient") is True,
            regain_at=regain_at(headers, page_id, self.usage.kind),
        )


def instant_of(answer: http.Answer) -> datetime | None:
    """The network's own time at an answer (its Date header, whole seconds), UTC."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return None


def _headers_of(item: dict[str, Any]) -> dict[str, str]:
    """The headers of one answer of a batch, a list of names and values; names in lower case."""
    told = item.get("headers")
    pairs = (one for one in told if isinstance(one, dict)) if isinstance(told, list) else ()
    return {str(one.get("name", "")).lower(): str(one.get("value", "")) for one in pairs}


def following(data: Mapping[str, Any]) -> str:
    """The cursor of a list's next page; an empty text at its end. A short or empty page is not the end.

    By cursor, because `paging.next` is an address with the token in it.
    """
    paging = data.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return str(after) if after and paging.get("next") else ""


def _json(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def clean(words: str, secrets: Sequence[str] = ()) -> str:
    """Words that may be kept and shown: one line, nothing that is or looks like a token."""
    for secret in secrets:
        if secret:
            words = words.replace(secret, "***")
    return _LOOKS_SECRET.sub("***", " ".join(words.split()))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
