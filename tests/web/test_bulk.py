"""Many in the queue at once: chosen by boxes, told row by row, taken back; and nothing of another branch."""

import re
from collections.abc import Callable
from datetime import timedelta

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


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    """Koivuranta's editor."""
    return visit(cast.editor)


def do(who: Visitor, what: str, ids: list[int], **fields: object) -> str:
    """Choose, look over, send: the page that tells."""
    address = f"/queue/chosen?what={what}&" + "&".join(f"id={one}" for one in ids)
    answer = who.send(address, "/queue/chosen", what=what, id=ids, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_rows_and_cards_have_a_box(scene: Scene, cast: Cast, editor: Visitor, visit: Visit) -> None:
    planned, missed = scene.plan(), scene.plan(Status.MISSED, -300)
    page = editor.get("/queue").text
    for number in (planned, missed):
        assert f'name="id" value="{number}" form="chosen" aria-labelledby="row-{number}"' in page
        assert f'id="row-{number}"' in page
    assert f'name="page" value="{missed},{planned}"' in page
    assert "All 2 on this page" in page
    manager = visit(cast.manager).get("/queue").text
    assert 'form="chosen"' not in manager
    assert "Stop the queue" not in manager


def test_each_is_told_and_taken_back(scene: Scene, editor: Visitor) -> None:
    planned, going = scene.plan(title="Planned one"), scene.plan(Status.PUBLISHING, -1, "Going one")
    told = do(editor, "hold", [planned, going], note="Storm")
    page = editor.get(told).text
    assert "One post is held." in page
    assert "It is on its way already" in page
    assert (scene.read(planned).status, scene.read(going).status) == (Status.HELD, Status.PUBLISHING)
    assert "Storm" in editor.get(f"/publications/{planned}").text
    back = editor.send(told, f"{told}/undo").headers["location"]
    assert "One post is released again." in editor.get(back).text
    assert scene.read(planned).status is Status.PLANNED


def test_all_on_the_page_are_moved(scene: Scene, editor: Visitor) -> None:
    numbers = [scene.plan(title=f"Post {number}") for number in range(3)]
    before = [scene.read(number).local_due for number in numbers]
    listed = re.findall(r'name="page" value="([\d,]+)"', editor.get("/queue").text)[0]
    look = editor.get(f"/queue/chosen?what=move&all=yes&page={listed}").text
    assert "Give 3 posts a new time?" in look
    wrong = editor.send(f"/queue/chosen?what=move&id={numbers[0]}", "/queue/chosen", what="move", id=numbers)
    assert wrong.status_code == 422
    assert "Say by how much" in wrong.text
    told = do(editor, "move", numbers, days="2")
    assert [scene.read(number).local_due for number in numbers] == [one + timedelta(days=2) for one in before]
    editor.send(told, f"{told}/undo")
    assert [scene.read(number).local_due for number in numbers] == before


def test_the_same_form_twice_is_done_once(scene: Scene, editor: Visitor) -> None:
    number = scene.plan()
    before = scene.read(number).local_due
    form = {"what": "move", "id": [number], "days": "1", "once": "same"}
    address = f"/queue/chosen?what=move&id={number}"
    first, second = (editor.send(address, "/queue/chosen", **form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert scene.read(number).local_due == before + timedelta(days=1)


def test_nothing_chosen_and_nonsense(scene: Scene, editor: Visitor) -> None:
    assert "Nothing was chosen." in editor.get("/queue/chosen?what=hold").text
    assert "Nothing was chosen." in editor.get("/queue/chosen?what=hold&id=x&id=-1&id=99999999999999").text
    assert editor.get("/queue/chosen?what=explode&id=1").status_code == 404
    assert editor.send("/queue", "/queue/chosen", what="hold").status_code == 422
    assert editor.send("/queue", "/queue/chosen", what="explode").status_code == 404
    assert editor.get("/queue/done/nothing").status_code == 404


def test_another_branch_changes_and_sees_nothing(
    scene: Scene, cast: Cast, editor: Visitor, visit: Visit
) -> None:
    number = scene.plan(title="Ours alone")
    sibling = visit(cast.sibling_editor)
    assert "Ours alone" not in sibling.get(f"/queue/chosen?what=cancel&id={number}").text
    answer = sibling.send("/queue", "/queue/chosen", what="cancel", id=[number])
    page = sibling.get(answer.headers["location"]).text
    assert "Nothing was changed." in page
    assert "Ours alone" not in page
    assert scene.read(number).status is Status.PLANNED
    told = do(editor, "hold", [number])
    assert sibling.get(told).status_code == 404
    assert sibling.send("/queue", f"{told}/undo").status_code == 404


def test_it_asks_few_questions(scene: Scene, editor: Visitor) -> None:
    numbers = [scene.plan() for _ in range(5)]
    told = do(editor, "hold", numbers)
    for address in (told, "/queue/chosen?what=hold&" + "&".join(f"id={one}" for one in numbers)):
        with counted(scene.database) as asked:
            assert editor.get(address).status_code == 200
        assert len(asked) <= MOST_QUESTIONS


def test_a_whole_queue_is_stopped_and_let_go(scene: Scene, cast: Cast, editor: Visitor, visit: Visit) -> None:
    first, late = scene.plan(title="Planned one"), scene.plan(title="Late one", minutes=-30)
    going = scene.plan(Status.PUBLISHING, -1, "Going one")
    ask = editor.get("/queue/stop").text
    assert "It holds 2 posts on 1 channel." in ask
    assert "On its way, so it can't be held" in ask.replace("&#39;", "'")
    answer = editor.send("/queue/stop", "/queue/stop", note="The library is closed.")
    page = editor.get(answer.headers["location"]).text
    assert "2 posts stand still." in page
    assert "The library is closed." in page
    assert "Going one" in page
    assert 'data-refresh="3"' in page
    assert f'href="/posts/{scene.read(first).post_id}/edit"' in page
    assert "Somebody stopped the queue." in editor.get("/queue").text
    assert "stopped the queue" in editor.get(f"/publications/{first}").text
    scene.write(lambda session: setattr(session.get_one(type(scene.read(late)), late), "lateness_minutes", 5))
    assert "Its time is past" in editor.get("/queue/stopped").text
    assert visit(cast.sibling_editor).get("/queue/stopped").text.count("Nothing stands still") > 0
    let_go = editor.send("/queue/stopped", "/queue/stopped")
    assert let_go.headers["location"] == "/queue?done=let_go"
    statuses = [scene.read(number).status for number in (first, late, going)]
    assert statuses == [Status.PLANNED, Status.MISSED, Status.PUBLISHING]


def test_a_stop_of_one_unit(scene: Scene, cast: Cast, editor: Visitor, visit: Visit) -> None:
    number = scene.plan()
    assert visit(cast.sibling_editor).get(f"/queue/stop?unit={cast.koivuranta.id}").status_code == 404
    assert visit(cast.manager).get("/queue/stop").status_code == 403
    address = f"/queue/stop?unit={cast.koivuranta.id}"
    assert "Stop everything of Koivuranta and below?" in editor.get(address).text
    answer = editor.send(address, "/queue/stop", unit_id=cast.koivuranta.id)
    assert answer.headers["location"] == f"/queue/stopped?unit={cast.koivuranta.id}"
    assert scene.read(number).status is Status.HELD
    assert editor.send("/queue", "/queue/stop", unit_id=cast.myllymaki.id).status_code == 404
    assert editor.send("/queue", "/queue/stop", note="x" * 501).status_code == 422


def test_preparing_only_at_its_time_is_kept(scene: Scene, editor: Visitor) -> None:
    number = scene.plan()
    address = f"/publications/{number}/move"
    assert 'name="prepare_late"' in editor.get(address).text
    row = scene.read(number)
    form = {"day": row.local_due.date().isoformat(), "hour": row.local_due.strftime("%H.%M")}
    assert editor.send(address, address, **form, prepare_late="yes").status_code == 303
    assert scene.read(number).prepare_late is True
    assert "only at its time" in editor.get(f"/publications/{number}").text
    assert editor.send(address, address, **form).status_code == 303
    assert scene.read(number).prepare_late is False


def test_a_post_is_copied(scene: Scene, cast: Cast, editor: Visitor, visit: Visit) -> None:
    post_id = scene.read(scene.plan()).post_id
    answer = editor.send("/queue/stop", f"/posts/{post_id}/copy")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/posts/{post_id + 1}/edit?done=post_copied"
    assert visit(cast.approver).send("/queue/stop", f"/posts/{post_id}/copy").status_code == 403
