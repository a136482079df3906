"""Results as programs read them: the three questions, the comparison, the list; within one's units."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from time_machine import travel

from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.units import Unit
from tests.api.conftest import Channels
from tests.api.program import Program
from tests.cast import Cast
from tests.outings import Out, both_tones, went_out
from tests.web.scene import counted

Programs = Callable[[Actor], Program]
MOST_QUESTIONS = 12


@pytest.fixture
def manager(database: Database, app: FastAPI, cast: Cast, channels: Channels, program: Programs) -> Program:
    """Koivuranta's manager, with twenty posts and one that was never read."""
    posts = [*both_tones(10), Out("Unread", days=9, read=False)]
    with database.writes() as session:
        went_out(session, cast.koivuranta, session.get_one(Channel, channels.own), cast.editor, posts)
    return program(cast.manager)


@pytest.fixture
def days() -> dict[str, str]:
    """Days within which everything went out."""
    return {"from": "2025-01-01", "to": "2033-12-31"}


def test_the_three_questions(manager: Program, cast: Cast, days: dict[str, str]) -> None:
    told = manager.get("results/overview", **days)
    assert told["unit_id"] == cast.koivuranta.id
    assert told["period"] == {"from_on": days["from"], "to_on": days["to"]}
    assert told["simulated"] is True
    assert told["reach"]["posts"] == 21
    assert told["reach"]["reach"] == {"value": 645, "n": 20, "missing": 1}
    assert told["effect"]["clicks"] == {"value": None, "n": 0, "missing": 21}
    assert told["tones"] == {"informative": 10, "human": 11, "unknown": 0}
    assert [group["name"] for group in told["whom"]] == ["Koivuranta"]
    assert [group["key"] for group in told["formats"]] == ["post"]
    assert told["reach_before"]["reach"] == {"value": None, "n": 0, "missing": 0}
    assert sum(week["posts"] for week in told["weeks"]) == 21
    assert told["comparison"]["verdict"] is None
    assert "it does not show why" in told["comparison"]["sentence"] or told["comparison"]["why_not"]


def test_reach_beside_the_inhabitants(
    database: Database, manager: Program, cast: Cast, days: dict[str, str]
) -> None:
    told = manager.get("results/overview", **days)
    assert (told["population"], told["whom"][0]["reach_per_1000"]) == (None, None)
    with database.writes() as session:
        session.get_one(Unit, cast.koivuranta.id).population = 12_900
    told = manager.get("results/overview", **days)
    assert told["population"] == 12_900
    assert [group["reach_per_1000"] for group in told["whom"]] == [50]
    assert [group["reach_per_1000"] for group in told["formats"]] == [None]


def test_the_comparison(manager: Program, channels: Channels, days: dict[str, str]) -> None:
    told = manager.get("results/comparison", **days)
    assert told["outcome"] == "reach"
    assert (told["human"]["used"], told["informative"]["used"]) == (10, 10)
    assert told["human"]["missing"] == 1
    assert told["ratio"]["value"] > 1
    by_rate = manager.get("results/comparison", **days, outcome="rate", channel=channels.own)
    assert by_rate["outcome"] == "rate"
    assert by_rate["why_not"] is not None
    elsewhere = manager.get("results/comparison", **days, channel=channels.shared)
    assert (elsewhere["ratio"], elsewhere["why_not"]) == (None, "too_few")


def test_the_list_and_its_pages(manager: Program, days: dict[str, str]) -> None:
    first = manager.get("results/posts", **days, limit=15)
    second = manager.get("results/posts", **days, limit=15, after=first["next"])
    found: list[dict[str, Any]] = [*first["items"], *second["items"]]
    assert len({row["id"] for row in found}) == 21
    assert second["next"] is None
    times = [row["published_at"] for row in found]
    assert times == sorted(times, reverse=True)
    unread, human = found[0], found[1]
    assert (unread["at_seven_days"], unread["latest"], unread["simulated"]) == (None, None, True)
    assert (
        human["at_seven_days"].items()
        >= {"age": 604_800, "reach": 800, "clicks": None, "engagement": 44}.items()
    )
    assert human["at_seven_days"]["rate"] == pytest.approx(0.055)
    assert len(manager.items("results/posts", **days, tone="informative")) == 10
    assert len(manager.items("results/posts", **days, behind="reach")) == 20
    assert manager.items("results/posts", **days, format="story") == []


def test_only_within_ones_units(
    manager: Program, program: Programs, cast: Cast, channels: Channels, days: dict[str, str]
) -> None:
    for who in (cast.sibling_editor, cast.stranger):
        other = program(who)
        for path in ("overview", "comparison", "posts"):
            assert other.refused("GET", f"results/{path}", unit=cast.koivuranta.id) == (
                404,
                [(None, "not_found")],
            )
            told = other.ask("GET", f"results/{path}", **days)
            assert told.status_code == 200
            assert "Koivuranta" not in told.text
        assert other.get("results/overview", **days)["reach"]["posts"] == 0
        assert other.items("results/posts", **days, channel=channels.own) == []
    assert program(cast.administrator).get("results/overview", **days)["reach"]["posts"] == 21


def test_bad_questions(manager: Program) -> None:
    for query, field in (
        ({"from": "x"}, "from"), ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"from": "1990-01-01", "to": "2026-01-01"}, "from"), ({"unit": 0}, "unit"),
        ({"from": "9999-12-01", "to": "9999-12-31"}, "to"),
    ):  # fmt: skip
        status, faults = manager.refused("GET", "results/overview", **query)
        assert (status, faults[0][0]) == (422, field)
    assert manager.refused("GET", "results/comparison", outcome="x")[0] == 422
    assert manager.refused("GET", "results/posts", after="x")[0] == 422


def test_today_is_the_day_where_the_unit_is(manager: Program) -> None:
    with travel("2030-12-31T22:30:00Z", tick=False):  # half past midnight in Helsinki
        told = manager.get("results/overview")
    assert told["period"] == {"from_on": "2031-01-01", "to_on": "2031-01-01"}


def test_they_ask_few_questions(manager: Program, database: Database, days: dict[str, str]) -> None:
    for path in ("overview", "comparison", "posts"):
        manager.get(f"results/{path}", **days)
        with counted(database) as asked:
            manager.get(f"results/{path}", **days)
        assert len(asked) <= MOST_QUESTIONS, (path, "\n".join(asked))
