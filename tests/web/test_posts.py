"""The pages of posts: list, composer, one post, its plan; every bad input at its field, nothing lost."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import event, func, select

from app.actions import posts as actions
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.database import Database
from app.models.channels import Channel
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.units import Unit
from tests import plans
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
WRITTEN = {"title": "Ten books", "tone": "human", "text": "Sari chooses ten books.", "link": ""}
QUERIES = 12


NOW = datetime.fromisoformat("2030-03-01T08:00:00+00:00")


@pytest.fixture(autouse=True)
def spring() -> Iterator[None]:
    """The first of March, before anybody signs in: clocks change on 31 March and 27 October."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.editor)


@pytest.fixture
def post_id(database: Database, cast: Cast) -> int:
    """A draft of Koivuranta, number 1."""
    with database.writes() as session:
        data = actions.PostInput(unit_id=cast.koivuranta.id, title="Ten books", tone=Tone.HUMAN, text="One")
        return actions.create(session, cast.editor, data).id


def channel(app: FastAPI, unit: Unit, name: str = "Koivuranta Library") -> int:
    database: Database = app.state.database
    with database.writes() as session:
        return plans.channel(session, unit, app.state.keyring, name).id


def counted(database: Database, ask: Callable[[], object]) -> int:
    """How many statements the database is asked while a page is made."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET")):
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(said)


def rows(database: Database, kind: type[Post | Revision | Publication]) -> int:
    with database.reads() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


# The list


def test_the_list_is_empty_with_a_way_on(editor: Visitor, cast: Cast, visit: Visit) -> None:
    assert "Write the first one" in editor.get("/posts").text
    assert "/posts/new" not in visit(cast.manager).get("/posts").text.split("<main")[1].split("</main>")[0]


def test_the_list_is_narrowed(editor: Visitor, database: Database, cast: Cast) -> None:
    with database.writes() as session:
        for title, tone in (("Äänikirjat", Tone.HUMAN), ("Opening hours", Tone.INFORMATIVE)):
            data = actions.PostInput(
                unit_id=cast.koivuranta.id, title=title, tone=tone, text=f"About {title}: 100 % Ötökkä_"
            )
            actions.create(session, cast.editor, data)

    def found(query: str) -> tuple[bool, bool]:
        text = editor.get(f"/posts?{query}").text
        return "Äänikirjat</a>" in text, "Opening hours</a>" in text

    assert found("") == (True, True)
    assert found("tone=human") == (True, False)
    assert found("status=draft") == (True, True)
    assert found("status=approved") == (False, False)
    assert found("words=äänikirjat") == (True, False)
    assert found("words=ötökkä_ hours") == (False, True)
    assert found("words=ötökkäx") == (False, False)
    assert found("unit=999999&status=nonsense&tone=&after=nonsense") == (True, True)
    assert "No post fits all of that." in editor.get("/posts?status=approved").text


def test_the_list_goes_on_where_the_page_ended(editor: Visitor, database: Database, cast: Cast) -> None:
    with database.writes() as session:
        for number in range(53):
            plans.post(session, cast.koivuranta, cast.editor, f"Post {number:02}")
    first = editor.get("/posts?tone=human")
    onward = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert onward
    second = editor.get(onward[1].replace("&amp;", "&")).text
    shown = re.findall(r">(Post \d\d)</a>", first.text) + re.findall(r">(Post \d\d)</a>", second)
    assert len(shown) == len(set(shown)) == 53
    assert "Next ones" not in second
    assert "tone=human" in onward[1]


def test_pages_ask_little(
    app: FastAPI, database: Database, cast: Cast, editor: Visitor, visit: Visit
) -> None:
    place = channel(app, cast.koivuranta)
    with database.writes() as session:
        made = [plans.post(session, cast.koivuranta, cast.editor, f"Post {n}") for n in range(30)]
        on = session.get_one(Channel, place)
        out = [plans.publication(session, post, on, Status.PUBLISHED) for post in made]
        session.add(reading(out[0].id))
        waiting = plans.post(session, cast.koivuranta, cast.editor, status=PostStatus.IN_REVIEW)
    approver = visit(cast.approver)
    for who, path in (
        (editor, "/posts"),
        (editor, f"/posts/{made[0].id}"),
        (editor, f"/posts/{made[0].id}/edit"),
        (editor, f"/posts/{made[0].id}/revisions/1"),
        (editor, "/posts/new"),
        (approver, f"/posts/{waiting.id}"),
        (approver, f"/posts/{waiting.id}/review"),
    ):
        who.get(path)
        assert counted(database, lambda who=who, path=path: who.get(path)) <= QUERIES, path  # type: ignore[misc]


def reading(publication_id: int) -> Reading:
    return Reading(
        publication_id=publication_id, taken_at=clock.now(), age=3 * 86400 + 90, api_version="v25.0",
        views=2140, reach=1312, clicks=None, reactions=48, comments=6, shares=0, saves=None,
    )  # fmt: skip


# Somebody else's branch


def test_a_sibling_branch_sees_and_changes_nothing(
    cast: Cast, visit: Visit, post_id: int, database: Database
) -> None:
    for who in (cast.sibling_editor, cast.stranger):
        other = visit(who)
        assert "Ten books" not in other.get("/posts").text
        assert "Ten books" not in other.get(f"/posts?unit={cast.koivuranta.id}&words=ten").text
        assert "Koivuranta" not in other.get("/posts").text
        for page in ("", "/edit", "/withdraw", "/review", "/revisions/1"):
            assert other.get(f"/posts/{post_id}{page}").status_code == 404
        for page in ("/edit", "/withdraw", "/review", "/submit", "/plan"):
            fields = {**WRITTEN, "revision": "1", "do": "save", "comment": "x"}
            assert other.send("/posts", f"/posts/{post_id}{page}", **fields).status_code in (404, 422)
    with database.reads() as session:
        assert session.scalars(select(Post.status)).one() is PostStatus.DRAFT
    assert rows(database, Revision) == 1


# Where and when


def plan(editor: Visitor, post_id: int, **fields: str) -> tuple[int, str]:
    sent = {"day": "2030-06-05", "hour": "12.00", "lateness_limit_minutes": "60", **fields}
    answer = editor.send(f"/posts/{post_id}", f"/posts/{post_id}/plan", **sent)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"day": "2030-02-28"}, "local_due", "This time has passed."),
        ({"day": "2033-01-01"}, "local_due", "more than two years away"),
        ({"day": "9999-12-31", "hour": "23.59"}, "local_due", "more than two years away"),
        ({"day": "2030-03-31", "hour": "3.30"}, "local_due", "does not exist"),
        ({"day": "2030-10-27", "hour": "3.30"}, "fold", "happens twice"),
        ({"day": "soon"}, "day", "Write a day"),
        ({"hour": "25.00"}, "hour", "Write a time"),
        ({"hour": "9" * 30}, "hour", "Write a time"),
        ({"hour": ""}, "hour", "Write a time"),
        ({"channel_id": "999999"}, "channel_id", "Choose a channel that this unit may use."),
        ({"channel_id": ""}, "channel_id", "Fill this in."),
        ({"lateness_limit_minutes": "0"}, "lateness_limit_minutes", "below 1"),
    ],
)
def test_a_time_that_can_not_be(
    app: FastAPI,
    editor: Visitor,
    cast: Cast,
    post_id: int,
    database: Database,
    change: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    place = channel(app, cast.koivuranta)
    status, text = plan(editor, post_id, **{"channel_id": str(place), **change})
    assert status == 422
    assert f'<a href="#{field}">' in text
    assert sentence in text
    for typed in (change.get("day", "2030-06-05"), change.get("hour", "12.00")):
        assert f'value="{typed}"' in text
    assert rows(database, Publication) == 0


@pytest.mark.parametrize(("fold", "due"), [("0", "00:30"), ("1", "01:30")])
def test_of_an_hour_that_exists_twice_one_is_chosen(
    app: FastAPI, editor: Visitor, cast: Cast, post_id: int, database: Database, fold: str, due: str
) -> None:
    place = str(channel(app, cast.koivuranta))
    asked = plan(editor, post_id, channel_id=place, day="2030-10-27", hour="3.30")
    assert 'type="radio" name="fold"' in asked[1]
    assert plan(editor, post_id, channel_id=place, day="2030-10-27", hour="3.30", fold=fold)[0] == 303
    with database.reads() as session:
        assert f"{session.scalars(select(Publication.due_at)).one():%H:%M}" == due


def test_a_post_has_one_open_time_on_a_channel(
    app: FastAPI, editor: Visitor, cast: Cast, post_id: int, database: Database
) -> None:
    place = str(channel(app, cast.koivuranta))
    assert plan(editor, post_id, channel_id=place)[0] == 303
    status, text = plan(editor, post_id, channel_id=place, hour="13.00")
    assert (status, "Change that one." in text) == (422, True)
    assert rows(database, Publication) == 1


def test_out_once_it_goes_out_again_only_when_that_is_said(
    app: FastAPI, editor: Visitor, cast: Cast, post_id: int, database: Database
) -> None:
    place = channel(app, cast.koivuranta)
    with database.writes() as session:
        plans.publication(
            session, session.get_one(Post, post_id), session.get_one(Channel, place), Status.PUBLISHED
        )
    status, text = plan(editor, post_id, channel_id=str(place))
    assert (status, 'name="repeats"' in text) == (422, True)
    assert plan(editor, post_id, channel_id=str(place), repeats="yes")[0] == 303


def test_channels_of_others_are_no_choice(
    app: FastAPI, editor: Visitor, cast: Cast, post_id: int, database: Database
) -> None:
    channel(app, cast.koivuranta)
    theirs = channel(app, cast.myllymaki, "Secret Page")
    status, text = plan(editor, post_id, channel_id=str(theirs))
    assert status == 422
    assert "Secret Page" not in text
    assert rows(database, Publication) == 0


def test_numbers_stand_with_their_age_and_missing_is_not_nothing(
    app: FastAPI, editor: Visitor, cast: Cast, post_id: int, database: Database
) -> None:
    place = channel(app, cast.koivuranta)
    with database.writes() as session:
        out = plans.publication(
            session, session.get_one(Post, post_id), session.get_one(Channel, place), Status.PUBLISHED
        )
        session.add(reading(out.id))
    page = editor.get(f"/posts/{post_id}").text
    for words in ("3 days after it went out", "practice: simulated", "1,312", "not told", ">54<"):
        assert words in page


# Taken out of the work


def test_withdrawing_asks_first(editor: Visitor, post_id: int, database: Database) -> None:
    path = f"/posts/{post_id}/withdraw"
    answer = editor.send(path, path, comment="Too late.")
    assert answer.headers["location"] == f"/posts/{post_id}?done=post_withdrawn"
    page = editor.get(f"/posts/{post_id}").text
    assert "Too late." in page
    assert "Take it up again" in page
    again = editor.send(path, path, comment="Twice")
    assert again.status_code == 409
    assert "Twice</textarea>" in again.text


def test_a_revision_that_is_not_there(editor: Visitor, post_id: int) -> None:
    for number in (0, 2, 10**30):
        assert editor.get(f"/posts/{post_id}/revisions/{number}").status_code == 404
    assert editor.get(f"/posts/{post_id}/revisions/1?against=77").status_code == 200
