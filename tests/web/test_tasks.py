"""Channels that people post to by hand: made, planned on, done, handed to somebody."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.domain.networks import ChannelState
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.models.channels import Channel
from app.models.tasks import ManualPlace
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


@pytest.fixture
def boss(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's coordinator."""
    return visit(cast.coordinator)


@pytest.fixture
def place(scene: Scene, cast: Cast, boss: Visitor) -> int:
    """The id of a neighbourhood group that Veera usually posts to."""
    answer = boss.send(
        "/channels/by-hand",
        "/channels/by-hand",
        unit_id=cast.koivuranta.id,
        name="Koivuranta people",
        address="https://group.example/koivuranta",
        how="Sign in as the library.",
        person_id=cast.contributor.person_id,
        used_by="subtree",
    )
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].split("/")[2].split("?")[0])


@pytest.fixture
def task(scene: Scene, cast: Cast, place: int) -> int:
    """A publication there, its time near."""
    return plan(scene, cast, place)


def plan(scene: Scene, cast: Cast, place: int, status: Status = Status.TO_DO, minutes: float = 60) -> int:
    def work(session: Session) -> int:
        post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
        on = plans.load_channel(session, place)
        return plans.publication(session, post, on, status, minutes, revision_id=post.revision_id).id

    return scene.write(work)


def test_a_place_is_made_and_changed(scene: Scene, cast: Cast, boss: Visitor, place: int) -> None:
    assert "A channel that people post to by hand" in boss.get("/channels/connect").text
    page = boss.get(f"/channels/{place}").text
    assert "https://group.example/koivuranta" in page
    assert "Veera Salo" in page
    assert "Check now" not in page
    assert "Connect again" not in page
    assert "Koivuranta people" in boss.get("/channels").text
    answer = boss.send(
        f"/channels/{place}/by-hand", f"/channels/{place}/by-hand", name="Neighbours", used_by="unit",
        state="dormant",
    )  # fmt: skip
    assert answer.headers["location"] == f"/channels/{place}?done=saved"
    with scene.database.reads() as session:
        channel, kept = session.get_one(Channel, place), session.get_one(ManualPlace, place)
        assert (channel.name, channel.used_by, channel.state) == ("Neighbours", "unit", "dormant")
        assert (kept.address, kept.person_id) == ("", None)


def test_what_a_place_must_be(scene: Scene, cast: Cast, boss: Visitor, visit: Visit, place: int) -> None:
    wrong = boss.send(
        "/channels/by-hand", "/channels/by-hand", unit_id=cast.koivuranta.id, name="X", address="group"
    )
    assert wrong.status_code == 422
    assert "Write a whole address" in wrong.text
    assert visit(cast.editor).get("/channels/by-hand").status_code == 403
    assert visit(cast.sibling_editor).get(f"/channels/{place}/by-hand").status_code == 404
    assert visit(cast.editor).get(f"/channels/{place}/by-hand").status_code == 403
    assert boss.get(f"/channels/{scene.channel_id}/by-hand").status_code == 404
    assert 'value="YouTube"' in boss.get("/channels/by-hand?name=YouTube").text


def test_its_person_does_it(scene: Scene, cast: Cast, visit: Visit, task: int) -> None:
    veera = visit(cast.contributor)
    today = veera.get("/").text
    assert "To do by hand" in today
    assert f'href="/publications/{task}"' in today
    page = veera.get(f"/publications/{task}").text
    assert 'data-copy="copy-text"' in page
    assert "Three dogs wait" in page
    assert "Sign in as the library." in page
    assert 'href="https://group.example/koivuranta"' in page
    assert "Veera Salo’s: post it by hand." in page
    assert "Cancel it" not in page
    wrong = veera.send(f"/publications/{task}", f"/publications/{task}/done", link="there")
    assert wrong.status_code == 422
    answer = veera.send(f"/publications/{task}", f"/publications/{task}/done", link="https://group.example/1")
    assert answer.headers["location"] == f"/publications/{task}?done=done"
    row = scene.read(task)
    assert (row.status, row.permalink) == (Status.DONE, "https://group.example/1")
    page = veera.get(f"/publications/{task}").text
    assert "It was posted by hand" in page
    assert "https://group.example/1" in page
    assert "To do by hand" not in veera.get("/").text.replace("Done by hand", "")


def test_it_is_handed_to_somebody_else(scene: Scene, cast: Cast, visit: Visit, task: int) -> None:
    editor, address = visit(cast.editor), f"/publications/{task}"
    assert "Somebody else posts it" in editor.get(address).text
    answer = editor.send(address, f"{address}/assign", person_id=cast.manager.person_id)
    assert answer.headers["location"] == f"{address}?done=assigned"
    assert "said who posts it: Pirjo Koski." in editor.get(address).text
    assert "To do by hand" in visit(cast.manager).get("/").text
    assert visit(cast.contributor).send("/queue", f"{address}/done").status_code == 403
    day = f"/calendar/day/{scene.read(task).local_due:%Y-%m-%d}"
    assert "Pirjo Koski" in editor.get(day).text
    editor.send(address, f"{address}/assign", person_id="")
    page = editor.get(day).text  # to nobody in particular: not the usual person's, as on the task itself
    assert ("Pirjo Koski" in page, "Veera Salo" in page) == (False, False)
    wrong = editor.send(address, f"{address}/assign", person_id=cast.sibling_editor.person_id)
    assert wrong.status_code == 422
    assert visit(cast.sibling_editor).send("/queue", f"{address}/done").status_code == 404
    assert visit(cast.sibling_editor).send("/queue", f"{address}/assign").status_code == 404


@pytest.mark.parametrize("status", [Status.PLANNED, Status.MISSED, Status.HELD, Status.PROPOSED, Status.DONE])
def test_every_state_by_hand_has_its_page(
    scene: Scene, cast: Cast, visit: Visit, place: int, status: Status
) -> None:
    number = plan(scene, cast, place, status, -5)
    if status is Status.DONE:
        scene.write(
            lambda session: setattr(
                session.get_one(type(scene.read(number)), number), "published_at", clock.now()
            )
        )
    editor = visit(cast.editor)
    page = editor.get(f"/publications/{number}").text
    assert "Whose turn:" in page
    assert "Publish now" not in page
    assert ("I have posted it" in page) is (status in (Status.PLANNED, Status.MISSED))
    assert editor.get("/queue").status_code == 200


def test_a_done_one_is_taken_down_by_hand(scene: Scene, cast: Cast, visit: Visit, task: int) -> None:
    editor, address = visit(cast.editor), f"/publications/{task}"
    editor.send(address, f"{address}/done")
    assert "It becomes a task" in editor.get(f"{address}/remove").text
    answer = editor.send(f"{address}/remove", f"{address}/remove")
    assert answer.headers["location"] == f"{address}?done=removal_by_hand"
    editor.send(address, f"{address}/taken-down")
    assert scene.read(task).status is Status.REMOVED


def test_it_asks_few_questions(scene: Scene, cast: Cast, visit: Visit, place: int, task: int) -> None:
    editor = visit(cast.editor)
    for address in (f"/publications/{task}", "/", "/queue", f"/channels/{place}"):
        with counted(scene.database) as asked:
            assert editor.get(address).status_code == 200
        assert len(asked) <= MOST_QUESTIONS, address


def test_what_hands_do_is_not_laid_ready_by_a_program(
    scene: Scene, cast: Cast, visit: Visit, place: int
) -> None:
    def write(session: Session) -> int:
        return plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver).id

    address = f"/posts/{scene.write(write)}"
    sara = visit(cast.editor)
    assert 'name="prepare_late"' in sara.get(address).text

    def close(session: Session) -> None:
        plans.load_channel(session, scene.channel_id).state = ChannelState.CLOSED

    scene.write(close)
    page = sara.get(address).text
    assert "Koivuranta people" in page
    assert 'name="prepare_late"' not in page
