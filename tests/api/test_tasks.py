"""Channels by hand, and posts done there, through the API."""

from collections.abc import Callable

import pytest

from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def boss(program: Callable[..., Program], cast: Cast) -> Program:
    """The program of Koivuranta's coordinator."""
    return program(cast.coordinator)


@pytest.fixture
def place(boss: Program, cast: Cast) -> int:
    """The id of a neighbourhood group."""
    body = {
        "unit_id": cast.koivuranta.id, "name": "Koivuranta people", "address": "https://group.example/k",
        "how": "Sign in as the library.", "person_id": cast.contributor.person_id,
    }  # fmt: skip
    made: int = boss.post("channels/manual", body)["id"]
    return made


@pytest.fixture
def task(editor: Program, approved: int, place: int, in_a_week: str) -> int:
    """A publication there."""
    body = {"channel_id": place, "local_due": in_a_week}
    made: int = editor.post(f"posts/{approved}/publications", body)["id"]
    return made


def test_a_place_for_hands(boss: Program, editor: Program, place: int, cast: Cast) -> None:
    made = editor.get(f"channels/{place}")
    assert (made["network"], made["realm"], made["token_state"]) == ("manual", "meta", "ok")
    assert made["by_hand"] == {
        "address": "https://group.example/k", "how": "Sign in as the library.",
        "person_id": cast.contributor.person_id,
    }  # fmt: skip
    changed = boss.patch(f"channels/{place}", {"how": "Ask Pirjo."})
    assert changed["by_hand"]["how"] == "Ask Pirjo."
    assert changed["by_hand"]["person_id"] == cast.contributor.person_id
    nobody = boss.patch(f"channels/{place}", {"person_id": None, "name": "Neighbours"})
    assert (nobody["name"], nobody["by_hand"]["person_id"]) == ("Neighbours", None)


def test_bad_places(
    boss: Program, editor: Program, sibling: Program, place: int, channels: object, cast: Cast
) -> None:
    own = channels.own  # type: ignore[attr-defined]
    body = {"unit_id": cast.koivuranta.id, "name": " ", "address": "group"}
    told = boss.refused("POST", "channels/manual", body)
    assert told == (422, [("name", "name_missing"), ("address", "bad_link")])
    assert editor.ask("POST", "channels/manual", {**body, "name": "X", "address": ""}).status_code == 403
    assert boss.refused("PATCH", f"channels/{own}", {"how": "X"}) == (409, [(None, "not_by_hand")])
    assert sibling.ask("PATCH", f"channels/{place}", {"how": "X"}).status_code == 404
    assert editor.ask("PATCH", f"channels/{place}", {"how": "X"}).status_code == 403


def test_done_with_its_address(editor: Program, task: int) -> None:
    assert editor.get(f"publications/{task}")["by_hand"]["person"] == "Veera Salo"
    path = f"publications/{task}/done"
    assert editor.refused("POST", path, {"link": "there"}) == (422, [("link", "bad_link")])
    done = editor.post(path, {"link": "https://group.example/1"})
    assert (done["status"], done["permalink"]) == ("done", "https://group.example/1")
    assert done["published_at"]
    assert editor.refused("POST", path, None) == (409, [(None, "not_to_do")])


def test_handed_to_somebody(editor: Program, program: Callable[..., Program], cast: Cast, task: int) -> None:
    path = f"publications/{task}/assign"
    assert program(cast.manager).ask("POST", f"publications/{task}/done").status_code == 403
    told = editor.post(path, {"person_id": cast.manager.person_id})
    assert told["by_hand"] == {
        "person_id": cast.manager.person_id, "person": "Pirjo Koski", "assigned": True,
    }  # fmt: skip
    wrong = {"person_id": cast.sibling_editor.person_id}
    assert editor.refused("POST", path, wrong) == (422, [("person_id", "person_not_here")])
    assert program(cast.manager).post(f"publications/{task}/done")["status"] == "done"


def test_another_branch_finds_nothing(sibling: Program, task: int) -> None:
    assert sibling.ask("POST", f"publications/{task}/done").status_code == 404
    assert sibling.ask("POST", f"publications/{task}/assign", {"person_id": None}).status_code == 404
