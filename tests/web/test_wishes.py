"""A live post corrected or taken down from its page, by the clock or by a hand."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import posts, reviews
from app.domain.publications import Status
from app.domain.roles import Actor
from app.foundation import clock
from app.models.posts import Post
from app.models.publications import Publication
from app.models.wishes import PublicationWish
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


@pytest.fixture
def live(scene: Scene) -> int:
    """A post that is out."""
    return scene.plan(Status.PUBLISHED, -60, published_at=clock.now())


def say_anew(scene: Scene, live: int, text: str, approved: bool = True) -> None:
    """A new revision of its post, with its yes or without."""

    def work(session: Session) -> None:
        post_id = session.get_one(Publication, live).post_id
        now = posts.newest(session, session.get_one(Post, post_id))
        edit = posts.PostEdit(revision=now.number, title=now.title, tone=now.tone, text=text)
        posts.edit(session, scene.cast.editor, post_id, edit)
        if approved:
            posts.submit(session, scene.cast.editor, post_id)
            answer = reviews.Approval(revision=now.number + 1)
            reviews.approve(session, scene.cast.approver, post_id, answer)

    scene.write(work)


def open_wish(scene: Scene, live: int) -> PublicationWish | None:
    """What is asked of it."""
    with scene.database.reads() as session:
        asked = select(PublicationWish).where(PublicationWish.publication_id == live)
        return session.scalar(asked.where(PublicationWish.ended_at.is_(None)))


def test_a_text_is_corrected(scene: Scene, editor: Visitor, live: int) -> None:
    address = f"/publications/{live}"
    say_anew(scene, live, "Three dogs wait in the reading room.", approved=False)
    assert "has no yes yet" in editor.get(f"{address}/correct").text
    say_anew(scene, live, "Two dogs wait in the reading room.")
    page = editor.get(address).text
    assert "The live post differs from the approved revision 3." in page
    assert "Correct the live post to revision 3" in page
    assert f'href="{address}/correct"' in editor.get(f"/posts/{scene.read(live).post_id}").text
    asked = editor.get(f"{address}/correct").text
    assert "<ins>" in asked
    assert "Two" in asked
    answer = editor.send(f"{address}/correct", f"{address}/correct")
    assert answer.headers["location"] == f"{address}?done=correction_asked"
    page = editor.get(address).text
    assert "It is being corrected" in page
    assert "The public still reads the old text." in page
    assert 'data-refresh="3"' in page
    again = editor.send(address, f"{address}/correct")
    assert again.status_code == 409
    editor.send(address, f"{address}/give-up")
    assert open_wish(scene, live) is None


def test_what_says_the_same_is_not_corrected(scene: Scene, editor: Visitor, live: int) -> None:
    assert "says the same already" in editor.get(f"/publications/{live}/correct").text
    assert editor.send(f"/publications/{live}", f"/publications/{live}/correct").status_code == 409
    assert "differs" not in editor.get(f"/publications/{live}").text


def test_it_is_taken_down(scene: Scene, editor: Visitor, live: int) -> None:
    address = f"/publications/{live}"
    assert "is asked to delete it" in editor.get(f"{address}/remove").text
    answer = editor.send(f"{address}/remove", f"{address}/remove", note="Wrong dog")
    page = editor.get(answer.headers["location"]).text
    assert "It is taken down in a moment." in page
    assert "Wrong dog" in page
    assert "It is still public." in page
    wish = open_wish(scene, live)
    assert wish is not None
    assert wish.by_hand is False


def test_a_person_takes_it_down_where_the_network_refuses(
    scene: Scene, cast: Cast, editor: Visitor, visit: Visit, live: int
) -> None:
    address = f"/publications/{live}"
    editor.send(f"{address}/remove", f"{address}/remove")
    scene.write(
        lambda session: session.execute(
            update(PublicationWish).values(by_hand=True, reason="permission_missing")
        )
    )
    page = editor.get(address).text
    assert "Open it, take it down there, then say so here." in page
    assert "I have taken it down" in page
    for place in ("/", "/queue"):
        listed = editor.get(place).text
        assert 'id="by-hand"' in listed
        assert "take it down there" in listed
        assert 'id="by-hand"' not in visit(cast.sibling_editor).get(place).text
    editor.send(address, f"{address}/taken-down")
    assert scene.read(live).status is Status.REMOVED
    page = editor.get(address).text
    assert "It was taken down" in page
    assert "took it down by hand" in page


def test_who_may_not_is_refused(scene: Scene, cast: Cast, visit: Visit, live: int) -> None:
    address = f"/publications/{live}"
    for who, code in ((cast.contributor, 403), (cast.sibling_editor, 404)):
        other = visit(who)
        for path in ("remove", "correct"):
            assert other.get(f"{address}/{path}").status_code == code
        for path in ("remove", "correct", "taken-down", "corrected", "give-up"):
            assert other.send("/queue", f"{address}/{path}").status_code == code
    assert "Take it down" not in visit(cast.contributor).get(address).text


def test_what_is_not_out_has_no_wishes(scene: Scene, editor: Visitor) -> None:
    waiting = scene.plan()
    for path in ("remove", "correct"):
        assert editor.get(f"/publications/{waiting}/{path}").status_code == 409
    assert editor.send("/queue", f"/publications/{waiting}/taken-down").status_code == 409


def test_it_asks_few_questions(scene: Scene, editor: Visitor, live: int) -> None:
    say_anew(scene, live, "Two dogs wait.")
    editor.send(f"/publications/{live}/correct", f"/publications/{live}/correct")
    for path in ("", "/correct", "/remove"):
        with counted(scene.database) as asked:
            assert editor.get(f"/publications/{live}{path}").status_code == 200
        assert len(asked) <= MOST_QUESTIONS, path
