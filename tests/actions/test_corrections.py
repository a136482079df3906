"""An approver corrects, and somebody else says yes to it: every way around that is closed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.actions import corrections, posts, publication_moves, publications, reviews
from app.actions.corrections import Correction, OwnText
from app.actions.reviews import Approval, ChangeRequest
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.posts import PostStatus, ReviewKind
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.crypto import keyring
from app.models.history import Event
from app.models.notices import Mail
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision
from app.queries import contents as content_questions
from app.queries import posts as questions
from tests import plans
from tests.builders import actor, an_asset, person, unit, with_pictures
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def post(session: Session, cast: Cast) -> Post:
    return plans.post(session, cast.koivuranta, cast.editor, status=PostStatus.IN_REVIEW)


def again(session: Session, who: Actor) -> Actor:
    """Somebody with their scope as it is now."""
    return actor(session, session.get_one(Person, who.person_id))


def correct(session: Session, who: Actor, post: Post, text: str = "Better words", revision: int = 1) -> None:
    corrections.correct(session, who, post.id, Correction(revision=revision, text=text))


def say_yes(session: Session, who: Actor, post: Post, revision: int = 2) -> None:
    reviews.approve(session, again(session, who), post.id, Approval(revision=revision))


def test_in_one_step_it_is_corrected_and_asked(session: Session, cast: Cast, post: Post) -> None:
    correct(session, cast.approver, post)
    newest = session.get_one(Revision, post.revision_id)
    assert (newest.number, newest.text, newest.author_id) == (2, "Better words", cast.approver.person_id)
    assert post.status is PostStatus.IN_REVIEW
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, cast.approver, post)
    say_yes(session, cast.editor, post)
    said = session.scalars(select(Review).where(Review.kind == ReviewKind.APPROVED)).one()
    assert (said.person_id, said.approver_id) == (cast.editor.person_id, cast.approver.person_id)
    assert (said.revision_id, said.own, post.status) == (newest.id, False, PostStatus.APPROVED)
    session.flush()
    told = session.execute(
        select(Event.verb, Event.person_id, Event.facts).where(Event.thing == "post").order_by(Event.id)
    ).all()
    assert [(row.verb, row.person_id, row.facts["revision"]) for row in told] == [
        ("corrected_in_review", cast.approver.person_id, 2),
        ("approved", cast.editor.person_id, 2),
    ]
    assert told[1].facts["right_of"] == cast.approver.person_id


def test_the_yes_plans_where_the_one_who_corrected_answers_for_the_channel(
    session: Session, cast: Cast, post: Post, tmp_path: Path
) -> None:
    keys = keyring(tmp_path, "")
    places = [plans.channel(session, where, keys) for where in (cast.koivuranta, cast.library)]
    own, above = (plans.publication(session, post, place, Status.PROPOSED) for place in places)
    correct(session, cast.approver, post)
    say_yes(session, cast.editor, post)
    assert (own.status, above.status) == (Status.PLANNED, Status.PROPOSED)
    # Another channel chosen after the yes is nobody's yes yet.
    publications.cancel(session, cast.editor, above.id)
    publications.cancel(session, cast.editor, own.id)
    for place, ready in zip(places, (Status.PLANNED, Status.PROPOSED), strict=True):
        assert publication_moves.ready_status(session, post, place) is ready
    session.execute(delete(Membership).where(Membership.person_id == cast.approver.person_id))
    assert publication_moves.ready_status(session, post, places[0]) is Status.PROPOSED


def test_a_correction_takes_an_earlier_yes_back(session: Session, cast: Cast, tmp_path: Path) -> None:
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    planned = plans.publication(session, post, plans.channel(session, cast.koivuranta, keyring(tmp_path, "")))
    correct(session, cast.approver, post)
    assert (post.status, planned.status) == (PostStatus.IN_REVIEW, Status.PROPOSED)


def writer_leaves(session: Session, cast: Cast) -> None:
    session.get_one(Person, cast.editor.person_id).active = False


def approver_leaves(session: Session, cast: Cast) -> None:
    session.get_one(Person, cast.approver.person_id).active = False
    session.flush()


def writer_loses_the_unit(session: Session, cast: Cast) -> None:
    session.execute(delete(Membership).where(Membership.person_id == cast.editor.person_id))


def writer_may_only_read(session: Session, cast: Cast) -> None:
    for row in session.scalars(select(Membership).where(Membership.person_id == cast.editor.person_id)):
        row.role = Role.MANAGER
    session.flush()


def approver_is_one_no_more(session: Session, cast: Cast) -> None:
    session.execute(delete(Membership).where(Membership.person_id == cast.approver.person_id))


@pytest.mark.parametrize(
    ("meanwhile", "refused"),
    [
        (writer_loses_the_unit, NotFound), (writer_may_only_read, Forbidden),
        (approver_leaves, Forbidden), (approver_is_one_no_more, Forbidden),
    ],
)  # fmt: skip
def test_the_writers_yes_needs_both_to_be_what_they_were(
    session: Session,
    cast: Cast,
    post: Post,
    meanwhile: Callable[[Session, Cast], None],
    refused: type[Exception],
) -> None:
    correct(session, cast.approver, post)
    meanwhile(session, cast)
    with pytest.raises(refused):
        say_yes(session, cast.editor, post)
    assert post.status is PostStatus.IN_REVIEW
    wish = ChangeRequest(revision=2, comment="No")
    with pytest.raises((Forbidden, NotFound)):
        reviews.request_changes(session, again(session, cast.editor), post.id, wish)


@pytest.mark.parametrize("meanwhile", [writer_leaves, writer_loses_the_unit, writer_may_only_read])
def test_without_the_writer_another_approver_is_asked(
    session: Session, cast: Cast, post: Post, meanwhile: Callable[[Session, Cast], None]
) -> None:
    other = actor(session, person(session, "Head", cast.library, Role.APPROVER))
    correct(session, cast.approver, post)
    meanwhile(session, cast)
    session.flush()
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, cast.approver, post)
    say_yes(session, other, post)
    said = session.scalars(select(Review).where(Review.kind == ReviewKind.APPROVED)).one()
    assert (said.person_id, said.approver_id) == (other.person_id, None)


def test_nobody_else_at_all_is_a_library_of_one(session: Session, cast: Cast, post: Post) -> None:
    correct(session, cast.approver, post)
    writer_leaves(session, cast)
    session.flush()
    say_yes(session, cast.approver, post)
    assert session.scalars(select(Review.own).where(Review.kind == ReviewKind.APPROVED)).one() is True


def test_a_second_account_says_nothing(session: Session, cast: Cast, post: Post) -> None:
    """Neither another editor's, nor that of somebody who wrote long before, counts."""
    second = actor(session, person(session, "Second account", cast.koivuranta, Role.EDITOR))
    correct(session, cast.approver, post)
    for who in (second, cast.manager, cast.contributor, cast.administrator):
        with pytest.raises(Forbidden):
            say_yes(session, who, post)
    edit = posts.PostEdit(revision=2, title="New", tone=post.tone, text="Third words")
    posts.edit(session, second, post.id, edit)
    posts.submit(session, second, post.id)
    correct(session, cast.approver, post, "Fourth words", 3)
    with pytest.raises(Forbidden):
        say_yes(session, cast.editor, post, 4)
    say_yes(session, second, post, 4)


def test_a_correction_after_a_correction_is_still_for_the_writer(
    session: Session, cast: Cast, post: Post
) -> None:
    correct(session, cast.approver, post)
    correct(session, cast.approver, post, "Still better", 2)
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, cast.approver, post, 3)
    with pytest.raises(Conflict, match="stale_approval"):
        say_yes(session, cast.editor, post, 2)
    head = actor(session, person(session, "Head", cast.library, Role.APPROVER))
    correct(session, head, post, "The head's words", 3)
    with pytest.raises(Forbidden):  # they were corrected twice: the one before is an approver
        say_yes(session, cast.editor, post, 4)
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, head, post, 4)
    say_yes(session, cast.approver, post, 4)


def test_to_edit_and_hand_in_is_no_way_around(session: Session, cast: Cast, post: Post) -> None:
    """Who may write and approve, alone with an editor, changes the editor's text by the usual edit."""
    session.add(Membership(person_id=cast.approver.person_id, unit_id=cast.koivuranta.id, role=Role.EDITOR))
    session.flush()
    both = again(session, cast.approver)
    edit = posts.PostEdit(revision=1, title="Mine", tone=post.tone, text="My words")
    posts.edit(session, both, post.id, edit)
    posts.submit(session, both, post.id)
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, both, post)
    assert [row.id for row in questions.to_review(session, cast.editor.scope, cast.editor.person_id or 0)]
    say_yes(session, cast.editor, post)


def test_what_an_approver_only_saved_nobody_agrees_to_for_them(
    session: Session, cast: Cast, post: Post
) -> None:
    """An editor hands in the half-written words of somebody who may approve: they have no yes yet."""
    session.add(Membership(person_id=cast.approver.person_id, unit_id=cast.koivuranta.id, role=Role.EDITOR))
    session.flush()
    both = again(session, cast.approver)
    edit = posts.PostEdit(revision=1, title="Mine", tone=post.tone, text="Not finished")
    posts.edit(session, both, post.id, edit)
    posts.submit(session, cast.editor, post.id)
    with pytest.raises(Forbidden, match="not_allowed"):
        say_yes(session, cast.editor, post)
    assert questions.to_review(session, cast.editor.scope, cast.editor.person_id or 0) == []
    say_yes(session, both, post)


def test_after_a_no_to_a_correction_its_writer_hands_it_in_again(
    session: Session, cast: Cast, post: Post
) -> None:
    head = actor(session, person(session, "Head", cast.library, Role.APPROVER))
    correct(session, cast.approver, post)
    reviews.request_changes(session, head, post.id, ChangeRequest(revision=2, comment="The date is wrong"))
    posts.submit(session, cast.editor, post.id)
    with pytest.raises(Forbidden, match="not_allowed"):
        say_yes(session, cast.editor, post)
    say_yes(session, head, post)


def test_an_approver_of_the_channel_who_sees_the_post_is_somebody_else(
    session: Session, cast: Cast, post: Post, tmp_path: Path
) -> None:
    keys = keyring(tmp_path, "")
    people = [person(session, name, cast.elsewhere, Role.APPROVER) for name in ("Mine", "Other")]
    session.add_all(
        Membership(person_id=one.id, unit_id=cast.koivuranta.id, role=Role.EDITOR) for one in people
    )
    session.execute(delete(Membership).where(Membership.person_id == cast.approver.person_id))
    session.flush()
    mine, other = (actor(session, one) for one in people)
    own = plans.post(session, cast.koivuranta, mine, status=PostStatus.IN_REVIEW)
    plans.publication(session, own, plans.channel(session, cast.elsewhere, keys), Status.PROPOSED)
    with pytest.raises(Forbidden, match="own_revision"):
        say_yes(session, mine, own, 1)
    say_yes(session, other, own, 1)


def test_the_writer_may_edit_instead_and_then_an_approver_answers(
    session: Session, cast: Cast, post: Post
) -> None:
    correct(session, cast.approver, post)
    edit = posts.PostEdit(revision=2, title="New", tone=post.tone, text="Words of both")
    posts.edit(session, cast.editor, post.id, edit)
    posts.submit(session, cast.editor, post.id)
    with pytest.raises(Forbidden):
        say_yes(session, cast.editor, post, 3)
    say_yes(session, cast.approver, post, 3)


def test_who_may_correct_and_when(session: Session, cast: Cast, post: Post) -> None:
    for who in (cast.editor, cast.manager, cast.contributor, cast.coordinator, cast.administrator):
        with pytest.raises(Forbidden):
            correct(session, who, post)
    for who in (cast.sibling_editor, cast.stranger):
        with pytest.raises(NotFound):
            correct(session, who, post)
    with pytest.raises(Conflict, match="stale_approval"):
        correct(session, cast.approver, post, revision=7)
    for status in (PostStatus.DRAFT, PostStatus.CHANGES_REQUESTED, PostStatus.WITHDRAWN):
        other = plans.post(session, cast.koivuranta, cast.editor, status=status)
        with pytest.raises(Conflict, match="correction_not_now"):
            correct(session, cast.approver, other)


def test_words_are_corrected_and_the_rest_stays(session: Session, cast: Cast, post: Post) -> None:
    pictures = [an_asset(session, cast.koivuranta), an_asset(session, cast.koivuranta)]
    with_pictures(session, post.revision_id or 0, pictures)
    words = {"pictures.1": "A red dog"}
    corrections.correct(session, cast.approver, post.id, Correction(revision=1, alt_texts=words))
    said = content_questions.contents(session, cast.approver.scope, post.revision_id or 0)
    assert [shot.alt_text for shot in said.pictures] == ["Three dogs on a red carpet", "A red dog"]
    assert said.text == "Three dogs wait in the children's room."
    for wrong, code in (
        ({"text": said.text}, "nothing_corrected"), ({"title": " "}, "title_missing"),
        ({"link": "no"}, "bad_link"), ({"alt_texts": {"pictures.0": ""}}, "alt_missing"),
        ({"alt_texts": {"pictures.7": "x"}}, "no_alt_there"),
        ({"variants": [OwnText(channel_id=1, text="x")]}, "no_own_words"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            corrections.correct(session, cast.approver, post.id, Correction(revision=2, **wrong))


def test_whoever_is_asked_gets_a_mail(session: Session, cast: Cast, post: Post) -> None:
    correct(session, cast.approver, post)
    assert corrections.tell(session, cast.approver, post, "https://kuliss.example") == 1
    session.flush()
    mail = session.scalars(select(Mail)).one()
    assert mail.person_id == cast.editor.person_id
    assert f"https://kuliss.example/posts/{post.id}/review" in mail.text


def test_the_first_screen_asks_the_writer_and_nobody_beside(session: Session, cast: Cast, post: Post) -> None:
    small = unit(session, "Small Library")
    mine = actor(session, person(session, "Alone", small, *Role))
    plans.post(session, small, mine, status=PostStatus.IN_REVIEW)

    def asked(who: Actor) -> list[int]:
        return [row.id for row in questions.to_review(session, who.scope, who.person_id or 0)]

    assert asked(cast.editor) == []
    correct(session, cast.approver, post)
    assert asked(cast.editor) == [post.id] == asked(cast.approver)
    assert asked(cast.sibling_editor) == []
    approver_is_one_no_more(session, cast)
    assert asked(cast.editor) == []


def test_of_those_handed_in_at_once_the_older_post_is_first_on_every_page(
    session: Session, cast: Cast, post: Post
) -> None:
    others = [
        plans.post(session, cast.koivuranta, cast.editor, title, status=PostStatus.DRAFT) for title in "AB"
    ]
    post.status = PostStatus.DRAFT
    for one in (*reversed(others), post):
        posts.submit(session, cast.editor, one.id)
    session.execute(update(Review).values(at=clock.now()))
    ids = sorted([post.id, *(one.id for one in others)])
    for most in (1, 2, 3):
        who = cast.approver
        found = questions.to_review(session, who.scope, who.person_id or 0, most)
        assert [row.id for row in found] == ids[:most]
