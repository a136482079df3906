"""Looks at Instagram: before a showing and after one in doubt, ours told from others' and never guessed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.connectors.contract import Staged
from app.connectors.failures import RateLimited, Reconnect, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import Seen
from tests.connectors.fake_graph import SERVER_NOW, answers, error, lost, ok
from tests.connectors.fake_instagram import (
    TEXT,
    FakeInstagram,
    access,
    laid_ready,
    look,
    publish_and_lose,
    shown,
)


class TestBefore:
    """Looks at what was never shown."""

    def test_it_is_hidden_and_what_is_public_now_is_known(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        colleague = server.post(TEXT)
        told = look(server, staged)
        assert (told.seen, told.known) == (Seen.HIDDEN, (colleague,))

    def test_a_full_quota_is_told(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.quota = (50, 50)
        with pytest.raises(RateLimited) as caught:
            look(server, staged)
        assert caught.value.reason == Reason.QUOTA_USED

    def test_a_list_that_is_not_told_leaves_what_was_known(self) -> None:
        server = FakeInstagram()
        server.post("older")
        staged = laid_ready(server)
        go_on = [lambda carry_out: carry_out()]
        server.faults = go_on * 2 + [lost(False)]
        told = look(server, staged)
        assert (told.seen, told.known) == (Seen.HIDDEN, staged.known)

    @pytest.mark.parametrize(
        ("state", "seen"),
        [("ERROR", Seen.GONE), ("EXPIRED", Seen.GONE), ("IN_PROGRESS", Seen.UNKNOWN), ("NEW", Seen.UNKNOWN)],
    )
    def test_other_states(self, state: str, seen: Seen) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.containers[staged.remote_id]["state"] = state
        assert look(server, staged).seen is seen

    def test_not_seen_is_believed_when_it_is_said_twice(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.faults = [answers(error(100, 33))]
        assert look(server, staged).seen is Seen.HIDDEN
        server.faults = [answers(error(100, 33))] * 2
        assert look(server, staged).seen is Seen.GONE

    def test_what_came_out_by_other_means_is_live(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.instagram().show(access(), staged)
        told = look(server, staged)
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert told.receipt.permalink


class TestAfter:
    """Looks after a showing in doubt."""

    def test_published_is_live_with_the_id_that_came_out_of_it(self) -> None:
        server = FakeInstagram()
        server.post("older")
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        told = look(server, shown(staged))
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert (told.receipt.remote_id, told.receipt.network_at) == ("18010002", SERVER_NOW)

    def test_published_but_not_listed_yet_is_live_and_found_later(self) -> None:
        server = FakeInstagram(list_lag=1)
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        server.list_lag = 1
        told = look(server, shown(staged))
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert told.receipt.remote_id == ""
        found = server.instagram().find(access(), shown(staged), "")
        assert found is not None
        assert found.remote_id == "18010001"

    def test_when_the_containers_state_lags_the_public_list_tells(self) -> None:
        server = FakeInstagram(status_lag=5)
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        assert look(server, shown(staged)).seen is Seen.LIVE

    def test_when_both_lag_it_looks_hidden_and_what_was_known_stays(self) -> None:
        server = FakeInstagram()
        server.post("older")
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        server.status_lag, server.list_lag = 1, 1
        first = look(server, shown(staged))
        assert (first.seen, first.known) == (Seen.HIDDEN, staged.known)
        assert look(server, shown(staged)).seen is Seen.LIVE

    def test_not_published_is_hidden(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.faults = [lost(False)]
        with pytest.raises(Unsure):
            server.instagram().show(access(), staged)
        assert look(server, shown(staged)).seen is Seen.HIDDEN
        assert server.media == {}

    @pytest.mark.parametrize("made", [-timedelta(minutes=5), timedelta(0)])
    def test_what_was_known_or_made_before_is_not_ours(self, made: timedelta) -> None:
        server = FakeInstagram()
        if made == timedelta(0):
            server.post(TEXT)
        staged = laid_ready(server)
        if made < timedelta(0):
            server.post(TEXT, made=made)
        assert look(server, shown(staged)).seen is Seen.HIDDEN

    def test_what_is_another_publications_is_not_ours(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        other = server.post(TEXT)
        assert look(server, replace(shown(staged), taken=frozenset({other}))).seen is Seen.HIDDEN

    def test_other_words_are_not_ours_and_other_spaces_are(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server, "Ka\u0308y  kirjastossa\r\nhuomenna ")
        server.post("Something else")
        assert look(server, shown(staged)).seen is Seen.HIDDEN
        server.post("K\u00e4y kirjastossa\nhuomenna")
        assert look(server, shown(staged)).seen is Seen.LIVE

    def test_several_that_fit_are_told_apart_by_nobody(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.post(TEXT)
        server.post(TEXT)
        assert look(server, shown(staged)).seen is Seen.UNKNOWN
        assert server.instagram().find(access(), shown(staged), "") is None
        server.containers[staged.remote_id]["state"] = "PUBLISHED"
        told = look(server, shown(staged))
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert told.receipt.remote_id == ""

    def test_without_words_nothing_is_recognised(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server, "")
        assert look(server, shown(staged)).seen is Seen.HIDDEN
        server.post("")
        assert look(server, shown(staged)).seen is Seen.UNKNOWN

    def test_ours_may_stand_anywhere_in_the_list(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        later = [server.post(f"later {number}") for number in range(3)]
        assert look(server, shown(staged)).receipt is not None
        assert later[-1] != getattr(look(server, shown(staged)).receipt, "remote_id", None)

    @pytest.mark.parametrize("state", ["ERROR", "EXPIRED"])
    def test_a_dead_container_whose_post_is_public_is_live_else_gone(self, state: str) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.containers[staged.remote_id]["state"] = state
        assert look(server, shown(staged)).seen is Seen.GONE
        server.post(TEXT)
        assert look(server, shown(staged)).seen is Seen.LIVE

    def test_not_seen_tells_nothing_after_a_showing(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.faults = [answers(error(100, 33))] * 2
        assert look(server, shown(staged)).seen is Seen.UNKNOWN

    def test_a_list_that_is_not_told_leaves_it_unknown(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.faults = [lambda carry_out: carry_out(), lost(False)]
        assert look(server, shown(staged)).seen is Seen.UNKNOWN

    def test_published_is_live_though_the_list_is_not_told(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        server.faults = [lambda carry_out: carry_out(), answers(error(4))]
        told = look(server, shown(staged))
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert told.receipt.remote_id == ""

    @pytest.mark.parametrize("second", ["error", "same", "again"])
    def test_whoever_looks_first_never_makes_a_second(self, second: str) -> None:
        server = FakeInstagram(second=second)
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        if look(server, shown(staged)).seen is Seen.HIDDEN:
            server.instagram().show(access(), staged)
        assert len(server.media) == 1

    def test_a_short_or_empty_page_is_not_the_end(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        publish_and_lose(server, staged)
        empty = {"data": [], "paging": {"next": "http://x/?access_token=t", "cursors": {"after": "c1"}}}
        server.faults = [lambda carry_out: carry_out(), answers(ok(empty))]
        assert look(server, shown(staged)).receipt is not None
        assert server.calls[-1].params["after"] == "c1"

    def test_odd_rows_do_no_harm(self) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        rows = {
            "data": ["?", {"id": "1", "caption": TEXT}, {"id": "2", "caption": TEXT, "timestamp": "soon"}]
        }
        server.faults = [lambda carry_out: carry_out(), answers(ok(rows))]
        assert look(server, shown(staged)).seen is Seen.HIDDEN


@pytest.mark.parametrize(("code", "failure"), [(190, Reconnect), (200, Reconnect), (80002, RateLimited)])
def test_a_look_that_is_not_allowed_raises(code: int, failure: type[Exception]) -> None:
    server = FakeInstagram()
    staged = laid_ready(server)
    server.faults = [answers(error(code))]
    with pytest.raises(failure):
        look(server, staged)


class TestFinding:
    """The address of what is public."""

    def test_a_known_id_is_read(self) -> None:
        server = FakeInstagram()
        remote_id = server.post(TEXT)
        found = server.instagram().find(access(), Staged("1"), remote_id)
        assert found is not None
        assert found.permalink == f"http://ig.test/p/{remote_id}"

    def test_one_that_is_not_there_is_none_and_trouble_is_raised(self) -> None:
        server = FakeInstagram()
        assert server.instagram().find(access(), Staged("1"), "404") is None
        server.faults = [lost(False)]
        with pytest.raises(RetryLater):
            server.instagram().find(access(), Staged("1"), "404")
