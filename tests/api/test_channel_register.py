"""The register of channels, as programs use it."""

from typing import Any

from tests.api.conftest import Channels, Planned, Programs
from tests.api.program import Program
from tests.cast import Cast


def plan(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "purposes": ["inspire", "build_relations"], "audiences": ["Newcomers"], "hours_a_week": 3,
        "owner_id": cast.editor.person_id, "deputy_id": cast.coordinator.person_id,
        "at_least": 2, "review_on": "2040-01-01", **more,
    }  # fmt: skip


def test_a_plan_is_written_and_stands_in_the_list(
    program: Programs, cast: Cast, channels: Channels, editor: Program
) -> None:
    coordinator, path = program(cast.coordinator), f"channels/{channels.own}"
    before = coordinator.get(path)
    assert (before["plan"]["purposes"], len(before["lacks"]), before["state"]) == ([], 7, "active")
    written = coordinator.ask("PUT", f"{path}/plan", plan(cast))
    assert written.status_code == 200, written.text
    assert written.json()["lacks"] == []
    by_id = {one["id"]: one for one in editor.items("channels")}
    assert by_id[channels.own]["plan"]["owner"] == "Sara Niemi"
    assert by_id[channels.own]["plan"]["at_least"] == 2
    assert by_id[channels.shared]["plan"] is None
    wrong = plan(cast, hours_a_week=200, purposes=["rule"], audiences=[""])
    status, faults = coordinator.refused("PUT", f"{path}/plan", wrong)
    assert status == 422
    assert {field for field, _ in faults} == {"hours_a_week", "purposes", "audiences"}
    assert editor.refused("PUT", f"{path}/plan", plan(cast))[0] == 403


def test_a_channel_that_rests_needs_a_whole_plan(program: Programs, cast: Cast, channels: Channels) -> None:
    coordinator, path = program(cast.coordinator), f"channels/{channels.own}"
    coordinator.patch(path, {"state": "dormant"})
    status, faults = coordinator.refused("PATCH", path, {"state": "active"})
    assert (status, faults[0], len(faults)) == (422, ("purposes", "plan_lacks_purpose"), 7)
    coordinator.ask("PUT", f"{path}/plan", plan(cast))
    assert coordinator.patch(path, {"state": "active"})["state"] == "active"
    assert coordinator.refused("PATCH", path, {"state": "closed"}) == (409, [("state", "close_by_steps")])


def test_a_channel_is_considered_and_another_closed(
    program: Programs, cast: Cast, channels: Channels
) -> None:
    coordinator, path = program(cast.coordinator), f"channels/{channels.own}"
    wanted = {"unit_id": cast.koivuranta.id, "name": "Us on TikTok", "service": "TikTok"}
    made = coordinator.post("channels/planned", wanted)
    assert (made["state"], made["plan"]["service"]) == ("planned", "TikTok")
    there = f"channels/{made['channel_id']}"
    assert coordinator.post(f"{there}/turn-down", {"why": "No time"})["plan"]["turned_down_why"] == "No time"
    assert coordinator.post(f"{there}/take-up")["plan"]["turned_down_on"] is None
    assert coordinator.refused("POST", f"{there}/open")[0] == 422
    coordinator.ask("PUT", f"{there}/plan", plan(cast))
    assert coordinator.post(f"{there}/open")["state"] == "active"
    assert coordinator.post(f"{path}/closing", {"why": "Quiet"})["steps"][0]["done_at"] is None
    assert coordinator.refused("POST", f"{path}/closing/finish") == (409, [(None, "closing_open")])
    assert coordinator.ask("DELETE", f"{path}/closing").json()["begun_at"] is None
    coordinator.post(f"{path}/closing", {"why": "Quiet"})
    for step in ("export", "followers", "queue", "elsewhere", "network"):
        told = coordinator.post(f"{path}/closing/steps", {"step": step})
    assert all(one["done_by"] == "Mikael Berg" for one in told["steps"])
    assert coordinator.post(f"{path}/closing/finish")["state"] == "closed"


def test_a_queue_is_dealt_with_at_once(
    program: Programs, cast: Cast, channels: Channels, planned: Planned, editor: Program
) -> None:
    coordinator, path = program(cast.coordinator), f"channels/{channels.own}/closing"
    assert coordinator.refused("POST", f"{path}/queue", {"sure": True}) == (409, [(None, "not_closing")])
    coordinator.post(path, {"why": "Quiet"})
    assert coordinator.refused("POST", f"{path}/queue", {}) == (422, [("sure", "clear_sure")])
    same = {"sure": True, "to_channel_id": channels.own}
    assert coordinator.refused("POST", f"{path}/queue", same) == (422, [("to_channel_id", "clear_elsewhere")])
    elsewhere = coordinator.post(f"{path}/queue", {"sure": True, "to_channel_id": channels.sibling})
    assert [(one["publication_id"], one["code"]) for one in elsewhere["left"]] == [
        (planned.publication, "channel_not_yours")
    ]
    assert editor.refused("POST", f"{path}/queue", {"sure": True})[0] == 403
    assert coordinator.post(f"{path}/queue", {"sure": True}) == {"done": [planned.publication], "left": []}
    assert coordinator.refused("POST", f"{path}/queue", {"sure": True}) == (409, [(None, "nothing_queued")])


def test_accounts_and_what_is_due(
    program: Programs, cast: Cast, channels: Channels, editor: Program, sibling: Program
) -> None:
    named = {one["name"]: one for one in editor.items("channels/accounts")}
    assert set(named) == {"Koivuranta", "All of Saarivesi"}
    assert set(named["Koivuranta"]) == {
        "id", "name", "network", "address", "purpose", "language", "practice"
    }  # fmt: skip
    assert "Koivuranta" not in {one["name"] for one in sibling.items("channels/accounts")}
    assert editor.items("channels/matters") == []
    [matter] = program(cast.coordinator).items("channels/matters")
    assert (matter["channel_id"], matter["kind"], matter["count"]) == (channels.own, "plan_incomplete", 7)
