"""Rhythms, free hours, feeds and the search, as programs use them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from time_machine import travel

from tests.api.conftest import Channels, Planned, Programs
from tests.api.program import Program
from tests.cast import Cast

NOW = datetime(2030, 2, 20, 7, 30, tzinfo=ZoneInfo("UTC"))
RHYTHM = {"at_least": 2, "at_most": 3, "slots": [{"weekday": 4, "local_time": "10:00"}]}


@travel(NOW, tick=False)
def test_a_promise_is_made_and_the_week_tells_what_is_free(
    program: Programs, cast: Cast, channels: Channels, editor: Program
) -> None:
    coordinator = program(cast.coordinator)
    path = f"channels/{channels.own}/rhythm"
    empty = editor.get(path)
    assert (empty["at_least"], empty["slots"]) == (None, [])
    told = coordinator.ask("PUT", path, RHYTHM)
    assert told.status_code == 200, told.text
    assert told.json()["slots"] == RHYTHM["slots"]
    [week] = editor.items("slots", week="2030-W08")
    assert (week["week"], week["planned"], week["kept"]) == ("2030-W08", 0, "short")
    due = {"local_due": "2030-02-21T10:00", "zone": "Europe/Helsinki", "due_at": "2030-02-21T08:00:00Z"}
    assert week["free"] == [due]
    assert editor.items("slots", week="2030-W08", channel=channels.own + 99) == []
    assert editor.items("slots")[0]["week"] == "2030-W08"


@travel(datetime(2030, 2, 24, 22, 30, tzinfo=ZoneInfo("UTC")), tick=False)
def test_this_week_is_that_of_the_unit_and_not_of_greenwich(
    program: Programs, cast: Cast, channels: Channels, editor: Program
) -> None:
    assert program(cast.coordinator).ask("PUT", f"channels/{channels.own}/rhythm", RHYTHM).status_code == 200
    [week] = editor.items("slots")
    assert week["week"] == "2030-W09"  # half past midnight on Monday in Helsinki


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"at_least": 3, "at_most": 2}, [("at_most", "most_below_least")]),
        ({"at_most": 2}, [("at_least", "missing")]),
        ({"at_least": -1}, [("at_least", "too_small")]),
        ({"slots": [{"weekday": 8, "local_time": "10:00"}]}, [("slots.0.weekday", "too_large")]),
        ({"slots": [{"weekday": 1, "local_time": "10:00Z"}]}, [("slots.0.local_time", "time_with_zone")]),
        ({"rhythm": 1}, [("rhythm", "unknown_field")]),
    ],
)
def test_a_promise_that_is_none_is_refused(
    program: Programs, cast: Cast, channels: Channels, body: object, faults: list[object]
) -> None:
    told = program(cast.coordinator).refused("PUT", f"channels/{channels.own}/rhythm", body)
    assert told == (422, faults)


def test_only_who_looks_after_channels_promises(
    program: Programs, cast: Cast, channels: Channels, editor: Program, sibling: Program
) -> None:
    path = f"channels/{channels.own}/rhythm"
    assert editor.refused("PUT", path, RHYTHM)[0] == 403
    for outsider in (sibling, program(cast.stranger)):
        assert outsider.refused("PUT", path, RHYTHM)[0] == 404
        assert outsider.refused("GET", path)[0] == 404
        assert outsider.items("slots") == []
    assert editor.refused("GET", "slots", week="2030-W60") == (422, [("week", "bad_week")])


def test_a_feed_is_made_once_told_once_and_ended(editor: Program, app: FastAPI) -> None:
    assert editor.items("feeds") == []
    made = editor.post("feeds", key="one")
    assert editor.post("feeds", key="one") == made
    assert made["url"].startswith("http://testserver/feeds/")
    [listed] = editor.items("feeds")
    assert "url" not in listed
    path = made["url"].removeprefix("http://testserver")
    assert Program(app, None).client.get(path).status_code == 200
    assert editor.ask("DELETE", "feeds").status_code == 204
    assert editor.refused("DELETE", "feeds")[0] == 404
    assert Program(app, None).client.get(path).status_code == 404


def test_the_search_tells_kinds_and_counts(
    program: Programs, cast: Cast, editor: Program, sibling: Program, planned: Planned
) -> None:
    groups = {one["kind"]: one for one in editor.get("search", q="quiet hou")["groups"]}
    assert {kind: one["total"] for kind, one in groups.items() if one["total"]} == {
        "posts": 1,
        "publications": 1,
    }
    [post] = groups["posts"]["items"]
    assert (post["id"], post["title"], post["unit"]) == (planned.post, "Quiet hours", "Koivuranta")
    assert groups["publications"]["items"][0]["post_id"] == planned.post
    only = editor.get("search", q="sara", kind=["people"])["groups"]
    assert [(one["kind"], one["total"]) for one in only] == [("people", 1)]
    assert editor.get("search", q="quiet", limit=1, skip=1)["groups"][0]["items"] == []
    for outsider in (sibling, program(cast.stranger)):
        for words in ("quiet", "koivuranta", "sara"):
            assert all(one["total"] == 0 for one in outsider.get("search", q=words)["groups"])
