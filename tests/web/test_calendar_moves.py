"""Moving from the calendar: by the form, by what a drag sends, back again, and every no in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from time_machine import travel

from app.domain.publications import Status
from app.domain.roles import Actor
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 7, 30, tzinfo=ZoneInfo("UTC"))
WEEK = "/calendar/week/2030-W08"


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def dragged(visitor: Visitor, number: int, day: str, **more: str) -> Any:
    """What the script sends for a drag within the week."""
    fields = {"board": "yes", "back": WEEK, "day": day, "hour": "", **more}
    return visitor.send(WEEK, f"/calendar/move/{number}", **fields)


@travel(NOW, tick=False)
def test_the_form_moves_and_the_way_back_is_offered(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan(minutes=150)  # 12.00 on the wall
    editor = visit(cast.editor)
    form = f"/calendar/move/{number}?back={quote(WEEK)}"
    assert 'value="12.00"' in editor.get(form).text
    sent = editor.send(form, f"/calendar/move/{number}", day="2030-02-26", hour="10.15", back=WEEK)
    assert sent.status_code == 303
    moved = editor.get(sent.headers["location"]).text
    assert "“Reading dogs” moved to Tuesday 26 February 10.15." in moved
    assert scene.read(number).local_due == datetime(2030, 2, 26, 10, 15)  # noqa: DTZ001 - a wall time
    assert "Week 9" in moved
    undo = {"back": WEEK, "day": "2030-02-20", "hour": "12.00.00", "fold": "0", "undo": "yes"}
    assert 'name="undo" value="yes"' in moved
    back = editor.send(sent.headers["location"], f"/calendar/move/{number}", **undo)
    told = editor.get(back.headers["location"]).text
    assert "is back on Wednesday 20 February 12.00." in told
    assert "Undo" not in told
    assert scene.read(number).local_due == datetime(2030, 2, 20, 12)  # noqa: DTZ001


@travel(NOW, tick=False)
def test_a_drag_keeps_the_hour_and_a_free_place_gives_its_own(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan(minutes=150)
    editor = visit(cast.editor)
    sent = dragged(editor, number, "2030-02-22")
    assert sent.headers["location"].startswith(f"{WEEK}?moved={number}&was=20300220T120000")
    assert scene.read(number).local_due == datetime(2030, 2, 22, 12)  # noqa: DTZ001
    dragged(editor, number, "2030-02-23", hour="9.05")
    assert scene.read(number).local_due == datetime(2030, 2, 23, 9, 5)  # noqa: DTZ001


@travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("status", "day", "code", "words"),
    [
        (Status.PLANNED, "2030-02-18", 422, "This time has passed."),
        (Status.PLANNED, "2033-02-18", 422, "more than two years away"),
        (Status.PLANNED, "x", 422, "Write a day"),
        (Status.PUBLISHING, "2030-02-22", 409, "It is on its way already"),
        (Status.PUBLISHED, "2030-02-22", 409, "Its time can&#39;t be changed any more."),
    ],
)
def test_what_is_refused_stands_at_the_post(
    scene: Scene, cast: Cast, visit: Visit, status: Status, day: str, code: int, words: str
) -> None:
    number = scene.plan(status, 150)
    refused = dragged(visit(cast.editor), number, day)
    assert refused.status_code == code
    entry = refused.text.split('class="slot human"')[1].split("</div>")[0]
    assert words in entry
    assert 'class="error"' in entry
    assert 'id="board"' in refused.text
    month = dragged(visit(cast.editor), number, day, back="/calendar/month/2030-02")
    for page in (refused.text, month.text):  # the summary leads to the post that stayed
        assert f'<a href="#t{number}">' in page
        assert f'id="t{number}"' in page


@travel(NOW, tick=False)
def test_an_hour_that_happens_twice_is_asked_for(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan(minutes=150)
    asked = dragged(visit(cast.editor), number, "2030-10-27", hour="3.30")
    assert asked.status_code == 422
    assert "happens twice" in asked.text
    assert 'name="fold"' in asked.text
    sent = visit(cast.editor).send(
        WEEK, f"/calendar/move/{number}", back=WEEK, day="2030-10-27", hour="3.30", fold="1"
    )
    assert sent.status_code == 303
    assert scene.read(number).fold == 1


@travel(NOW, tick=False)
def test_only_who_plans_may_move_and_others_do_not_even_find_it(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    number = scene.plan(minutes=150)
    for who, code in ((cast.manager, 403), (cast.sibling_editor, 404), (cast.stranger, 404)):
        assert visit(who).get(f"/calendar/move/{number}").status_code == code
        fields = {"back": WEEK, "day": "2030-02-22", "hour": ""}
        assert visit(who).send("/account", f"/calendar/move/{number}", **fields).status_code == code
    assert f'data-id="{number}"' not in visit(cast.manager).get(WEEK).text
    told = visit(cast.sibling_editor).get(f"{WEEK}?moved={number}&was=20300222T120000").text
    assert "moved to" not in told


@travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("asked", "undo"),
    [("was=20300221T120000", True), ("was=20300219T120000", False), ("was=x", False), ("", False)],
)
def test_there_is_no_way_back_into_the_past(
    scene: Scene, cast: Cast, visit: Visit, asked: str, undo: bool
) -> None:
    number = scene.plan(minutes=150)
    page = visit(cast.editor).get(f"{WEEK}?moved={number}&{asked}").text
    assert "moved to Wednesday 20 February 12.00." in page
    assert ("Undo" in page) is undo
