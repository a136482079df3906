"""Stands for the contract: a network, a server behind it, and the public's eyes on it.

Each network stands twice: over a server in memory, and over the practice network on a real socket.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import httpx

from app.connectors.contract import Access, App, Endpoint, Network, Picture, VideoFile
from app.connectors.facebook.network import Facebook
from app.connectors.http import Wire
from app.connectors.instagram.network import Instagram
from app.domain.networks import Realm
from tests.connectors import fake_instagram
from tests.connectors.fake_films import FakeFilms, film
from tests.connectors.fake_graph import PAGE, TOKEN, Params, access, error, ok, picture
from tests.practice import instagram as practice_client
from tests.practice.films import film as clip
from tests.practice.graph import Graph
from tests.practice.shelf import Shelf
from tests.practice.shelf import picture as jpeg
from tests.support.practice import PracticeServer


class Lossy(httpx.BaseTransport):
    """Carries every call, and loses the answers to those in `lose` (counted from 0)."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner, self.lose, self.calls = inner, frozenset[int](), 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        number, self.calls = self.calls, self.calls + 1
        response = self.inner.handle_request(request)
        if number in self.lose:
            response.read()
            response.close()
            raise httpx.ReadTimeout("lost")
        return response

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()


@dataclass(frozen=True)
class PublicPost:
    """A post as the public sees it: its words, and how many pictures it carries."""

    text: str
    pictures: int = 0


class Stand(Protocol):
    """A network with a server behind it that a test may look at with the public's eyes."""

    network: Network
    line: Lossy

    def make_access(self) -> Access:
        """Access to one channel that is connected and may publish."""
        ...

    def pictures(self, number: int) -> tuple[Picture, ...]:
        """So many pictures that the network takes."""
        ...

    def public(self) -> Sequence[PublicPost]:
        """Every post on that channel that anyone can see."""
        ...

    def colleague_posts(self, text: str) -> None:
        """Somebody posts at the network itself."""
        ...


class FacebookInMemory(FakeFilms):
    """The fake Graph API as a stand: it knows one token, and what a sign-in told about it."""

    def __init__(self, second: str = "error") -> None:
        super().__init__(items=lambda path, params: ok({"id": path}), second=second)
        self.line = Lossy(httpx.MockTransport(self.handle))
        self.network: Network = Facebook(Wire(transport=self.line))

    def make_access(self) -> Access:
        return access()

    def pictures(self, number: int) -> tuple[Picture, ...]:
        return tuple(picture(f"{place}-a") for place in range(number))

    def film(self) -> Picture:
        return film()

    def arrived(self) -> list[bytes]:
        return [one["held"] for one in self.clips.values()]

    def public(self) -> list[PublicPost]:
        posts = [PublicPost(post["message"], len(self.attached(post["id"]))) for post in self.published()]
        return posts + [PublicPost(one["text"], 1) for one in self.out()]

    def colleague_posts(self, text: str) -> None:
        self.add(text, published=True, application=None)

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        return _judged(self, path, params) or super()._carry_out(method, path, params)


class InstagramInMemory(fake_instagram.FakeInstagram):
    """The same for a profile."""

    def __init__(self, status_lag: int = 0, list_lag: int = 0, second: str = "error") -> None:
        super().__init__(items=lambda path, params: ok({"id": path}), second=second)
        self.status_lag, self.list_lag = status_lag, list_lag
        self.line = Lossy(httpx.MockTransport(self.handle))
        self.network: Network = Instagram(Wire(transport=self.line))

    def make_access(self) -> Access:
        return fake_instagram.access()

    def pictures(self, number: int) -> tuple[Picture, ...]:
        return tuple(picture(f"{place}-a") for place in range(number))

    def film(self) -> Picture:
        return film()

    def arrived(self) -> list[bytes]:
        return [one["held"] for one in self.containers.values() if "held" in one]

    def public(self) -> list[PublicPost]:
        whole = {one.get("medium"): one["form"] for one in self.containers.values()}
        rows = self.media.values()
        return [PublicPost(row["caption"], _carried(whole.get(row["id"], {}))) for row in rows]

    def colleague_posts(self, text: str) -> None:
        self.post(text)

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        return _judged(self, path, params) or super()._carry_out(method, path, params)


def _carried(form: Params) -> int:
    return len(form["children"].split(",")) if "children" in form else int(bool(form))


def _judged(server: FacebookInMemory | InstagramInMemory, path: str, params: Params) -> httpx.Response | None:
    """What the doorkeeper says of a token; None when the call may go on."""
    if path == "debug_token":
        scopes, good = server.network.profile.scopes, params["input_token"] == TOKEN
        return ok({"data": {"app_id": "77", "is_valid": good, "scopes": scopes, "profile_id": PAGE}})
    if TOKEN not in (server.calls[-1].token, params.get("access_token")):
        return error(190, 467, message=f"Malformed access token {server.calls[-1].token}")
    return None


class _OnPractice:
    """What both networks on the practice network share."""

    remote_id: str

    def __init__(self, practice: PracticeServer, shelf: Shelf, network: type[Network]) -> None:
        self.practice, self.shelf = practice, shelf
        self.line = Lossy(httpx.HTTPTransport())
        self.network: Network = network(Wire(transport=self.line))  # type: ignore[call-arg]

    def make_access(self) -> Access:
        endpoint = Endpoint(Realm.PRACTICE, self.practice.url, self.practice.url, "v25.0")
        app = App(endpoint, self.practice.keys.app_id, self.practice.keys.app_secret)
        return Access(app, self.remote_id, self.practice.page_token(self.practice.page))

    def pictures(self, number: int) -> tuple[Picture, ...]:
        return tuple(self._picture(place) for place in range(number))

    def _picture(self, place: int) -> Picture:
        body = jpeg(400 + place, 400 + place)
        return Picture(f"{place}-a", "A square", lambda: body, partial(self.shelf.put, body))

    def film(self) -> Picture:
        """A real one: the practice network looks into it."""
        body, still = clip(), self._picture(9)
        video = VideoFile(len(body), 4000, 540, 960, lambda offset, most: body[offset : offset + most], 500)
        return Picture("9-film", "", still.read, still.lend, video)

    def appeared(self) -> list[tuple[str, list[str]]]:
        """What the public ever saw on this channel but comments: the words, and its files by their hash."""
        rows = self.practice.public_log()
        wanted = [row for row in rows if row["event"] == "appeared" and row["kind"] != "comment"]
        return [(row["message"], row["files"]) for row in wanted if row["page"] == self.remote_id]


class FacebookOnPractice(_OnPractice):
    """A page of the practice network."""

    def __init__(self, practice: PracticeServer, shelf: Shelf) -> None:
        super().__init__(practice, shelf, Facebook)
        self.remote_id = practice.page
        self._client = Graph(practice)

    def public(self) -> list[PublicPost]:
        fields = "message,attachments{target{id},subattachments{target{id}}}"
        rows = self._client.get(f"{self.remote_id}/published_posts", fields=fields)["data"]
        return [PublicPost(row.get("message", ""), _attached(row)) for row in rows]

    def colleague_posts(self, text: str) -> None:
        self._client.create(text)


def _attached(row: dict[str, dict[str, list[dict[str, dict[str, list[object]]]]]]) -> int:
    told = row.get("attachments", {"data": []})["data"]
    return sum(len(one["subattachments"]["data"]) if "subattachments" in one else 1 for one in told)


class InstagramOnPractice(_OnPractice):
    """A profile of the practice network."""

    def __init__(self, practice: PracticeServer, shelf: Shelf) -> None:
        super().__init__(practice, shelf, Instagram)
        self._client = practice_client.Instagram(practice, shelf)
        self.remote_id = self._client.profile

    def public(self) -> list[PublicPost]:
        rows = self._client.listed("id,caption,media_type,children{id}")
        return [
            PublicPost(row.get("caption", ""), len(row.get("children", {"data": [1]})["data"]))
            for row in rows
        ]

    def colleague_posts(self, text: str) -> None:
        self._client.published(caption=text)


@contextmanager
def shelf_for(practice: PracticeServer) -> Iterator[Shelf]:
    """Pictures that the practice network may fetch; the network itself fresh, fast, without lags."""
    practice.reset("world")
    practice.switches(
        latency_ms=1,
        list_lag_seconds=0,
        list_pages="full",
        container_seconds=0,
        media_lag_seconds=0,
        comment_lag_seconds=0,
        video_processing_seconds=0,
        reel_live_seconds=0,
    )
    with Shelf() as shelf:
        practice.ask("origins", {"origins": [shelf.url]})
        yield shelf


def with_other_token(own: Access) -> Access:
    """The same access with a token that nobody knows."""
    return replace(own, token="a-wrong-token-that-must-stay-unseen")
