"""Publishing on a Facebook page: hidden first, shown by one call, orphans adopted, nothing made twice."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.connectors.contract import Outgoing, Saved, Staged
from app.connectors.failures import RateLimited, Reconnect, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind, Seen
from tests.connectors.fake_graph import (
    PAGE,
    SERVER_NOW,
    FakeGraph,
    Memory,
    access,
    answers,
    done_but,
    error,
    lost,
    ok,
)

TEXT = "Behind the desk: Aino repairs books"
HIDDEN, PUBLIC = RemoteKind.HIDDEN_POST, RemoteKind.PUBLIC_POST


def outgoing(
    since: timedelta | None = None, taken: frozenset[str] = frozenset(), text: str = TEXT
) -> Outgoing:
    """`since`: before now, by our clock (the server's may be elsewhere)."""
    asked_at = datetime.now(UTC) - since if since is not None else None
    return Outgoing(text, "", unanswered_since=asked_at, taken=taken)


def stage(
    server: FakeGraph, what: Outgoing | None = None, saved: tuple[Saved, ...] = ()
) -> tuple[Staged, Memory]:
    memory = Memory()
    return server.facebook().stage(access(), what or outgoing(), saved, memory), memory


def test_a_new_post_is_made_hidden_and_its_id_remembered_at_once() -> None:
    server = FakeGraph()
    what = Outgoing(TEXT, "https://library.example/books")
    staged, memory = stage(server, what)
    assert memory.ids == [(HIDDEN, staged.remote_id)]
    assert server.published() == []
    sent = server.calls[0].params
    assert (sent["message"], sent["link"], sent["published"]) == (TEXT, what.link, "false")


def test_showing_is_one_call() -> None:
    server = FakeGraph()
    staged = Staged(server.add(TEXT, published=False), "http://fb.test/x")
    receipt = server.facebook().show(access(), staged)
    assert server.paths() == [f"POST {staged.remote_id}"]
    assert (receipt.remote_id, receipt.permalink, receipt.network_at) == (
        staged.remote_id,
        "http://fb.test/x",
        SERVER_NOW,
    )
    assert len(server.published()) == 1


@pytest.mark.parametrize(
    "fault",
    [lost(True), done_but(error(2, status=500)), done_but(error(1, 99)), answers(ok({"success": False}))],
)
def test_a_visible_call_without_a_clear_answer_is_unsure(fault: object) -> None:
    server = FakeGraph()
    staged = Staged(server.add(TEXT, published=False))
    server.faults = [fault]  # type: ignore[list-item]
    with pytest.raises(Unsure):
        server.facebook().show(access(), staged)


def test_a_look_tells_live_hidden_and_gone() -> None:
    server = FakeGraph()
    live, hidden = server.add(TEXT, published=True), server.add(TEXT, published=False)
    look = server.facebook().look
    seen = look(access(), Staged(live))
    assert seen.seen is Seen.LIVE
    assert seen.receipt is not None
    assert (seen.receipt.permalink, seen.receipt.network_at) == (f"http://fb.test/{live}", SERVER_NOW)
    assert look(access(), Staged(hidden)).seen is Seen.HIDDEN
    assert look(access(), Staged("1001_404")).seen is Seen.GONE


@pytest.mark.parametrize(
    "fault", [lost(False), answers(error(2)), answers(error(100)), answers(ok({"id": "1"}))]
)
def test_a_look_that_learns_nothing_says_unknown(fault: object) -> None:
    server = FakeGraph(faults=[fault])  # type: ignore[list-item]
    assert server.facebook().look(access(), Staged("1001_1")).seen is Seen.UNKNOWN


@pytest.mark.parametrize(("code", "failure"), [(190, Reconnect), (200, Reconnect), (80001, RateLimited)])
def test_a_look_that_is_not_allowed_raises(code: int, failure: type[Exception]) -> None:
    server = FakeGraph(faults=[answers(error(code))])
    with pytest.raises(failure):
        server.facebook().look(access(), Staged("1001_1"))


def test_discarding_deletes_only_what_is_hidden() -> None:
    server = FakeGraph()
    live, hidden = server.add(TEXT, published=True), server.add(TEXT, published=False)
    discard = server.facebook().discard
    assert discard(access(), Staged(hidden)).seen is Seen.GONE
    assert discard(access(), Staged(live)).seen is Seen.LIVE
    assert discard(access(), Staged("1001_404")).seen is Seen.GONE
    assert list(server.posts) == [live]


def test_discarding_what_cannot_be_seen_now_deletes_nothing() -> None:
    server = FakeGraph()
    hidden = server.add(TEXT, published=False)
    server.faults = [lost(False)]
    assert server.facebook().discard(access(), Staged(hidden)).seen is Seen.UNKNOWN
    assert hidden in server.posts


def test_a_lost_delete_is_unsure() -> None:
    server = FakeGraph()
    hidden = server.add(TEXT, published=False)
    server.faults = [answers(ok(server.posts[hidden])), lost(True)]
    with pytest.raises(Unsure):
        server.facebook().discard(access(), Staged(hidden))


class TestSaved:
    """Ids that we stored are looked at before anything is made."""

    def test_a_hidden_one_is_used(self) -> None:
        server = FakeGraph()
        old, new = server.add(TEXT, published=False), server.add(TEXT, published=False)
        staged, memory = stage(server, saved=(Saved(HIDDEN, old), Saved(HIDDEN, new)))
        assert staged.remote_id == new
        assert memory.ids == []
        assert len(server.posts) == 2

    def test_a_public_one_wins_even_when_it_is_older(self) -> None:
        server = FakeGraph()
        old, new = server.add(TEXT, published=True), server.add(TEXT, published=False)
        staged, _ = stage(server, saved=(Saved(HIDDEN, old), Saved(HIDDEN, new)))
        assert staged.remote_id == old

    def test_when_they_are_gone_a_new_one_is_made(self) -> None:
        server = FakeGraph()
        staged, memory = stage(server, saved=(Saved(HIDDEN, "1001_404"),))
        assert memory.ids == [(HIDDEN, staged.remote_id)]

    def test_what_was_public_and_is_gone_is_never_made_anew(self) -> None:
        server = FakeGraph()
        with pytest.raises(Unsure) as caught:
            stage(server, saved=(Saved(PUBLIC, "1001_404"),))
        assert caught.value.reason == Reason.POST_GONE
        assert server.posts == {}

    def test_when_nothing_is_told_nothing_is_made(self) -> None:
        server = FakeGraph(faults=[lost(False)])
        with pytest.raises(RetryLater):
            stage(server, saved=(Saved(HIDDEN, "1001_1"),))
        assert server.posts == {}


class TestLostStaging:
    """A hidden post whose answer was lost is found again, if exactly one can be meant."""

    def test_a_lost_answer_is_unsure_and_the_next_try_adopts_what_was_made(self) -> None:
        server = FakeGraph(faults=[lost(True)])
        with pytest.raises(Unsure):
            stage(server)
        staged, memory = stage(server, outgoing(timedelta(0)))
        assert list(server.posts) == [staged.remote_id]
        assert memory.ids == [(HIDDEN, staged.remote_id)]

    @pytest.mark.parametrize("fault", [done_but(error(2, status=500)), done_but(error(1, 99))])
    def test_trouble_may_have_made_it_as_well(self, fault: object) -> None:
        with pytest.raises(Unsure):
            stage(FakeGraph(faults=[fault]))  # type: ignore[list-item]

    def test_nothing_was_sent_means_try_again(self) -> None:
        with pytest.raises(RetryLater) as caught:
            stage(FakeGraph(faults=[lost(False, httpx.ConnectError)]))
        assert caught.value.reason == Reason.NETWORK_DOWN

    def test_several_that_fit_are_left_alone(self) -> None:
        server = FakeGraph()
        before = {server.add(TEXT, published=False), server.add(TEXT, published=False)}
        staged, _ = stage(server, outgoing(timedelta(0)))
        assert staged.remote_id not in before

    def test_older_other_and_taken_ones_are_left_alone(self) -> None:
        server = FakeGraph()
        older = server.add(TEXT, published=False, made=-timedelta(minutes=2))
        other = server.add("Another text", published=False)
        foreign = server.add(TEXT, published=False, application={"id": "78"})
        by_hand = server.add(TEXT, published=False, application=None)
        taken = server.add(TEXT, published=False)
        staged, _ = stage(server, outgoing(timedelta(minutes=1), frozenset({taken})))
        assert staged.remote_id not in {older, other, foreign, by_hand, taken}

    def test_one_that_came_out_public_is_adopted_rather_than_made_twice(self) -> None:
        server = FakeGraph()
        public = server.add(TEXT, published=True)
        assert stage(server, outgoing(timedelta(0)))[0].remote_id == public

    def test_a_link_alone_is_never_recognised(self) -> None:
        server = FakeGraph()
        before = server.add("", published=False)
        staged, _ = stage(server, Outgoing("", "https://a.example", unanswered_since=datetime.now(UTC)))
        assert staged.remote_id != before

    def test_a_list_that_cannot_be_read_makes_nothing(self) -> None:
        server = FakeGraph(faults=[lost(False)])
        with pytest.raises(RetryLater):
            stage(server, outgoing(timedelta(0)))
        assert server.posts == {}

    def test_the_list_is_followed_by_cursor(self) -> None:
        server = FakeGraph()
        orphan = server.add(TEXT, published=False)
        first = {"data": [], "paging": {"next": "http://x/?access_token=t", "cursors": {"after": "c1"}}}
        server.faults = [answers(ok(first))]
        assert stage(server, outgoing(timedelta(0)))[0].remote_id == orphan
        assert server.calls[1].params["after"] == "c1"


class TestRefusedStaging:
    """What Facebook says no to."""

    def test_a_duplicate_is_refused_at_the_first_try(self) -> None:
        with pytest.raises(Rejected) as caught:
            stage(FakeGraph(faults=[answers(error(506))]))
        assert caught.value.reason == Reason.DUPLICATE_TEXT

    def test_a_duplicate_after_a_lost_answer_is_tried_again(self) -> None:
        server = FakeGraph(faults=[answers(ok({"data": []})), answers(error(506))])
        with pytest.raises(RetryLater):
            stage(server, outgoing(timedelta(0)))

    def test_a_page_that_is_not_seen_asks_for_a_new_sign_in(self) -> None:
        with pytest.raises(Reconnect) as caught:
            stage(FakeGraph(faults=[answers(error(100, 33))]))
        assert caught.value.reason == Reason.PAGE_NOT_SEEN

    def test_an_answer_without_an_id_is_unsure(self) -> None:
        with pytest.raises(Unsure):
            stage(FakeGraph(faults=[answers(ok({"success": True}))]))

    def test_one_published_against_our_word_is_remembered(self) -> None:
        server = FakeGraph()
        post = server.posts[server.add(TEXT, published=True)]
        server.faults = [answers(ok(post))]
        staged, memory = stage(server)
        assert memory.ids == [(HIDDEN, staged.remote_id)]
        assert server.facebook().look(access(), staged).seen is Seen.LIVE


def test_the_page_in_the_address_is_the_channels() -> None:
    server = FakeGraph()
    stage(server)
    assert server.paths() == [f"POST {PAGE}/feed"]
