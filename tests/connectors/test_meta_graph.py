"""Calls to the Graph API: token and proof, error envelopes, usage, batches."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.connectors.http import NoAnswer
from app.connectors.meta_graph import Garbled, Graph, GraphError, Refused, clean, proof
from app.foundation import clock
from tests.connectors.fake_graph import (
    DATE,
    PAGE,
    SECRET,
    SERVER_NOW,
    TOKEN,
    FakeGraph,
    access,
    answers,
    error,
    lost,
    ok,
)


def test_the_proof_is_hmac_sha256() -> None:
    # RFC 4231, test case 2.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert proof("Jefe", "what do ya want for nothing?") == expected


def test_the_token_travels_in_the_header_with_its_proof() -> None:
    server = FakeGraph()
    reply = Graph(server.wire()).ask(access(), "GET", PAGE, {"fields": "id"})
    call = server.calls[0]
    assert call.token == TOKEN
    assert call.params == {"fields": "id", "appsecret_proof": proof(SECRET, TOKEN)}
    assert (reply.network_at, reply.served_version) == (SERVER_NOW, "v25.0")


def test_what_is_posted_stands_in_the_body() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return ok({"id": "1"})

    server = FakeGraph()
    server.handle = handler  # type: ignore[method-assign]
    Graph(server.wire()).ask(access(), "POST", f"{PAGE}/feed", {"message": "Hej på dig"})
    assert str(seen[0].url) == f"http://graph.test/v25.0/{PAGE}/feed"
    assert b"message=Hej+p%C3%A5+dig" in seen[0].content


def test_an_upload_carries_token_and_proof_like_any_call() -> None:
    server = FakeGraph(others={f"{PAGE}/photos": ok({"id": "9"})})
    reply = Graph(server.wire()).upload(access(), f"{PAGE}/photos", {"published": "false"}, b"\xff\xd8")
    call = server.calls[0]
    assert (reply.data, call.method, call.token, call.file) == ({"id": "9"}, "POST", TOKEN, b"\xff\xd8")
    assert call.params == {"published": "false", "appsecret_proof": proof(SECRET, TOKEN)}


def test_only_the_allowance_of_a_kind_counts() -> None:
    entries = [{"type": "pages", "call_count": 90}, {"type": "instagram", "call_count": 12}]
    told = {"X-Business-Use-Case-Usage": json.dumps({PAGE: entries})}
    for kind, percent in (("", 90), ("pages", 90), ("instagram", 12), ("messenger", 90)):
        server = FakeGraph()
        graph = Graph(server.wire(), kind)
        server.faults = [answers(httpx.Response(200, json={}, headers=told))]
        graph.ask(access(), "GET", PAGE)
        assert graph.usage.percent("77", PAGE) == percent


def test_an_error_is_read_by_its_numbers_and_shown_in_the_words_for_people() -> None:
    server = FakeGraph()
    server.faults = [answers(error(100, 2061006, error_user_msg="Länken\n stämmer inte", is_transient=True))]
    with pytest.raises(Refused) as caught:
        Graph(server.wire()).ask(access(), "GET", PAGE)
    told = caught.value.error
    assert (told.code, told.subcode, told.transient, told.trace_id) == (100, 2061006, True, "Atrace")
    assert told.message == "Länken stämmer inte"


def test_no_token_stays_in_the_networks_words() -> None:
    assert clean(f"Malformed access token {TOKEN} for {SECRET}", (TOKEN, SECRET)) == (
        "Malformed access token *** for ***"
    )
    assert "EAAGm0PX4ZCpsBA" not in clean("token EAAGm0PX4ZCpsBAKZCZBexampleexampleexample is bad")


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"id": "1'),
        httpx.Response(502, content=b"<html>"),
        httpx.Response(200, json=[1]),
        httpx.Response(500, json={"odd": True}),
    ],
)
def test_an_answer_that_nobody_can_read_is_told_apart(response: httpx.Response) -> None:
    server = FakeGraph()
    server.faults = [answers(response)]
    with pytest.raises(Garbled):
        Graph(server.wire()).ask(access(), "GET", PAGE)


def test_usage_is_the_highest_percent_of_page_and_app() -> None:
    server, graph = FakeGraph(), Graph()
    graph = Graph(server.wire())
    business = {PAGE: [{"type": "pages", "call_count": 12, "total_time": 81, "total_cputime": 5}]}
    headers = {
        "X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}',
        "X-Business-Use-Case-Usage": json.dumps(business),
    }
    assert graph.usage.percent("77", PAGE) == 0
    server.faults = [answers(httpx.Response(200, json={}, headers=headers))]
    graph.ask(access(), "GET", PAGE)
    assert graph.usage.percent("77", PAGE) == 81
    assert graph.usage.percent("77", "another page") == 28


@pytest.mark.parametrize(
    "header", ["", "nonsense", "[]", '{"1001": 5}', '{"1001": [{"call_count": "much"}]}']
)
def test_odd_usage_headers_do_no_harm(header: str) -> None:
    server = FakeGraph()
    graph = Graph(server.wire())
    server.faults = [answers(httpx.Response(200, json={}, headers={"X-Business-Use-Case-Usage": header}))]
    graph.ask(access(), "GET", PAGE)
    assert graph.usage.percent("77", PAGE) == 0


def _pause(headers: dict[str, str]) -> timedelta:
    server = FakeGraph()
    limit = {"error": {"code": 80001, "message": "too many"}}
    server.faults = [answers(httpx.Response(400, json=limit, headers=headers))]
    before = datetime.now(UTC)
    with pytest.raises(Refused) as caught:
        Graph(server.wire()).ask(access(), "GET", PAGE)
    return caught.value.error.regain_at - before


def test_a_limit_counted_by_the_business_holds_for_its_page() -> None:
    told = json.dumps({"a business": [{"estimated_time_to_regain_access": 25}]})
    assert timedelta(minutes=25) <= _pause({"X-Business-Use-Case-Usage": told}) < timedelta(minutes=26)


def test_a_limit_ends_when_the_header_says_or_after_a_quarter_of_an_hour() -> None:
    told = json.dumps(
        {PAGE: [{"estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 40}]}
    )
    assert timedelta(minutes=40) <= _pause({"X-Business-Use-Case-Usage": told}) < timedelta(minutes=41)
    assert timedelta(minutes=15) <= _pause({}) < timedelta(minutes=16)


def test_a_batch_answers_in_order_with_errors_and_gaps() -> None:
    server = FakeGraph()
    server.items = lambda path, params: {"1": ok({"id": "1"}), "2": None}.get(path, error(100, 33))
    batch = Graph(server.wire()).batch(access(), ["1?fields=id", "2", "3"])
    assert batch.items[:2] == [{"id": "1"}, None]
    assert isinstance(batch.items[2], GraphError)
    assert batch.network_at == SERVER_NOW
    sent = server.calls[0].params
    assert sent["include_headers"] == "true"
    assert sent["appsecret_proof"] == proof(SECRET, TOKEN)
    assert json.loads(sent["batch"])[0] == {"method": "GET", "relative_url": "v25.0/1?fields=id"}


def test_an_answer_of_a_batch_tells_itself_when_to_go_on() -> None:
    server, limited = FakeGraph(), error(80002)
    told = {PAGE: [{"call_count": 100, "estimated_time_to_regain_access": 40}]}
    limited.headers["X-Business-Use-Case-Usage"] = json.dumps(told)
    server.items = lambda _path, _params: limited
    graph = Graph(server.wire())
    [item] = graph.batch(access(), ["1"]).items
    assert isinstance(item, GraphError)
    assert timedelta(minutes=39) < item.regain_at - clock.now() <= timedelta(minutes=40)
    assert graph.usage.percent(access().app.app_id, PAGE) == 100


def test_a_batch_that_is_refused_or_short_raises() -> None:
    server = FakeGraph()
    server.faults = [answers(error(190)), answers(httpx.Response(200, json=[], headers=DATE)), lost(False)]
    graph = Graph(server.wire())
    for expected in (Refused, Garbled, NoAnswer):
        with pytest.raises(expected):
            graph.batch(access(), ["1"])
