"""Videos, reels and stories, asked through the contract alone: out once, whatever breaks on the way.

A stand is asked for each kind of content that its network takes; see `test_contract.py`.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import pytest

from app.connectors.contract import Outgoing, Picture, Staged
from app.connectors.failures import ConnectorFailure, NotYet, Rejected, RetryLater
from app.domain.networks import Format, RemoteKind, Seen
from tests.connectors.fake_films import FILM
from tests.connectors.fake_graph import Memory
from tests.connectors.stands import FacebookInMemory, InstagramInMemory, PublicPost, Stand
from tests.connectors.test_contract import TEXT, lay_ready, publish


class FilmStand(Stand, Protocol):
    """A stand that takes videos."""

    def film(self) -> Picture:
        """A video that the network takes."""
        ...

    def arrived(self) -> list[bytes]:
        """What lies there of each video."""
        ...

    def cut(self, *lengths: int) -> None:
        """The coming calls that carry a file break off after so many bytes."""
        ...


def content(stand: FilmStand, kind: str) -> Outgoing:
    """What is to go out, by kind."""
    film, stills = stand.film(), stand.pictures(1)
    return {
        "video": Outgoing(TEXT, "", (film,)),
        "reel": Outgoing(TEXT, "", (film,), format=Format.REEL),
        "story": Outgoing("", "", stills, format=Format.STORY),
        "film story": Outgoing("", "", (film,), format=Format.STORY),
        "carousel": Outgoing(TEXT, "", (*stills, film)),
    }[kind]


def expected(what: Outgoing) -> list[PublicPost]:
    """The one thing that the public sees of it."""
    return [PublicPost(what.text, len(what.pictures))]


def shown(staged: Staged) -> Staged:
    """The same once it was shown."""
    return replace(staged, since=datetime.now(UTC))


def moving(what: Outgoing) -> bool:
    """Whether a long file is sent for it."""
    return any(picture.video for picture in what.pictures)


class FilmContract:
    """The promises for each kind."""

    @pytest.fixture
    def what(self, stand: FilmStand, kind: str) -> Outgoing:
        return content(stand, kind)

    def test_it_is_laid_ready_unseen_and_goes_out_once(self, stand: FilmStand, what: Outgoing) -> None:
        memory, own = Memory(), stand.make_access()
        staged = lay_ready(stand, what, memory)
        assert stand.public() == []
        assert staged.format is what.format
        assert (staged.kind, staged.remote_id) in memory.ids
        assert stand.network.look(own, staged).seen is Seen.HIDDEN
        receipt = publish(stand, staged)
        assert stand.public() == expected(what)
        if receipt.remote_id:
            found = [stand.network.find(own, shown(staged), receipt.remote_id) for _ in range(2)]  # lists lag
            assert found[-1] is not None
        assert all(held == FILM for held in stand.arrived())

    @pytest.mark.parametrize("lost", range(12))
    def test_whatever_answer_is_lost_it_goes_out_once(
        self, stand: FilmStand, what: Outgoing, lost: int
    ) -> None:
        stand.line.lose = frozenset({stand.line.calls + lost})
        publish(stand, lay_ready(stand, what))
        assert stand.public() == expected(what)

    def test_an_upload_that_breaks_goes_on_where_it_broke(self, stand: FilmStand, what: Outgoing) -> None:
        memory = Memory()
        stand.cut(len(FILM) // 2, 10)
        lay_ready(stand, what, memory)
        assert stand.arrived() == [FILM] * moving(what)
        begun = [
            one for one in memory.saved if one.kind is RemoteKind.UPLOAD and "handle" not in one.remote_id
        ]
        assert len(begun) == moving(what)

    def test_an_upload_stops_when_told_and_is_gone_on_with(self, stand: FilmStand, what: Outgoing) -> None:
        told: list[tuple[int, int]] = []

        def stop(sent: int, of: int) -> bool:
            told.append((sent, of))
            return False

        memory = Memory()
        with suppress(NotYet):
            stand.network.stage(stand.make_access(), replace(what, carry_on=stop), (), memory)
        assert told == [(0, len(FILM))] * moving(what)
        lay_ready(stand, what, memory)
        assert stand.arrived() == [FILM] * moving(what)

    def test_staging_again_uses_what_was_saved(self, stand: FilmStand, what: Outgoing) -> None:
        memory = Memory()
        first = lay_ready(stand, what, memory)
        assert lay_ready(stand, what, memory).remote_id == first.remote_id
        publish(stand, first)
        again = lay_ready(stand, what, memory)
        assert again.remote_id == first.remote_id
        assert stand.public() == expected(what)

    def test_showing_once_more_after_a_look_never_makes_a_second(
        self, stand: FilmStand, what: Outgoing
    ) -> None:
        staged, own = lay_ready(stand, what), stand.make_access()
        with suppress(ConnectorFailure):
            stand.network.show(own, staged)
        if not stand.network.profile.makes_new:
            with suppress(ConnectorFailure):  # a network may refuse; what counts is what the public sees
                stand.network.show(own, staged)
        told = [stand.network.look(own, shown(staged)).seen for _ in range(3)]  # what it tells may lag behind
        assert told[-1] is Seen.LIVE
        assert stand.public() == expected(what)

    def test_discarding_spares_the_public(self, stand: FilmStand, what: Outgoing) -> None:
        own, staged = stand.make_access(), lay_ready(stand, what)
        publish(stand, staged)
        for _ in range(3):
            with suppress(RetryLater):
                stand.network.discard(own, shown(staged))
        assert stand.public() == expected(what)

    def test_the_format_tells_what_may_be_done_with_it(self, stand: FilmStand, what: Outgoing) -> None:
        own, profile = stand.make_access(), stand.network.profile.in_format(what.format)
        assert profile is not None
        receipt = publish(stand, lay_ready(stand, what))
        if profile.corrects:
            stand.network.correct(own, receipt.remote_id, "Other words")
            assert [one.text for one in stand.public()] == ["Other words"]
        if profile.removes:
            for _ in range(2):
                stand.network.remove(own, receipt.remote_id)
            assert stand.public() == []
        else:
            with pytest.raises(Rejected):
                stand.network.remove(own, receipt.remote_id)

    def test_a_comment_is_written_and_found_again(self, stand: FilmStand, what: Outgoing) -> None:
        network, own = stand.network, stand.make_access()
        profile = network.profile.in_format(what.format)
        receipt = publish(stand, lay_ready(stand, what))
        if profile is None or profile.comments is None:
            return
        before = network.find_comment(own, receipt.remote_id, "First\nof all")
        comment_id = network.comment(own, receipt.remote_id, "First\nof all")
        after = network.find_comment(own, receipt.remote_id, "First of  all")
        assert (before.remote_id, before.whole) == ("", True)
        assert after.remote_id == comment_id


class TestFacebookInMemory(FilmContract):
    """A page over a wire in memory; a second finish is refused, or taken as the first."""

    @pytest.fixture(params=["video", "reel", "story", "film story"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture(params=["error", "same"])
    def stand(self, request: pytest.FixtureRequest) -> FacebookInMemory:
        return FacebookInMemory(second=request.param)


class TestInstagramInMemory(FilmContract):
    """A profile over a wire in memory; states and lists lag behind, in turn."""

    @pytest.fixture(params=["reel", "story", "film story", "carousel"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture(params=[(1, 0, "same"), (0, 1, "again")])
    def stand(self, request: pytest.FixtureRequest) -> InstagramInMemory:
        return InstagramInMemory(*request.param)
