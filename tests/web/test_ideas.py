"""Ideas in the browser: sent in a minute, seen on the board, answered, and what became of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from time_machine import travel

from app.actions import ideas
from app.actions.ideas import IdeaInput
from app.domain.ideas import IdeaState
from app.domain.pictures import Shown
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.assets import Asset
from app.models.ideas import Idea, IdeaVote
from app.models.posts import Post
from tests.builders import an_asset
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
TITLE = "The puppets are being mended"


@pytest.fixture(autouse=True)
def fixed_time() -> Any:
    """A Wednesday morning."""
    with travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The app's."""
    found: Database = app.state.database
    return found


def sent(database: Database, who: Actor, unit_id: int, title: str = TITLE, **more: Any) -> int:
    """An idea that somebody sent; its id."""
    with database.writes() as session:
        data = IdeaInput.model_validate({"unit_id": unit_id, "title": title, **more})
        return ideas.send(session, who, data).id


def read(database: Database, idea_id: int) -> Idea:
    with database.reads() as session:
        return session.get_one(Idea, idea_id)


@pytest.fixture
def one(database: Database, cast: Cast) -> int:
    """An idea of Veera's, who sends ideas and writes no posts."""
    return sent(database, cast.contributor, cast.koivuranta.id, why="The old fox has lost an eye again.")


def answer(visitor: Visitor, idea_id: int, step: str, **fields: Any) -> Any:
    return visitor.send(f"/ideas/{idea_id}", f"/ideas/{idea_id}/{step}", **fields)


def test_from_a_phone_with_a_photo_and_back_to_whoever_sent_it(
    database: Database, cast: Cast, visit: Visit
) -> None:
    veera, sara = visit(cast.contributor), visit(cast.editor)
    assert "Send an idea" in veera.get("/").text
    files = {"files": ("IMG_2041.jpg", a_picture("jpeg"), "image/jpeg")}
    came = _with_files(veera, files, cast)
    idea_id = int(came.headers["location"].split("/")[2].split("?")[0])
    page = veera.get(came.headers["location"]).text
    assert "Thank you." in page
    assert TITLE in page
    assert "/pictures/" in page
    with database.reads() as session:
        assert session.scalars(select(Asset.shown)).all() == [Shown.ADULTS]
    assert "One idea waits for an answer." in sara.get("/").text
    assert TITLE in sara.get("/ideas").text
    made = answer(sara, idea_id, "accept").headers["location"]
    composer = sara.get(made).text
    assert f'value="{TITLE}"' in composer
    assert "The old fox has lost an eye." in composer
    assert "IMG_2041" in composer
    post = made.split("/")[2]
    assert f'<a href="/ideas/{idea_id}">' in sara.get(f"/posts/{post}").text
    assert "Draft" in veera.get("/").text
    assert "waits for an answer" not in sara.get("/").text


def _with_files(visitor: Visitor, files: dict[str, Any], cast: Cast, title: str = TITLE) -> Any:
    page = visitor.get("/ideas/new").text
    hidden = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "once")}
    fields = {
        **hidden, "title": title, "why": "The old fox has lost an eye.", "shown": "adults",
        "unit_id": str(cast.koivuranta.id), "last_on": "2030-02-28",
    }  # fmt: skip
    return visitor.client.post("/ideas/new", data=fields, files=files)


def test_what_is_wrong_is_said_and_the_photo_that_came_is_kept(
    database: Database, cast: Cast, visit: Visit
) -> None:
    veera = visit(cast.contributor)
    photo = {"files": ("a.jpg", a_picture("jpeg"), "image/jpeg")}
    refused = _with_files(veera, photo, cast, title="")
    assert refused.status_code == 422
    assert 'href="#title"' in refused.text
    assert "The old fox has lost an eye." in refused.text
    with database.reads() as session:
        asset_id = session.scalars(select(Asset.id)).one()
    assert f'name="asset_ids" value="{asset_id}"' in refused.text
    broken = _with_files(veera, {"files": ("b.jpg", b"no picture", "image/jpeg")}, cast)
    assert (broken.status_code, "b.jpg" in broken.text) == (422, True)
    with database.reads() as session:
        assert session.scalars(select(Idea.id)).all() == []


def test_no_needs_a_reason_and_can_be_taken_back(
    database: Database, cast: Cast, visit: Visit, one: int
) -> None:
    sara, veera = visit(cast.editor), visit(cast.contributor)
    assert "Say why." in answer(sara, one, "decline", answer=" ").text
    answer(sara, one, "decline", answer="Kind thought, but not in February.")
    assert "Kind thought, but not in February." in veera.get(f"/ideas/{one}").text
    assert "Not this time" in veera.get("/").text
    answer(sara, one, "reopen")
    row = read(database, one)
    assert (row.state, row.answer, row.answered_by_id) == (IdeaState.NEW, "", None)


def test_kept_for_later_it_comes_back_on_its_day(
    database: Database, cast: Cast, visit: Visit, one: int, fixed_time: Any
) -> None:
    sara = visit(cast.editor)
    assert "still to come" in answer(sara, one, "park", until="2030-02-20").text
    answer(sara, one, "park", until="2030-03-01")
    assert "waits for an answer" not in sara.get("/").text
    fixed_time.move_to(NOW + timedelta(days=9))
    sara = visit(cast.editor)
    assert "One idea waits for an answer." in sara.get("/").text
    assert "Its day has come" in sara.get("/ideas").text
    assert "for more than 14 days" not in sara.get("/").text


def test_after_fourteen_days_somebody_is_reminded(
    database: Database, cast: Cast, visit: Visit, one: int, fixed_time: Any
) -> None:
    sara = visit(cast.editor)
    assert "for more than 14 days" not in sara.get("/").text
    fixed_time.move_to(NOW + timedelta(days=14, minutes=1))
    sara = visit(cast.editor)
    assert "One has waited for more than 14 days." in sara.get("/").text
    assert "Has waited for more than 14 days" in sara.get("/ideas").text


def test_two_are_put_together(database: Database, cast: Cast, visit: Visit, one: int) -> None:
    with database.writes() as session:
        asset_id = an_asset(session, cast.koivuranta, "fox.jpg").id
    other = sent(database, cast.manager, cast.koivuranta.id, "Story hour", asset_ids=[asset_id])
    visit(cast.approver).send(f"/ideas/{other}", f"/ideas/{other}/vote", wanted="yes")
    sara = visit(cast.editor)
    for wrong in (other, 99_999):
        assert answer(sara, other, "merge", into_id=str(wrong)).status_code in (404, 422)
    answer(sara, other, "merge", into_id=str(one))
    page = visit(cast.manager).get(f"/ideas/{other}").text
    assert f'<a href="/ideas/{one}">{TITLE}</a>' in page
    assert f"/pictures/{asset_id}" in sara.get(f"/ideas/{one}").text
    with database.reads() as session:
        liked = session.scalars(select(IdeaVote.person_id).where(IdeaVote.idea_id == one)).all()
    assert set(liked) == {cast.manager.person_id, cast.approver.person_id}


def test_nothing_is_put_together_with_what_nobody_chose(
    database: Database, cast: Cast, visit: Visit, one: int
) -> None:
    other = sent(database, cast.manager, cast.koivuranta.id, "Story hour")
    sara = visit(cast.editor)
    page = sara.get(f"/ideas/{other}").text
    choices = page.split('name="into_id"')[1].split("</select>")[0]
    assert choices.index('value=""') < choices.index(f'value="{one}"')
    refused = answer(sara, other, "merge", into_id="")
    assert refused.status_code == 422
    assert 'href="#into_id"' in refused.text
    with database.reads() as session:
        assert session.get_one(Idea, other).state is IdeaState.NEW


def test_an_accepted_one_is_not_taken_back_while_its_post_lives(
    database: Database, cast: Cast, visit: Visit, one: int
) -> None:
    sara = visit(cast.editor)
    answer(sara, one, "accept")
    with database.reads() as session:
        post_id = session.scalars(select(Post.id)).one()
    assert "Nobody has worked on the draft yet" in sara.get(f"/ideas/{one}").text
    fields = {"unit_id": str(cast.koivuranta.id), "title": "The fox", "do": "save", "revision": "1"}
    sara.send(f"/posts/{post_id}/edit", f"/posts/{post_id}/edit", **fields)
    assert "Nobody has worked on the draft yet" not in sara.get(f"/ideas/{one}").text
    assert "Withdraw that one first." in answer(sara, one, "reopen").text
    sara.send(f"/posts/{post_id}/withdraw", f"/posts/{post_id}/withdraw")
    answer(sara, one, "reopen")
    assert read(database, one).state is IdeaState.NEW


def test_talk_and_votes(cast: Cast, visit: Visit, one: int) -> None:
    veera, pirjo = visit(cast.contributor), visit(cast.manager)
    answer(pirjo, one, "comments", text="May we show the fox?")
    answer(pirjo, one, "vote", wanted="yes")
    page = veera.get(f"/ideas/{one}").text
    assert "May we show the fox?" in page
    assert "I would like it too" not in page
    assert answer(veera, one, "vote", wanted="yes").status_code == 409
    answer(pirjo, one, "vote")
    assert "more would like it" not in veera.get("/ideas").text


def test_who_may_not(database: Database, cast: Cast, visit: Visit, one: int) -> None:
    asked = f"/ideas/{one}"
    for stranger in (cast.sibling_editor, cast.stranger):
        visitor = visit(stranger)
        assert visitor.get(asked).status_code == 404
        assert visitor.send("/ideas/new", f"{asked}/decline", answer="No.").status_code == 404
        assert TITLE not in visitor.get("/ideas").text
    for seen in (cast.contributor, cast.manager):
        for step in ("accept", "decline", "reopen"):
            assert visit(seen).send(asked, f"{asked}/{step}", answer="No.").status_code == 403
    assert read(database, one).state is IdeaState.NEW


def test_the_board_asks_few_questions(database: Database, cast: Cast, visit: Visit) -> None:
    for number in range(15):
        sent(database, cast.contributor, cast.koivuranta.id, f"Idea {number}")
    sara, veera = visit(cast.editor), visit(cast.contributor)
    for visitor, path, most in ((sara, "/ideas", 11), (sara, "/ideas?show=waiting", 8), (veera, "/", 12)):
        visitor.get(path)
        with counted(database) as questions:
            assert visitor.get(path).status_code == 200
        assert len(questions) <= most, (path, questions)
    assert "12+" in sara.get("/ideas").text
    assert sara.get("/ideas?show=waiting&words=idea+14").text.count('<h2 class="title">') == 1
    assert sara.get("/ideas?show=mine").text.count('<h2 class="title">') == 0
    assert veera.get("/ideas?show=mine").text.count('<h2 class="title">') == 15
