"""Videos at Instagram: how each is written down, and what happens where one fails."""

from dataclasses import replace

import pytest

from app.connectors.contract import Outgoing, Picture, Staged
from app.connectors.failures import Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind, Seen
from tests.connectors.fake_films import film
from tests.connectors.fake_graph import Memory, lost, picture
from tests.connectors.fake_instagram import TEXT, FakeInstagram, access, look, shown

ONE = Outgoing(TEXT, "", (film(),))


def laid_ready(server: FakeInstagram, what: Outgoing, memory: Memory | None = None) -> Staged:
    """Asked until it is ready."""
    memory = memory or Memory()
    for _ in range(40):
        try:
            return server.instagram().stage(access(), what, tuple(memory.saved), memory)
        except (RetryLater, Unsure):
            continue
    raise AssertionError("it does not get ready")


@pytest.mark.parametrize("wanted", [Format.POST, Format.REEL])
def test_one_video_is_a_reel_that_stands_in_the_flow(wanted: Format) -> None:
    server = FakeInstagram()
    laid_ready(server, replace(ONE, format=wanted))
    (made,) = server.containers.values()
    form = {key: value for key, value in made["form"].items() if key != "appsecret_proof"}
    assert form == {
        "caption": TEXT,
        "upload_type": "resumable",
        "media_type": "REELS",
        "share_to_feed": "true",
        "thumb_offset": "500",
    }


def test_a_cover_of_its_own_is_fetched_from_us() -> None:
    server = FakeInstagram()
    laid_ready(server, replace(ONE, pictures=(film(poster_ms=None),)))
    (made,) = server.containers.values()
    assert made["form"]["cover_url"].startswith("https://kuliss.example/m/")
    assert "thumb_offset" not in made["form"]


@pytest.mark.parametrize("still", [True, False])
def test_a_story_takes_no_words_and_no_cover(still: bool) -> None:
    server = FakeInstagram()
    part = picture() if still else film()
    laid_ready(server, Outgoing("not shown", "", (part,), format=Format.STORY))
    (made,) = server.containers.values()
    assert made["form"]["media_type"] == "STORIES"
    assert {"caption", "alt_text", "cover_url", "thumb_offset"}.isdisjoint(made["form"])


def test_a_video_of_a_carousel_is_a_part_without_words() -> None:
    server = FakeInstagram()
    laid_ready(server, Outgoing(TEXT, "", (picture(), film())))
    _, part, whole = server.containers.values()
    assert (part["form"]["media_type"], part["form"]["is_carousel_item"]) == ("VIDEO", "true")
    assert "caption" not in part["form"]
    assert whole["form"]["media_type"] == "CAROUSEL"


@pytest.mark.parametrize(
    ("words", "reason", "made"),
    [
        ("Error: 2207026", Reason.VIDEO_REFUSED, 1),
        ("Error: 2207057", Reason.COVER_REFUSED, 1),
        ("Error: 2207053", Reason.REFUSED, 3),
        ("Error: 2207082", Reason.REFUSED, 3),
    ],
)
@pytest.mark.parametrize("beside", [(), (picture("1-b"),)])
def test_a_video_that_fails_says_what_to_change_or_is_tried_anew(
    words: str, reason: Reason, made: int, beside: tuple[Picture, ...]
) -> None:
    server = FakeInstagram(words=words)
    server.script = ["ERROR", "FINISHED", "ERROR", "ERROR", "ERROR"] if beside else ["ERROR"] * 9
    with pytest.raises(Rejected) as caught:
        laid_ready(server, replace(ONE, pictures=(film(), *beside)))
    assert caught.value.reason == reason
    assert sum("held" in one for one in server.containers.values()) == made


def test_a_container_whose_address_was_not_kept_is_left_alone() -> None:
    server, memory = FakeInstagram(), Memory()
    laid_ready(server, ONE, memory)
    server.containers["17900001"]["state"] = "IN_PROGRESS"
    server.containers["17900001"]["held"] = b""
    memory.saved = [one for one in memory.saved if one.kind is not RemoteKind.UPLOAD]
    assert laid_ready(server, ONE, memory).remote_id == "17900002"


def test_a_story_whose_answer_is_lost_is_out_without_an_id_and_a_colleagues_is_never_taken() -> None:
    server = FakeInstagram(status_lag=1)
    staged = laid_ready(server, Outgoing("", "", (film(),), format=Format.STORY))
    server.post("", product="STORY")
    server.faults = [lost(True)]
    with pytest.raises(Unsure):
        server.instagram().show(access(), staged)
    assert look(server, shown(staged)).seen is Seen.UNKNOWN  # two new ones are listed, the container lags
    told = look(server, shown(staged))
    assert told.seen is Seen.LIVE
    assert told.receipt is not None
    assert told.receipt.remote_id == ""


def test_a_reel_is_not_taken_for_a_picture_with_the_same_words() -> None:
    server = FakeInstagram()
    staged = laid_ready(server, replace(ONE, format=Format.REEL))
    server.post(TEXT, product="FEED")
    assert look(server, shown(staged)).seen is Seen.HIDDEN


def test_a_comment_of_ours_is_known_by_who_wrote_it() -> None:
    server = FakeInstagram()
    medium = server.post(TEXT)
    server.said[medium] = [{"id": "1", "text": "Welcome", "username": "visitor"}]
    server.media[medium]["comments_count"] = 1
    instagram = server.instagram()
    assert (instagram.find_comment(access(), medium, "Welcome").whole) is True
    server.said[medium].append({"id": "2", "text": " Welcome", "username": "library"})
    assert instagram.find_comment(access(), medium, "Welcome").remote_id == "2"
    server.said[medium] = [{"id": "3", "text": "Welcome"}]
    assert not instagram.find_comment(access(), medium, "Welcome").whole
    server.said[medium], server.media[medium]["comments_count"] = [], 1  # kept back
    assert not instagram.find_comment(access(), medium, "Welcome").whole
