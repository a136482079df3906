"""What every network must keep, asked through its contract alone.

To ask a network: a stand in `stands.py`, and here a subclass named `Test...` of `FlagContract` (showing sets
a flag) or `ContainerContract` (showing makes a new object) with a `stand` fixture.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.connectors import registry
from app.connectors.contract import Outgoing, Place, Receipt, Saved, Staged
from app.connectors.failures import ConnectorFailure, NotYet, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import Format, NetworkKind, RemoteKind, Seen
from tests.connectors.fake_graph import Memory, access
from tests.connectors.stands import (
    FacebookInMemory,
    FacebookOnPractice,
    InstagramInMemory,
    InstagramOnPractice,
    PublicPost,
    Stand,
    shelf_for,
    with_other_token,
)
from tests.support.practice import PracticeServer

TEXT = "Aino binds a book that was read 400 times"


def content(stand: Stand, text: str = TEXT, pictures: int | None = None) -> Outgoing:
    """A post that the network takes: with a picture where it asks for one."""
    number = int(stand.network.profile.pictures.required) if pictures is None else pictures
    return Outgoing(text, "", stand.pictures(number))


def lay_ready(stand: Stand, what: Outgoing, memory: Memory | None = None) -> Staged:
    """What the clock does before its time: asks until it is ready, looks for orphans after a lost answer."""
    memory, own, since = memory or Memory(), stand.make_access(), what.unanswered_since
    for _ in range(400):
        try:
            tried = replace(what, unanswered_since=since)
            return stand.network.stage(own, tried, tuple(memory.saved), memory)
        except Unsure:
            since = since or datetime.now(UTC)
        except RetryLater:
            continue
    raise AssertionError("it does not get ready")


def publish(stand: Stand, staged: Staged) -> Receipt:
    """What the clock does at its time and after: shows once, looks after every doubt, shows the same again
    only when it was seen hidden twice.
    """
    own, hidden, since = stand.make_access(), 2, None
    for _ in range(40):
        if hidden >= 2:
            hidden, since = 0, since or datetime.now(UTC)
            with suppress(Unsure, RetryLater):
                return stand.network.show(own, staged)
        told = stand.network.look(own, replace(staged, since=since))
        if told.receipt:
            return told.receipt
        hidden = hidden + 1 if told.seen is Seen.HIDDEN else 0
    raise AssertionError("nobody knows whether it is out")


class NetworkContract:
    """The promises. Each test gets a fresh stand."""

    def test_the_profile_is_usable(self, stand: Stand) -> None:
        profile = stand.network.profile
        assert profile.label
        assert profile.short
        assert profile.limits.most >= profile.limits.shown > 0
        assert profile.pictures.most >= int(profile.pictures.required)
        assert profile.stage_lead > profile.look_lead
        for one in filter(None, map(profile.in_format, Format)):
            assert one.videos or one.pictures.most
            assert one.sure_after >= profile.sure_after
            assert one.comments is None or one.comments.most > 0
        assert profile.lead(moving=True) > profile.lead(moving=False)

    def test_staging_shows_nothing_and_remembers_the_id(self, stand: Stand) -> None:
        memory = Memory()
        staged = lay_ready(stand, content(stand), memory)
        assert stand.public() == []
        assert staged.remote_id in [remote_id for _, remote_id in memory.ids]

    @pytest.mark.parametrize("pictures", [1, 3])
    def test_pictures_go_out_together_in_one_post(self, stand: Stand, pictures: int) -> None:
        memory = Memory()
        staged = lay_ready(stand, content(stand, pictures=pictures), memory)
        assert stand.public() == []
        assert all(one.part for one in memory.saved if one.kind in (RemoteKind.PHOTO, RemoteKind.PART))
        publish(stand, staged)
        assert stand.public() == [PublicPost(TEXT, pictures)]

    def test_showing_makes_exactly_one_public_post(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = lay_ready(stand, content(stand))
        assert network.look(own, staged).seen is Seen.HIDDEN
        receipt = network.show(own, staged)
        shown = replace(staged, since=datetime.now(UTC))
        assert network.look(own, shown).seen is Seen.LIVE
        found = network.find(own, shown, receipt.remote_id)
        assert found is not None
        assert found.permalink
        assert [post.text for post in stand.public()] == [TEXT]

    def test_what_is_public_is_listed_and_what_is_hidden_is_not(self, stand: Stand) -> None:
        network, own, begun = stand.network, stand.make_access(), datetime.now(UTC)
        receipt = publish(stand, lay_ready(stand, content(stand)))
        lay_ready(stand, replace(content(stand), text="Hidden"))
        listed = [one for _ in range(3) for one in network.newest(own, begun)]  # lists lag behind
        assert {(one.remote_id, one.text) for one in listed} == {(receipt.remote_id, TEXT)}
        assert all(one.permalink and abs(one.made_at - begun) < timedelta(minutes=1) for one in listed)
        assert network.newest(own, begun + timedelta(hours=1)) == []

    @pytest.mark.parametrize("lost", range(12))
    @pytest.mark.parametrize("pictures", [1, 2])
    def test_whatever_answer_is_lost_it_goes_out_once(self, stand: Stand, lost: int, pictures: int) -> None:
        stand.line.lose = frozenset({stand.line.calls + lost})
        publish(stand, lay_ready(stand, content(stand, pictures=pictures)))
        assert stand.public() == [PublicPost(TEXT, pictures)]

    def test_staging_again_uses_what_was_saved(self, stand: Stand) -> None:
        memory, what = Memory(), content(stand)
        first = lay_ready(stand, what, memory)
        assert lay_ready(stand, what, memory).remote_id == first.remote_id
        stand.network.show(stand.make_access(), first)
        assert lay_ready(stand, what, memory).remote_id == first.remote_id
        assert len(stand.public()) == 1

    def test_discarding_spares_the_public(self, stand: Stand) -> None:
        staged, own = lay_ready(stand, content(stand)), stand.make_access()
        stand.network.show(own, staged)
        seen = [stand.network.discard(own, staged).seen for _ in range(3)]  # what it tells may lag behind
        assert seen[-1] is Seen.LIVE
        assert len(stand.public()) == 1

    def test_correcting_as_the_profile_says(self, stand: Stand) -> None:
        own = stand.make_access()
        receipt = publish(stand, lay_ready(stand, content(stand)))
        if stand.network.profile.corrects:
            for _ in range(2):
                stand.network.correct(own, receipt.remote_id, "Aino binds a book")
            assert [post.text for post in stand.public()] == ["Aino binds a book"]
        else:
            with pytest.raises(Rejected):
                stand.network.correct(own, receipt.remote_id, "Aino binds a book")

    def test_taking_down_may_be_repeated(self, stand: Stand) -> None:
        assert stand.network.profile.removes
        receipt = publish(stand, lay_ready(stand, content(stand)))
        for _ in range(2):
            stand.network.remove(stand.make_access(), receipt.remote_id)
        assert stand.public() == []

    def test_numbers_are_counts_or_none(self, stand: Stand) -> None:
        network = stand.network
        receipt = publish(stand, lay_ready(stand, content(stand)))
        (numbers,) = network.read(stand.make_access(), [receipt.remote_id]).numbers
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
        wrong = with_other_token(stand.make_access())
        with pytest.raises(ConnectorFailure) as caught:
            stand.network.stage(wrong, content(stand), (), Memory())
        assert wrong.token not in f"{caught.value!r} {vars(caught.value)}"
        assert not stand.network.check(wrong).valid

    def test_a_proof_makes_nothing_public(self, stand: Stand) -> None:
        own, (picture,) = stand.make_access(), stand.pictures(1)
        if not stand.network.profile.fetches:
            with pytest.raises(Rejected):
                stand.network.begin_proof(own, picture)
            return
        remote_id = stand.network.begin_proof(own, picture)
        for _ in range(400):
            with suppress(NotYet):
                stand.network.proof(own, remote_id)
                break
        assert stand.public() == []


class FlagContract(NetworkContract):
    """Where showing sets a flag on a hidden post."""

    def test_showing_twice_never_makes_a_second_post(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = lay_ready(stand, content(stand))
        network.show(own, staged)
        with suppress(ConnectorFailure):  # a network may refuse; what counts is what the public sees
            network.show(own, staged)
        assert [post.text for post in stand.public()] == [TEXT]

    @pytest.mark.parametrize("pictures", [0, 1, 3])
    def test_an_orphan_is_adopted_but_never_one_that_is_taken(self, stand: Stand, pictures: int) -> None:
        network, own, memory = stand.network, stand.make_access(), Memory()
        what = content(stand, pictures=pictures)
        unanswered = replace(what, unanswered_since=datetime.now(UTC))
        orphan = lay_ready(stand, what, memory)
        photos = [one for one in memory.saved if one.kind is RemoteKind.PHOTO]
        adopted = network.stage(own, unanswered, photos, Memory())
        taken = replace(unanswered, taken=frozenset({orphan.remote_id}))
        assert adopted.remote_id == orphan.remote_id
        assert network.stage(own, taken, photos, Memory()).remote_id != orphan.remote_id

    def test_a_colleagues_post_with_the_same_words_is_never_adopted(self, stand: Stand) -> None:
        stand.colleague_posts(TEXT)
        what = replace(content(stand, pictures=1), unanswered_since=datetime.now(UTC))
        publish(stand, lay_ready(stand, what))
        assert len(stand.public()) == 2

    def test_discarding_removes_the_hidden(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        unwanted = lay_ready(stand, content(stand, "unwanted"))
        assert network.discard(own, unwanted).seen is Seen.GONE
        assert network.look(own, unwanted).seen is Seen.GONE


class ContainerContract(NetworkContract):
    """Where showing makes a new object out of a container."""

    def test_whoever_looks_first_never_makes_a_second_post(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = lay_ready(stand, content(stand))
        network.show(own, staged)
        shown = replace(staged, since=datetime.now(UTC))
        assert all(network.look(own, shown).seen is not Seen.HIDDEN for _ in range(3))
        assert len(stand.public()) == 1

    def test_a_public_container_is_never_made_anew(self, stand: Stand) -> None:
        memory, what = Memory(), content(stand)
        staged = lay_ready(stand, what, memory)
        stand.network.show(stand.make_access(), staged)
        assert lay_ready(stand, what, memory).remote_id == staged.remote_id
        assert [one.kind for one in memory.saved].count(RemoteKind.CONTAINER) == 1

    def test_a_colleagues_post_before_it_is_not_taken_for_ours(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        stand.colleague_posts(TEXT)
        staged = lay_ready(stand, content(stand))
        shown = replace(staged, since=datetime.now(UTC))
        assert network.look(own, shown).seen is Seen.HIDDEN
        receipt = network.show(own, staged)
        found = network.find(own, shown, "") or network.find(own, shown, "")  # the list may lag behind
        assert found is not None
        assert found.remote_id == receipt.remote_id

    def test_two_that_fit_are_told_apart_by_nobody(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = lay_ready(stand, content(stand))
        shown = replace(staged, since=datetime.now(UTC))
        stand.colleague_posts(TEXT)
        network.show(own, staged)
        told = [network.look(own, shown) for _ in range(3)]  # what it tells may lag behind
        assert told[-1].seen is Seen.LIVE
        assert told[-1].receipt is not None
        assert told[-1].receipt.remote_id == ""
        assert network.find(own, shown, "") is None

    def test_discarding_only_looks(self, stand: Stand) -> None:
        network, own = stand.network, stand.make_access()
        staged = lay_ready(stand, content(stand))
        assert network.discard(own, staged).seen is Seen.HIDDEN
        assert network.look(own, staged).seen is Seen.HIDDEN


class TestFacebookInMemory(FlagContract):
    """Facebook's connector over a wire in memory."""

    @pytest.fixture
    def stand(self) -> FacebookInMemory:
        return FacebookInMemory()


class TestInstagramInMemory(ContainerContract):
    """Instagram's connector over a wire in memory, also where states and lists lag behind, in turn."""

    @pytest.fixture(params=[(0, 0, "error"), (1, 0, "same"), (0, 1, "again")])
    def stand(self, request: pytest.FixtureRequest) -> InstagramInMemory:
        return InstagramInMemory(*request.param)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    """The practice network on a real socket."""
    with PracticeServer(tmp_path_factory.mktemp("practice")) as server:
        yield server


def signed_in(practice: PracticeServer, stand: FacebookOnPractice | InstagramOnPractice) -> Place:
    """From the dialog to a place that may be published on, asked by the network itself."""
    app, callback = stand.make_access().app, "http://127.0.0.1:8000/channels/connect/callback"
    begun = stand.network.begin_connection(app, callback, "a-state")
    connected = stand.network.finish_connection(app, callback, practice.say_yes(begun.url)["code"])
    (place,) = [one for one in connected.places if one.remote_id == stand.remote_id]
    assert place.network is stand.network.profile.kind
    assert (place.missing_scopes, place.missing_tasks) == ((), ())
    return place


class TestFacebookOnPractice(FlagContract):
    """Facebook's connector against the practice network."""

    def test_a_sign_in_leads_to_the_page(self, practice: PracticeServer, stand: FacebookOnPractice) -> None:
        place = signed_in(practice, stand)
        assert (place.network, place.page_id) == (NetworkKind.FACEBOOK, "")
        assert stand.network.check(replace(stand.make_access(), token=place.token)).valid

    @pytest.fixture
    def stand(self, practice: PracticeServer) -> Iterator[FacebookOnPractice]:
        with shelf_for(practice) as shelf:
            stand = FacebookOnPractice(practice, shelf)
            yield stand
            stand.line.close()


class TestInstagramOnPractice(ContainerContract):
    """Instagram's connector against the practice network."""

    def test_a_sign_in_leads_to_the_profile(
        self, practice: PracticeServer, stand: InstagramOnPractice
    ) -> None:
        place = signed_in(practice, stand)
        assert place.network is NetworkKind.INSTAGRAM
        assert place.page_id
        assert stand.network.check(replace(stand.make_access(), token=place.token)).valid

    @pytest.fixture
    def stand(self, practice: PracticeServer) -> Iterator[InstagramOnPractice]:
        with shelf_for(practice) as shelf:
            stand = InstagramOnPractice(practice, shelf)
            yield stand
            stand.line.close()


class TestManual:
    """Work done by hand keeps its profile; whatever is called is refused."""

    def test_it_is_by_hand(self) -> None:
        profile = registry.network(NetworkKind.MANUAL).profile
        assert profile.by_hand
        assert profile.stage_lead > profile.look_lead
        assert profile.lateness.total_seconds() == 24 * 3600
        assert (profile.scopes, profile.metrics, profile.corrects, profile.removes) == ((), (), False, False)

    @pytest.mark.parametrize(
        ("method", "arguments"),
        [
            ("stage", (Outgoing("x", ""), (Saved(RemoteKind.MEDIA, "1"),), Memory())),
            ("show", (Staged("1"),)),
            ("look", (Staged("1"),)),
            ("find", (Staged("1"), "1")),
            ("newest", (datetime.now(UTC),)),
            ("discard", (Staged("1"),)),
            ("correct", ("1", "x")),
            ("remove", ("1",)),
            ("check", ()),
            ("server_time", ()),
            ("read", (["1"],)),
        ],
    )
    def test_nothing_is_ever_called(self, method: str, arguments: tuple[object, ...]) -> None:
        network = registry.network(NetworkKind.MANUAL)
        with pytest.raises(Rejected) as caught:
            getattr(network, method)(access(), *arguments)
        assert caught.value.reason == Reason.NOT_OFFERED
        assert network.usage(access()) == 0
