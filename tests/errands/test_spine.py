"""One post's way to the public, with everything that can go wrong on it. Judged by what the public saw."""

import pytest

from app.actions import publications
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands import leases
from app.errands.discard import discard, leftovers
from app.errands.ground import line_to
from app.foundation import clock
from tests.support.stand import Hand, Stand
from tests.support.waiting import comes


def test_out_once_at_its_time(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Good morning")
    assert hand.run_to(publication_id, Status.STAGED).status is Status.STAGED
    assert stand.public() == []
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert done.status is Status.PUBLISHED
    assert done.permalink
    assert done.published_at is not None
    assert 0 <= (done.published_at - done.due_at).total_seconds() < 20  # of work: time is moved to its second
    assert stand.public() == ["Good morning"]


LOST = ["code_2", "code_1_99", "http_502", "closed", "timeout"]


@pytest.mark.parametrize("moment", ["before", "after", "late"])
@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("calls", ["show", "create"])
def test_a_lost_answer_neither_doubles_nor_loses(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch, fault: str, moment: str, calls: str
) -> None:
    publication_id = stand.plan("Once and only once")
    if fault == "timeout" or moment == "late":
        _waits_a_moment_only(stand, "show" if calls == "show" else "stage", monkeypatch)
    stand.practice.script(fault, calls=calls, moment=moment, seconds=1)
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert done.status is Status.PUBLISHED
    assert comes(lambda: _has_ended(stand, f"{fault} ({moment})"), every=0.1)  # it is done late after all
    assert stand.public() == ["Once and only once"]


def _waits_a_moment_only(stand: Stand, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first staging or showing has less patience than the network needs, all other calls have enough."""
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    timeouts, work = network._graph._wire._timeouts, getattr(network, name)  # type: ignore[attr-defined]

    def once(*given: object) -> object:
        monkeypatch.setattr(network, name, work)
        with monkeypatch.context() as meanwhile:
            meanwhile.setitem(timeouts, "read", 0.3)
            return work(*given)

    monkeypatch.setattr(network, name, once)


def _has_ended(stand: Stand, fault: str) -> bool:
    return fault in {row["fault"] for row in stand.practice.transcript(page=stand.page)}


@pytest.mark.parametrize("answer", ["success", "error_100", "error_1_no_change"])
def test_shown_by_a_colleague_meanwhile(stand: Stand, hand: Hand, answer: str) -> None:
    stand.practice.switches(show_answer=answer)
    publication_id = stand.plan("Early bird")
    hand.run_to(publication_id, Status.STAGED)
    staged = stand.read(publication_id)
    stand.practice.http.post(
        f"{stand.practice.url}/v25.0/{staged.remote_id}",
        data={"is_published": "true", "access_token": stand.practice.page_token(stand.page)},
    )
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.public() == ["Early bird"]


def test_deleted_while_hidden_is_laid_ready_anew(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Deleted by mistake")
    hand.run_to(publication_id, Status.STAGED)
    first = stand.read(publication_id).remote_id
    _delete(stand, first)
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert done.remote_id != first
    assert stand.public() == ["Deleted by mistake"]


def test_gone_after_a_lost_answer_asks_and_is_never_made_anew(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Removed on purpose")
    hand.run_to(publication_id, Status.STAGED)
    stand.practice.script("closed", calls="show", moment="after")
    _show_then_delete(stand, hand)
    asked = stand.read(publication_id)
    assert asked.status is Status.UNSURE
    assert asked.reason == "post_gone"
    with stand.database.writes() as session:
        publications.settle(session, stand.writer, publication_id, publications.SettleInput(public=False))
    done = hand.run_to(publication_id, Status.REJECTED)
    assert done.status is Status.REJECTED
    assert stand.public() == ["Removed on purpose"]


def test_a_person_says_yes(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("I can see it")
    hand.run_to(publication_id, Status.STAGED)
    stand.practice.script("closed", calls="show", moment="after")
    _show_then_delete(stand, hand)
    with stand.database.writes() as session:
        answer = publications.SettleInput(public=True, link="https://example.org/post")
        publications.settle(session, stand.writer, publication_id, answer)
    done = stand.read(publication_id)
    assert (done.status, done.permalink) == (Status.PUBLISHED, "https://example.org/post")


def test_too_late_is_missed_and_stays(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Yesterday's news", lateness=10)
    hand.run_to(publication_id, Status.STAGED)
    hand.later(3600)
    assert hand.run_to(publication_id, Status.MISSED).status is Status.MISSED
    hand.run()
    assert stand.public() == []


def test_missed_and_sent_out_by_a_person(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Better late", lateness=10)
    hand.later(3600)
    hand.run_to(publication_id, Status.MISSED)
    with stand.database.writes() as session:
        publications.publish_now(session, stand.writer, publication_id)
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.public() == ["Better late"]


def test_a_dead_sign_in_holds_and_says_so(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("No password")
    hand.run_to(publication_id, Status.STAGED)
    stand.practice.switches(token_error="460")
    held = hand.run_to(publication_id, Status.HELD)
    assert (held.status, held.reason) == (Status.HELD, "password_changed")
    assert stand.public() == []


def test_a_rate_limit_waits_and_goes_on(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Slowly")
    hand.run_to(publication_id, Status.STAGED)
    stand.practice.switches(usage_percent=100, regain_minutes=5)
    hand.run(steps=2)
    assert stand.read(publication_id).status is Status.STAGED
    stand.practice.switches(usage_percent=1)
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.public() == ["Slowly"]


def test_where_nobody_may_post_for_a_while_everything_stands_still(stand: Stand, hand: Hand) -> None:
    """It is asked once, not for each of them; whoever releases one lets the channel be tried again."""
    publication_id, later = stand.plan("Blocked"), stand.plan("Blocked too", due_in=600)
    stand.practice.switches(blocked=True)
    done = hand.run_to(publication_id, Status.HELD)
    assert (done.status, done.reason) == (Status.HELD, "blocked_for_now")
    assert stand.read(later).status is Status.HELD
    hand.run()
    assert len(stand.practice.transcript(call="create")) == 1
    stand.practice.switches(blocked=False)
    with stand.database.writes() as session:
        publications.release(session, stand.writer, later)
    hand.run_to(later, Status.PUBLISHED)
    assert stand.public() == ["Blocked too"]


def test_killed_between_the_answer_and_the_commit(stand: Stand, hand: Hand) -> None:
    """The process dies after the network accepted: the row says publishing, and a new run looks."""
    publication_id = stand.plan("Written down too late")
    hand.run_to(publication_id, Status.STAGED)
    hand.run_to(publication_id, Status.STAGED)
    _die_while_showing(stand, hand)
    assert stand.read(publication_id).status is Status.PUBLISHING
    again = Hand(stand, hand._traveller)
    assert again.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.public() == ["Written down too late"]
    leases.end(stand.database, again.life)


def test_hold_and_release(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Wait a little")
    hand.run_to(publication_id, Status.STAGED)
    with stand.database.writes() as session:
        publications.hold(session, stand.writer, publication_id, "the storm")
    hand.run()
    assert stand.read(publication_id).status is Status.HELD
    with stand.database.writes() as session:
        publications.release(session, stand.writer, publication_id)
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert done.status is Status.PUBLISHED
    assert stand.public() == ["Wait a little"]


def test_cancelled_is_deleted_at_the_network(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan("Never mind")
    hand.run_to(publication_id, Status.STAGED)
    with stand.database.writes() as session:
        publications.cancel(session, stand.writer, publication_id)
    hand.run()
    found = leftovers(stand.ground, clock.now())
    assert len(found) == 1
    with stand.database.reads() as session:
        line = line_to(session, stand.ground, stand.channel_id)
    discard(stand.ground, line, hand.life.leases[stand.channel_id], found[0])
    assert leftovers(stand.ground, clock.now()) == []
    assert [
        post for post in stand.practice.state()["posts"] if not post.get("deleted")
    ] == [] or stand.public() == []


def _delete(stand: Stand, remote_id: str) -> None:
    stand.practice.http.delete(
        f"{stand.practice.url}/v25.0/{remote_id}",
        params={"access_token": stand.practice.page_token(stand.page)},
    )


def _show_then_delete(stand: Stand, hand: Hand) -> None:
    """The showing is carried out, its answer lost, and a colleague deletes the post before our look."""
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    look = network.look

    def delete_first(access, staged):  # type: ignore[no-untyped-def]
        _delete(stand, staged.remote_id)
        return look(access, staged)

    hand.step()
    network.look = delete_first  # type: ignore[method-assign]
    hand.step()
    network.look = look  # type: ignore[method-assign]


def _die_while_showing(stand: Stand, hand: Hand) -> None:
    network = stand.ground.networks(NetworkKind.FACEBOOK)
    show = network.show

    def show_and_die(access, staged):  # type: ignore[no-untyped-def]
        show(access, staged)
        raise KeyboardInterrupt

    network.show = show_and_die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        hand.run(steps=5)
    network.show = show  # type: ignore[method-assign]
    if hand.life.lock is not None:
        hand.life.lock.close()


def _alive(stand: Stand) -> list[str]:
    """The posts of our Page that were not deleted, hidden ones too."""
    answer = stand.practice.http.get(
        f"{stand.practice.url}/v25.0/{stand.page}/feed",
        params={"access_token": stand.practice.page_token(stand.page), "fields": "id"},
    )
    return [row["id"] for row in answer.json()["data"]]
