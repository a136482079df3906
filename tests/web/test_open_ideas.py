"""Ideas without an account: behind a door, in quarantine, on the board, and back to whoever sent them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import func, select
from time_machine import travel

from app.domain.idea_doors import A_DAY_MOST, TRIES_MOST
from app.domain.ideas import IdeaState
from app.domain.publications import Status
from app.domain.roles import Actor
from app.errands import housekeeping
from app.foundation.database import Database
from app.foundation.mail import postman_of
from app.models.assets import Asset
from app.models.history import Event
from app.models.idea_doors import GuestPicture, IdeaDoor, IdeaGuest
from app.models.ideas import Idea, IdeaPicture
from app.models.mails import Telling
from app.models.people import Failure
from app.models.posts import Post
from app.web import open_ideas as pages
from tests import plans
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.web.scene import counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
TITLE = "A heron sleeps on the roof"
_HIDDEN = re.compile(r'name="(once|began)" value="([^"]+)"')


@pytest.fixture(autouse=True)
def clock() -> Any:
    """A Wednesday morning."""
    with travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def door(visit: Visit, cast: Cast) -> str:
    """The path of a door of Koivuranta's."""
    sara = visit(cast.editor)
    fields = {"unit_id": str(cast.koivuranta.id), "name": "Staff room"}
    assert sara.send("/ideas/doors", "/ideas/doors", **fields).status_code == 303
    return "/i/" + sara.get("/ideas/doors").text.split("http://testserver/i/")[1].split("<")[0].split('"')[0]


@pytest.fixture
def passer_by(visitor: Visitor, clock: Any, door: str) -> Callable[..., Response]:
    """Somebody opens the page, takes ten seconds and sends the form: with these fields and files."""

    def send(*files: bytes, **fields: str) -> Response:
        hidden = dict(_HIDDEN.findall(visitor.get(f"{door}?language=en").text))
        clock.shift(timedelta(seconds=10))
        sent = [("files", (f"{n}.jpg", file, "image/jpeg")) for n, file in enumerate(files)]
        data = {**hidden, "title": TITLE, "why": "Since the storm.", **fields}
        return visitor.client.post(f"{door}?language=en", data=data, files=sent or None)

    return send


def one(database: Database) -> Idea:
    """The only idea there is."""
    with database.reads() as session:
        return session.scalars(select(Idea)).one()


def count(database: Database, model: Any) -> int:
    with database.reads() as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


def quarantine(app: FastAPI) -> list[Path]:
    """What lies there."""
    return sorted((app.state.settings.data_dir / "quarantine").glob("*"))


def test_from_a_poster_to_a_draft_and_back(
    app: FastAPI, database: Database, cast: Cast, visit: Visit, visitor: Visitor, passer_by: Any
) -> None:
    came = passer_by(a_picture("jpeg"), a_picture("png"), name="Liisa")
    assert (came.status_code, "set-cookie" in came.headers) == (303, False)
    follow = came.headers["location"]
    assert "Your idea has arrived." in visitor.get(follow).text
    idea_id = one(database).id
    assert (count(database, Asset), len(quarantine(app))) == (0, 2)
    sara = visit(cast.editor)
    assert "Liisa, over the open link, Koivuranta" in sara.get("/ideas").text
    page = sara.get(f"/ideas/{idea_id}").text
    assert "nobody has looked at it before you" in page
    photo = f"/ideas/{idea_id}/guest/1/view.jpg"
    assert photo in page
    assert sara.get(photo).headers["content-type"] == "image/jpeg"
    for other in (cast.contributor, cast.manager, cast.sibling_editor, cast.stranger):
        assert visit(other).get(photo).status_code == 404
    made = sara.send(f"/ideas/{idea_id}", f"/ideas/{idea_id}/accept").headers["location"]
    assert f'value="{TITLE}"' in sara.get(made).text
    assert (count(database, IdeaPicture), count(database, GuestPicture)) == (2, 0)
    thumb = re.findall(r"/pictures/\d+/thumb.webp\?v=\w+", sara.get("/ideas").text)[0]
    assert sara.get(thumb).status_code == 200
    assert "an idea that came over an open link" in sara.get(made.split("/edit")[0]).text
    assert "Somebody is making a post of it." in visitor.get(follow).text


def test_every_language_and_no_cookie(visitor: Visitor, door: str) -> None:
    pages_ = [visitor.get(f"{door}?language={code}") for code in ("en", "sv", "fi", "nb")]
    pages_ += [visitor.get(door, headers={"accept-language": "ru"})]
    for code, page in zip(("en", "sv", "fi", "nb", "fi"), pages_, strict=True):
        assert (page.status_code, page.headers.get("set-cookie")) == (200, None)
        assert f'<html lang="{code}">' in page.text
    assert 'name="csrf"' not in pages_[0].text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, 'href="#title"'),
        ({"email": "no address"}, 'href="#email"'),
        ({"website": "http://spam.example"}, "send it once more"),
        ({"began": "1.x"}, "send it once more"),
        ({"began": ""}, "send it once more"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    database: Database, passer_by: Any, app: FastAPI, monkeypatch: Any, fields: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(pages, "postman_of", lambda _: object())  # else nobody is asked for one
    refused = passer_by(a_picture("jpeg"), **fields)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Since the storm." in refused.text
    assert "Choose your photos once more" in refused.text
    assert (count(database, Idea), quarantine(app)) == (0, [])


def test_photos_that_are_none_or_too_many(app: FastAPI, database: Database, passer_by: Any) -> None:
    for photos in ([b"no picture"], [a_picture("jpeg"), b"no picture"], [a_picture("png")] * 4):
        refused = passer_by(*photos)
        assert (refused.status_code, refused.text.count('href="#files"')) == (422, 1)
        assert "One thing to put right" in refused.text
        assert "Choose your photos once more" in refused.text
    assert (count(database, Idea), quarantine(app)) == (0, [])


def test_from_elsewhere_nothing_is_taken(visitor: Visitor, database: Database, door: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert visitor.post(door, {"title": TITLE}, headers=headers).status_code == 403
    assert count(database, Idea) == 0


def test_sent_twice_it_is_there_once(visitor: Visitor, database: Database, clock: Any, door: str) -> None:
    hidden = dict(_HIDDEN.findall(visitor.get(door).text))
    clock.shift(timedelta(seconds=10))
    led = [visitor.post(door, {**hidden, "title": TITLE}).headers["location"] for _ in range(2)]
    assert led[0] == led[1]
    assert (count(database, Idea), count(database, IdeaGuest)) == (1, 1)
    with database.reads() as session:
        assert session.scalars(select(IdeaDoor.came)).one() == 1


def test_very_many_have_to_wait(database: Database, passer_by: Any, clock: Any) -> None:
    for _ in range(TRIES_MOST):
        passer_by(title=" ")
    refused = passer_by()
    assert (refused.status_code, "Since the storm." in refused.text) == (429, True)
    clock.shift(timedelta(minutes=16))
    assert passer_by().status_code == 303
    with database.writes() as session:
        session.scalars(select(IdeaDoor)).one().day_count = A_DAY_MOST
    assert "No more ideas fit in here today." in passer_by().text
    clock.shift(timedelta(days=1))
    assert passer_by().status_code == 303
    with database.reads() as session:
        assert all(
            "127.0.0.1" not in key or key.startswith("door from:")
            for key in session.scalars(select(Failure.key))
        )


def test_a_renewed_or_closed_door_is_shut_at_once(
    database: Database, cast: Cast, visit: Visit, visitor: Visitor, door: str
) -> None:
    coordinator = visit(cast.coordinator)
    with database.reads() as session:
        door_id = session.scalars(select(IdeaDoor.id)).one()
    poster = f"/ideas/doors/{door_id}/poster"
    assert f"testserver{door}" in coordinator.get(f"{poster}?language=sv").text
    for other in (cast.sibling_editor, cast.stranger):
        assert visit(other).get(poster).status_code == 404
        assert visit(other).send("/ideas/doors", f"/ideas/doors/{door_id}/close").status_code == 404
    assert visit(cast.contributor).get("/ideas/doors").status_code == 403
    coordinator.send("/ideas/doors", f"/ideas/doors/{door_id}/renew")
    gone = visitor.get(door)
    assert (gone.status_code, "Look for a newer poster" in gone.text) == (404, True)
    fresh = "/i/" + coordinator.get("/ideas/doors").text.split("http://testserver/i/")[1].split("<")[0]
    assert visitor.get(fresh).status_code == 200
    coordinator.send("/ideas/doors", f"/ideas/doors/{door_id}/close")
    assert visitor.get(fresh).status_code == 404
    assert coordinator.get(poster).status_code == 404
    with database.reads() as session:
        token = fresh.removeprefix("/i/")
        assert token not in repr(session.execute(select(IdeaDoor.token_hash, IdeaDoor.token_sealed)).all())


def test_whoever_sent_it_may_delete_it_until_it_is_answered(
    app: FastAPI, database: Database, cast: Cast, visit: Visit, visitor: Visitor, passer_by: Any
) -> None:
    first = passer_by(a_picture("jpeg")).headers["location"].split("?")[0]
    deleted = visitor.post(f"{first}/delete")
    assert "Your idea is deleted" in deleted.text
    assert (count(database, Idea), count(database, IdeaGuest), quarantine(app)) == (0, 0, [])
    assert visitor.get(first).status_code == 404
    second = passer_by().headers["location"].split("?")[0]
    page = f"/ideas/{one(database).id}"
    visit(cast.editor).send(page, f"{page}/decline", answer="The roof is closed in spring.")
    assert "The roof is closed in spring." in visitor.get(second).text
    refused = visitor.post(f"{second}/delete")
    assert (refused.status_code, "answered it already" in refused.text) == (409, True)
    assert visitor.post(f"{second}/delete", headers={"origin": "https://evil.example"}).status_code == 403


def test_what_is_no_idea_is_deleted_and_counted(
    app: FastAPI, database: Database, cast: Cast, visit: Visit, passer_by: Any
) -> None:
    passer_by(a_picture("jpeg"), title="Cheap watches")
    page = f"/ideas/{one(database).id}"
    assert visit(cast.contributor).send(page, f"{page}/spam").status_code == 403
    visit(cast.editor).send(page, f"{page}/spam")
    assert (count(database, Idea), quarantine(app)) == (0, [])
    with database.reads() as session:
        assert session.execute(select(IdeaDoor.came, IdeaDoor.spam)).one() == (1, 1)
        assert "spam" in session.scalars(select(Event.verb).where(Event.thing == "idea_door")).all()


def test_who_sent_it_is_forgotten_ninety_days_after_the_answer(
    app: FastAPI, database: Database, cast: Cast, visit: Visit, visitor: Visitor, passer_by: Any, clock: Any
) -> None:
    follow = passer_by(a_picture("jpeg"), name="Liisa").headers["location"]
    clock.shift(timedelta(days=100))
    housekeeping.clean(app.state.ground)
    assert visitor.get(follow).status_code == 200  # nobody has answered
    page = f"/ideas/{one(database).id}"
    visit(cast.editor).send(page, f"{page}/decline", answer="Not now.")
    clock.shift(timedelta(days=89))
    housekeeping.clean(app.state.ground)
    assert (visitor.get(follow).status_code, len(quarantine(app))) == (200, 1)
    clock.shift(timedelta(days=2))
    housekeeping.clean(app.state.ground)
    assert (visitor.get(follow).status_code, quarantine(app)) == (404, [])
    assert "Liisa" not in visit(cast.editor).get(page).text
    assert (one(database).title, count(database, IdeaGuest)) == (TITLE, 0)


def test_published_it_is_told_by_one_mail_and_the_address_is_forgotten(
    app: FastAPI, database: Database, cast: Cast, visit: Visit, visitor: Visitor, passer_by: Any
) -> None:
    assert postman_of(app.state.settings) is None
    follow = passer_by(email="liisa@example.org").headers["location"]
    page = f"/ideas/{one(database).id}"
    made = visit(cast.editor).send(page, f"{page}/accept").headers["location"]
    housekeeping.clean(app.state.ground)
    with database.writes() as session:
        assert session.scalars(select(Telling.address).where(Telling.address != "")).all() == []
        post = session.get_one(Post, int(made.split("/")[2]))
        channel = plans.channel(session, cast.koivuranta, app.state.keyring, "Page")
        plans.publication(
            session, post, channel, Status.PUBLISHED, -5, revision_id=post.revision_id, remote_id="1_2",
            published_at=NOW, permalink="https://www.facebook.com/1_2",
        )  # fmt: skip
    for _ in range(2):
        housekeeping.clean(app.state.ground)
    with database.reads() as session:
        told = session.execute(select(Telling.address, Telling.facts).where(Telling.address != "")).one()
        assert (told.address, told.facts["verb"]) == ("liisa@example.org", "published")
        assert session.scalars(select(IdeaGuest.email)).one() == ""
    text = visitor.get(follow).text
    assert "Without you it would not be there." in text
    assert "https://www.facebook.com/1_2" in text


def test_a_part_of_another_takes_its_photos_along(
    database: Database, cast: Cast, visit: Visit, visitor: Visitor, passer_by: Any
) -> None:
    follow = passer_by(a_picture("jpeg")).headers["location"]
    first = one(database).id
    passer_by(title="Herons everywhere")
    with database.reads() as session:
        second = session.scalars(select(Idea.id).where(Idea.id != first)).one()
    sara = visit(cast.editor)
    sara.send(f"/ideas/{first}", f"/ideas/{first}/merge", into_id=str(second))
    assert f"/ideas/{second}/guest/1/view.jpg" in sara.get(f"/ideas/{second}").text
    assert "It goes on together with another idea." in visitor.get(follow).text
    sara.send(f"/ideas/{second}", f"/ideas/{second}/accept")
    assert "Somebody is making a post of it." in visitor.get(follow).text
    with database.reads() as session:
        assert session.get_one(Idea, first).state is IdeaState.MERGED


def test_the_pages_ask_few_questions(
    database: Database, cast: Cast, visit: Visit, visitor: Visitor, door: str
) -> None:
    sara = visit(cast.editor)
    for who, path, most in ((visitor, door, 2), (sara, "/ideas/doors", 8), (sara, "/ideas/numbers", 12)):
        who.get(path)
        with counted(database) as questions:
            page = who.get(path)
        assert page.status_code == 200
        assert len(questions) <= most, (path, questions)
    assert pages.MOST_BYTES < 50_000_000
