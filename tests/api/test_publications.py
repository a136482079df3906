"""Planning, moving, holding and settling through the API."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database
from app.models.attempts import Attempt
from app.models.publications import Publication
from app.models.readings import Reading
from tests.api.conftest import Channels, Planned
from tests.api.program import UNSURE, Program, put
from tests.cast import Cast


def test_a_time_on_the_wall_and_its_instant(
    editor: Program, approved: int, channels: Channels, in_a_week: str
) -> None:
    body = {"channel_id": channels.own, "local_due": in_a_week, "lateness_limit_minutes": 5}
    made = editor.post(f"posts/{approved}/publications", body)
    assert (made["local_due"], made["zone"], made["status"]) == (in_a_week, "Europe/Helsinki", "planned")
    assert made["due_at"] in (f"{in_a_week[:10]}T10:00:00Z", f"{in_a_week[:10]}T09:00:00Z")
    assert made["lateness_limit_minutes"] == 5
    assert editor.get(f"publications/{made['id']}") == made
    assert editor.items(f"posts/{approved}/publications") == [made]
    assert editor.get(f"posts/{approved}")["publications"][0]["id"] == made["id"]


def test_an_instant_and_its_time_on_the_wall(editor: Program, draft: int, channels: Channels) -> None:
    year = clock.now().year + 1
    body = {"channel_id": channels.own, "due_at": f"{year}-01-15T12:30:00+02:00"}
    made = editor.post(f"posts/{draft}/publications", body)
    assert (made["due_at"], made["local_due"]) == (f"{year}-01-15T10:30:00Z", f"{year}-01-15T12:30")
    assert made["status"] == "proposed"


def sunday(month: int) -> datetime:
    """The last Sunday of a month to come, when clocks change in Europe."""
    now = clock.now().replace(tzinfo=None, hour=3, minute=30, second=0, microsecond=0)
    year = now.year if (now.month, now.day) < (month, 20) else now.year + 1
    last = now.replace(year=year, month=month, day=31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def test_the_hour_that_exists_twice(editor: Program, draft: int, channels: Channels) -> None:
    local = sunday(10).isoformat(timespec="minutes")
    path = f"posts/{draft}/publications"
    body = {"channel_id": channels.own, "local_due": local}
    assert editor.refused("POST", path, {**body, "ask": True}) == (422, [("fold", "time_exists_twice")])
    first = editor.post(path, body)
    assert (first["fold"], first["due_at"][11:16]) == (0, "00:30")
    moved = editor.patch(f"publications/{first['id']}", {"local_due": local, "fold": 1})
    assert (moved["fold"], moved["due_at"][11:16]) == (1, "01:30")
    again = editor.patch(f"publications/{first['id']}", {"due_at": first["due_at"]})
    assert (again["fold"], again["local_due"]) == (0, local)
    twin = editor.patch(f"publications/{first['id']}", {"due_at": moved["due_at"]})
    assert (twin["fold"], twin["local_due"]) == (1, local)


def test_the_hour_that_does_not_exist(editor: Program, draft: int, channels: Channels) -> None:
    body = {"channel_id": channels.own, "local_due": sunday(3).isoformat()}
    told = editor.refused("POST", f"posts/{draft}/publications", body)
    assert told == (422, [("local_due", "time_does_not_exist")])
    assert editor.items("publications") == []


def test_hold_and_release(editor: Program, approver: Program, planned: Planned) -> None:
    path = f"publications/{planned.publication}"
    held = editor.post(f"{path}/hold", {"note": "Wait for the director"})
    assert held["status"] == "held"
    assert held["holds"][0].items() >= {"reason": "person", "note": "Wait for the director"}.items()
    assert approver.post(f"{path}/hold")["status"] == "held"
    released = editor.post(f"{path}/release")
    assert (released["status"], released["holds"]) == ("planned", [])
    assert editor.ask("POST", f"{path}/release").status_code == 409


def test_now_means_now(editor: Program, planned: Planned, draft: int, channels: Channels) -> None:
    before = clock.now()
    told = editor.post(f"publications/{planned.publication}/publish-now")
    assert told["status"] == "planned"
    assert before <= datetime.fromisoformat(told["due_at"]) <= clock.now()


def test_no_time_without_a_yes_now(editor: Program, draft: int, channels: Channels, in_a_week: str) -> None:
    body = {"channel_id": channels.own, "local_due": in_a_week}
    made = editor.post(f"posts/{draft}/publications", body)
    assert editor.refused("POST", f"publications/{made['id']}/publish-now") == (409, [(None, "not_ready")])


def test_cancelled_is_over(editor: Program, planned: Planned) -> None:
    path = f"publications/{planned.publication}"
    assert editor.post(f"{path}/cancel")["status"] == "cancelled"
    for verb in ("cancel", "hold", "release", "publish-now"):
        assert editor.ask("POST", f"{path}/{verb}").status_code == 409
    assert editor.ask("PATCH", path, {"lateness_limit_minutes": 5}).status_code == 409


def test_on_its_way_nothing_is_changed(editor: Program, planned: Planned, database: Database) -> None:
    put(database, planned.publication, status=Status.PUBLISHING)
    path = f"publications/{planned.publication}"
    for verb in ("hold", "cancel", "publish-now"):
        assert editor.refused("POST", f"{path}/{verb}") == (409, [(None, "on_its_way")])
    assert editor.refused("PATCH", path, {"lateness_limit_minutes": 5}) == (409, [(None, "on_its_way")])


@pytest.mark.parametrize(("public", "status"), [(True, "published"), (False, "unsure")])
def test_a_doubt_is_settled(
    editor: Program, planned: Planned, database: Database, public: bool, status: str
) -> None:
    path = f"publications/{planned.publication}/settle"
    assert editor.refused("POST", path, {"public": public}) == (409, [(None, "not_unsure")])
    put(database, planned.publication, **UNSURE)
    wrong = {"public": True, "link": "the page"}
    assert editor.refused("POST", path, wrong) == (422, [("link", "bad_link")])
    told = editor.post(
        path, {"public": public, "link": "https://network.example/1_2"} if public else {"public": public}
    )
    assert told["status"] == status
    assert told["permalink"] == ("https://network.example/1_2" if public else "")


def test_lists_are_narrowed(
    editor: Program, planned: Planned, draft: int, channels: Channels, cast: Cast, in_a_week: str
) -> None:
    body = {"channel_id": channels.shared, "local_due": in_a_week.replace("T12", "T15")}
    second = editor.post(f"posts/{draft}/publications", body)["id"]
    first, day = planned.publication, in_a_week[:10]
    for query, found in (
        ({}, [first, second]),
        ({"status": ["planned"]}, [first]),
        ({"status": ["planned", "proposed"]}, [first, second]),
        ({"channel": channels.shared}, [second]),
        ({"unit": cast.koivuranta.id}, [first, second]),
        ({"unit": cast.myllymaki.id}, []),
        ({"from": f"{day}T12:00:00Z"}, [second]),
        ({"to": f"{day}T14:00:00+02:00"}, [first]),
    ):
        assert [row["id"] for row in editor.items("publications", **query)] == found, query
    page = editor.get("publications", limit=1)
    assert [row["id"] for row in editor.items("publications", limit=1, after=page["next"])] == [second]


def test_attempts_and_readings(editor: Program, planned: Planned, database: Database) -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    with database.writes() as session:
        row = session.get_one(Publication, planned.publication)
        session.add(Attempt(publication_id=row.id, kind="show", started_at=at, ended_at=at, outcome="ok"))
        session.add(
            Reading(
                publication_id=row.id, taken_at=at, age=3700, api_version="v25.0", reactions=3, comments=1
            )
        )
    path = f"publications/{planned.publication}"
    [attempt] = editor.items(f"{path}/attempts")
    assert attempt.items() >= {"kind": "show", "outcome": "ok", "started_at": "2030-01-01T00:00:00Z"}.items()
    [reading] = editor.items(f"{path}/readings")
    assert reading.items() >= {"age": 3700, "engagement": 4, "reach": None, "shares": None}.items()


def test_it_can_be_prepared_only_at_its_time(
    editor: Program, approved: int, channels: Channels, in_a_week: str
) -> None:
    body = {"channel_id": channels.own, "local_due": in_a_week, "prepare_late": True}
    made = editor.post(f"posts/{approved}/publications", body)
    assert (made["prepare_late"], made["lateness_limit_minutes"]) == (True, 60)
    path = f"publications/{made['id']}"
    assert editor.patch(path, {"lateness_limit_minutes": 5})["prepare_late"] is True
    assert editor.patch(path, {"prepare_late": False})["prepare_late"] is False
