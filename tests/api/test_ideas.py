"""Ideas by programs: the same road as in the browser."""

import pytest

from tests.api.conftest import Programs
from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def veera(program: Programs, cast: Cast) -> Program:
    """The program of somebody who sends ideas and writes no posts."""
    return program(cast.contributor)


@pytest.fixture
def one(veera: Program, cast: Cast) -> int:
    """An idea of hers."""
    sent = {"unit_id": cast.koivuranta.id, "title": "Borrow a violin", "why": "Nobody knows that one can."}
    made: int = veera.post("ideas", sent)["id"]
    return made


def test_sent_answered_and_followed(veera: Program, editor: Program, cast: Cast, one: int) -> None:
    assert [row["title"] for row in editor.items("ideas", state="new")] == ["Borrow a violin"]
    assert editor.items("ideas", mine=True) == []
    assert editor.post(f"ideas/{one}/vote", {"wanted": True})["votes"] == 1
    assert editor.post(f"ideas/{one}/comments", {"text": "Which one?"})["talk"][0]["text"] == "Which one?"
    assert (
        editor.post(f"ideas/{one}/assign", {"person_id": cast.editor.person_id})["assigned"] == "Sara Niemi"
    )
    accepted = editor.post(f"ideas/{one}/accept", key="once")
    assert editor.post(f"ideas/{one}/accept", key="once") == accepted
    (post,) = veera.get(f"ideas/{one}")["posts"]
    assert (post["title"], post["status"], post["published_at"]) == ("Borrow a violin", "draft", None)
    assert editor.get(f"posts/{post['post_id']}")["title"] == "Borrow a violin"
    assert editor.refused("POST", f"ideas/{one}/accept") == (409, [(None, "idea_move")])
    assert editor.post(f"ideas/{one}/reopen")["state"] == "new"
    assert editor.get(f"posts/{post['post_id']}")["status"] == "withdrawn"


def test_refusals_name_their_fields(veera: Program, editor: Program, cast: Cast, one: int) -> None:
    assert editor.refused("POST", f"ideas/{one}/decline", {"answer": ""}) == (
        422, [("answer", "reason_missing")],
    )  # fmt: skip
    assert editor.refused("POST", f"ideas/{one}/park", {"until": "2001-01-01"}) == (
        422, [("until", "day_not_to_come")],
    )  # fmt: skip
    sent = {"unit_id": cast.koivuranta.id, "title": "Borrow a violin"}
    assert veera.refused("POST", "ideas", {**sent, "unit_id": cast.myllymaki.id}) == (
        422, [("unit_id", "unit_not_yours")],
    )  # fmt: skip
    assert veera.refused("POST", "ideas", {**sent, "asset_ids": [12345]}) == (
        422, [("asset_ids", "picture_not_here")],
    )  # fmt: skip


def test_nobody_else(veera: Program, sibling: Program, one: int) -> None:
    assert sibling.refused("GET", f"ideas/{one}")[0] == 404
    assert sibling.items("ideas") == []
    assert veera.refused("POST", f"ideas/{one}/accept") == (403, [(None, "not_allowed")])
