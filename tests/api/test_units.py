"""Units through the API."""

from collections.abc import Callable

import pytest

from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def administrator(program: Callable[..., Program], cast: Cast) -> Program:
    """The program of the network's administrator."""
    return program(cast.administrator)


def test_a_branch_is_made_changed_and_closed(administrator: Program, cast: Cast) -> None:
    made = administrator.post("units", {"parent_id": cast.library.id, "name": "  Rantakylä "})
    assert made.items() >= {"name": "Rantakylä", "kind": "branch", "zone": "Europe/Helsinki"}.items()
    path = f"units/{made['id']}"
    assert administrator.patch(path, {"kind": "service"})["kind"] == "service"
    told = administrator.patch(path, {"name": "Ranta", "closes_on": "2031-01-31"})
    assert (told["name"], told["kind"], told["closes_on"]) == ("Ranta", "service", "2031-01-31")
    assert administrator.patch(path, {"closes_on": None})["closes_on"] is None
    assert administrator.get(path)["name"] == "Ranta"


def test_what_can_not_be(administrator: Program, editor: Program, cast: Cast) -> None:
    new = {"parent_id": cast.library.id, "name": "", "zone": "Mars/Base", "colour": "red"}
    assert administrator.refused("POST", "units", new) == (
        422,
        [("name", "missing"), ("zone", "not_in_list"), ("colour", "unknown_field")],
    )
    own = {"parent_id": cast.koivuranta.id, "name": "Shed"}
    assert editor.refused("POST", "units", own) == (422, [("parent_id", "unit_not_yours")])
    assert editor.refused("PATCH", f"units/{cast.koivuranta.id}", {"name": "x"}) == (
        403,
        [(None, "units_not_yours")],
    )
    last = {"closes_on": "2031-01-31"}
    assert administrator.refused("PATCH", f"units/{cast.network.id}", last) == (
        409,
        [("closes_on", "root_stays")],
    )


def test_a_refused_day_takes_the_new_name_back(administrator: Program, cast: Cast) -> None:
    path = f"units/{cast.network.id}"
    assert administrator.ask("PATCH", path, {"name": "New", "closes_on": "2031-01-31"}).status_code == 409
    assert administrator.get(path)["name"] == "Saaristo Libraries"


def test_the_tree_shows_where_one_is(editor: Program, cast: Cast) -> None:
    lines = [(unit["name"], unit["open"]) for unit in editor.items("units")]
    assert lines == [("Saaristo Libraries", False), ("Saarivesi City Library", False), ("Koivuranta", True)]
    assert editor.refused("GET", f"units/{cast.library.id}") == (404, [(None, "not_found")])


def test_history_tells_who_did_it(administrator: Program, cast: Cast) -> None:
    made = administrator.post("units", {"parent_id": cast.library.id, "name": "Rantakylä"})
    administrator.patch(f"units/{made['id']}", {"name": "Ranta"})
    events = administrator.items("history", thing="unit", thing_id=made["id"])
    assert [(event["verb"], event["person_name"], event["via"]) for event in events] == [
        ("changed", "Aino Lehtinen", "api"),
        ("made", "Aino Lehtinen", "api"),
    ]
    page = administrator.get("history", thing="unit", thing_id=made["id"], limit=1)
    after = administrator.get("history", thing="unit", thing_id=made["id"], limit=1, after=page["next"])
    assert [event["verb"] for event in after["items"]] == ["made"]
    assert after["next"] is None


def test_units_come_from_a_file(administrator: Program, editor: Program, cast: Cast) -> None:
    body = {"csv": "name,parent,population\nRantakylä,Saarivesi City Library,800\n"}
    told = administrator.post("units/import", body)
    assert (told["dry_run"], told["made"], told["wrong"]) == (True, 1, 0)
    assert told["rows"][0].items() >= {"row": 2, "fate": "made", "unit_id": None}.items()
    assert "Rantakylä" not in [row["name"] for row in administrator.items("units")]
    made = administrator.post("units/import", {**body, "dry_run": False, "seen": told["seen"]})
    unit_id = made["rows"][0]["unit_id"]
    assert administrator.get(f"units/{unit_id}")["population"] == 800
    stale = {**body, "dry_run": False, "seen": told["seen"]}
    assert administrator.refused("POST", "units/import", stale) == (409, [("csv", "tree_changed")])
    assert administrator.post("units/import", {**body, "dry_run": False})["left"] == 1
    wrong = {"csv": "name,parent\nA,Nowhere\n", "dry_run": False}
    assert administrator.refused("POST", "units/import", wrong) == (
        422,
        [("rows.2.parent", "parent_not_found")],
    )
    assert editor.refused("POST", "units/import", body)[0] == 403
    assert "Koivuranta" in administrator.ask("GET", "units/export").text


def test_a_unit_moves_after_a_look(
    administrator: Program, editor: Program, program: Callable[..., Program], cast: Cast
) -> None:
    other = administrator.post("units", {"parent_id": cast.network.id, "name": "Other", "kind": "library"})
    path = f"units/{cast.koivuranta.id}/move"
    told = program(cast.administrator).get(path, parent_id=other["id"])
    assert (told["units"], told["gains"], told["publishing"]) == (1, [], 0)
    moved = administrator.post(path, {"parent_id": other["id"], "from_id": cast.library.id})
    assert moved["parent_id"] == other["id"]
    again = {"parent_id": cast.network.id, "from_id": cast.library.id}
    assert administrator.refused("POST", path, again) == (409, [("parent_id", "unit_moved_meanwhile")])
    assert editor.refused("POST", path, {"parent_id": cast.library.id})[0] == 422
    assert program(cast.stranger).refused("POST", path, {"parent_id": cast.elsewhere.id})[0] == 404
    assert administrator.post(path, {"parent_id": cast.library.id})["parent_id"] == cast.library.id
