"""Minutes in the browser: one tap on the page of a thing, one's own week, the weeks as a chart and a file."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from time_machine import travel

from app.domain.ledger import LedgerKind
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.ledger import LedgerEntry
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
MOST_QUESTIONS = 12


@pytest.fixture(autouse=True)
def fixed_time() -> Any:
    """A Wednesday morning."""
    with travel(NOW, tick=False) as moved:
        yield moved


def entries(database: Database) -> list[LedgerEntry]:
    with database.reads() as session:
        return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)))


def test_one_tap_on_a_post_and_taken_back(app: FastAPI, cast: Cast, visit: Visit) -> None:
    scene = Scene(app, cast)
    post_id = scene.write(
        lambda session: plans.post(session, cast.koivuranta, cast.editor, "Reading dogs").id
    )
    sara, page = visit(cast.editor), f"/posts/{post_id}"
    assert "How long did it take?" in sara.get(page).text
    noted = sara.send(page, "/ledger", tap="reply:15", post_id=post_id, back=page)
    assert noted.headers["location"] == f"{page}?done=ledger_written"
    assert "Noted." in sara.get(noted.headers["location"]).text
    (row,) = entries(scene.database)
    assert (row.post_id, row.unit_id, row.minutes) == (post_id, cast.koivuranta.id, 15)
    assert row.kind is LedgerKind.REPLY
    mine = sara.get("/ledger").text
    assert f'<a href="{page}">Reading dogs</a>' in mine
    assert "Take it back" in mine
    assert visit(cast.approver).send("/ledger", f"/ledger/{row.id}/undo").status_code == 404
    undone = sara.send("/ledger", f"/ledger/{row.id}/undo")
    assert undone.headers["location"] == "/ledger?done=ledger_undone#mine"
    assert entries(scene.database) == []


def test_a_number_of_ones_own_and_what_is_wrong_with_it(database: Database, cast: Cast, visit: Visit) -> None:
    sara, here = visit(cast.editor), cast.koivuranta.id
    typed = {"kind": "residents", "minutes": "soon", "day": "2030-02-21", "unit_id": here, "note": "Market"}
    refused = sara.send("/ledger", "/ledger", **typed)
    assert refused.status_code == 422
    assert 'href="#minutes"' in refused.text
    assert 'value="Market"' in refused.text
    typed["minutes"] = "45"
    assert "Choose today or a day before." in sara.send("/ledger", "/ledger", **typed).text
    typed["day"] = "2030-02-19"
    assert sara.send("/ledger", "/ledger", **typed).status_code == 303
    assert sara.send("/ledger", "/ledger", tap="sleep:15", unit_id=here).status_code == 422
    outside = sara.send("/ledger", "/ledger", tap="reply:5", unit_id=here, back="//evil.example")
    assert outside.headers["location"] == "/?done=ledger_written"
    assert [row.minutes for row in entries(database)] == [45, 5]


def test_too_little_rather_than_a_false_ratio(database: Database, cast: Cast, visit: Visit) -> None:
    mikael, sara, here = visit(cast.coordinator), visit(cast.editor), cast.koivuranta.id
    for tap in ("reply:30", "post:15"):
        sara.send("/ledger", "/ledger", tap=tap, unit_id=here)
    page = mikael.get("/ledger").text
    assert "Too little is written down this week" in page
    assert 'class="n meta">too little written down</td>' in page  # words may wrap, so that no column is cut
    sara.send("/ledger", "/ledger", tap="group:15", unit_id=here)
    page = mikael.get("/ledger").text
    assert "3 minutes with people for each minute on our own posts." in page
    assert "This week by person" in page
    assert "Sara Niemi" in page
    assert '<svg class="chart"' in page
    file = mikael.get("/ledger/weeks.csv")
    assert "2030-02-18;45;15;3;3;" in file.text
    assert "Sara Niemi;45;15;3" in file.text
    assert "Sums are of at least three people" not in page, "nothing is hidden from whoever coordinates all"
    olli = visit(cast.approver)
    assert "fewer than three people" in olli.get("/ledger").text
    assert "Sums are of at least three people" in olli.get("/ledger").text
    assert "Sara Niemi" not in olli.get("/ledger").text + olli.get("/ledger/weeks.csv").text
    assert "45" not in olli.get("/ledger/weeks.csv").text
    assert olli.get(f"/ledger/weeks.csv?unit={here}").status_code == 404


def test_it_asks_few_questions(database: Database, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    for tap in ("reply:30", "post:15", "task:5") * 4:
        boss.send("/ledger", "/ledger", tap=tap, unit_id=cast.koivuranta.id)
    with counted(database) as asked:
        assert boss.get("/ledger").status_code == 200
    assert len(asked) <= MOST_QUESTIONS, asked
