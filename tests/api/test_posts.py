"""The life of a post through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Channels, Planned
from tests.api.program import Program
from tests.cast import Cast


def test_a_post_is_made_in_one_call(editor: Program, cast: Cast) -> None:
    body = {
        "unit_id": cast.koivuranta.id,
        "title": "Quiet hours",
        "tone": "human",
        "text": "Why we whisper.\r\n",
        "link": "https://library.example/quiet",
    }
    made = editor.post("posts", body)
    assert made.items() >= {**body, "text": "Why we whisper.", "status": "draft", "revision": 1}.items()
    assert made["created_at"].endswith("Z")
    assert editor.get(f"posts/{made['id']}") == made


def test_from_draft_to_yes(editor: Program, approver: Program, draft: int) -> None:
    path = f"posts/{draft}"
    assert editor.post(f"{path}/submit")["status"] == "in_review"
    asked = approver.post(f"{path}/request-changes", {"revision": 1, "comment": "Shorter, please"})
    assert asked["status"] == "changes_requested"
    assert asked["reviews"][0].items() >= {"comment": "Shorter, please", "revision": 1, "own": False}.items()
    assert editor.patch(path, {"revision": 1, "text": "Hush."})["revision"] == 2
    editor.post(f"{path}/submit")
    assert approver.post(f"{path}/approve", {"revision": 2})["status"] == "approved"
    texts = [(each["number"], each["text"]) for each in editor.items(f"{path}/revisions")]
    assert texts == [(2, "Hush."), (1, "Why we whisper.")]
    assert editor.post(f"{path}/withdraw", {"comment": "Too late"})["status"] == "withdrawn"


def test_what_is_not_sent_stays(editor: Program, draft: int) -> None:
    path = f"posts/{draft}"
    told = editor.patch(path, {"revision": 1, "title": "Quiet mornings"})
    assert (told["title"], told["text"], told["tone"], told["revision"]) == (
        "Quiet mornings",
        "Why we whisper.",
        "human",
        2,
    )
    cleared = editor.patch(path, {"revision": 2, "text": None, "tone": None})
    assert (cleared["title"], cleared["text"], cleared["tone"]) == ("Quiet mornings", "", None)
    assert editor.patch(path, {"revision": 1, "title": "Quiet mornings"})["revision"] == 3  # nothing changed


def test_a_stale_revision_changes_nothing(editor: Program, approver: Program, draft: int) -> None:
    path = f"posts/{draft}"
    editor.patch(path, {"revision": 1, "text": "Second"})
    assert editor.refused("PATCH", path, {"revision": 1, "text": "Third"}) == (
        409,
        [("revision", "stale_revision")],
    )
    editor.post(f"{path}/submit")
    assert approver.refused("POST", f"{path}/approve", {"revision": 1}) == (
        409,
        [("revision", "stale_approval")],
    )
    assert editor.get(path)["text"] == "Second"


def test_a_review_needs_tone_and_text(editor: Program, cast: Cast) -> None:
    made = editor.post("posts", {"unit_id": cast.koivuranta.id, "title": "Only a title"})
    missing = [("tone", "tone_missing"), ("text", "text_missing")]
    assert editor.refused("POST", f"posts/{made['id']}/submit") == (422, missing)
    told = editor.get(f"posts/{made['id']}/checks")
    assert [(each["field"], each["code"]) for each in told["errors"]] == missing


def test_checks_name_every_channel(
    editor: Program, approved: int, channels: Channels, planned: Planned
) -> None:
    told = editor.get(f"posts/{approved}/checks")
    assert (told["revision"], told["errors"]) == (1, [])
    found = {each["channel_id"]: [error["code"] for error in each["errors"]] for each in told["channels"]}
    assert found == {channels.own: ["already_planned"], channels.shared: []}
    editor.patch(f"posts/{approved}", {"revision": 1, "text": "x" * 70_000})
    told = editor.get(f"posts/{approved}/checks")
    codes = {error["code"] for each in told["channels"] for error in each["errors"]}
    assert codes == {"text_too_long", "already_planned"}


def test_nobody_approves_their_own_words(
    program: Callable[..., Program], cast: Cast, editor: Program, draft: int
) -> None:
    editor.post(f"posts/{draft}/submit")
    assert editor.refused("POST", f"posts/{draft}/approve", {"revision": 1}) == (403, [(None, "not_allowed")])
    reader = program(cast.contributor)
    body = {"unit_id": cast.koivuranta.id, "title": "x"}
    assert reader.refused("POST", "posts", body) == (422, [("unit_id", "unit_not_yours")])


def test_an_illegal_jump_is_a_conflict(approver: Program, editor: Program, draft: int) -> None:
    told = approver.refused("POST", f"posts/{draft}/approve", {"revision": 1})
    assert told == (409, [(None, "post_move")])
    editor.post(f"posts/{draft}/withdraw")
    assert editor.refused("POST", f"posts/{draft}/submit")[0] == 409


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["C", "B", "A"]),
        ({"tone": "human"}, ["B"]),
        ({"status": "withdrawn"}, ["A"]),
        ({"q": "b"}, ["B"]),
        ({"q": "nothing\x00%_"}, []),
        ({"unit": 999}, []),
    ],
)
def test_lists_are_narrowed(editor: Program, cast: Cast, query: dict[str, Any], found: list[str]) -> None:
    for title, tone in (("A", "informative"), ("B", "human"), ("C", None)):
        made = editor.post("posts", {"unit_id": cast.koivuranta.id, "title": title, "tone": tone})
        if title == "A":
            editor.post(f"posts/{made['id']}/withdraw")
    rows = editor.items("posts", **query)
    assert sorted(row["title"] for row in rows) == sorted(found)


def test_the_list_comes_in_pages(editor: Program, cast: Cast) -> None:
    for number in range(5):
        editor.post("posts", {"unit_id": cast.koivuranta.id, "title": str(number)})
    first = editor.get("posts", limit=2)
    second = editor.get("posts", limit=2, after=first["next"])
    last = editor.get("posts", limit=2, after=second["next"])
    titles = [row["title"] for page in (first, second, last) for row in page["items"]]
    assert titles == ["4", "3", "2", "1", "0"]
    assert last["next"] is None
    assert editor.refused("GET", "posts", after="rubbish") == (422, [("after", "bad_cursor")])
