"""The promised rhythm: set on the channel's page, shown in the week, and its free hours lead to a plan."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from app.actions import slots
from app.actions.slots import HourInput, RhythmInput
from app.domain.roles import Actor
from app.models.posts import Post
from app.models.publications import Publication
from tests import plans
from tests.cast import Cast
from tests.web.scene import Scene
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 7, 30, tzinfo=ZoneInfo("UTC"))  # Wednesday
WEEK = "/calendar/week/2030-W08"


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


def promise(scene: Scene, least: int | None, most: int | None, *hours: tuple[int, str]) -> None:
    """What the channel promises."""
    data = RhythmInput.model_validate(
        {"at_least": least, "at_most": most, "slots": [{"weekday": on, "local_time": at} for on, at in hours]}
    )
    scene.write(lambda session: slots.promise(session, scene.cast.coordinator, scene.channel_id, data))


def test_a_coordinator_sets_the_rhythm(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}/rhythm"
    who = visit(cast.coordinator)
    assert page in who.get(f"/channels/{scene.channel_id}").text
    sent = who.send(page, page, at_least="2", at_most="3", day1="9, 15.30", day5="12.00 9.00")
    assert sent.headers["location"] == f"/channels/{scene.channel_id}?done=saved"
    form = who.get(page).text
    for value in ("9.00, 15.30", "9.00, 12.00", "2", "3"):
        assert f'value="{value}"' in form, value
    who.send(page, page, at_least="", at_most="")
    assert 'value="9.00' not in who.get(page).text


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(
    scene: Scene, cast: Cast, visit: Visit
) -> None:
    page = f"/channels/{scene.channel_id}/rhythm"
    who = visit(cast.coordinator)
    wrong = who.send(page, page, at_least="4", at_most="3", day1="9.00")
    assert wrong.status_code == 422
    assert "At most can&#39;t be less than at least." in wrong.text
    wrong = who.send(page, page, at_least="x", day2="9.00, 25.00")
    assert 'href="#at_least"' in wrong.text
    assert 'href="#day2"' in wrong.text
    assert 'value="9.00, 25.00"' in wrong.text


def test_only_who_looks_after_channels_sets_it(scene: Scene, cast: Cast, visit: Visit) -> None:
    page = f"/channels/{scene.channel_id}/rhythm"
    for who, code in ((cast.editor, 403), (cast.sibling_editor, 404), (cast.stranger, 404)):
        assert visit(who).get(page).status_code == code
        assert visit(who).send("/account", page, at_least="1").status_code == code


@travel(NOW, tick=False)
def test_the_week_shows_what_is_kept_and_what_is_free(scene: Scene, cast: Cast, visit: Visit) -> None:
    promise(scene, 3, None, (1, "09:00"), (3, "12:00"), (4, "10:00"), (5, "09:00"))
    scene.plan(minutes=150)  # Wednesday 12.00
    page = visit(cast.editor).get(WEEK).text
    assert "1 of 3 promised, short" in page
    assert page.count('class="slot gap"') == 2  # Monday's has passed, Wednesday's is taken
    assert f"/calendar/plan?channel={scene.channel_id}&amp;day=2030-02-21&amp;hour=10.00" in page
    assert "Free: Koivuranta page" in page
    manager = visit(cast.manager).get(WEEK).text
    assert "/calendar/plan" not in manager
    assert "1 of 3 promised" in manager
    for who in (cast.sibling_editor, cast.stranger):
        assert "promised" not in visit(who).get(WEEK).text
    promise(scene, 1, 1, (4, "10:00"))
    full = visit(cast.editor).get(WEEK).text
    assert "1 of 1 promised" in full
    assert "slot gap" not in full


@travel(NOW, tick=False)
def test_what_was_posted_at_the_network_keeps_the_promise_too(scene: Scene, cast: Cast, visit: Visit) -> None:
    promise(scene, 1, None, (3, "09:00"))
    scene.write(lambda session: session.add(plans.found(scene.channel_id, NOW - timedelta(hours=1))))
    assert "1 of 1 promised" in visit(cast.editor).get(WEEK).text


@travel(NOW, tick=False)
def test_a_free_hour_takes_a_post(scene: Scene, cast: Cast, visit: Visit) -> None:
    def write(session: Session) -> int:
        return plans.post(session, cast.koivuranta, cast.editor, "Waits", approver=cast.approver).id

    waits = scene.write(write)
    scene.plan(title="Has its time")
    address = f"/calendar/plan?channel={scene.channel_id}&day=2030-02-21&hour=10.00"
    editor = visit(cast.editor)
    page = editor.get(address)
    assert page.status_code == 200
    assert "Thursday 21 February 10.00" in page.text
    assert "Waits" in page.text
    assert "Has its time" not in page.text
    assert "/posts/new?" in page.text
    assert "/posts/new?" not in visit(cast.approver).get(address).text, "who writes nowhere begins no post"
    fields = {"channel_id": str(scene.channel_id), "day": "2030-02-21", "hour": "10.00"}
    nothing = editor.send(address, "/calendar/plan", **fields)
    assert nothing.status_code == 422
    assert "Choose at least one post." in nothing.text
    assert 'id="post_id-error"' in nothing.text
    sent = editor.send(address, "/calendar/plan", post_id=str(waits), **fields)
    assert sent.headers["location"] == f"{WEEK}?done=post_planned"
    with scene.database.reads() as session:
        due = session.scalars(select(Publication.local_due).where(Publication.post_id == waits)).one()
    assert due == datetime(2030, 2, 21, 10)  # noqa: DTZ001
    past = {**fields, "day": "2030-02-18"}
    refused = editor.send(address, "/calendar/plan", post_id=str(waits), **past)
    assert "This time has passed." in refused.text
    assert 'href="#due_at"' not in refused.text
    for who, code in ((cast.manager, 403), (cast.sibling_editor, 404)):
        assert visit(who).get(address).status_code == code


@travel(NOW, tick=False)
def test_a_new_post_keeps_the_hour_that_it_is_written_for(scene: Scene, cast: Cast, visit: Visit) -> None:
    editor = visit(cast.editor)
    new = f"/posts/new?unit={cast.koivuranta.id}&channel={scene.channel_id}&day=2030-02-21&hour=10.00"
    text = {"unit_id": str(cast.koivuranta.id), "title": "New one", "text": "It is new.", "tone": "human"}
    kept = {"for.channel": str(scene.channel_id), "for.day": "2030-02-21", "for.hour": "10.00", "do": "save"}
    assert all(f'name="{name}"' in editor.get(new).text for name in kept if name != "do")
    sent = editor.send(new, "/posts/new", **text, **kept)
    page = editor.get(sent.headers["location"]).text
    with scene.database.reads() as session:
        assert session.scalars(select(Post.title)).one() == "New one"
    plan = page.split('id="plan"')[1]
    assert 'value="2030-02-21"' in plan
    assert 'value="10.00"' in plan
    assert f'value="{scene.channel_id}" checked' in plan


def test_an_hour_has_no_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        HourInput.model_validate({"weekday": 1, "local_time": "09:00Z"})
