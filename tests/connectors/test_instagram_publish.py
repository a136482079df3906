"""Publishing at Instagram: one call of which only a clear "no" is believed; taking down; the proof."""

import httpx
import pytest

from app.connectors.contract import Staged
from app.connectors.failures import (
    ConnectorFailure,
    NotYet,
    RateLimited,
    Reconnect,
    Rejected,
    RetryLater,
    Unsure,
)
from app.connectors.reasons import Reason
from app.domain.networks import Seen
from tests.connectors.fake_graph import SERVER_NOW, answers, done_but, error, lost, ok, picture
from tests.connectors.fake_instagram import PROFILE_ID, TEXT, FakeInstagram, access, laid_ready


def test_showing_is_one_call_whose_answer_is_the_mediums_id() -> None:
    server = FakeInstagram()
    staged = laid_ready(server)
    server.calls.clear()
    receipt = server.instagram().show(access(), staged)
    assert server.paths() == [f"POST {PROFILE_ID}/media_publish"]
    assert server.calls[0].params["creation_id"] == staged.remote_id
    assert (receipt.remote_id, receipt.permalink, receipt.network_at) == ("18010001", "", SERVER_NOW)


@pytest.mark.parametrize(
    "fault",
    [
        lost(True),
        lost(True, httpx.RemoteProtocolError),
        done_but(error(-1, 2207085)),
        done_but(error(2, status=500)),
        done_but(error(1, 99)),
        answers(error(24, 2207008)),
        answers(error(24, 2207006)),
        answers(error(100, 33)),
        answers(error(100)),
        answers(error(9004, 2207052)),
        answers(error(190, 460, status=500)),
        answers(error(4242)),
        answers(ok({"success": True})),
        answers(httpx.Response(502)),
    ],
)
def test_all_but_a_clear_no_is_unsure(fault: object) -> None:
    server = FakeInstagram()
    staged = laid_ready(server)
    server.faults = [fault]  # type: ignore[list-item]
    with pytest.raises(Unsure):
        server.instagram().show(access(), staged)


@pytest.mark.parametrize(
    ("response", "failure", "reason"),
    [
        (error(190, 460), Reconnect, Reason.PASSWORD_CHANGED),
        (error(10), Reconnect, Reason.PERMISSION_MISSING),
        (error(200), Reconnect, Reason.PERMISSION_MISSING),
        (error(9, 2207042), RateLimited, Reason.QUOTA_USED),
        (error(4), RateLimited, Reason.RATE_LIMITED),
        (error(80002), RateLimited, Reason.RATE_LIMITED),
        (error(9007, 2207027), RetryLater, Reason.PREPARING),
        (error(36003, 2207009), Rejected, Reason.PICTURE_SHAPE),
        (error(36004, 2207010), Rejected, Reason.TEXT_REFUSED),
        (error(25, 2207050), Rejected, Reason.BLOCKED_FOR_NOW),
        (error(4, 2207051), Rejected, Reason.BLOCKED_FOR_NOW),
        (error(368), Rejected, Reason.BLOCKED_FOR_NOW),
    ],
)
def test_a_clear_no_is_believed(
    response: httpx.Response, failure: type[ConnectorFailure], reason: Reason
) -> None:
    server = FakeInstagram()
    staged = laid_ready(server)
    server.faults = [answers(response)]
    with pytest.raises(failure) as caught:
        server.instagram().show(access(), staged)
    # Above all no `NotYet`: Instagram makes nothing public by itself later.
    assert type(caught.value) is failure
    assert caught.value.reason == reason
    assert server.media == {}


class TestDiscarding:
    """A container can't be deleted: it is only looked at, and what is public is never touched."""

    @pytest.mark.parametrize(
        ("state", "seen"),
        [("FINISHED", Seen.HIDDEN), ("EXPIRED", Seen.GONE), ("ERROR", Seen.GONE), ("PUBLISHED", Seen.LIVE)],
    )
    def test_it_tells_what_is_there(self, state: str, seen: Seen) -> None:
        server = FakeInstagram()
        staged = laid_ready(server)
        server.containers[staged.remote_id]["state"] = state
        assert server.instagram().discard(access(), staged).seen is seen
        assert not [path for path in server.paths() if path.startswith("DELETE")]

    def test_what_is_not_seen_is_gone(self) -> None:
        assert FakeInstagram().instagram().discard(access(), Staged("1")).seen is Seen.GONE


class TestRemoving:
    """Taking down what is public, by its stored id."""

    def test_it_is_deleted_and_may_be_gone_already(self) -> None:
        server = FakeInstagram()
        remote_id = server.post(TEXT)
        for _ in range(2):
            server.instagram().remove(access(), remote_id)
        assert server.media == {}

    @pytest.mark.parametrize("fault", [lost(True), done_but(error(-1, 2207085)), done_but(error(2))])
    def test_after_every_doubt_it_is_looked_at(self, fault: object) -> None:
        server = FakeInstagram()
        remote_id = server.post(TEXT)
        server.faults = [fault]  # type: ignore[list-item]
        server.instagram().remove(access(), remote_id)
        assert server.media == {}

    @pytest.mark.parametrize("fault", [lost(False), answers(error(-1, 2207085)), answers(ok({}))])
    def test_what_is_still_there_is_unsure(self, fault: object) -> None:
        server = FakeInstagram()
        remote_id = server.post(TEXT)
        server.faults = [fault]  # type: ignore[list-item]
        with pytest.raises(Unsure):
            server.instagram().remove(access(), remote_id)

    def test_so_is_what_can_not_be_looked_at(self) -> None:
        server = FakeInstagram()
        remote_id = server.post(TEXT)
        server.faults = [lost(True), lost(False)]
        with pytest.raises(Unsure):
            server.instagram().remove(access(), remote_id)

    def test_where_deleting_is_not_allowed_a_person_does_it(self) -> None:
        server = FakeInstagram(removable=False)
        remote_id = server.post(TEXT)
        with pytest.raises(Rejected) as caught:
            server.instagram().remove(access(), remote_id)
        assert caught.value.reason == Reason.NOT_OFFERED
        server.faults = [answers(error(10))]
        with pytest.raises(Rejected) as caught:
            server.instagram().remove(access(), remote_id)
        assert caught.value.reason == Reason.PERMISSION_MISSING

    def test_a_dead_token_asks_for_a_new_sign_in(self) -> None:
        server = FakeInstagram(faults=[answers(error(190))])
        with pytest.raises(Reconnect):
            server.instagram().remove(access(), "1")


def test_a_caption_cannot_be_corrected() -> None:
    with pytest.raises(Rejected) as caught:
        FakeInstagram().instagram().correct(access(), "1", "new")
    assert caught.value.reason == Reason.NOT_OFFERED


class TestProof:
    """Whether Instagram can fetch from us, shown with something that never becomes public."""

    def begin(self, server: FakeInstagram) -> str:
        return server.instagram().begin_proof(access(), picture())

    def test_fetched_is_proved(self) -> None:
        server = FakeInstagram()
        server.instagram().proof(access(), self.begin(server))
        assert server.media == {}

    @pytest.mark.parametrize(
        ("state", "failure", "reason"),
        [
            ("IN_PROGRESS", NotYet, Reason.PREPARING),
            ("ERROR", RetryLater, Reason.PICTURE_NOT_FETCHED),
            ("EXPIRED", RetryLater, Reason.UNCLEAR_ANSWER),
        ],
    )
    def test_else_it_tells_what_is_in_the_way(
        self, state: str, failure: type[ConnectorFailure], reason: Reason
    ) -> None:
        server = FakeInstagram(script=[state], words="-2/2207003")
        remote_id = self.begin(server)
        with pytest.raises(failure) as caught:
            server.instagram().proof(access(), remote_id)
        assert (type(caught.value), caught.value.reason) == (failure, reason)

    def test_refused_at_once(self) -> None:
        with pytest.raises(RetryLater):
            self.begin(FakeInstagram(faults=[answers(error(9004, 2207052))]))
