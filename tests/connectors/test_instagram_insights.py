"""Numbers of images and carousels: fifty to a call, missing is None, what does not fit is found by asking."""

from typing import Any

import httpx
import pytest

from app.connectors.failures import Reconnect
from tests.connectors.fake_graph import Params, answers, error, ok
from tests.connectors.fake_instagram import FakeInstagram, access

ALL = {"views": 90, "reach": 60, "shares": 2, "saved": 5}


def medium(path: str, insights: dict[str, int], **counts: Any) -> httpx.Response:
    rows = [{"name": name, "values": [{"value": value}]} for name, value in insights.items()]
    return ok({"id": path, **counts, "insights": {"data": rows}})


def unwilling(name: str, response: httpx.Response) -> FakeInstagram:
    """A server on which one name fails the whole medium."""

    def items(path: str, params: Params) -> httpx.Response:
        known = {metric: value for metric, value in ALL.items() if metric in params["fields"]}
        return response if name in params["fields"] else medium(path, known, like_count=7)

    return FakeInstagram(items=items)


def test_all_numbers_of_many_media_come_in_one_call() -> None:
    server = FakeInstagram(items=lambda path, params: medium(path, ALL, like_count=7, comments_count=1))
    told = server.instagram().read(access(), ["1801", "1802"])
    assert len(server.calls) == 1
    assert told.numbers[1].values == {
        "views": 90, "reach": 60, "reactions": 7, "comments": 1, "shares": 2, "saves": 5,
    }  # fmt: skip
    assert told.numbers[0].sources["saves"] == "saved"


def test_what_is_not_told_is_none() -> None:
    server = FakeInstagram(items=lambda path, params: medium(path, {}))
    assert set(server.instagram().read(access(), ["1"]).numbers[0].values.values()) == {None}


def test_gone_is_told() -> None:
    server = FakeInstagram(items=lambda path, params: error(100, 33))
    assert server.instagram().read(access(), ["1"]).numbers[0].gone


def test_a_dead_name_is_found_and_the_rest_still_read() -> None:
    told = unwilling("reach", error(100)).instagram().read(access(), ["1", "2"])
    assert told.dead == ("reach",)
    assert [one.values["views"] for one in told.numbers] == [90, 90]


@pytest.mark.parametrize("response", [error(1), error(10)])
def test_a_name_that_does_not_fit_or_is_not_allowed_is_left_out_and_not_dead(
    response: httpx.Response,
) -> None:
    told = unwilling("saved", response).instagram().read(access(), ["1"])
    assert (told.dead, told.numbers[0].values["saves"], told.numbers[0].values["reactions"]) == ((), None, 7)


def test_trouble_with_one_medium_leaves_it_out_and_spoils_no_other() -> None:
    server = FakeInstagram(items=lambda path, params: error(2) if path == "1" else medium(path, ALL))
    told = server.instagram().read(access(), ["1", "2"])
    assert [(one.remote_id, one.values["views"]) for one in told.numbers] == [("2", 90)]


def test_a_dead_token_stops_the_reading() -> None:
    server = FakeInstagram(faults=[answers(error(190))])
    with pytest.raises(Reconnect):
        server.instagram().read(access(), ["1"])
