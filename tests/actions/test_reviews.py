"""A yes is for one revision, from somebody else where there is somebody else, and plans what it may."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, publication_moves, reviews
from app.actions.reviews import Approval, ChangeRequest
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import Status
from app.domain.roles import Role
from app.foundation.crypto import keyring
from app.models.history import Event
from app.models.posts import Post, Review
from tests import plans
from tests.builders import actor, person, unit
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def post(session: Session, cast: Cast) -> Post:
    return plans.post(session, cast.koivuranta, cast.editor, status=PostStatus.IN_REVIEW)


def test_a_yes_names_its_revision_and_is_written_down(session: Session, cast: Cast, post: Post) -> None:
    reviews.approve(session, cast.approver, post.id, Approval(revision=1))
    said = session.scalars(select(Review).where(Review.kind == ReviewKind.APPROVED)).one()
    assert (post.status, said.revision_id, said.own) == (PostStatus.APPROVED, post.revision_id, False)
    session.flush()
    assert "approved" in session.scalars(select(Event.verb).where(Event.thing == "post")).all()


def test_a_yes_to_an_older_revision_is_refused(session: Session, cast: Cast, post: Post) -> None:
    posts.edit(
        session, cast.editor, post.id, posts.PostEdit(revision=1, title="New", tone=post.tone, text="New")
    )
    posts.submit(session, cast.editor, post.id)
    with pytest.raises(Conflict) as refused:
        reviews.approve(session, cast.approver, post.id, Approval(revision=1))
    assert (refused.value.code, refused.value.faults[0].params) == ("stale_approval", {"number": 2})
    with pytest.raises(Conflict, match="stale_approval"):
        reviews.request_changes(session, cast.approver, post.id, ChangeRequest(revision=1, comment="No"))
    assert post.status is PostStatus.IN_REVIEW


def test_who_may_answer(session: Session, cast: Cast, post: Post) -> None:
    for who in (cast.editor, cast.manager, cast.contributor, cast.coordinator, cast.administrator):
        with pytest.raises(Forbidden):
            reviews.approve(session, who, post.id, Approval(revision=1))
    for who in (cast.sibling_editor, cast.stranger):
        with pytest.raises(NotFound):
            reviews.approve(session, who, post.id, Approval(revision=1))
    assert post.status is PostStatus.IN_REVIEW


def test_changes_need_words(session: Session, cast: Cast, post: Post) -> None:
    with pytest.raises(Invalid, match="comment_missing"):
        reviews.request_changes(session, cast.approver, post.id, ChangeRequest(revision=1, comment=" \n"))
    reviews.request_changes(session, cast.approver, post.id, ChangeRequest(revision=1, comment="The price?"))
    assert post.status is PostStatus.CHANGES_REQUESTED


def test_nobody_approves_their_own_words_where_somebody_else_can(session: Session, cast: Cast) -> None:
    both = person(session, "Both", cast.koivuranta, Role.EDITOR, Role.APPROVER)
    me = actor(session, both)
    mine = plans.post(session, cast.koivuranta, me, status=PostStatus.IN_REVIEW)
    with pytest.raises(Forbidden, match="own_revision"):
        reviews.approve(session, me, mine.id, Approval(revision=1))


def test_one_person_alone_may_and_it_is_logged(session: Session) -> None:
    alone = unit(session, "Small Library")
    me = actor(session, person(session, "Everything", alone, *Role))
    mine = plans.post(session, alone, me, status=PostStatus.IN_REVIEW)
    reviews.approve(session, me, mine.id, Approval(revision=1))
    assert session.scalars(select(Review.own).where(Review.kind == ReviewKind.APPROVED)).one() is True
    session.flush()
    facts = session.scalars(select(Event.facts).where(Event.verb == "approved")).one()
    assert facts["own"] is True


def test_a_yes_to_ones_own_words_does_not_count_where_somebody_else_could_say_it(
    session: Session, tmp_path: Path
) -> None:
    alone = unit(session, "Small Library")
    keys, me = keyring(tmp_path, ""), actor(session, person(session, "Everything", alone, *Role))
    mine = plans.post(session, alone, me, status=PostStatus.IN_REVIEW)
    reviews.approve(session, me, mine.id, Approval(revision=1))
    channel = plans.channel(session, alone, keys)
    assert publication_moves.ready_status(session, mine, channel) is Status.PLANNED
    another = person(session, "Another", alone, Role.APPROVER)
    assert publication_moves.ready_status(session, mine, channel) is Status.PROPOSED
    reviews.approve(session, actor(session, another), mine.id, Approval(revision=1))
    assert publication_moves.ready_status(session, mine, channel) is Status.PLANNED


def test_an_approver_who_left_does_not_count(session: Session) -> None:
    small = unit(session, "Small Library")
    me = actor(session, person(session, "Stays", small, Role.EDITOR, Role.APPROVER))
    gone = person(session, "Left", small, Role.APPROVER)
    assert reviews.others_could(session, me, 0, small.id)
    gone.active = False
    session.flush()
    assert not reviews.others_could(session, me, 0, small.id)


def test_a_yes_plans_where_the_approver_answers_for_the_channel(
    session: Session, cast: Cast, post: Post, tmp_path: Path
) -> None:
    keys = keyring(tmp_path, "")
    own = plans.publication(session, post, plans.channel(session, cast.koivuranta, keys), Status.PROPOSED)
    above = plans.publication(session, post, plans.channel(session, cast.library, keys), Status.PROPOSED)
    late = plans.publication(
        session, post, plans.channel(session, cast.koivuranta, keys), Status.PROPOSED, minutes=-120
    )
    reviews.approve(session, cast.approver, post.id, Approval(revision=1))
    assert (own.status, above.status, late.status) == (Status.PLANNED, Status.PROPOSED, Status.MISSED)
    head = actor(session, person(session, "Head", cast.library, Role.APPROVER))
    reviews.approve(session, head, post.id, Approval(revision=1))
    assert above.status is Status.PLANNED


def test_changes_asked_after_a_yes_take_it_back(session: Session, cast: Cast, tmp_path: Path) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    place = plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))
    planned = plans.publication(session, post, place)
    reviews.request_changes(session, cast.approver, post.id, ChangeRequest(revision=1, comment="Wait"))
    assert (post.status, planned.status) == (PostStatus.CHANGES_REQUESTED, Status.PROPOSED)
