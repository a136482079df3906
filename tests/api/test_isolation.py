"""A sibling branch and another library see and change nothing: neither in lists, nor alone, nor by acting."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.roles import Actor
from tests.api.conftest import Channels, Planned
from tests.api.program import Program
from tests.cast import Cast

LISTS = ("units", "people", "channels", "posts", "publications", "history")


@pytest.fixture(params=["sibling_editor", "stranger"])
def outsider(request: pytest.FixtureRequest, program: Callable[[Actor], Program], cast: Cast) -> Program:
    """The program of somebody who has no business in Koivuranta."""
    return program(getattr(cast, request.param))


def test_lists_hold_nothing_of_others(
    outsider: Program, editor: Program, planned: Planned, cast: Cast, channels: Channels
) -> None:
    for path in LISTS:
        assert "Koivuranta" not in outsider.ask("GET", path).text, path
        assert "Quiet hours" not in outsider.ask("GET", path).text, path
        assert "Sara" not in outsider.ask("GET", path).text, path
    for name, value in (("q", "Quiet"), ("unit", cast.koivuranta.id), ("status", "approved")):
        assert outsider.items("posts", **{name: value}) == [], name
    for name, value in (("unit", cast.koivuranta.id), ("channel", channels.own), ("status", "planned")):
        assert outsider.items("publications", **{name: value}) == [], name
    for thing, thing_id in (("post", planned.post), ("publication", planned.publication)):
        assert editor.items("history", thing=thing, thing_id=thing_id) != []
        assert outsider.items("history", thing=thing, thing_id=thing_id) == []


def test_nothing_of_others_is_there(
    outsider: Program, planned: Planned, cast: Cast, channels: Channels
) -> None:
    post, publication = f"posts/{planned.post}", f"publications/{planned.publication}"
    for path in (
        post, f"{post}/revisions", f"{post}/checks", f"{post}/publications",
        publication, f"{publication}/attempts", f"{publication}/readings",
        f"units/{cast.koivuranta.id}", f"people/{cast.editor.person_id}", f"channels/{channels.own}",
    ):  # fmt: skip
        assert outsider.refused("GET", path) == (404, [(None, "not_found")]), path


def acts(planned: Planned, cast: Cast, channels: Channels) -> list[tuple[str, str, Any]]:
    """Every change of something in Koivuranta, with a body that would do."""
    post, publication = f"posts/{planned.post}", f"publications/{planned.publication}"
    return [
        ("PATCH", post, {"revision": 1, "text": "Mine"}),
        ("POST", f"{post}/submit", None),
        ("POST", f"{post}/request-changes", {"revision": 1, "comment": "No"}),
        ("POST", f"{post}/approve", {"revision": 1}),
        ("POST", f"{post}/correct", {"revision": 1, "text": "Mine"}),
        ("POST", f"{post}/withdraw", None),
        ("POST", f"{post}/publications", {"channel_id": channels.shared, "local_due": "2030-01-01T12:00"}),
        ("PATCH", publication, {"lateness_limit_minutes": 1}),
        ("POST", f"{publication}/hold", None),
        ("POST", f"{publication}/release", None),
        ("POST", f"{publication}/cancel", None),
        ("POST", f"{publication}/publish-now", None),
        ("POST", f"{publication}/settle", {"public": True}),
        ("PATCH", f"units/{cast.koivuranta.id}", {"name": "Mine"}),
        ("PATCH", f"people/{cast.editor.person_id}", {"active": False}),
        ("POST", "invitations", {"person_id": cast.editor.person_id}),
        ("PATCH", f"channels/{channels.own}", {"name": "Mine"}),
        ("POST", f"channels/{channels.own}/check", None),
    ]


def test_nothing_of_others_is_changed(
    outsider: Program, editor: Program, planned: Planned, cast: Cast, channels: Channels
) -> None:
    before = [editor.get(path) for path in (f"posts/{planned.post}", "publications", "people", "channels")]
    for method, path, body in acts(planned, cast, channels):
        assert outsider.refused(method, path, body) == (404, [(None, "not_found")]), (method, path)
    assert before == [
        editor.get(path) for path in (f"posts/{planned.post}", "publications", "people", "channels")
    ]


def test_nothing_is_put_into_units_of_others(
    outsider: Program, planned: Planned, cast: Cast, channels: Channels
) -> None:
    unit_id = cast.koivuranta.id
    for path, body, field in (
        ("posts", {"unit_id": unit_id, "title": "x"}, "unit_id"),
        ("units", {"parent_id": unit_id, "name": "x"}, "parent_id"),
        ("people", {"unit_id": unit_id, "name": "x", "email": "x@x.example", "roles": ["editor"]}, "unit_id"),
        ("channels/connections", {"unit_id": unit_id}, "unit_id"),
    ):
        assert outsider.refused("POST", path, body) == (422, [(field, "unit_not_yours")]), path


def test_a_channel_of_others_is_as_good_as_none(
    sibling: Program, cast: Cast, channels: Channels, in_a_week: str
) -> None:
    mine = sibling.post("posts", {"unit_id": cast.myllymaki.id, "title": "x", "text": "x"})["id"]
    path, wanted = f"posts/{mine}/publications", {"local_due": in_a_week}
    for channel_id in (channels.own, 999):
        told = sibling.refused("POST", path, {**wanted, "channel_id": channel_id})
        assert told == (422, [("channel_id", "channel_not_yours")])
    assert sibling.post(path, {**wanted, "channel_id": channels.shared})["channel"] == "All of Saarivesi"


def test_a_channel_that_is_shared_is_seen_and_not_changed(sibling: Program, channels: Channels) -> None:
    assert [row["id"] for row in sibling.items("channels")] == [channels.shared, channels.sibling]
    assert sibling.get(f"channels/{channels.shared}")["health"] is None
    assert sibling.refused("PATCH", f"channels/{channels.shared}", {"name": "x"})[0] == 404
    assert sibling.refused("PATCH", f"channels/{channels.sibling}", {"name": "x"})[0] == 403
