"""The first screen: what needs the viewer, and how a fresh library begins."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor
from app.domain.warnings import Code, Light, Severity
from app.errands.warnings import new_notice
from app.foundation import clock
from app.models.leases import Run
from app.web.today import DAY, EVENING, MORNING, greeting
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
MOST_QUESTIONS = 12


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def test_a_fresh_library_is_told_how_to_begin(app: FastAPI, cast: Cast, visit: Visit) -> None:
    page = visit(cast.stranger).get("/").text
    assert "To begin with" in page
    assert '<a href="/channels/connect">Connect a channel</a>' in page
    assert '<a href="/people/new">Add a person</a>' in page
    assert "Write the first post" not in page, "an administrator without a role that writes"


def test_the_first_steps_go_away(scene: Scene, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    assert "To begin with" not in boss.get("/").text
    assert "Write the first post" in visit(cast.editor).get("/").text
    scene.plan()
    assert "To begin with" not in visit(cast.editor).get("/").text


def test_what_needs_somebody_depends_on_who_it_is(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(Status.MISSED, -300, title="Missed one")
    scene.write(
        lambda session: plans.post(session, cast.koivuranta, cast.editor, "To be read", PostStatus.IN_REVIEW)
    )
    scene.write(
        lambda session: plans.post(
            session, cast.koivuranta, cast.editor, "To be changed", PostStatus.CHANGES_REQUESTED
        )
    )
    editor, approver = visit(cast.editor).get("/").text, visit(cast.approver).get("/").text
    assert "2 things need you." in editor
    assert "To be changed" in editor
    assert "2 things need you." in approver
    assert "To be read" in approver
    assert "sent by Sara Niemi" in approver
    manager = visit(cast.manager).get("/").text
    assert "Nothing needs you just now." in manager
    assert "Missed one" in manager
    assert "Write a post" not in manager


def test_a_sibling_branch_sees_nothing(scene: Scene, cast: Cast, visit: Visit) -> None:
    scene.plan(title="Ours alone")
    scene.plan(Status.PUBLISHED, -300, title="Ours alone")
    scene.plan(Status.UNSURE, -3, title="Ours alone")
    assert "Ours alone" in visit(cast.administrator).get("/").text
    for who in (cast.sibling_editor, cast.stranger):
        assert "Ours alone" not in visit(who).get("/").text


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit) -> None:
    for status in (Status.PLANNED, Status.MISSED, Status.HELD, Status.PUBLISHED):
        for _ in range(3):
            scene.plan(status)
    for who in (cast.approver, cast.editor):
        somebody = visit(who)
        somebody.get("/")
        with counted(scene.database) as asked:
            assert somebody.get("/").status_code == 200
        assert len(asked) <= MOST_QUESTIONS, len(asked)


@pytest.mark.parametrize(("hour", "words"), [(6, MORNING), (12, DAY), (18, EVENING), (0, EVENING)])
def test_greetings_fit_the_hour_there(hour: int, words: str) -> None:
    assert greeting("Europe/Helsinki", datetime(2030, 1, 7, hour, tzinfo=UTC)) == words


def test_what_is_the_matter_stands_on_top(scene: Scene, cast: Cast, visit: Visit) -> None:
    until = clock.now() + timedelta(days=3, hours=1)
    light = Light(
        Code.DATA_ACCESS_ENDS, Severity.SOON, "1", cast.koivuranta.id, scene.channel_id, until=until
    )
    scene.write(lambda session: session.add(new_notice(light, clock.now())))
    boss = visit(cast.coordinator).get("/").text
    assert "What Kuliss may do on Koivuranta page ends" in boss
    assert "4 days left." in boss
    assert f'href="/channels/{scene.channel_id}"' in boss
    editor = visit(cast.editor).get("/").text
    assert "What Kuliss may do on Koivuranta page ends" in editor
    assert "Whoever looks after the channel has been told." in editor
    assert f'href="/channels/{scene.channel_id}"' not in editor
    for who in (cast.sibling_editor, cast.contributor, cast.stranger):
        assert "Koivuranta page" not in visit(who).get("/").text


def test_a_good_day_is_told_kindly(scene: Scene, cast: Cast, visit: Visit) -> None:
    assert "Nothing to worry about" in visit(cast.editor).get("/").text
    assert "Kuliss sends no mail here" in visit(cast.editor).get("/").text
    assert "No publishing clock is running" in visit(cast.coordinator).get("/").text
    scene.write(lambda session: session.add(Run(pid=1, started_at=clock.now(), seen_at=clock.now())))
    assert "Nothing to worry about" in visit(cast.coordinator).get("/").text
    assert "Nothing to worry about" not in visit(cast.contributor).get("/").text
