"""What bad input gets: the code and the field, and nothing is changed."""

from typing import Any

from tests.api.conftest import Channels, Planned
from tests.api.program import Program
from tests.cast import Cast

PLAN: list[tuple[dict[str, Any], str, str]] = [
    ({"local_due": "2020-01-01T12:00"}, "local_due", "time_is_past"),
    ({"due_at": "2020-01-01T12:00:00Z"}, "due_at", "time_is_past"),
    ({"local_due": "2999-01-01T12:00"}, "local_due", "time_too_far"),
    ({"local_due": "0001-01-01T00:00"}, "local_due", "time_too_far"),
    ({"local_due": "9999-12-31T23:59"}, "local_due", "time_too_far"),
    ({"due_at": "0001-01-01T00:00:00+14:00"}, "due_at", "time_too_far"),
    ({"due_at": "9999-12-31T23:59:00Z"}, "due_at", "time_too_far"),
    ({"due_at": "9999-12-31T23:59:00-14:00"}, "due_at", "time_too_far"),
    ({}, "local_due", "time_missing"),
    ({"local_due": "2030-02-30T12:00"}, "local_due", "not_a_time"),
    ({"local_due": "soon"}, "local_due", "not_a_time"),
    ({"local_due": "2030-01-01T12:00:00Z"}, "local_due", "time_with_zone"),
    ({"due_at": "2030-01-01T12:00:00"}, "due_at", "time_without_zone"),
    ({"due_at": "2030-01-01T12:00:00Z", "local_due": "2030-01-01T12:00"}, "due_at", "time_twice"),
    ({"local_due": "2030-01-01T12:00", "fold": 2}, "fold", "not_in_list"),
    ({"local_due": "2030-01-01T12:00", "lateness_limit_minutes": 0}, "lateness_limit_minutes", "too_small"),
    (
        {"local_due": "2030-01-01T12:00", "lateness_limit_minutes": 10**9},
        "lateness_limit_minutes",
        "too_large",
    ),
    ({"local_due": "2030-01-01T12:00", "when": "now"}, "when", "unknown_field"),
    ({"local_due": "2030-01-01T12:00", "repeats": "perhaps"}, "repeats", "not_yes_or_no"),
    ({"local_due": "2030-01-01T12:00", "channel_id": 999}, "channel_id", "channel_not_yours"),
    ({"local_due": "2030-01-01T12:00", "channel_id": 10**30}, "channel_id", "too_large"),
    ({"local_due": "2030-01-01T12:00", "channel_id": "mine"}, "channel_id", "not_a_number"),
    ({"local_due": "2030-01-01T12:00", "channel_id": None}, "channel_id", "not_a_number"),
]
POST: list[tuple[dict[str, Any], str, str]] = [
    ({"title": ""}, "title", "title_missing"),
    ({"title": "\x00"}, "title", "title_missing"),
    ({"title": "x" * 201}, "title", "too_long"),
    ({"title": 5}, "title", "not_text"),
    ({"title": "\ud800"}, "title", "unwritable"),
    ({"tone": "angry"}, "tone", "not_in_list"),
    ({"text": "x" * 100_001}, "text", "too_long"),
    ({"link": "javascript:alert(1)"}, "link", "bad_link"),
    ({"link": "https://nobody:secret@library.example"}, "link", "bad_link"),
    ({"unit_id": 10**30}, "unit_id", "unit_not_yours"),
    ({"unit_id": -1}, "unit_id", "unit_not_yours"),
    ({"unit_id": 1.5}, "unit_id", "not_a_number"),
    ({"status": "approved"}, "status", "unknown_field"),
    ({"id": 7}, "id", "unknown_field"),
]


def test_a_plan_that_can_not_be(editor: Program, draft: int, channels: Channels) -> None:
    for more, field, code in PLAN:
        body = {"channel_id": channels.own, **more}
        told = editor.refused("POST", f"posts/{draft}/publications", body)
        assert told == (422, [(field, code)]), more
    assert editor.items("publications") == []


def test_a_post_that_can_not_be(editor: Program, cast: Cast) -> None:
    for more, field, code in POST:
        body = {"unit_id": cast.koivuranta.id, "title": "x", **more}
        assert editor.refused("POST", "posts", body) == (422, [(field, code)]), more
    assert editor.items("posts") == []


def test_a_text_longer_than_the_network_takes(
    editor: Program, cast: Cast, channels: Channels, in_a_week: str
) -> None:
    body = {"unit_id": cast.koivuranta.id, "title": "x", "tone": "human", "text": "x" * 63_207}
    path = f"posts/{editor.post('posts', body)['id']}/publications"
    told = editor.refused("POST", path, {"channel_id": channels.own, "local_due": in_a_week})
    assert told == (422, [("text", "text_too_long")])


def test_a_second_time_on_the_same_channel(
    editor: Program, planned: Planned, channels: Channels, in_a_week: str
) -> None:
    body = {"channel_id": channels.own, "local_due": in_a_week}
    told = editor.refused("POST", f"posts/{planned.post}/publications", body)
    assert told == (422, [("channel_id", "already_planned")])


def test_a_move_that_can_not_be_changes_nothing(editor: Program, planned: Planned) -> None:
    path = f"publications/{planned.publication}"
    before = editor.get(path)
    late = {"lateness_limit_minutes": 5, "local_due": "2020-01-01T12:00"}
    assert editor.refused("PATCH", path, late) == (422, [("local_due", "time_is_past")])
    assert editor.get(path) == before


QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("posts", {"limit": 0}, "limit"),
    ("posts", {"limit": 10**6}, "limit"),
    ("posts", {"after": "W10="}, "after"),
    ("posts", {"after": "å"}, "after"),
    ("posts", {"after": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ=="}, "after"),  # the year 1, in +14:00
    ("units", {"after": "OTk5"}, "after"),  # 999, which is no unit
    ("posts", {"unit": 10**30}, "unit"),
    ("posts", {"status": "lost"}, "status"),
    ("publications", {"from": "yesterday"}, "from"),
    ("publications", {"from": "2030-01-01T12:00"}, "from"),
    ("publications", {"to": "9999-12-31T23:59:59-14:00"}, "to"),
    ("publications", {"status": ["planned", "lost"]}, "status"),
    ("history", {"thing": "Post; drop"}, "thing"),
    ("history", {"thing_id": 10**30}, "thing_id"),
]


def test_questions_that_can_not_be_asked(editor: Program) -> None:
    for path, query, field in QUESTIONS:
        status, faults = editor.refused("GET", path, **query)
        assert (status, [where for where, _ in faults]) == (422, [field]), query


def test_numbers_that_are_none_find_nothing(editor: Program) -> None:
    for number in ("0", "-1", "99999999999999999999", "x", "%00", "1.5"):
        for path in ("posts", "publications", "units", "people", "channels"):
            assert editor.refused("GET", f"{path}/{number}") == (404, [(None, "not_found")]), path
