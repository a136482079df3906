"""The queue: what waits for a person, what goes out next, and never anything of another branch."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.domain.publications import Status
from app.domain.roles import Actor
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_the_heading_says_what_is_going_on(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = visit(cast.editor).get("/queue").text
    assert "The queue. Nothing waits for a person." in page
    assert "Nothing is planned." in page
    scene.plan(Status.MISSED, -300)
    scene.plan(Status.UNSURE, -5)
    scene.plan()
    assert "The queue. 2 posts wait for a person." in visit(cast.editor).get("/queue").text


def test_each_card_says_whose_turn_it_is_and_has_its_buttons(scene: Scene, cast: Cast, visit: Visit) -> None:
    missed = scene.plan(Status.MISSED, -300, "Missed")
    unsure = scene.plan(Status.UNSURE, -5, "Unsure", reason="no_answer")
    rejected = scene.plan(Status.REJECTED, -5, "Sent back", reason="link_refused")
    page = visit(cast.editor).get("/queue").text
    assert f'action="/publications/{missed}/publish-now"' in page
    assert f'action="/publications/{unsure}/settle"' in page
    assert "Yes, it is there" in page
    assert "No, it is not" in page
    assert "The network does not take the link." in page
    assert f'href="/publications/{rejected}/move"' in page
    assert page.count("Whose turn:") == 3


def test_who_may_not_decide_sees_no_buttons(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(Status.MISSED, -300)
    for who in (cast.contributor, cast.manager):
        page = visit(who).get("/queue").text
        assert "1 post waits" in page or "One post waits" in page
        assert "/publish-now" not in page


def test_a_late_one_is_on_top(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(Status.PLANNED, -30, reason="network_down")
    page = visit(cast.editor).get("/queue").text
    assert "Overdue" in page
    assert "Its time is past by more than ten minutes" in page


def test_a_sibling_branch_sees_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    number = scene.plan(title="Ours alone")
    scene.plan(Status.MISSED, -300, title="Ours alone")
    for who in (cast.sibling_editor, cast.stranger):
        page = visit(who).get("/queue").text
        assert "Ours alone" not in page
        assert "Nothing waits" in page
        filtered = visit(who).get(f"/queue?unit={cast.koivuranta.id}&channel={scene.channel_id}").text
        assert "Ours alone" not in filtered
        assert f"/publications/{number}" not in filtered


def test_it_is_narrowed_and_nonsense_narrows_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Planned one")
    scene.plan(Status.MISSED, -300, title="Missed one")
    editor = visit(cast.editor)
    only = editor.get("/queue?status=missed").text
    assert "Missed one" in only
    assert "Planned one" not in only
    planned = editor.get("/queue?status=planned").text
    assert "Missed one" not in planned
    assert "Planned one" in planned
    assert "Planned one" not in editor.get(f"/queue?channel={scene.channel_id + 999}").text
    for nonsense in ("status=x", "unit=x", "unit=99999999999999", "channel=-1", "after=x", "after=9-9"):
        page = editor.get(f"/queue?{nonsense}")
        assert page.status_code == 200, nonsense
        assert "Planned one" in page.text, nonsense


def test_long_queues_have_pages(scene: Scene, cast: Cast, visit: Visit) -> None:
    for number in range(42):
        scene.plan(minutes=60 + number, title=f"Post {number:02}")
    editor = visit(cast.editor)
    first = editor.get("/queue").text
    assert "Post 39" in first
    assert "Post 40" not in first
    address = first.split('rel="next" href="')[1].split('"')[0]
    second = editor.get(address).text
    assert "Post 40" in second
    assert "Post 41" in second
    assert "Post 39" not in second


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    for status in (Status.PLANNED, Status.MISSED, Status.HELD, Status.UNSURE):
        for _ in range(3):
            scene.plan(status)
    editor = visit(cast.editor)
    editor.get("/queue")
    with counted(scene.database) as asked:
        assert editor.get("/queue").status_code == 200
    assert len(asked) <= MOST_QUESTIONS
