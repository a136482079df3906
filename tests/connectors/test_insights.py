"""Numbers of many posts: missing is None, dead names are found, a missing permission hides only itself."""

from typing import Any

import httpx
import pytest

from app.connectors.failures import RateLimited, Reconnect, RetryLater
from tests.connectors.fake_graph import SERVER_NOW, FakeGraph, Params, access, answers, error, ok

VIEWS, REACH, CLICKS = "post_media_view", "post_total_media_view_unique", "post_clicks"
ALL = {VIEWS: 500, REACH: 320, CLICKS: 7}


def row(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "period": "lifetime", "values": [{"value": value}]}


def post(path: str, insights: dict[str, int]) -> httpx.Response:
    summary = {"data": [], "summary": {"total_count": 4}}
    data = {"id": path, "reactions": summary, "comments": summary, "shares": {"count": 2}}
    return ok({**data, "insights": {"data": [row(name, value) for name, value in insights.items()]}})


def test_all_numbers_of_many_posts_come_in_one_call() -> None:
    server = FakeGraph(items=lambda path, params: post(path, ALL))
    told = server.facebook().read(access(), ["1001_1", "1001_2"])
    assert server.paths() == ["POST "]
    assert [one.remote_id for one in told.numbers] == ["1001_1", "1001_2"]
    first = told.numbers[0]
    assert first.values == {
        "views": 500,
        "reach": 320,
        "clicks": 7,
        "reactions": 4,
        "comments": 4,
        "shares": 2,
    }
    assert (first.sources["views"], first.network_at, first.gone, told.dead) == (VIEWS, SERVER_NOW, False, ())


def test_fifty_posts_go_into_a_call() -> None:
    server = FakeGraph(items=lambda path, params: post(path, ALL))
    told = server.facebook().read(access(), [f"1001_{number}" for number in range(120)])
    assert (len(server.calls), len(told.numbers)) == (3, 120)


def test_what_is_missing_is_none_and_never_zero() -> None:
    server = FakeGraph(items=lambda path, params: ok({"id": path, "insights": {"data": [row(VIEWS, None)]}}))
    values = server.facebook().read(access(), ["1001_1"]).numbers[0].values
    assert set(values.values()) == {None}


def test_gone_posts_are_told_and_unanswered_ones_left_out() -> None:
    found = {"1001_1": post("1001_1", ALL), "1001_2": error(100, 33), "1001_3": None, "1001_4": error(2)}
    server = FakeGraph(items=lambda path, params: found[path])
    told = server.facebook().read(access(), list(found))
    assert [(one.remote_id, one.gone) for one in told.numbers] == [("1001_1", False), ("1001_2", True)]


def unwilling(name: str, response: httpx.Response) -> FakeGraph:
    """A server on which one name fails the whole post."""

    def items(path: str, params: Params) -> httpx.Response:
        known = {metric: value for metric, value in ALL.items() if metric in params["fields"]}
        return response if name in params["fields"] else post(path, known)

    return FakeGraph(items=items)


def test_a_dead_name_is_found_and_the_rest_still_read() -> None:
    server = unwilling(REACH, error(100))
    told = server.facebook().read(access(), ["1001_1", "1001_2"])
    assert told.dead == (REACH,)
    assert [one.values["views"] for one in told.numbers] == [500, 500]
    assert [one.values["reach"] for one in told.numbers] == [None, None]
    assert "reach" not in told.numbers[0].sources
    assert len(server.calls) == 3


def test_dead_names_are_not_asked_again() -> None:
    server = unwilling(REACH, error(100))
    told = server.facebook().read(access(), ["1001_1"], dead=(REACH,))
    assert (len(server.calls), told.dead) == (1, ())


def test_a_missing_permission_hides_its_numbers_and_kills_no_name() -> None:
    server = unwilling("reactions", error(10))
    told = server.facebook().read(access(), ["1001_1"])
    assert (told.dead, told.numbers[0].values["views"]) == ((), 500)
    assert told.numbers[0].sources.get("reactions") is None


def test_an_odd_post_kills_no_name() -> None:
    server = FakeGraph(items=lambda path, params: error(100) if path == "1001_1" else post(path, ALL))
    told = server.facebook().read(access(), ["1001_1", "1001_2"])
    assert told.dead == ()
    assert [one.remote_id for one in told.numbers] == ["1001_2"]


@pytest.mark.parametrize(("code", "failure"), [(190, Reconnect), (80001, RateLimited), (4, RateLimited)])
def test_a_dead_token_or_a_limit_stops_the_reading(code: int, failure: type[Exception]) -> None:
    server = FakeGraph(items=lambda path, params: error(code))
    with pytest.raises(failure):
        server.facebook().read(access(), ["1001_1"])


def test_a_batch_that_fails_as_a_whole_raises() -> None:
    server = FakeGraph(faults=[answers(httpx.Response(502))])
    with pytest.raises(RetryLater):
        server.facebook().read(access(), ["1001_1"])
