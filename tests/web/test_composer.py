"""The composer: every bad input at its field, nothing lost, nothing done twice."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.actions import posts as actions
from app.domain.posts import PostStatus, Tone
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.posts import Post, Revision
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
WRITTEN = {"title": "Ten books", "tone": "human", "text": "Sari chooses ten books.", "link": ""}


@pytest.fixture
def editor(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.editor)


@pytest.fixture
def post_id(database: Database, cast: Cast) -> int:
    """A draft of Koivuranta, number 1."""
    with database.writes() as session:
        data = actions.PostInput(unit_id=cast.koivuranta.id, title="Ten books", tone=Tone.HUMAN, text="One")
        return actions.create(session, cast.editor, data).id


def rows(database: Database, kind: type[Post | Revision]) -> int:
    with database.reads() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_post_is_written(editor: Visitor, database: Database, cast: Cast) -> None:
    answer = editor.send("/posts/new", "/posts/new", unit_id=str(cast.koivuranta.id), do="save", **WRITTEN)
    assert answer.status_code == 303
    page = editor.get(answer.headers["location"]).text
    assert "Saved." in page
    assert "Sari chooses ten books." in page
    assert rows(database, Post) == 1


def test_a_post_is_written_and_sent_in_one_go(editor: Visitor, cast: Cast, database: Database) -> None:
    answer = editor.send("/posts/new", "/posts/new", unit_id=str(cast.koivuranta.id), do="submit", **WRITTEN)
    assert answer.headers["location"].endswith("?done=post_sent")
    with database.reads() as session:
        assert session.scalars(select(Post.status)).one() is PostStatus.IN_REVIEW


@pytest.mark.parametrize(
    ("do", "change", "field", "sentence"),
    [
        ("save", {"title": " "}, "title", "Give it a working title."),
        ("save", {"title": "x" * 201}, "title", "at most 200 characters"),
        ("save", {"link": "library"}, "link", "Write a whole address"),
        ("save", {"link": "http://["}, "link", "Write a whole address"),
        ("save", {"tone": "funny"}, "tone", "Choose one from the list."),
        ("save", {"text": "x" * 100_001}, "text", "at most 100,000 characters"),
        ("save", {"unit_id": "999999"}, "unit_id", "Choose a unit that you work for."),
        ("submit", {"tone": ""}, "tone", "Choose a tone"),
        ("submit", {"text": ""}, "text", "Write a text, give a link or add a picture."),
        ("submit", {"text": "📚" * 31_604}, "text", "63,208 characters, at most 63,206"),
    ],
)
def test_bad_input_is_told_at_its_field_and_given_back(
    editor: Visitor,
    database: Database,
    cast: Cast,
    do: str,
    change: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    sent = {**WRITTEN, "unit_id": str(cast.koivuranta.id), "text": "Typed with care <b>", **change}
    answer = editor.send("/posts/new", "/posts/new", do=do, **sent)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert sentence in answer.text
    assert sent["text"].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert rows(database, Post) == 0


def test_the_unit_of_a_sibling_is_no_choice(editor: Visitor, database: Database, cast: Cast) -> None:
    answer = editor.send("/posts/new", "/posts/new", unit_id=str(cast.myllymaki.id), do="save", **WRITTEN)
    assert answer.status_code == 422
    assert "Myllymäki" not in answer.text
    assert rows(database, Post) == 0


def test_a_form_sent_twice_makes_one_post(editor: Visitor, database: Database, cast: Cast) -> None:
    fields = {**WRITTEN, "unit_id": str(cast.koivuranta.id), "do": "save", "once": "same-key"}
    answers = [editor.send("/posts/new", "/posts/new", **fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert rows(database, Post) == 1


def test_a_preview_saves_nothing(editor: Visitor, database: Database, cast: Cast) -> None:
    sent = {**WRITTEN, "text": "Only a look", "link": "https://www.library.example/a", "do": "preview"}
    answer = editor.send("/posts/new", "/posts/new", unit_id=str(cast.koivuranta.id), **sent)
    assert answer.status_code == 200
    assert 'data-none="No text yet">Only a look</p>' in answer.text
    assert '<small class="meta">library.example</small>' in answer.text
    assert rows(database, Post) == 0


def test_an_edit_makes_a_revision(editor: Visitor, post_id: int, database: Database) -> None:
    path = f"/posts/{post_id}/edit"
    answer = editor.send(path, path, do="save", revision="1", **{**WRITTEN, "text": "Two"})
    assert answer.headers["location"] == f"/posts/{post_id}?done=post_saved"
    assert rows(database, Revision) == 2
    page = editor.get(f"/posts/{post_id}/revisions/2").text
    assert "<del>" in page
    assert "<ins>" in page
    assert "The same as before: Working title, Tone, Link, Pictures and videos." in page


def test_two_writers_lose_nothing(editor: Visitor, post_id: int, database: Database, cast: Cast) -> None:
    with database.writes() as session:
        theirs = actions.PostEdit(revision=1, title="Ten books", tone=Tone.HUMAN, text="Their newest words")
        actions.edit(session, cast.editor, post_id, theirs)
    path = f"/posts/{post_id}/edit"
    mine = {**WRITTEN, "text": "What I typed meanwhile"}
    answer = editor.send(path, path, do="save", revision="1", **mine)
    assert answer.status_code == 409
    assert "Their newest words" in answer.text
    assert "What I typed meanwhile</textarea>" in answer.text
    assert "Save mine on top" in answer.text
    assert rows(database, Revision) == 2
    hidden = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert hidden
    assert hidden[1] == "2"
    assert editor.send(path, path, do="save", revision="2", **mine).status_code == 303
    assert rows(database, Revision) == 3


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 40])
def test_a_revision_that_is_none_changes_nothing(
    editor: Visitor, post_id: int, database: Database, revision: str
) -> None:
    path = f"/posts/{post_id}/edit"
    answer = editor.send(path, path, do="save", revision=revision, **{**WRITTEN, "text": "Mine"})
    assert answer.status_code in (409, 422)
    assert "Mine</textarea>" in answer.text
    assert rows(database, Revision) == 1


def test_what_a_draft_lacks_is_shown_in_the_composer(editor: Visitor, database: Database, cast: Cast) -> None:
    with database.writes() as session:
        bare = actions.PostInput(unit_id=cast.koivuranta.id, title="Bare")
        post_id = actions.create(session, cast.editor, bare).id
    answer = editor.send(f"/posts/{post_id}", f"/posts/{post_id}/submit")
    assert answer.status_code == 422
    assert '<a href="#tone">' in answer.text
    assert '<a href="#text">' in answer.text
    assert f'action="/posts/{post_id}/edit"' in answer.text


def test_who_may_not_write_gets_no_composer(cast: Cast, visit: Visit, post_id: int) -> None:
    reader = visit(cast.manager)
    assert reader.get("/posts/new").status_code == 403
    assert reader.get(f"/posts/{post_id}/edit").status_code == 403
    assert "/edit" not in reader.get(f"/posts/{post_id}").text
