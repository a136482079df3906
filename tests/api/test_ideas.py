"""Ideas by programs: the same road as in the browser."""

import pytest
from fastapi import FastAPI

from app.actions import idea_doors, open_ideas
from app.actions.open_ideas import OpenIdeaInput
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


def test_doors_and_what_comes_by_them(
    app: FastAPI, veera: Program, editor: Program, sibling: Program, cast: Cast
) -> None:
    door = editor.post("ideas/doors", {"unit_id": cast.koivuranta.id, "name": "Desk"})
    token = door["address"].removeprefix("http://testserver/i/")
    with app.state.database.writes() as session:
        found = idea_doors.opened(session, token)
        sent = OpenIdeaInput(title="A heron", name="Liisa")
        idea_id = open_ideas.send(session, found, sent, [], "secret", "fi").id
    told = editor.get(f"ideas/{idea_id}")
    assert (told["sender"], told["guest"], told["door"], told["held"]) == (None, "Liisa", "Desk", 0)
    assert editor.refused("GET", f"ideas/{idea_id}/held/1")[0] == 404
    assert veera.refused("POST", f"ideas/{idea_id}/spam") == (403, [(None, "not_allowed")])
    assert sibling.refused("POST", f"ideas/{idea_id}/spam")[0] == 404
    assert editor.post(f"ideas/{idea_id}/spam") == {"id": idea_id}
    renewed = editor.post(f"ideas/doors/{door['id']}/renew")
    assert (renewed["address"] != door["address"], renewed["came"], renewed["spam"]) == (True, 1, 1)
    assert editor.post(f"ideas/doors/{door['id']}/close")["address"] is None
    assert veera.items("ideas/doors") == sibling.items("ideas/doors") == []
    assert sibling.refused("POST", f"ideas/doors/{door['id']}/renew")[0] == 404


def test_talk_by_pages_and_who_takes_part(
    veera: Program, editor: Program, sibling: Program, cast: Cast, one: int
) -> None:
    for text in ("Which one?", "The red one.", "Good."):
        editor.post(f"ideas/{one}/comments", {"text": text})
    page = veera.get(f"ideas/{one}/comments", limit=2)
    assert [row["text"] for row in page["items"]] == ["Good.", "The red one."]
    rest = veera.get(f"ideas/{one}/comments", after=page["next"])
    assert ([row["text"] for row in rest["items"]], rest["next"]) == (["Which one?"], None)
    last = veera.get("ideas/numbers", unit=cast.koivuranta.id)["months"][-1]
    assert (last["people"], last["ideas"], last["open"], last["share"]) == (1, 1, 0, None)
    assert sibling.refused("GET", "ideas/numbers", unit=cast.koivuranta.id)[0] == 404
