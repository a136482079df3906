"""What is asked of a post that is out: who may, when, and what a person does where the network doesn't."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, reviews, wishes
from app.actions.posts import PostEdit
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.publications import Status, Wish
from app.foundation import clock
from app.foundation.crypto import keyring
from app.models.channels import Channel
from app.models.history import Event
from app.models.posts import Post
from app.models.publications import Publication
from app.models.wishes import PublicationWish
from tests import plans
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def page(session: Session, cast: Cast, tmp_path: Path) -> Channel:
    return plans.channel(session, cast.koivuranta, keyring(tmp_path, ""))


def out(session: Session, cast: Cast, page: Channel, **more: object) -> Publication:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    values = {"revision_id": post.revision_id, "remote_id": "501_1", "published_at": clock.now(), **more}
    return plans.publication(session, post, page, Status.PUBLISHED, -60, **values)


def say_anew(session: Session, cast: Cast, row: Publication, text: str, approved: bool = True) -> Post:
    post = session.get_one(Post, row.post_id)
    now = posts.newest(session, post)
    edit = PostEdit(revision=now.number, title=now.title, tone=now.tone, text=text)
    posts.edit(session, cast.editor, post.id, edit)
    if approved:
        posts.submit(session, cast.editor, post.id)
        reviews.approve(session, cast.approver, post.id, reviews.Approval(revision=now.number + 1))
    return post


def only(session: Session, row: Publication) -> PublicationWish:
    return session.scalars(
        select(PublicationWish)
        .where(PublicationWish.publication_id == row.id, PublicationWish.ended_at.is_(None))
    ).one()  # fmt: skip


def latest(session: Session, row: Publication) -> Event:
    told = select(Event).where(Event.thing == "publication", Event.thing_id == row.id)
    return session.scalars(told.order_by(Event.id.desc()).limit(1)).one()


def test_a_text_with_its_yes_is_asked_for(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page)
    post = say_anew(session, cast, row, "The dogs come at three.")
    version = row.version
    wishes.correct(session, cast.editor, row.id)
    wish = only(session, row)
    assert (wish.kind, wish.revision_id, wish.by_hand) == (Wish.CORRECT, post.revision_id, False)
    assert (row.status, row.version) == (Status.PUBLISHED, version + 1)
    assert row.step_at is not None
    assert latest(session, row).verb == "correction_asked"
    with pytest.raises(Conflict, match="wish_open"):
        wishes.correct(session, cast.editor, row.id)


def test_no_text_without_a_yes_and_none_that_says_the_same(
    session: Session, cast: Cast, page: Channel
) -> None:
    row = out(session, cast, page)
    with pytest.raises(Conflict, match="nothing_to_correct"):
        wishes.correct(session, cast.editor, row.id)
    say_anew(session, cast, row, "The dogs come at three.", approved=False)
    with pytest.raises(Conflict, match="needs_yes_to_correct"):
        wishes.correct(session, cast.editor, row.id)
    waiting = plans.publication(session, plans.post(session, cast.koivuranta, cast.editor), page)
    for act in (wishes.correct, wishes.remove, wishes.taken_down, wishes.give_up, wishes.corrected):
        with pytest.raises(Conflict, match="not_out"):
            act(session, cast.editor, waiting.id)


def test_who_may_not_plan_may_not_ask(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page)
    for act in (wishes.correct, wishes.remove, wishes.taken_down, wishes.give_up, wishes.corrected):
        for who in (cast.contributor, cast.manager):
            with pytest.raises(Forbidden):
                act(session, who, row.id)
        with pytest.raises(NotFound):
            act(session, cast.sibling_editor, row.id)


def test_taking_down_comes_before_correcting(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page)
    say_anew(session, cast, row, "The dogs come at three.")
    wishes.correct(session, cast.editor, row.id)
    wishes.remove(session, cast.approver, row.id, " Wrong dog ")
    wish = only(session, row)
    assert (wish.kind, wish.note) == (Wish.REMOVE, "Wrong dog")
    assert latest(session, row).facts["note"] == "Wrong dog"
    with pytest.raises(Conflict, match="wish_open"):
        wishes.remove(session, cast.editor, row.id)


def test_where_no_program_can_a_person_does_it(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page, remote_id="")
    wishes.remove(session, cast.editor, row.id)
    wish = only(session, row)
    assert (wish.by_hand, wish.reason, row.step_at) == (True, "not_offered", None)
    wishes.taken_down(session, cast.editor, row.id)
    assert (row.status, wish.done, row.reading_at) == (Status.REMOVED, True, None)
    assert latest(session, row).verb == "taken_down_by_hand"


def test_corrected_by_hand(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page, remote_id="")
    with pytest.raises(Conflict, match="nothing_asked"):
        wishes.corrected(session, cast.editor, row.id)
    post = say_anew(session, cast, row, "The dogs come at three.")
    wishes.correct(session, cast.editor, row.id)
    wishes.corrected(session, cast.editor, row.id)
    assert row.revision_id == post.revision_id
    with pytest.raises(Conflict, match="nothing_to_correct"):
        wishes.correct(session, cast.editor, row.id)


def test_a_wish_is_given_up(session: Session, cast: Cast, page: Channel) -> None:
    row = out(session, cast, page)
    row.permalink = "https://example.org/posts/1"
    wishes.remove(session, cast.editor, row.id)
    wish = only(session, row)
    wishes.give_up(session, cast.editor, row.id)
    assert (wish.done, row.status, row.step_at) == (False, Status.PUBLISHED, None)
    with pytest.raises(Conflict, match="nothing_asked"):
        wishes.give_up(session, cast.editor, row.id)
