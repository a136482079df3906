"""A first comment is written once, whatever answer is lost; where nobody can tell, a person is asked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.actions import comments, publications, tasks, wishes
from app.connectors.contract import Commented, Look, Receipt
from app.connectors.failures import ConnectorFailure, NotYet, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.errors import Conflict
from app.domain.networks import Seen
from app.domain.publications import Status
from app.errands import first_comment
from app.foundation import clock
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.wishes import PublicationWish
from tests.support.played import Played, play
from tests.support.stand import Hand, Stand

ASKED = ("made-1", "Opening hours: www.example.org")
LOST = Unsure(Reason.NO_ANSWER)


@pytest.fixture
def network(stand: Stand) -> Played:
    """A network that the test plays."""
    return play(stand)


@pytest.fixture
def planned(stand: Stand, network: Played) -> int:
    """A post with a first comment, five minutes before its time."""
    publication_id = stand.plan("We open at nine")
    with stand.database.writes() as session:
        post_id = session.get_one(Publication, publication_id).post_id
        revision_id = session.get_one(Post, post_id).revision_id
        session.execute(
            update(Revision).where(Revision.id == revision_id).values(first_comment=ASKED[1]),
        )
    return publication_id


def wish_of(stand: Stand) -> PublicationWish:
    """The one wish."""
    with stand.database.reads() as session:
        return session.scalars(select(PublicationWish)).one()


def test_it_is_written_once_the_post_is_out(stand: Stand, hand: Hand, network: Played, planned: int) -> None:
    hand.run_to(planned, Status.PUBLISHED)
    hand.run()
    assert network.asked["comment"] == [ASKED]
    assert network.asked["find_comment"] == []
    wish = wish_of(stand)
    assert (wish.done, wish.remote_id, wish.ended_at is not None) == (True, "comment-1", True)
    assert stand.read(planned).step_at is None


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ([Commented("c-9", True)], 1),
        ([Commented(), Commented(), Commented("c-9")], 1),
        ([Commented(whole=True), Commented("c-9")], 1),
        ([Commented(whole=True), Commented(whole=True)], 2),
    ],
    ids=["there", "there-in-the-end", "listed-late", "absent-twice"],
)
def test_a_lost_answer_is_looked_for(
    stand: Stand, hand: Hand, network: Played, planned: int, told: list[Commented], written: int
) -> None:
    network.answer("comment", LOST)
    network.answer("find_comment", *told)
    hand.run_to(planned, Status.PUBLISHED)
    began = clock.now()
    hand.run()
    assert len(network.asked["comment"]) == written
    assert wish_of(stand).done
    if written == 2:
        assert clock.now() - began >= first_comment.APART


def test_answers_that_are_lost_again_and_again_are_a_persons_matter(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    """It is never there, so that it may be written anew; but not for ever."""
    network.answer("comment", *[LOST] * (first_comment.TRIES_MOST + 2))
    hand.run_to(planned, Status.PUBLISHED)
    hand.run(within=30 * 3600)
    wish = wish_of(stand)
    assert len(network.asked["comment"]) == first_comment.TRIES_MOST
    assert (wish.by_hand, wish.tried_at is not None, wish.ended_at) == (True, True, None)
    assert stand.read(planned).step_at is None


def test_a_process_that_died_in_the_call_leaves_a_doubt(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    def dies(_given: object) -> str:
        raise SystemExit

    network.answer("comment", dies)
    network.answer("find_comment", Commented("c-9"))
    hand.run_to(planned, Status.PUBLISHED)
    with pytest.raises(SystemExit):
        hand.run()
    assert wish_of(stand).tried_at is not None
    hand.run()
    assert (len(network.asked["comment"]), wish_of(stand).done) == (1, True)


def test_a_machine_that_slept_before_the_call_looks_first(
    stand: Stand, hand: Hand, network: Played, planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may have written it meanwhile."""
    begin = first_comment._begin

    def slept(*given: Any) -> bool:
        begun = begin(*given)
        monkeypatch.undo()
        hand.later(120)
        return begun

    hand.run_to(planned, Status.PUBLISHED)
    monkeypatch.setattr(first_comment, "_begin", slept)
    network.answer("find_comment", Commented("c-9"))
    hand.run()
    assert (network.asked["comment"], wish_of(stand).remote_id) == ([], "c-9")


@pytest.mark.parametrize("answer", ["there", "again", "left_out"])
def test_where_nobody_can_tell_a_person_is_asked(
    stand: Stand, hand: Hand, network: Played, planned: int, answer: str
) -> None:
    network.answer("comment", LOST)
    network.answer("find_comment", *[Commented()] * (first_comment.LOOKS_MOST + 1))
    hand.run_to(planned, Status.PUBLISHED)
    hand.run(within=30 * 3600)
    wish = wish_of(stand)
    assert (wish.by_hand, wish.tried_at is not None, wish.ended_at) == (True, True, None)
    assert len(network.asked["comment"]) == 1
    acts = {
        "there": wishes.comment_there, "again": wishes.comment_again, "left_out": wishes.comment_left_out,
    }  # fmt: skip
    with stand.database.writes() as session:
        acts[answer](session, stand.writer, planned)
    hand.run()
    assert len(network.asked["comment"]) == (2 if answer == "again" else 1)
    assert (wish_of(stand).done, wish_of(stand).ended_at is not None) == (answer != "left_out", True)
    with pytest.raises(Conflict), stand.database.writes() as session:
        wishes.comment_again(session, stand.writer, planned)


@pytest.mark.parametrize("first", [LOST, Rejected(Reason.CONTENT_REFUSED)], ids=["lost", "refused"])
def test_that_it_is_not_there_is_believed_for_the_tries_before_alone(
    stand: Stand, hand: Hand, network: Played, planned: int, first: ConnectorFailure
) -> None:
    """Where nobody tells whose a comment is, each lost answer is asked about: it may be there since."""
    network.answer("comment", first, LOST)
    network.answer("find_comment", *[Commented()] * 40)
    hand.run_to(planned, Status.PUBLISHED)
    hand.run(within=30 * 3600)
    with stand.database.writes() as session:
        wishes.comment_again(session, stand.writer, planned)
    hand.run(within=30 * 3600)
    assert len(network.asked["comment"]) == 2
    assert (wish_of(stand).by_hand, wish_of(stand).tried_at is not None) == (True, True)


def test_refused_it_is_a_persons_task(stand: Stand, hand: Hand, network: Played, planned: int) -> None:
    network.answer("comment", RetryLater(Reason.NETWORK_DOWN), Rejected(Reason.CONTENT_REFUSED))
    hand.run_to(planned, Status.PUBLISHED)
    hand.run()
    wish = wish_of(stand)
    assert (wish.by_hand, wish.tried_at, wish.reason) == (True, None, Reason.CONTENT_REFUSED)
    assert network.asked["find_comment"] == []


@pytest.mark.parametrize("verb", [publications.hold, publications.cancel])
def test_what_does_not_go_out_gets_none(
    stand: Stand, hand: Hand, network: Played, planned: int, verb: object
) -> None:
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        assert callable(verb)
        verb(session, stand.writer, planned)
    hand.run()
    with stand.database.reads() as session:
        assert session.scalars(select(PublicationWish)).all() == []
    assert network.asked["comment"] == []


def test_below_what_is_taken_down_nothing_is_written(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    hand.run_to(planned, Status.PUBLISHED)
    with stand.database.writes() as session:
        wishes.taken_down(session, stand.writer, planned)
    hand.run()
    assert (network.asked["comment"], wish_of(stand).done) == ([], False)
    assert wish_of(stand).ended_at is not None


def test_after_a_person_said_that_the_post_is_there_it_is_looked_for_first(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    hand.run_to(planned, Status.STAGED)
    with stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == planned).values(status=Status.UNSURE))
        publications.settle(session, stand.writer, planned, publications.SettleInput(public=True))
    network.answer("find_comment", Commented("c-9"))
    hand.run()
    assert (network.asked["comment"], wish_of(stand).done) == ([], True)


def test_a_copy_writes_none_that_the_original_may_have_written(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    hand.run_to(planned, Status.PUBLISHED)
    with stand.database.writes() as session:
        comments.doubt_all(session, clock.now())
    network.answer("find_comment", Commented("c-9"))
    hand.run()
    assert (network.asked["comment"], wish_of(stand).done) == ([], True)


def test_what_the_network_shows_itself_is_looked_at_and_never_shown_again(
    stand: Stand, hand: Hand, network: Played, planned: int
) -> None:
    network.answer("show", NotYet(Reason.PREPARING))
    network.answer("look", Look(Seen.HIDDEN), *[Look(Seen.HIDDEN), NotYet(Reason.PREPARING)] * 2)
    network.answer("look", Look(Seen.LIVE, Receipt("made-1", "https://example.org/1")))
    hand.run_to(planned, Status.PUBLISHING)
    between = stand.read(planned)
    assert (between.status, between.reason) == (Status.PUBLISHING, Reason.PREPARING)
    assert hand.run_to(planned, Status.PUBLISHED, Status.UNSURE).status is Status.PUBLISHED
    assert len(network.asked["show"]) == 1
    hand.run()
    assert (network.asked["comment"], network.asked["find_comment"]) == ([ASKED], [])


@pytest.mark.parametrize(
    ("told", "status"),
    [(Rejected(Reason.REFUSED), Status.REJECTED), (Look(Seen.GONE), Status.UNSURE)],
)
def test_what_the_network_took_and_did_not_make_public(
    stand: Stand, hand: Hand, network: Played, planned: int, told: object, status: Status
) -> None:
    network.answer("show", NotYet(Reason.PREPARING))
    network.answer("look", Look(Seen.HIDDEN), told)
    hand.run_to(planned, Status.PUBLISHING)
    hand.step()
    assert stand.read(planned).status is status
    with pytest.raises(Conflict), stand.database.writes() as session:
        tasks.done(session, stand.writer, planned)
    assert timedelta(0) <= clock.now() - stand.read(planned).due_at < timedelta(minutes=5)
