"""Strategies by programs: the same powers as in the browser."""

from fastapi import FastAPI

from tests.api.conftest import Programs
from tests.api.program import Program
from tests.cast import Cast

NEW = {
    "purpose": "For everybody", "goals": [{"name": "Reading", "note": "1.1"}], "pillars": [{"name": "Books"}],
    "mix_low": 40, "mix_high": 60, "hours_per_week": 16.5, "review_on": "2999-01-01", "outcome": "engagement",
}  # fmt: skip


def test_drafted_discussed_adopted_and_named(
    app: FastAPI, program: Programs, cast: Cast, editor: Program
) -> None:
    aino, veera, stranger = (program(who) for who in (cast.administrator, cast.contributor, cast.stranger))
    unit = cast.library.id
    assert editor.get("strategies/in-force", unit=unit)["purpose"] == ""
    refused = editor.refused("POST", "strategies", {**NEW, "unit_id": cast.koivuranta.id})
    assert refused == (403, [(None, "not_allowed")])
    made = aino.post("strategies", {**NEW, "unit_id": unit}, key="once")
    assert aino.post("strategies", {**NEW, "unit_id": unit}, key="once") == made
    place = f"strategies/{made['id']}"
    assert (made["standing"], made["hours_per_week"], made["house_rules"]) == ("draft", 16.5, None)
    assert veera.refused("GET", place)[0] == 404
    aino.post(f"{place}/open", {"wanted": True})
    assert veera.post(f"{place}/comments", {"text": "And music?"})["comments"][0]["person"] == "Veera Salo"
    goal = made["goals"][0]
    wrong = {"goals": [{"id": 99_999, "name": "Else"}]}
    assert aino.refused("PATCH", place, wrong) == (422, [("goals", "point_not_here")])
    changed = aino.patch(place, {"goals": [{"id": goal["id"], "name": "More reading", "note": "1.2"}]})
    assert [one["name"] for one in changed["goals"]] == ["More reading"]
    assert changed["pillars"][0]["name"] == "Books"
    assert aino.post(f"{place}/adopt")["standing"] == "in_force"
    held = editor.get("strategies/in-force", unit=cast.koivuranta.id)
    assert (held["mix_low"], held["outcome"], held["own"]) == (0.4, "engagement", None)
    assert held["sources"]["purpose"]["unit"] == cast.library.name
    assert editor.items("strategies", unit=unit)[0]["number"] == 1
    assert stranger.refused("GET", place)[0] == 404
    assert stranger.ask("GET", "strategies/in-force", unit=unit).status_code == 404
    post = editor.post("posts", {"unit_id": cast.koivuranta.id, "title": "Foxes", "goal": goal["id"]})
    assert (post["goal"], post["pillar"]) == (goal["id"], None)
    assert [one["id"] for one in editor.items("posts", goal=goal["id"])] == [post["id"]]
    assert editor.items("posts", goal=goal["id"], out=cast.koivuranta.id) == [], "it did not go out"
    cleared = editor.patch(f"posts/{post['id']}", {"revision": 1, "goal": None})
    assert (cleared["goal"], cleared["revision"]) == (None, 1)
    draft = aino.post("strategies", {"unit_id": unit})
    assert (draft["number"], draft["purpose"], draft["review_on"]) == (2, "For everybody", None)
    assert aino.ask("DELETE", f"strategies/{draft['id']}").status_code == 204
    assert aino.refused("DELETE", place) == (409, [(None, "strategy_not_draft")])
