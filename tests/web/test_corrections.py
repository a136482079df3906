"""The page where an approver corrects, and what whoever wrote it before sees of it."""

from collections.abc import Callable

import pytest

from app.actions import posts
from app.domain.posts import PostStatus, Tone
from app.domain.roles import Actor
from app.foundation.database import Database
from app.models.posts import Post
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


@pytest.fixture
def path(database: Database, cast: Cast) -> str:
    """The address of a post in review."""
    with database.writes() as session:
        words = "Come and don’t worry about it."
        data = posts.PostInput(unit_id=cast.koivuranta.id, title="Wet books", tone=Tone.HUMAN, text=words)
        post = posts.create(session, cast.editor, data)
        posts.submit(session, cast.editor, post.id)
        return f"/posts/{post.id}"


def test_corrected_by_one_and_agreed_to_by_the_other(
    cast: Cast, visit: Visit, path: str, database: Database
) -> None:
    approver, editor = visit(cast.approver), visit(cast.editor)
    assert "Read and answer" not in editor.get(path).text
    page = approver.get(f"{path}/correct").text
    assert "Who can say it: Sara Niemi" in page
    words = {"revision": "1", "title": "Wet books", "text": "Come and tell us.", "comment": "Kinder so"}
    sent = approver.send(f"{path}/correct", f"{path}/correct", **words)
    assert sent.headers["location"] == f"{path}?done=post_corrected"
    assert "Revision 2 is a correction in review" in approver.get(path).text
    waits = approver.get(f"{path}/review").text
    assert "Approve revision" not in waits
    assert "Who can: Sara Niemi" in waits
    today = editor.get("/").text
    assert "corrected by Olli Laine" in today
    assert "Read and answer" in editor.get(path).text
    review = editor.get(f"{path}/review").text
    assert "Olli Laine, an approver, corrected what you wrote" in review
    assert "set against revision 1, which you read" in review
    assert "<ins>" in review
    assert "Kinder so" in review
    assert "correct the words yourself" not in review
    sent = editor.send(f"{path}/review", f"{path}/review", do="approve", revision="2")
    assert sent.headers["location"] == f"{path}?done=post_approved"
    assert "who wrote it before, to an approver's correction" in editor.get(path).text
    with database.reads() as session:
        assert session.get_one(Post, int(path.rpartition("/")[2])).status is PostStatus.APPROVED


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast: Cast, visit: Visit, path: str) -> None:
    approver = visit(cast.approver)
    same = {"revision": "1", "title": "Wet books", "text": "Come and don’t worry about it."}
    told = approver.send(f"{path}/correct", f"{path}/correct", **same)
    assert (told.status_code, "You changed no words yet." in told.text) == (422, True)
    told = approver.send(f"{path}/correct", f"{path}/correct", **{**same, "revision": "9", "text": "Mine"})
    assert told.status_code == 409
    assert "Mine</textarea>" in told.text


def test_the_page_is_for_approvers(cast: Cast, visit: Visit, path: str) -> None:
    for who, status in ((cast.editor, 403), (cast.manager, 403), (cast.sibling_editor, 404)):
        assert visit(who).get(f"{path}/correct").status_code == status
