"""Long files on their way: who gets the token, what a server's refusal means, what is held and noted."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.connectors import meta_uploads
from app.connectors.contract import Endpoint, Saved, carry_on
from app.connectors.facebook import errors
from app.connectors.facebook.network import Facebook
from app.connectors.failures import ConnectorFailure, RateLimited, Rejected, RetryLater, Unsure
from app.connectors.http import Wire
from app.connectors.meta_errors import Stale
from app.connectors.meta_graph import Graph
from app.connectors.reasons import Reason
from app.domain.networks import Realm, RemoteKind
from tests.connectors.fake_films import FILM, FakeFilms, film
from tests.connectors.fake_graph import DATE, PAGE, SECRET, TOKEN, access, error, ok

ADDRESS = "http://graph.test/video-upload/v25.0/770001"
Handler = Callable[[httpx.Request], httpx.Response]


def send(handler: Handler, address: str = ADDRESS, offset: int = 0) -> Graph:
    """Send a film to an address that answers so."""
    graph, video = Graph(Wire(transport=httpx.MockTransport(handler)), "pages"), film().video
    assert video is not None
    meta_uploads.send(graph, errors.DICTIONARY, access(), address, video, offset, carry_on)
    return graph


def refusing(kind: str, retriable: bool) -> Handler:
    """A server of files that refuses."""
    told = {"retriable": retriable, "type": kind, "message": f"no for {TOKEN}"}
    return lambda request: httpx.Response(400, json={"debug_info": told})


def test_only_the_rest_is_sent_with_its_offset_and_the_token_in_the_header() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return ok({"success": True})

    send(handler, offset=4000)
    (request,) = seen
    assert request.content == FILM[4000:]
    assert [request.headers[name] for name in ("offset", "file_size")] == ["4000", str(len(FILM))]
    assert request.headers["content-length"] == str(len(FILM) - 4000)
    assert request.headers["authorization"] == f"OAuth {TOKEN}"
    assert TOKEN not in str(request.url)


@pytest.mark.parametrize(
    "address", ["http://elsewhere.test/video-upload/1", "https://rupload.facebook.com/video-upload/1", ""]
)
def test_the_token_goes_to_the_networks_own_servers_alone(address: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("called")

    with pytest.raises(Stale):
        send(handler, address)


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("https://rupload.facebook.com/video-upload/v25.0/1", True),
        ("http://rupload.facebook.com/video-upload/v25.0/1", False),
        ("https://rupload.facebook.com.example.org/1", False),
        ("https://graph.facebook.com/v25.0/upload:1", True),
    ],
)
def test_metas_own_servers_are_known_by_their_name(address: str, theirs: bool) -> None:
    own = access()
    endpoint = Endpoint(Realm.META, "https://graph.facebook.com", "https://www.facebook.com", "v25.0")
    at_meta = type(own)(type(own.app)(endpoint, "77", SECRET), PAGE, TOKEN)
    assert meta_uploads.is_theirs(at_meta, address) is theirs


@pytest.mark.parametrize(
    ("kind", "retriable", "failure", "reason"),
    [
        ("OffsetInvalidError", False, RetryLater, Reason.UPLOAD_BROKEN),
        ("PartialRequestError", False, RetryLater, Reason.UPLOAD_BROKEN),
        ("ProcessingFailedError", True, RetryLater, Reason.UPLOAD_BROKEN),
        ("ProcessingFailedError", False, Rejected, Reason.VIDEO_REFUSED),
        ("SomethingElse", False, Stale, Reason.UPLOAD_BROKEN),
    ],
)
def test_each_refusal_of_a_file_says_what_to_do(
    kind: str, retriable: bool, failure: type[ConnectorFailure], reason: Reason
) -> None:
    with pytest.raises(failure) as caught:
        send(refusing(kind, retriable))
    assert type(caught.value) is failure
    assert caught.value.reason == reason
    told = [caught.value.message, repr(vars(caught.value)), *traceback.format_exception(caught.value)]
    assert all(secret not in words for words in told for secret in (TOKEN, SECRET))


def test_allowances_told_by_a_server_of_files_count_for_that_channel_alone() -> None:
    used = {**DATE, "x-business-use-case-usage": f'{{"{PAGE}": [{{"type": "pages", "call_count": 80}}]}}'}
    graph = send(lambda request: httpx.Response(200, json={"success": True}, headers=used))
    assert graph.usage.percent("77", PAGE) == 80
    assert graph.usage.percent("77", "another-page") == 0


def test_a_limited_upload_stops_until_the_time_that_is_told() -> None:
    waits = f'{{"{PAGE}": [{{"type": "pages", "call_count": 90, "estimated_time_to_regain_access": 40}}]}}'

    def handler(request: httpx.Request) -> httpx.Response:
        answer = error(80001)
        answer.headers["x-business-use-case-usage"] = waits
        return answer

    with pytest.raises(RateLimited) as caught:
        send(handler)
    left = caught.value.until - datetime.now(UTC)
    assert timedelta(minutes=39) < left <= timedelta(minutes=40)


def test_no_more_than_a_piece_is_asked_at_once() -> None:
    asked: list[int] = []
    video = film(data=bytes(9_000_000)).video
    assert video is not None

    def piece(offset: int, most: int) -> bytes:
        asked.append(most)
        return bytes(most)

    large = type(video)(9_000_000, 5000, 540, 960, piece)
    told = [len(one) for one in meta_uploads.pieces(large, 0, carry_on)]
    assert (asked, sum(told)) == (told, 9_000_000)
    assert max(told) == meta_uploads.PIECE


def test_a_file_that_ends_too_early_is_lost_on_our_side() -> None:
    video = film().video
    assert video is not None
    short = type(video)(len(FILM) + 1, 5000, 540, 960, video.piece)
    with pytest.raises(Rejected) as caught:
        list(meta_uploads.pieces(short, 0, carry_on))
    assert caught.value.reason == Reason.PICTURE_LOST


def test_an_address_is_kept_with_what_it_is_for() -> None:
    saved = [
        Saved(RemoteKind.REEL, "770001"),
        Saved(RemoteKind.UPLOAD, f"{ADDRESS}?seal=a"),
        Saved(RemoteKind.UPLOAD, "upload:1"),
    ]
    assert meta_uploads.address_for(saved, "770001") == f"{ADDRESS}?seal=a"
    assert meta_uploads.address_for(saved, "770002") == ""


def test_a_videos_numbers_are_those_of_its_post() -> None:
    def items(path: str, params: dict[str, str]) -> httpx.Response:
        if params["fields"] == "post_id":
            return {"771": ok({"id": "771", "post_id": "5"}), "772": error(100, 33)}.get(path, error(100))
        assert path in (f"{PAGE}_5", f"{PAGE}_9")
        return ok({"id": path, "shares": {"count": int(path[-1])}})

    server = FakeFilms(items=items)
    told = Facebook(server.wire()).read(access(), ["771", "772", "773", f"{PAGE}_9"])
    found = {one.remote_id: (one.gone, one.values.get("shares")) for one in told.numbers}
    assert found == {"771": (False, 5), "772": (True, None), f"{PAGE}_9": (False, 9)}


def test_a_comment_whose_answer_is_lost_is_looked_for_and_others_are_never_ours() -> None:
    server = FakeFilms()
    facebook, post = server.facebook(), server.add("Hello", published=True)
    stranger = {"id": "1", "message": "Welcome", "from": {"id": "4711"}}
    server.said[post] = [stranger]
    assert facebook.find_comment(access(), post, "Welcome").whole
    server.said[post] = [{"id": "1", "message": "Welcome"}]
    assert not facebook.find_comment(access(), post, "Welcome").whole
    server.said[post] = [stranger]
    server.faults = [lambda carry_out: (carry_out(), httpx.Response(500))[1]]
    with pytest.raises(Unsure):
        facebook.comment(access(), post, "Welcome")
    assert facebook.find_comment(access(), post, "Welcome").remote_id == f"{post}_2"
