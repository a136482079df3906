"""The calendar feed: made, renewed, ended, and read by whoever has its address, within its person's sight."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from sqlalchemy import delete
from sqlalchemy.orm import Session
from time_machine import Traveller, travel

from app.actions import feeds
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation.logs import without_secrets
from app.models.feeds import Feed
from app.models.people import Membership, Person
from tests.cast import Cast
from tests.foundation.test_icalendar import read
from tests.web.scene import Scene, counted
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NOW = datetime(2030, 2, 20, 7, 30, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def scene(app: FastAPI, cast: Cast) -> Scene:
    """Koivuranta with a channel."""
    return Scene(app, cast)


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """A clock that stands."""
    with travel(NOW, tick=False) as standing:
        yield standing


def made(visitor: Visitor) -> str:
    """The path of a feed that was made on the account page."""
    page = visitor.send("/account/feed", "/account/feed")
    assert page.status_code == 200
    found = page.text.split('id="feed">')[1].split("</code>")[0]
    assert found.startswith("http://testserver/feeds/")
    return found.removeprefix("http://testserver")


def test_it_tells_what_goes_out(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    number = scene.plan(minutes=150, title="Reading dogs, again; and more", version=4)
    scene.plan(Status.CANCELLED, title="Called off")
    scene.plan(Status.HELD, 60 * 24, title="Held one")
    path = made(visit(cast.editor))
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    first, second = read(answer.text)
    assert first["UID"].startswith(f"publication-{number}@")
    assert (first["DTSTART"], first["SEQUENCE"]) == ("20300220T100000Z", "4")
    assert first["SUMMARY"] == "Reading dogs\\, again\\; and more (Planned)"
    assert first["DESCRIPTION"] == "Koivuranta page · Koivuranta\\nHuman · Planned · Sara Niemi"
    assert first["URL"] == f"http://testserver/publications/{number}"
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert read(visitor.get(f"{path}?tone=informative").text) == []


def test_the_scope_is_that_of_the_moment(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    scene.plan()
    theirs = made(visit(cast.sibling_editor))
    assert read(visitor.get(theirs).text) == []
    assert read(visitor.get(f"{theirs}?unit={cast.koivuranta.id}").text) == []
    mine = made(visit(cast.editor))
    assert len(read(visitor.get(mine).text)) == 1

    def demote(session: Session) -> None:
        session.execute(delete(Membership).where(Membership.person_id == cast.editor.person_id))

    scene.write(demote)
    assert read(visitor.get(mine).text) == []


def test_it_ends_when_it_is_renewed_ended_or_its_person_leaves(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    editor = visit(cast.editor)
    first = made(editor)
    assert "Made" in editor.get("/account/feed").text
    second = made(editor)
    assert first != second
    assert (visitor.get(first).status_code, visitor.get(second).status_code) == (404, 200)

    def leave(session: Session) -> None:
        session.get_one(Person, cast.editor.person_id).active = False

    scene.write(leave)
    assert visitor.get(second).status_code == 404
    approver = visit(cast.approver)
    third = made(approver)
    assert (
        approver.send("/account/feed", "/account/feed/end").headers["location"].endswith("?done=feed_ended")
    )
    assert visitor.get(third).status_code == 404
    assert approver.send("/account/feed", "/account/feed/end").status_code == 404
    for wrong in ("x", "a" * 200, "%00", "å"):
        assert visitor.get(f"/feeds/{wrong}.ics").status_code == 404


def test_the_same_form_makes_one_address(clock: Traveller, cast: Cast, visit: Visit) -> None:
    editor = visit(cast.editor)
    page = editor.get("/account/feed").text
    fields = {name: page.split(f'name="{name}" value="')[-1].split('"')[0] for name in ("csrf", "once")}
    assert editor.post("/account/feed", fields).status_code == 200
    assert editor.post("/account/feed", fields).headers["location"] == "/account/feed?done=already"


def test_the_address_is_hashed_and_no_log_has_it(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    path = made(visit(cast.editor))
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    with scene.database.reads() as session:
        assert token not in session.get_one(Feed, 1).token_hash
    assert token not in without_secrets(f"GET {path}")
    with caplog.at_level(logging.INFO):
        visitor.get(path)
    assert token not in without_secrets(caplog.text)


def test_too_many_fetches_wait(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    path = made(visit(cast.editor))
    assert visitor.get(path).status_code == 200

    def hurry(session: Session) -> None:
        for _ in range(feeds.MOST_FETCHES - 1):
            feeds.opened(session, path.removeprefix("/feeds/").removesuffix(".ics"), NOW)

    scene.write(hurry)
    late = visitor.get(path)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) == 15 * 60
    clock.shift(timedelta(minutes=16))
    assert visitor.get(path).status_code == 200


def test_it_asks_few_questions(
    clock: Traveller, scene: Scene, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    for _ in range(5):
        scene.plan()
    path = made(visit(cast.editor))
    with counted(scene.database) as asked:
        assert len(read(visitor.get(path).text)) == 5
    assert len(asked) <= 12
