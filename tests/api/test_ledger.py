"""Minutes by programs: one's own written down and taken back, and weeks that name nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest
from time_machine import travel

from tests.api.conftest import Programs
from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture(autouse=True)
def fixed_time() -> Any:
    """A Wednesday."""
    with travel(datetime(2030, 2, 20, 9, tzinfo=UTC), tick=False) as moved:
        yield moved


def test_written_listed_and_taken_back(editor: Program, program: Programs, cast: Cast) -> None:
    sent = {"unit_id": cast.koivuranta.id, "kind": "reply", "minutes": 20}
    made = editor.post("ledger", sent, key="once")
    assert editor.post("ledger", sent, key="once") == made
    assert (made["day"], made["side"], made["minutes"]) == ("2030-02-20", "interacting", 20)
    assert [row["id"] for row in editor.items("ledger")] == [made["id"]]
    assert program(cast.coordinator).items("ledger") == []
    assert editor.refused("POST", "ledger", {**sent, "minutes": 0}) == (422, [("minutes", "too_small")])
    two = {**sent, "idea_id": 1, "post_id": 1}
    assert editor.refused("POST", "ledger", two)[0] == 404
    for who in (cast.coordinator, cast.sibling_editor):
        assert program(who).refused("POST", f"ledger/{made['id']}/undo")[0] == 404
    assert editor.post(f"ledger/{made['id']}/undo") == {"id": made["id"], "undone": True}
    assert editor.items("ledger") == []


def test_weeks_tell_sums_and_the_coordinator_the_people(
    editor: Program, program: Programs, cast: Cast
) -> None:
    for kind in ("reply", "post", "picture"):
        editor.post("ledger", {"unit_id": cast.koivuranta.id, "kind": kind, "minutes": 30})
    boss = program(cast.coordinator).get("ledger/weeks")
    assert boss["target"] == 1.0
    assert len(boss["weeks"]) == 8
    assert boss["weeks"][-1]["ratio"] == 0.5
    assert [(one["name"], one["interacting"], one["publishing"]) for one in boss["people"]] == [
        ("Sara Niemi", 30, 60)
    ]
    manager = program(cast.manager).get("ledger/weeks")
    assert (manager["weeks"][-1]["interacting"], manager["weeks"][-1]["ratio"]) == (None, None)
    assert manager["people"] == []
    assert program(cast.manager).refused("GET", "ledger/weeks", unit=cast.koivuranta.id)[0] == 404
