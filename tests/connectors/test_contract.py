"""What every network must keep, asked through its contract alone.

To ask a network: subclass `NetworkContract` as `Test...` and give it a `stand` fixture.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import httpx
import pytest

from app.connectors.contract import Access, Network, Outgoing, Saved
from app.connectors.failures import ConnectorFailure
from app.domain.networks import Seen
from tests.connectors.fake_graph import PAGE, TOKEN, FakeGraph, Memory, Params, access, error, ok


class PublicPost(Protocol):
    """A post as the public sees it."""

    @property
    def text(self) -> str:
        """Its words."""
        ...


class Stand(Protocol):
    """A network with a server behind it that a test may look at with the public's eyes."""

    @property
    def network(self) -> Network:
        """The network that is asked."""
        ...

    def make_access(self) -> Access:
        """Access to one channel that is connected and may publish."""
        ...

    def public(self) -> Sequence[PublicPost]:
        """Every post on that channel that anyone can see."""
        ...


TEXT = "Aino binds a book that was read 400 times"


class NetworkContract:
    """The promises. Each test gets a fresh stand."""

    def texts(self, stand: Stand) -> list[str]:
        """The words that the public sees."""
        return [post.text for post in stand.public()]

    def test_the_profile_is_usable(self, stand: Stand) -> None:
        profile = stand.network.profile
        assert profile.label
        assert profile.short
        assert profile.limits.most >= profile.limits.shown > 0
        assert profile.stage_lead > profile.look_lead

    def test_staging_shows_nothing_and_remembers_the_id(self, stand: Stand) -> None:
        memory = Memory()
        staged = stand.network.stage(stand.make_access(), Outgoing(TEXT, ""), (), memory)
        assert self.texts(stand) == []
        assert staged.remote_id in [remote_id for _, remote_id in memory.ids]

    def test_showing_makes_exactly_one_public_post(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = network.stage(own, Outgoing(TEXT, ""), (), Memory())
        assert network.look(own, staged).seen is Seen.HIDDEN
        network.show(own, staged)
        told = network.look(own, staged)
        assert told.seen is Seen.LIVE
        assert told.receipt is not None
        assert told.receipt.permalink
        assert self.texts(stand) == [TEXT]

    def test_showing_twice_never_makes_a_second_post(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = network.stage(own, Outgoing(TEXT, ""), (), Memory())
        network.show(own, staged)
        with suppress(ConnectorFailure):  # a network may refuse; what counts is what the public sees
            network.show(own, staged)
        assert self.texts(stand) == [TEXT]

    def test_staging_again_uses_what_was_saved(self, stand: Stand) -> None:
        network, own, memory = stand.network, stand.make_access(), Memory()
        first = network.stage(own, Outgoing(TEXT, ""), (), memory)
        saved = [Saved(kind, remote_id) for kind, remote_id in memory.ids]
        assert network.stage(own, Outgoing(TEXT, ""), saved, memory).remote_id == first.remote_id
        network.show(own, first)
        assert network.stage(own, Outgoing(TEXT, ""), saved, memory).remote_id == first.remote_id
        assert self.texts(stand) == [TEXT]

    def test_an_orphan_is_adopted_but_never_one_that_is_taken(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        unanswered = Outgoing(TEXT, "", unanswered_since=datetime.now(UTC))
        orphan = network.stage(own, Outgoing(TEXT, ""), (), Memory())
        adopted = network.stage(own, unanswered, (), Memory())
        taken = replace(unanswered, taken=frozenset({orphan.remote_id}))
        assert adopted.remote_id == orphan.remote_id
        assert network.stage(own, taken, (), Memory()).remote_id != orphan.remote_id

    def test_discarding_removes_the_hidden_and_spares_the_public(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        unwanted = network.stage(own, Outgoing("unwanted", ""), (), Memory())
        wanted = network.stage(own, Outgoing(TEXT, ""), (), Memory())
        network.show(own, wanted)
        assert network.discard(own, unwanted).seen is Seen.GONE
        assert network.look(own, unwanted).seen is Seen.GONE
        assert network.discard(own, wanted).seen is Seen.LIVE
        assert self.texts(stand) == [TEXT]

    def test_numbers_are_counts_or_none(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = network.stage(own, Outgoing(TEXT, ""), (), Memory())
        network.show(own, staged)
        (numbers,) = network.read(own, [staged.remote_id]).numbers
        assert set(numbers.values) <= set(network.profile.metrics)
        assert all(value is None or value >= 0 for value in numbers.values.values())

    def test_a_connected_channel_is_healthy_and_tells_the_time(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        health = network.check(own)
        assert health.valid
        assert health.app_matches
        assert health.missing_scopes == ()
        assert network.server_time(own).tzinfo is not None
        assert 0 <= network.usage(own) <= 100

    def test_a_wrong_token_is_named_as_such_and_never_repeated_in_words(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        wrong = replace(own, token="a-wrong-token-that-must-stay-unseen")
        with pytest.raises(ConnectorFailure) as caught:
            network.stage(wrong, Outgoing(TEXT, ""), (), Memory())
        assert wrong.token not in f"{caught.value!r} {vars(caught.value)}"
        assert not network.check(wrong).valid


@dataclass(frozen=True)
class Post:
    """A public post."""

    text: str


class FacebookInMemory(FakeGraph):
    """The fake Graph API as a stand: it knows one token, and what a sign-in told about it."""

    def __init__(self) -> None:
        super().__init__(items=lambda path, params: ok({"id": path}))
        self.network: Network = self.facebook()

    def make_access(self) -> Access:
        return access()

    def public(self) -> list[Post]:
        return [Post(post["message"]) for post in self.published()]

    def _carry_out(self, method: str, path: str, params: Params) -> httpx.Response:
        if path == "debug_token":
            scopes = self.network.profile.scopes
            good = params["input_token"] == TOKEN
            return ok({"data": {"app_id": "77", "is_valid": good, "scopes": scopes, "profile_id": PAGE}})
        if TOKEN not in (self.calls[-1].token, params.get("access_token")):
            return error(190, 467, message=f"Malformed access token {self.calls[-1].token}")
        return super()._carry_out(method, path, params)


class TestFacebookInMemory(NetworkContract):
    """Facebook's connector over a wire in memory."""

    @pytest.fixture
    def stand(self) -> FacebookInMemory:
        return FacebookInMemory()
