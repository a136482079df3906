"""A whole queue stopped and let go through the API."""

from tests.api.conftest import Channels, Planned
from tests.api.program import Program
from tests.cast import Cast


def test_hold_and_release_everything(editor: Program, approver: Program, planned: Planned) -> None:
    told = editor.post("queue/hold", {"note": "Storm"})
    assert told == {"held": [planned.publication], "on_their_way": []}
    held = editor.get(f"publications/{planned.publication}")
    assert held["status"] == "held"
    assert held["holds"][0].items() >= {"reason": "everything", "note": "Storm"}.items()
    let_go = approver.post("queue/release")
    assert let_go == {"released": [planned.publication], "missed": [], "still_held": []}
    assert editor.get(f"publications/{planned.publication}")["status"] == "planned"
    assert editor.post("queue/release") == {"released": [], "missed": [], "still_held": []}


def test_of_one_unit(editor: Program, sibling: Program, planned: Planned, cast: Cast) -> None:
    koivuranta = {"unit_id": cast.koivuranta.id}
    assert sibling.ask("POST", "queue/hold", koivuranta).status_code == 404
    assert sibling.post("queue/hold")["held"] == []
    assert editor.post("queue/hold", koivuranta)["held"] == [planned.publication]
    assert sibling.ask("POST", "queue/release", koivuranta).status_code == 404
    assert sibling.post("queue/release")["released"] == []
    assert editor.post("queue/release", koivuranta)["released"] == [planned.publication]


def test_who_may_not(program: object, cast: Cast, channels: Channels) -> None:
    manager: Program = program(cast.manager)  # type: ignore[operator]
    assert manager.ask("POST", "queue/hold").status_code == 403
    assert manager.ask("POST", "queue/release").status_code == 403


def test_bad_input(editor: Program, planned: Planned) -> None:
    assert editor.refused("POST", "queue/hold", {"note": "x" * 501}) == (422, [("note", "too_long")])
    assert editor.refused("POST", "queue/hold", {"unit": 1}) == (422, [("unit", "unknown_field")])
    assert editor.ask("POST", "queue/hold", {"unit_id": 0}).status_code == 422
    assert editor.get(f"publications/{planned.publication}")["status"] == "planned"
