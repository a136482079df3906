"""Videos, reels and stories against the practice network, judged by what its public saw."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.connectors.contract import Outgoing
from app.connectors.failures import ConnectorFailure, Rejected
from app.connectors.reasons import Reason
from app.domain.networks import DISCARDED_BY_US, Format, RemoteKind, Seen
from tests.connectors.fake_graph import Memory
from tests.connectors.stands import FacebookOnPractice, InstagramOnPractice, shelf_for
from tests.connectors.test_contract import lay_ready, practice, publish
from tests.connectors.test_films_contract import shown
from tests.practice.films import film as clip
from tests.support.practice import PracticeServer

__all__ = ["practice"]  # the fixture

OnPractice = FacebookOnPractice | InstagramOnPractice
WORDS = "Aino reads aloud"
KINDS = [
    ("facebook", "video"),
    ("facebook", "reel"),
    ("facebook", "story"),
    ("facebook", "film story"),
    ("instagram", "reel"),
    ("instagram", "story"),
    ("instagram", "film story"),
    ("instagram", "carousel"),
]


def content(stand: OnPractice, kind: str) -> Outgoing:
    """What is to go out, by kind."""
    film, stills = stand.film(), stand.pictures(1)
    return {
        "video": Outgoing(WORDS, "", (film,)),
        "reel": Outgoing(WORDS, "", (film,), format=Format.REEL),
        "story": Outgoing("", "", stills, format=Format.STORY),
        "film story": Outgoing("", "", (film,), format=Format.STORY),
        "carousel": Outgoing(WORDS, "", (*stills, film)),
    }[kind]


@pytest.fixture(params=KINDS, ids=" ".join)
def named(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A network and a kind of content."""
    network, kind = request.param
    return network, kind


@pytest.fixture
def stand(practice: PracticeServer, named: tuple[str, str]) -> Iterator[OnPractice]:
    """The network's stand, fresh, with every answer that is in doubt at its worst."""
    with shelf_for(practice) as shelf:
        practice.switches(second_finish="error", photo_reuse="refuse", second_publish="second_post")
        made = (FacebookOnPractice if named[0] == "facebook" else InstagramOnPractice)(practice, shelf)
        practice.switches(require_proof=True)
        yield made
        made.line.close()


@pytest.fixture
def what(stand: OnPractice, named: tuple[str, str]) -> Outgoing:
    """What is to go out."""
    return content(stand, named[1])


def went_out_once(stand: OnPractice, what: Outgoing) -> bool:
    """Whether the public saw it, whole, and nothing else."""
    film, seen = hashlib.sha256(clip()).hexdigest(), stand.appeared()
    whole = [(film in files) is any(picture.video for picture in what.pictures) for _, files in seen]
    return [words for words, _ in seen] == [what.text] and whole == [True]


@pytest.mark.parametrize("lost", range(4))
def test_whatever_answer_is_lost_it_goes_out_once(
    stand: OnPractice, what: Outgoing, named: tuple[str, str], lost: int
) -> None:
    # Each kind loses others of the first twelve.
    stand.line.lose = frozenset({stand.line.calls + lost * 3 + KINDS.index(named) % 3})
    publish(stand, lay_ready(stand, what))
    assert went_out_once(stand, what)


def test_a_file_that_is_cut_goes_on_and_is_whole(stand: OnPractice, what: Outgoing) -> None:
    memory = Memory()
    stand.practice.script("cut_midway", calls="rupload upload")
    staged = lay_ready(stand, what, memory)
    assert stand.appeared() == []
    publish(stand, staged)
    assert went_out_once(stand, what)
    begun = [one for one in memory.saved if one.kind is RemoteKind.UPLOAD and "handle" not in one.remote_id]
    assert len(begun) <= 1


def test_shown_twice_laid_ready_twice_discarded_it_stays_out_once(stand: OnPractice, what: Outgoing) -> None:
    memory, own = Memory(), stand.make_access()
    staged = lay_ready(stand, what, memory)
    assert stand.network.look(own, staged).seen is Seen.HIDDEN
    publish(stand, staged)
    if not stand.network.profile.makes_new:
        with suppress(ConnectorFailure):
            stand.network.show(own, staged)
    assert lay_ready(stand, what, memory).receipt is not None
    assert stand.network.discard(own, shown(staged)).seen is Seen.LIVE
    assert went_out_once(stand, what)


def test_what_the_public_sees_has_an_address_and_takes_a_comment(stand: OnPractice, what: Outgoing) -> None:
    network, own = stand.network, stand.make_access()
    staged = lay_ready(stand, what)
    receipt = publish(stand, staged)
    found = network.find(own, shown(staged), receipt.remote_id)
    assert found is not None
    assert found.permalink.startswith("http")
    profile = network.profile.in_format(what.format)
    if profile and profile.comments:
        assert network.find_comment(own, receipt.remote_id, "Welcome").whole
        comment_id = network.comment(own, receipt.remote_id, "Welcome")
        assert network.find_comment(own, receipt.remote_id, "Welcome").remote_id == comment_id


def test_what_is_no_longer_wanted_is_never_seen(stand: OnPractice, what: Outgoing) -> None:
    own, staged = stand.make_access(), lay_ready(stand, what)
    seen = stand.network.discard(own, staged).seen
    assert seen is (Seen.GONE if staged.kind in DISCARDED_BY_US else Seen.HIDDEN)
    assert stand.appeared() == []


def test_what_is_out_is_listed_corrected_and_taken_down_as_its_format_says(
    stand: OnPractice, what: Outgoing
) -> None:
    network, own, begun = stand.network, stand.make_access(), datetime.now(UTC)
    receipt = publish(stand, lay_ready(stand, what))
    told = [(one.text, one.format is Format.STORY) for one in network.newest(own, begun)]
    assert told == [(what.text, what.format is Format.STORY)]
    profile = network.profile.in_format(what.format)
    assert profile is not None
    if profile.corrects:
        network.correct(own, receipt.remote_id, "Aino reads")
        assert [one.text for one in network.newest(own, begun)] == ["Aino reads"]
    if profile.removes:
        for _ in range(2):
            network.remove(own, receipt.remote_id)
        assert network.newest(own, begun) == []
    else:
        with pytest.raises(Rejected):
            network.remove(own, receipt.remote_id)


@pytest.mark.parametrize(
    ("named", "seconds", "reason"),
    [
        (("facebook", "reel"), 2, Reason.SAID_TOO_SHORT),
        (("instagram", "reel"), 2, Reason.VIDEO_REFUSED),
    ],
)
def test_a_video_that_is_refused_says_what_to_change(stand: OnPractice, seconds: int, reason: Reason) -> None:
    body, film = clip(seconds=seconds), stand.film()
    assert film.video is not None
    short = replace(film.video, size=len(body), piece=lambda offset, most: body[offset : offset + most])
    what = Outgoing(WORDS, "", (replace(film, video=short),), format=Format.REEL)
    with pytest.raises(Rejected) as caught:
        publish(stand, lay_ready(stand, what))
    assert caught.value.reason == reason
    assert stand.appeared() == []
