"""Writing posts: revisions, what a draft lacks, who may, and what an edit does to a yes."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import posts, publications, reviews
from app.actions.posts import PostEdit, PostInput
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.domain.posts import PostStatus, Tone
from app.domain.publications import Status
from app.foundation.crypto import keyring
from app.models.history import Event
from app.models.posts import Post, Review, Revision
from tests import plans
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def draft(session: Session, cast: Cast, **more: str) -> Post:
    values = {"title": "Ten books", "tone": "human", "text": "Sari chooses ten books.", **more}
    return posts.create(
        session, cast.editor, PostInput.model_validate({"unit_id": cast.koivuranta.id, **values})
    )


def edited(session: Session, cast: Cast, post: Post, text: str, revision: int = 1) -> Post:
    data = PostEdit(revision=revision, title=post.title, tone=post.tone, text=text)
    return posts.edit(session, cast.editor, post.id, data)


def test_a_new_post_is_a_draft_with_its_first_revision(session: Session, cast: Cast) -> None:
    post = draft(session, cast, title="  Ten books ", text="One\r\ntwo")
    first = posts.newest(session, post)
    assert (post.status, post.title, post.author_id) == (
        PostStatus.DRAFT, "Ten books", cast.editor.person_id,
    )  # fmt: skip
    assert (first.number, first.text, first.tone) == (1, "One\ntwo", Tone.HUMAN)
    assert (
        session.scalar(select(Event.verb).where(Event.thing == "post", Event.thing_id == post.id))
        == "created"
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "  ", "title_missing"),
        ("link", "library.example", "bad_link"),
        ("link", "javascript:alert(1)", "bad_link"),
        ("link", "https://a b.example", "bad_link"),
        ("link", "https://name:word@library.example", "bad_link"),
    ],
)
def test_content_that_can_not_be_kept(
    session: Session, cast: Cast, field: str, value: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(session, cast, **{field: value})
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [(code, field)]
    assert session.scalar(select(func.count()).select_from(Post)) == 0


def test_only_writers_of_the_unit_write(session: Session, cast: Cast) -> None:
    data = PostInput(unit_id=cast.koivuranta.id, title="Mine")
    for who in (cast.contributor, cast.manager, cast.approver, cast.sibling_editor, cast.stranger):
        with pytest.raises(Invalid, match="unit_not_yours"):
            posts.create(session, who, data)
    post = draft(session, cast)
    with pytest.raises(Forbidden):
        posts.submit(session, cast.manager, post.id)
    with pytest.raises(NotFound):
        posts.submit(session, cast.sibling_editor, post.id)


@pytest.mark.parametrize("post_id", [0, -1, 2**31, 10**30])
def test_a_number_that_is_no_id_finds_nothing(session: Session, cast: Cast, post_id: int) -> None:
    with pytest.raises(NotFound):
        posts.submit(session, cast.editor, post_id)


def test_a_changed_save_makes_a_revision_and_the_same_makes_none(session: Session, cast: Cast) -> None:
    post = draft(session, cast)
    edited(session, cast, post, "Sari chooses eleven books.")
    assert posts.newest(session, post).number == 2
    edited(session, cast, post, " Sari chooses eleven books.\r\n", revision=1)
    assert session.scalar(select(func.count()).where(Revision.post_id == post.id)) == 2


def test_a_stale_edit_is_refused_and_changes_nothing(session: Session, cast: Cast) -> None:
    post = draft(session, cast)
    edited(session, cast, post, "Theirs")
    with pytest.raises(Conflict) as refused:
        edited(session, cast, post, "Mine", revision=1)
    fault = refused.value.faults[0]
    assert (fault.code, fault.params["number"], fault.params["author"]) == ("stale_revision", 2, "Sara Niemi")
    assert posts.newest(session, post).text == "Theirs"
    edited(session, cast, post, "Mine", revision=2)
    assert posts.newest(session, post).text == "Mine"


def test_a_draft_needs_tone_and_words_to_be_sent(session: Session, cast: Cast) -> None:
    data = PostInput(unit_id=cast.koivuranta.id, title="Bare")
    post = posts.create(session, cast.editor, data)
    with pytest.raises(Invalid) as refused:
        posts.submit(session, cast.editor, post.id)
    assert [fault.code for fault in refused.value.faults] == ["tone_missing", "text_missing"]
    assert post.status is PostStatus.DRAFT


def test_a_text_that_fits_no_network_is_not_sent(session: Session, cast: Cast) -> None:
    post = draft(session, cast, text="x" * 63_207)
    with pytest.raises(Invalid) as refused:
        posts.submit(session, cast.editor, post.id)
    fault = refused.value.faults[0]
    assert (fault.code, fault.params) == (
        "text_too_long", {"length": 63_207, "most": 63_206, "network": "Facebook"},
    )  # fmt: skip
    posts.submit(session, cast.editor, draft(session, cast, text="x" * 63_206).id)


def test_what_is_pending_is_not_lost_when_a_post_is_locked(session: Session, cast: Cast) -> None:
    """Written and sent in one transaction."""
    post = draft(session, cast)
    posts.submit(session, cast.editor, post.id)
    reviews.approve(session, cast.approver, post.id, reviews.Approval(revision=1))
    edited(session, cast, post, "Anew")
    posts.submit(session, cast.editor, post.id)
    session.flush()
    assert (post.status, posts.newest(session, post).number) == (PostStatus.IN_REVIEW, 2)


@pytest.mark.parametrize("status", [PostStatus.IN_REVIEW, PostStatus.APPROVED, PostStatus.WITHDRAWN])
def test_steps_that_are_not_in_the_table(session: Session, cast: Cast, status: PostStatus) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, status=status)
    with pytest.raises(Conflict, match="post_move"):
        posts.submit(session, cast.editor, post.id)
    assert post.status is status


def test_an_edit_takes_the_yes_back_from_what_waits(session: Session, cast: Cast, tmp_path: Path) -> None:
    place = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    planned = plans.publication(session, post, place)
    other = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    gone_out = plans.publication(session, post, other, Status.PUBLISHING)
    edited(session, cast, post, "Other words")
    assert (post.status, planned.status) == (PostStatus.DRAFT, Status.PROPOSED)
    assert gone_out.status is Status.PUBLISHING


def test_withdrawing_cancels_what_waits_and_leaves_what_is_out(
    session: Session, cast: Cast, tmp_path: Path
) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    rows = {
        status: plans.publication(
            session, post, plans.channel(session, cast.koivuranta, keyring(tmp_path, "")), status
        )
        for status in (Status.PROPOSED, Status.PLANNED, Status.HELD, Status.PUBLISHED)
    }
    posts.withdraw(session, cast.editor, post.id, " Too late. ")
    assert post.status is PostStatus.WITHDRAWN
    assert [rows[status].status for status in rows] == [Status.CANCELLED] * 3 + [Status.PUBLISHED]
    assert session.scalars(select(Review.comment).order_by(Review.id.desc())).first() == "Too late."
    with pytest.raises(Conflict, match="post_withdrawn"):
        publications.plan(session, cast.editor, post.id, publications.PlanInput(channel_id=1))
    assert edited(session, cast, post, "Taken up again").status is PostStatus.DRAFT


@pytest.mark.parametrize("status", [Status.PUBLISHING, Status.UNSURE])
def test_what_is_on_its_way_can_not_be_withdrawn(
    session: Session, cast: Cast, tmp_path: Path, status: Status
) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    place = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    plans.publication(session, post, place, status)
    with pytest.raises(Refusal, match="on_its_way"):
        posts.withdraw(session, cast.editor, post.id)
    assert post.status is PostStatus.APPROVED
