"""What two people, two copies of the database, or a person and the clock do to one post at the same time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import posts, publications, reviews, wishes
from app.connectors.contract import Access, Outgoing, Staged
from app.connectors.failures import RetryLater
from app.domain.posts import Tone
from app.domain.publications import Status, Wish
from app.errands import fetch, lend
from app.errands.ground import Line, line_to
from app.foundation import clock
from app.models.assets import Lending
from app.models.publications import Publication
from app.models.wishes import PublicationWish
from tests.support.stand import Hand, Shot, Stand, add_profile

ONE = (Shot("A cat asleep on the newspapers"),)


def _line(stand: Stand, channel_id: int) -> Line:
    with stand.database.reads() as session:
        return line_to(session, stand.ground, channel_id)


def _to(stand: Stand, publication_id: int, **values: object) -> None:
    with stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == publication_id).values(**values))


@pytest.mark.parametrize("by", ["release", "now"])
def test_what_another_copy_has_shown_is_not_shown_again(stand: Stand, hand: Hand, by: str) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(second_publish="second_post")
    publication_id = stand.plan_pictures(channel_id, "Once", ONE)
    staged = hand.run_to(publication_id, Status.STAGED)
    with stand.database.writes() as session:
        publications.hold(session, stand.writer, publication_id)
    line = _line(stand, channel_id)
    line.network.show(line.access, Staged(staged.remote_id))
    hand.later(900 if by == "release" else 7200)
    with stand.database.writes() as session:
        publications.release(session, stand.writer, publication_id)
    if by == "now":
        with stand.database.writes() as session:
            publications.publish_now(session, stand.writer, publication_id)
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    done = stand.read(publication_id)
    assert (done.status, bool(done.permalink), done.step_at) == (Status.PUBLISHED, True, None)
    assert len(stand.seen(profile)) == 1


@pytest.mark.parametrize("where", ["page", "profile"])
@pytest.mark.parametrize("was_shown", [True, False])
def test_a_backup_of_days_ago_shows_nothing_twice(
    stand: Stand, hand: Hand, where: str, was_shown: bool
) -> None:
    """Laid ready, shown after the backup was made, and two days later planned anew from the backup."""
    channel_id, place = add_profile(stand) if where == "profile" else (stand.channel_id, stand.page)
    publication_id = stand.plan_pictures(channel_id, "Once", ONE)
    staged = hand.run_to(publication_id, Status.STAGED)
    with stand.database.writes() as session:
        publications.hold(session, stand.writer, publication_id)
    if was_shown:
        line = _line(stand, channel_id)
        line.network.show(line.access, Staged(staged.remote_id))
    hand.later(2 * 86400)
    with stand.database.writes() as session:
        publications.release(session, stand.writer, publication_id)
    with stand.database.writes() as session:
        publications.publish_now(session, stand.writer, publication_id)
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    assert len(stand.seen(place)) == 1
    again = stand.read(publication_id).remote_id
    assert where == "profile" or (again == staged.remote_id) == was_shown


def test_what_a_person_saw_on_the_profile_is_found_by_its_words(stand: Stand, hand: Hand) -> None:
    channel_id, _profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Once", ONE)
    staged = hand.run_to(publication_id, Status.STAGED)
    line = _line(stand, channel_id)
    line.network.show(line.access, Staged(staged.remote_id))
    _to(
        stand,
        publication_id,
        status=Status.UNSURE,
        shown_at=clock.now(),
        step_at=clock.now() + timedelta(hours=1),
    )
    with stand.database.writes() as session:
        publications.settle(session, stand.writer, publication_id, publications.SettleInput(public=True))
    hand.run()
    stand.practice.forward(days=7)
    fetch.read_now(stand.ground, channel_id, publication_id)
    assert stand.read(publication_id).status is Status.PUBLISHED
    with stand.database.writes() as session:
        wishes.remove(session, stand.writer, publication_id)
    hand.run()
    assert stand.read(publication_id).status is Status.REMOVED
    assert [row["event"] for row in stand.practice.public_log()] == ["appeared", "disappeared"]


def test_an_edit_while_it_is_on_its_way_never_goes_out_unread(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Approved words")
    hand.run_to(publication_id, Status.STAGED)
    _to(stand, publication_id, status=Status.PUBLISHING, step_at=None)
    with stand.database.writes() as session:
        data = posts.PostEdit(revision=1, title="x", tone=Tone.HUMAN, text="Nobody said yes to this")
        posts.edit(session, stand.writer, stand.read(publication_id).post_id, data)
    # The network said "not now" to the showing.
    _to(stand, publication_id, status=Status.STAGED, step_at=clock.now() + timedelta(seconds=100))
    with stand.database.writes() as session:
        later = publications.MoveInput(due_at=clock.now() + timedelta(hours=1))
        publications.move(session, stand.writer, publication_id, later)
    hand.run_to(publication_id, Status.PUBLISHED)
    assert stand.public() == ["Approved words"]


def test_what_was_edited_while_it_was_held_goes_out_as_approved_last(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("First words")
    hand.run_to(publication_id, Status.STAGED)
    with stand.database.writes() as session:
        publications.hold(session, stand.writer, publication_id)
    with stand.database.writes() as session:
        post_id = stand.read(publication_id).post_id
        data = posts.PostEdit(revision=1, title="x", tone=Tone.HUMAN, text="Second words")
        posts.edit(session, stand.writer, post_id, data)
        posts.submit(session, stand.writer, post_id)
        reviews.approve(session, stand.approver, post_id, reviews.Approval(revision=2))
        publications.release(session, stand.writer, publication_id)
    hand.run_to(publication_id, Status.PUBLISHED)
    assert stand.public() == ["Second words"]


def test_what_was_found_gone_leaves_nothing_to_do(stand: Stand, hand: Hand) -> None:
    channel_id, _profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "How it went", ONE)
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    with stand.database.writes() as session:
        wishes.remove(session, stand.writer, publication_id)
    stand.practice.ask(f"media/{stand.read(publication_id).remote_id}", method="DELETE")
    stand.practice.forward(days=7)
    fetch.read_now(stand.ground, channel_id, publication_id)
    found = stand.read(publication_id)
    assert (found.status, found.step_at) == (Status.REMOVED, None)
    assert [(wish.kind, wish.done) for wish in _wishes(stand)] == [(Wish.REMOVE, True)]


@pytest.mark.parametrize("fault", ["blocked", "code_2", None])
def test_taken_down_while_a_correction_is_under_way(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch, fault: str | None
) -> None:
    publication_id = stand.plan("We open at nien")
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    _correct(stand, publication_id)
    network = stand.ground.networks(_line(stand, stand.channel_id).network.profile.kind)
    asked: list[int] = []
    correct = network.correct

    def meanwhile(access: Access, remote_id: str, text: str) -> None:
        if not asked:
            asked.append(1)
            with stand.database.writes() as session:
                wishes.remove(session, stand.writer, publication_id)
        correct(access, remote_id, text)

    monkeypatch.setattr(network, "correct", meanwhile)
    if fault:
        stand.practice.script(fault, calls="edit")
    hand.run()
    assert stand.read(publication_id).status is Status.REMOVED
    assert stand.practice.public_log()[-1]["event"] == "disappeared"
    assert all(wish.ended_at for wish in _wishes(stand))


def _correct(stand: Stand, publication_id: int) -> None:
    with stand.database.writes() as session:
        post_id = session.get_one(Publication, publication_id).post_id
        data = posts.PostEdit(revision=1, title="Opening", tone=Tone.HUMAN, text="We open at nine")
        posts.edit(session, stand.writer, post_id, data)
        posts.submit(session, stand.writer, post_id)
        reviews.approve(session, stand.approver, post_id, reviews.Approval(revision=2))
        wishes.correct(session, stand.writer, publication_id)


def _wishes(stand: Stand) -> list[PublicationWish]:
    with stand.database.reads() as session:
        return list(session.scalars(select(PublicationWish).order_by(PublicationWish.id)))


def _lent(session: Session) -> list[bool]:
    return [row.revoked_at is None for row in session.scalars(select(Lending))]


@pytest.mark.parametrize("how", ["hold", "cancel", "edit", "remove"])
def test_nobody_fetches_the_pictures_of_what_was_stopped(stand: Stand, hand: Hand, how: str) -> None:
    channel_id, _profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Not now", ONE)
    hand.run_to(publication_id, Status.PUBLISHED if how == "remove" else Status.STAGED)
    with stand.database.writes() as session:
        assert _lent(session) == [True]
        if how == "edit":
            data = posts.PostEdit(revision=1, title="x", tone=Tone.HUMAN, text="Other words")
            posts.edit(session, stand.writer, stand.read(publication_id).post_id, data)
        else:
            act = {"hold": publications.hold, "cancel": publications.cancel, "remove": wishes.remove}[how]
            act(session, stand.writer, publication_id)
        session.flush()
        assert _lent(session) == [False]
    if how != "remove":
        with pytest.raises(RetryLater):
            lend.lend(stand.ground, publication_id, None, "0" * 64, "cut")


def test_held_while_it_is_laid_ready_lends_nothing_more(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel_id, _profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Not now", ONE)
    network = _line(stand, channel_id).network
    stage = network.stage

    def meanwhile(access: Access, outgoing: Outgoing, saved: object, remember: object) -> Staged:
        with stand.database.writes() as session:
            publications.hold(session, stand.writer, publication_id)
        return stage(access, outgoing, saved, remember)  # type: ignore[arg-type]

    monkeypatch.setattr(network, "stage", meanwhile)
    hand.step()
    assert stand.read(publication_id).status is Status.HELD
    with stand.database.reads() as session:
        assert not any(_lent(session))
