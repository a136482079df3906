"""A few lines of Graph API in memory, for tests of the connector alone: posts of a page, faults on demand."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from app.connectors.contract import Access, App, Endpoint, Picture, Saved
from app.connectors.facebook.network import Facebook
from app.connectors.http import Wire
from app.domain.networks import Realm, RemoteKind

PAGE = "1001"
TOKEN = "EAAPageTokenThatNobodyMaySee0123456789"
SECRET = "app-secret-that-nobody-may-see"
SERVER_NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DATE = {"date": "Fri, 20 Nov 2026 08:00:00 GMT", "facebook-api-version": "v25.0"}

Params = dict[str, str]
Fault = Callable[[Callable[[], httpx.Response]], httpx.Response]


def app() -> App:
    """The library's app on a made-up server."""
    endpoint = Endpoint(Realm.PRACTICE, "http://graph.test", "http://dialog.test", "v25.0")
    return App(endpoint, "77", SECRET)


def access() -> Access:
    """The page's access."""
    return Access(app(), PAGE, TOKEN)


def error(code: int, subcode: int = 0, status: int = 400, **more: Any) -> httpx.Response:
    """An answer with Meta's error envelope."""
    told = {"message": "(#1) no", "type": "OAuthException", "code": code, "fbtrace_id": "Atrace", **more}
    if subcode:
        told["error_subcode"] = subcode
    return httpx.Response(status, json={"error": told}, headers=DATE)


def ok(data: Any) -> httpx.Response:
    """A good answer."""
    return httpx.Response(200, json=data, headers=DATE)


def answers(response: httpx.Response) -> Fault:
    """Nothing is carried out, and this comes back."""
    return lambda _: response


def done_but(response: httpx.Response) -> Fault:
    """It is carried out, and yet this comes back."""

    def fault(carry_out: Callable[[], httpx.Response]) -> httpx.Response:
        carry_out()
        return response

    return fault


def lost(carried_out: bool, kind: type[httpx.TransportError] = httpx.ReadTimeout) -> Fault:
    """No answer comes back."""

    def fault(carry_out: Callable[[], httpx.Response]) -> httpx.Response:
        if carried_out:
            carry_out()
        raise kind(f"no answer for Bearer {TOKEN}")

    return fault


@dataclass
class Call:
    """One request that arrived."""

    method: str
    path: str
    params: Params
    token: str
    file: bytes = b""
    headers: httpx.Headers = field(default_factory=httpx.Headers)


def form_of(request: httpx.Request) -> tuple[Params, bytes]:
    """The fields of a body, and the file in it."""
    kind = request.headers.get("content-type", "")
    if kind == "application/octet-stream":
        return {}, request.content
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(request.content.decode())), b""
    whole = message_from_bytes(f"content-type: {kind}\r\n\r\n".encode() + request.content)
    fields: Params = {}
    file = b""
    for part in whole.get_payload():
        data = part.get_payload(decode=True)  # type: ignore[union-attr]
        assert isinstance(data, bytes)
        if part.get_filename():  # type: ignore[union-attr]
            file = data
        else:
            fields[str(part.get_param("name", header="content-disposition"))] = data.decode()  # type: ignore[union-attr]
    return fields, file


def picture(part: str = "0-a", alt_text: str = "Aino at her desk", seen: list[str] | None = None) -> Picture:
    """A picture whose bytes and address name it; each loan is another address, told to `seen`."""
    numbers = count(1)

    def lend() -> str:
        address = f"https://kuliss.example/m/{part}-{next(numbers)}.jpg"
        if seen is not None:
            seen.append(address)
        return address

    return Picture(part, alt_text, f"jpeg {part}".encode, lend)


@dataclass
class FakeGraph:
    """The server. `faults` are used up first, one a request; `items` answers one item of a batch."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    others: dict[str, httpx.Response] = field(default_factory=dict)
    photos: dict[str, Params] = field(default_factory=dict)
    photos_once: bool = False  # a photo that a post carries is refused in another
    items: Callable[[str, Params], httpx.Response | None] = lambda path, params: error(100)
    now: datetime = SERVER_NOW

    def facebook(self) -> Facebook:
        """The connector, wired to this server."""
        return Facebook(self.wire())

    def wire(self) -> Wire:
        """A wire that ends here."""
        return Wire(transport=httpx.MockTransport(self.handle))

    def add(self, message: str, published: bool, made: timedelta = timedelta(0), **more: Any) -> str:
        """A post that is already there; returns its id."""
        post_id = f"{PAGE}_{len(self.posts) + 1}"
        stamp = (self.now + made).strftime("%Y-%m-%dT%H:%M:%S+0000")
        permalink = f"http://fb.test/{post_id}"
        post: dict[str, Any] = {
            "id": post_id, "is_published": published, "permalink_url": permalink, "created_time": stamp,
            "application": {"id": "77"},
        }  # fmt: skip
        self.posts[post_id] = {**post, **({"message": message} if message else {}), **more}
        return post_id

    def published(self) -> list[dict[str, Any]]:
        """What the public sees."""
        return [post for post in self.posts.values() if post["is_published"]]

    def paths(self) -> list[str]:
        """The calls so far, as "METHOD path"."""
        return [f"{call.method} {call.path}" for call in self.calls]

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        parts = urlsplit(str(request.url))
        fields, file = form_of(request)
        params = dict(parse_qsl(parts.query)) | fields
        path = parts.path.removeprefix("/v25.0/").removeprefix("/")
        token = request.headers.get("authorization", "").rsplit(" ", 1)[-1]
        self.calls.append(Call(request.method, path, params, token, file, request.headers))

        def carry_out() -> httpx.Response:
            return self._carry_out(request.method, path, params)

        return self.faults.pop(0)(carry_out) if self.faults else carry_out()

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        if path in self.others:
            return self.others[path]
        if path == "":
            return ok([self._item(item["relative_url"]) for item in json.loads(params["batch"])])
        if path == f"{PAGE}/feed":
            return self._feed(method, params)
        if path == f"{PAGE}/photos":
            photo_id = f"9{len(self.photos) + 1:03}"
            self.photos[photo_id] = params
            return ok({"id": photo_id})
        if path == PAGE:
            return ok({"id": PAGE})
        return self._post(method, path, params)

    def _feed(self, method: str, params: Params) -> httpx.Response:
        if method == "GET":
            return ok({"data": list(self.posts.values())[::-1]})
        carried = [
            json.loads(params[key])["media_fbid"] for key in params if key.startswith("attached_media")
        ]
        if not set(carried) <= self.photos.keys():
            return error(100)
        if self.photos_once and set(carried) & {one for post in self.posts for one in self.attached(post)}:
            return error(100, 1366051)
        more: dict[str, Any] = {"attachments": attachments(carried)} if carried else {}
        post_id = self.add(params.get("message", ""), params.get("published") != "false", **more)
        return ok(self.posts[post_id])

    def attached(self, post_id: str) -> list[str]:
        """The photos that a post carries, in their order."""
        told = self.posts[post_id].get("attachments", {"data": []})["data"]
        several = told[0].get("subattachments", {"data": told})["data"] if told else []
        return [one["target"]["id"] for one in several]

    def _post(self, method: str, path: str, params: Params) -> httpx.Response:
        if path not in self.posts:
            return error(100, 33)
        if method == "DELETE":
            del self.posts[path]
            return ok({"success": True})
        if method == "POST":
            self.posts[path]["is_published"] |= params.get("is_published") == "true"
            self.posts[path] |= {"message": params["message"]} if "message" in params else {}
            return ok({"success": True})
        return ok(self.posts[path])

    def _item(self, relative_url: str) -> dict[str, Any] | None:
        parts = urlsplit(relative_url)
        found = self.items(parts.path.removeprefix("v25.0/"), dict(parse_qsl(parts.query)))
        if not found:
            return None
        headers = [{"name": name, "value": value} for name, value in found.headers.items()]
        return {"code": found.status_code, "headers": headers, "body": found.text}


def attachments(photo_ids: list[str]) -> dict[str, Any]:
    """How a post tells what it carries: one photo itself, several under one heading."""
    targets = [{"target": {"id": one}} for one in photo_ids]
    return {"data": targets if len(targets) == 1 else [{"target": {}, "subattachments": {"data": targets}}]}


@dataclass
class Memory:
    """Stands for our database: what `remember` was told."""

    ids: list[tuple[RemoteKind, str]] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)

    def __call__(self, kind: RemoteKind, remote_id: str, part: str = "") -> None:
        """Keep an id."""
        self.ids.append((kind, remote_id))
        self.saved.append(Saved(kind, remote_id, part))
