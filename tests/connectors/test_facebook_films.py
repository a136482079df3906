"""Videos, reels and stories of a page where something goes wrong at the network."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.contract import Outgoing, Staged
from app.connectors.failures import NotYet, Rejected, RetryLater, Unsure
from app.connectors.meta_uploads import UPLOADS_MOST
from app.connectors.reasons import Reason
from app.domain.networks import Format, RemoteKind, Seen
from tests.connectors.fake_films import FakeFilms, film
from tests.connectors.fake_graph import PAGE, Memory, access, answers, error, ok, picture

REEL = Outgoing("Aino reads aloud", "", (film(),), format=Format.REEL)
VIDEO = Outgoing("Aino reads aloud", "https://library.example/aino", (film(),))
STORY = Outgoing("", "", (picture(),), format=Format.STORY)


def laid_ready(server: FakeFilms, what: Outgoing, memory: Memory | None = None, tries: int = 60) -> Staged:
    """Asked until it is ready."""
    memory = memory or Memory()
    for _ in range(tries):
        try:
            return server.facebook().stage(access(), what, tuple(memory.saved), memory)
        except (RetryLater, Unsure):
            continue
    raise AssertionError("it does not get ready")


def phase(name: str, **more: Any) -> dict[str, Any]:
    """What a status tells of a phase that failed."""
    return {"video_status": "error", name: {"status": "error", **more}}


@pytest.mark.parametrize(
    ("tells", "reason"),
    [
        (phase("processing_phase", error={"code": 1363026, "message": "too long"}), Reason.SAID_TOO_LONG),
        (phase("processing_phase", errors=[{"code": 352}]), Reason.VIDEO_REFUSED),
        (phase("publishing_phase"), Reason.VIDEO_REFUSED),
    ],
)
@pytest.mark.parametrize("what", [REEL, VIDEO])
def test_a_file_that_can_not_be_worked_at_is_a_persons_matter(
    what: Outgoing, tells: dict[str, Any], reason: Reason
) -> None:
    server, memory = FakeFilms(tells=tells), Memory()
    with pytest.raises(Rejected) as caught:
        laid_ready(server, what, memory)
    assert caught.value.reason == reason
    assert len(server.clips) == 1


@pytest.mark.parametrize("what", [REEL, VIDEO])
def test_an_upload_that_fails_is_begun_anew_a_few_times(what: Outgoing) -> None:
    server, memory = FakeFilms(tells={"video_status": "upload_failed"}), Memory()
    with pytest.raises(Rejected) as caught:
        laid_ready(server, what, memory)
    assert caught.value.reason == Reason.VIDEO_REFUSED
    assert 1 < len(server.clips) <= UPLOADS_MOST


def test_a_reel_that_fails_on_its_way_out_is_told_and_never_shown_again() -> None:
    server = FakeFilms()
    staged = laid_ready(server, REEL)
    with pytest.raises(NotYet):
        server.facebook().show(access(), staged)
    server.tells = phase("publishing_phase", error={"code": 368})
    with pytest.raises(Rejected) as caught:
        server.facebook().look(access(), replace(staged, since=datetime.now(UTC)))
    assert caught.value.reason == Reason.BLOCKED_FOR_NOW


def test_a_reel_on_its_way_is_unknown_and_nothing_is_made_beside_it() -> None:
    server, memory = FakeFilms(lag=50), Memory()
    staged = laid_ready(server, REEL, memory)
    with pytest.raises(NotYet):
        server.facebook().show(access(), staged)
    shown = replace(staged, since=datetime.now(UTC))
    assert server.facebook().look(access(), shown).seen is Seen.UNKNOWN
    with pytest.raises(RetryLater):
        server.facebook().stage(access(), REEL, tuple(memory.saved), memory)
    assert len(server.clips) == 1


@pytest.mark.parametrize("status", [{}, {"video_status": "ready"}], ids=["nothing", "one-word"])
def test_a_status_that_tells_nothing_of_publishing_is_no_no(status: dict[str, Any]) -> None:
    server = FakeFilms()
    staged = replace(laid_ready(server, REEL), since=datetime.now(UTC))
    server.faults = [answers(ok({"id": staged.remote_id, "status": status}))]
    assert server.facebook().look(access(), staged).seen is Seen.UNKNOWN
    assert server.facebook().look(access(), staged).seen is Seen.HIDDEN


def test_a_reel_that_was_begun_too_long_ago_is_begun_anew() -> None:
    server, memory = FakeFilms(), Memory()
    first = laid_ready(server, REEL, memory)
    server.tells = {"video_status": "expired"}
    assert server.facebook().look(access(), first).seen is Seen.GONE
    server.clips[first.remote_id]["held"] = b""
    with pytest.raises(Rejected):
        laid_ready(server, REEL, memory)
    assert len(server.clips) == UPLOADS_MOST


def test_an_address_that_is_not_the_networks_gets_neither_file_nor_token() -> None:
    elsewhere = ok({"video_id": "770001", "upload_url": "http://elsewhere.test/video-upload/770001"})
    server = FakeFilms(faults=[answers(elsewhere)] * 2)
    with pytest.raises(RetryLater):
        server.facebook().stage(access(), REEL, (), Memory())
    assert [call.path for call in server.calls] == [f"{PAGE}/video_reels"] * 2


def test_a_handle_that_is_of_no_more_use_is_got_anew() -> None:
    server, memory = FakeFilms(), Memory()
    memory(RemoteKind.UPLOAD, "handle:worn-out", VIDEO.pictures[0].part)
    server.faults = [answers(error(100))]
    staged = laid_ready(server, VIDEO, memory)
    assert [call.path for call in server.calls[:2]] == [f"{PAGE}/videos", "77/uploads"]
    server.facebook().show(access(), staged)
    assert [one["text"] for one in server.out()] == ["Aino reads aloud\n\nhttps://library.example/aino"]


def test_a_video_that_somebody_took_away_after_it_was_public_is_not_made_anew() -> None:
    server, memory = FakeFilms(), Memory()
    memory(RemoteKind.PUBLIC_POST, "770009")
    with pytest.raises(Unsure) as caught:
        server.facebook().stage(access(), VIDEO, tuple(memory.saved), memory)
    assert caught.value.reason == Reason.POST_GONE


def test_a_used_picture_is_doubt_and_the_list_tells() -> None:
    server, memory = FakeFilms(list_lag=2), Memory()
    staged = laid_ready(server, STORY, memory)
    server.facebook().show(access(), staged)
    shown = replace(staged, since=datetime.now(UTC))
    assert server.facebook().look(access(), shown).seen is Seen.HIDDEN  # the list lags behind
    with pytest.raises(Unsure):
        server.facebook().show(access(), staged)
    server.list_lag = 0
    assert server.facebook().look(access(), shown).seen is Seen.LIVE
    assert laid_ready(server, STORY, memory).receipt is not None
    assert len(server.tales) == 1


@pytest.mark.parametrize("what", [STORY, Outgoing("", "", (film(),), format=Format.STORY)])
def test_a_page_that_has_told_many_stories_tells_more(what: Outgoing) -> None:
    """Those of long ago are listed for ever: they would hide that ours is not among them."""
    server, memory = FakeFilms(archived=1000), Memory()
    staged = laid_ready(server, what, memory)
    assert laid_ready(server, what, memory).remote_id == staged.remote_id
    assert server.facebook().look(access(), staged).seen is Seen.HIDDEN
    with suppress(NotYet):
        server.facebook().show(access(), staged)
    server.list_lag = 0
    assert server.facebook().look(access(), replace(staged, since=datetime.now(UTC))).seen is Seen.LIVE


@pytest.mark.parametrize(("what", "code"), [(REEL, 1), (STORY, 2), (VIDEO, 1), (REEL, 999_999), (STORY, 506)])
def test_whatever_the_showing_answers_without_a_clear_no_is_doubt(what: Outgoing, code: int) -> None:
    server = FakeFilms()
    staged = laid_ready(server, what)
    server.faults = [answers(error(code))]
    with pytest.raises(Unsure):
        server.facebook().show(access(), staged)


@pytest.mark.parametrize(
    "what",
    [
        replace(REEL, pictures=()),
        replace(REEL, pictures=(picture(),)),
        replace(STORY, pictures=(picture("0-a"), picture("1-b"))),
        replace(VIDEO, pictures=(film(), picture("1-b"))),
    ],
)
def test_what_a_format_does_not_take_makes_no_call(what: Outgoing) -> None:
    server = FakeFilms()
    with pytest.raises(Rejected) as caught:
        server.facebook().stage(access(), what, (), Memory())
    assert (caught.value.reason, server.calls) == (Reason.NOT_OFFERED, [])
