"""The page where a post is read before it goes out."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.actions import posts, reviews
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation.database import Database
from app.models.posts import Post
from app.models.publications import Publication
from tests import plans
from tests.builders import actor, person, unit
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]


@pytest.fixture
def post_id(database: Database, cast: Cast) -> int:
    """A post in review, its first revision."""
    with database.writes() as session:
        words = "Come and don’t worry about it."
        data = posts.PostInput(unit_id=cast.koivuranta.id, title="Wet books", tone=Tone.HUMAN, text=words)
        post = posts.create(session, cast.editor, data)
        posts.submit(session, cast.editor, post.id)
        return post.id


@pytest.fixture
def approver(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.approver)


def rewrite(database: Database, cast: Cast, post_id: int, revision: int, text: str) -> None:
    """Saved anew and sent again."""
    with database.writes() as session:
        data = posts.PostEdit(revision=revision, title="Wet books", tone=Tone.HUMAN, text=text)
        posts.edit(session, cast.editor, post_id, data)
        posts.submit(session, cast.editor, post_id)


def status(database: Database, post_id: int) -> PostStatus:
    with database.reads() as session:
        return session.scalars(select(Post.status).where(Post.id == post_id)).one()


def answer(who: Visitor, post_id: int, do: str, revision: str = "1", **more: str) -> tuple[int, str, str]:
    path = f"/posts/{post_id}/review"
    found = who.send(path, path, do=do, revision=revision, **more)
    return found.status_code, found.headers.get("location", ""), found.text


def test_a_yes_leads_to_the_post_and_plans_it(
    app: FastAPI, approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    with database.writes() as session:
        place = plans.channel(session, cast.koivuranta, app.state.keyring)
        plans.publication(session, session.get_one(Post, post_id), place, Status.PROPOSED)
    assert answer(approver, post_id, "approve")[:2] == (303, f"/posts/{post_id}?done=post_approved")
    assert status(database, post_id) is PostStatus.APPROVED
    with database.reads() as session:
        assert session.scalars(select(Publication.status)).one() is Status.PLANNED
    assert "Yes to revision 1" in approver.get(f"/posts/{post_id}").text


def test_a_yes_sent_twice_is_one(approver: Visitor, post_id: int, database: Database) -> None:
    first = answer(approver, post_id, "approve", once="the-same")
    assert answer(approver, post_id, "approve", once="the-same")[:2] == first[:2]
    assert approver.get(f"/posts/{post_id}").text.count("Yes to revision 1") == 1


def test_a_wish_needs_words_and_they_are_kept(approver: Visitor, post_id: int, database: Database) -> None:
    code, _, text = answer(approver, post_id, "changes", comment=" ")
    assert code == 422
    assert '<a href="#comment">' in text
    assert status(database, post_id) is PostStatus.IN_REVIEW
    code, _, text = answer(approver, post_id, "changes", comment="x" * 4001)
    assert code == 422
    assert "x" * 4001 in text
    assert answer(approver, post_id, "changes", comment="Say the price.")[0] == 303
    assert status(database, post_id) is PostStatus.CHANGES_REQUESTED
    assert "Say the price." in approver.get(f"/posts/{post_id}").text


def test_a_stale_yes_shows_what_is_new(
    approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    rewrite(database, cast, post_id, 1, "Come and tell us about it.")
    code, _, text = answer(approver, post_id, "approve", revision="1", comment="Half a thought")
    assert code == 409
    assert "Revision 2 came while you read" in text
    assert "don’t worry</del>" in text
    assert "tell us</ins>" in text
    assert 'name="revision" value="2"' in text
    assert "Half a thought</textarea>" in text
    assert status(database, post_id) is PostStatus.IN_REVIEW


def test_what_changed_is_told_against_ones_own_last_answer(
    approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    assert "<ins>" not in approver.get(f"/posts/{post_id}/review").text
    answer(approver, post_id, "changes", comment="Kinder, please")
    rewrite(database, cast, post_id, 1, "Come and tell us about it.")
    page = approver.get(f"/posts/{post_id}/review").text
    assert "set against revision 1, which you read" in page
    assert "tell us</ins>" in page
    alone = approver.get(f"/posts/{post_id}/review?alone=1").text
    assert "</ins>" not in alone
    assert "Come and tell us about it." in alone


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40])
def test_a_revision_that_is_none(approver: Visitor, post_id: int, database: Database, revision: str) -> None:
    assert answer(approver, post_id, "approve", revision)[0] in (409, 422)
    assert status(database, post_id) is PostStatus.IN_REVIEW


def test_only_who_may_answer_sees_the_page(cast: Cast, visit: Visit, post_id: int) -> None:
    for who in (cast.editor, cast.manager, cast.contributor):
        assert visit(who).get(f"/posts/{post_id}/review").status_code == 403
    assert "Read and answer" not in visit(cast.editor).get(f"/posts/{post_id}").text
    assert "Read and answer" in visit(cast.approver).get(f"/posts/{post_id}").text


def test_own_words_wait_for_somebody_else(database: Database, cast: Cast, visit: Visit) -> None:
    with database.writes() as session:
        both = actor(session, person(session, "Both", cast.koivuranta, Role.EDITOR, Role.APPROVER))
        mine = plans.post(session, cast.koivuranta, both, status=PostStatus.IN_REVIEW).id
    me = visit(both)
    page = me.get(f"/posts/{mine}/review").text
    assert "Approve revision" not in page
    assert "Somebody else reads it" in page
    assert answer(me, mine, "approve")[0] == 403
    assert status(database, mine) is PostStatus.IN_REVIEW


def test_one_person_alone_says_yes_and_is_told_that_it_is_logged(
    database: Database, app: FastAPI, visit: Visit
) -> None:
    with database.writes() as session:
        small = unit(session, "Small Library")
        alone = actor(session, person(session, "Everything", small, *Role))
        mine = plans.post(session, small, alone, status=PostStatus.IN_REVIEW).id
    me = visit(alone)
    assert "it is written down" in me.get(f"/posts/{mine}/review").text
    assert answer(me, mine, "approve")[0] == 303
    assert "the writer's own yes" in me.get(f"/posts/{mine}").text


def test_a_post_that_waits_for_nobody(
    approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    with database.writes() as session:
        reviews.request_changes(
            session, cast.approver, post_id, reviews.ChangeRequest(revision=1, comment="Wait")
        )
    assert "Your answer to" not in approver.get(f"/posts/{post_id}/review").text
    code, _, text = answer(approver, post_id, "approve")
    assert code == 409
    assert "Nothing was changed." in text


def test_after_an_answer_comes_the_next_one(
    approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    with database.writes() as session:
        second = plans.post(session, cast.koivuranta, cast.editor, "Kites", PostStatus.IN_REVIEW).id
    page = approver.get(f"/posts/{post_id}/review").text
    assert f'After this one waits another: <a href="/posts/{second}/review">Kites</a>' in page
    code, address, _ = answer(approver, post_id, "approve")
    assert (code, address) == (303, f"/posts/{second}/review?done=post_approved&after={post_id}")
    following = approver.get(address).text
    assert "Your answer to “Wet books” is noted." in following
    assert f'<a href="/posts/{post_id}/review">Answer it otherwise</a>' in following
    assert answer(approver, post_id, "changes", comment="On second thought")[0] == 303
    assert status(database, post_id) is PostStatus.CHANGES_REQUESTED
    assert answer(approver, second, "approve")[1] == f"/posts/{second}?done=post_approved"


def test_who_reads_it_first_sees_what_changed_since_it_was_handed_in(
    approver: Visitor, post_id: int, database: Database, cast: Cast
) -> None:
    rewrite(database, cast, post_id, 1, "Come and tell us about it.")
    page = approver.get(f"/posts/{post_id}/review").text
    assert "set against revision 1, which was read or handed in before" in page
    assert "tell us</ins>" in page
