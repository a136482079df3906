"""Pictures on their way out: photos on a Page, an image or a carousel on a profile, once whatever happens."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from app.connectors.reasons import Reason
from app.domain.publications import Status
from app.foundation.images import Unreadable
from tests.support.lender import Lender
from tests.support.stand import Hand, Shot, Stand, add_profile
from tests.support.waiting import comes

TWO = (Shot("Anna at the loan desk"), Shot("A cart full of books", "maroon", 600, 800))
ALTS = [shot.alt_text for shot in TWO]
LOSSES = ("closed", "code_2", "code_1_99", "http_502", "timeout")
MOMENTS = ("before", "after", "late")
# Every loss at the visible call; at the hidden ones a sample, for there it is harmless.
ON_A_PAGE = [
    *product(("photo", "create"), (("closed", "after"), ("http_502", "before"))),
    *product(("show",), product(LOSSES, MOMENTS)),
]
ON_A_PROFILE = [
    *product(("container", "container_status", "media_list"), (("closed", "after"), ("http_502", "before"))),
    *product(("media_publish",), product((*LOSSES, "fatal"), MOMENTS)),
]


@pytest.mark.parametrize("count", [1, 2])
def test_photos_on_a_page_in_their_order(stand: Stand, hand: Hand, count: int) -> None:
    publication_id = stand.plan_pictures(stand.channel_id, "Behind the counter", TWO[:count])
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert (done.status, bool(done.permalink)) == (Status.PUBLISHED, True)
    assert stand.seen(stand.page) == [("Behind the counter", ALTS[:count])]


@pytest.mark.parametrize("count", [1, 2])
def test_pictures_on_a_profile_in_their_order(stand: Stand, hand: Hand, count: int) -> None:
    channel_id, profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "Behind the counter", TWO[:count])
    assert hand.run_to(publication_id, Status.STAGED).status is Status.STAGED
    assert stand.seen(profile) == []
    hand.run_to(publication_id, Status.PUBLISHED)
    hand.run()
    done = stand.read(publication_id)
    assert (done.status, bool(done.permalink), done.step_at) == (Status.PUBLISHED, True, None)
    assert stand.seen(profile) == [("Behind the counter", ALTS[:count])]


@pytest.mark.parametrize(("call", "loss"), ON_A_PAGE)
def test_a_lost_answer_on_a_page(stand: Stand, hand: Hand, call: str, loss: tuple[str, str]) -> None:
    stand.practice.script(loss[0], calls=call, moment=loss[1], seconds=0.3)
    publication_id = stand.plan_pictures(stand.channel_id, "Once", TWO)
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.seen(stand.page) == [("Once", ALTS)]


@pytest.mark.parametrize(("call", "loss"), ON_A_PROFILE)
def test_a_lost_answer_on_a_profile(stand: Stand, hand: Hand, call: str, loss: tuple[str, str]) -> None:
    channel_id, profile = add_profile(stand)
    stand.practice.switches(second_publish="second_post")
    stand.practice.script(loss[0], calls=call, moment=loss[1], seconds=0.3)
    publication_id = stand.plan_pictures(channel_id, "Once", TWO)
    if (call, loss[1]) == ("media_publish", "late"):
        hand.run_to(publication_id, Status.UNSURE)
        _wait_for(lambda: stand.seen(profile))  # before our patience of 90 seconds ends, here in one leap
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    hand.run()
    assert stand.seen(profile) == [("Once", ALTS)]
    assert stand.read(publication_id).permalink


def test_told_that_it_is_not_ready_it_is_shown_again(stand: Stand, hand: Hand) -> None:
    """That is a "no": nothing comes out by itself later, so waiting for it would be waiting for ever."""
    channel_id, profile = add_profile(stand)
    stand.practice.script("not_ready", calls="media_publish")
    publication_id = stand.plan_pictures(channel_id, "Once", TWO[:1])
    done = hand.run_to(publication_id, Status.PUBLISHED)
    assert (done.status, stand.seen(profile)) == (Status.PUBLISHED, [("Once", ALTS[:1])])


@pytest.mark.parametrize("lag", ["status_lag_seconds", "media_lag_seconds"])
def test_what_the_network_tells_late_is_never_shown_twice(stand: Stand, hand: Hand, lag: str) -> None:
    channel_id, profile = add_profile(stand)
    lags: dict[str, Any] = {lag: 20}
    stand.practice.switches(second_publish="second_post", **lags)
    stand.practice.script("closed", calls="media_publish", moment="after")
    publication_id = stand.plan_pictures(channel_id, "Once", TWO[:1])
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    hand.run()
    assert stand.seen(profile) == [("Once", ALTS[:1])]
    assert stand.read(publication_id).permalink


def test_the_same_words_twice_are_two_posts(stand: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(stand)
    first = stand.plan_pictures(channel_id, "Thank you all!", TWO[:1], due_in=600)
    hand.run_to(first, Status.PUBLISHED)
    hand.run()
    second = stand.plan_pictures(channel_id, "Thank you all!", TWO[1:], due_in=600)
    stand.practice.script("closed", calls="media_publish", moment="before")
    hand.run_to(second, Status.PUBLISHED)
    hand.run()
    assert stand.seen(profile) == [("Thank you all!", ALTS[:1]), ("Thank you all!", ALTS[1:])]
    assert stand.read(first).remote_id != stand.read(second).remote_id


def test_a_picture_that_fails_stops_the_whole_post(stand: Stand, hand: Hand) -> None:
    stand.practice.script("bad_image", calls="photo", skip=1)
    publication_id = stand.plan_pictures(stand.channel_id, "All or nothing", TWO)
    done = hand.run_to(publication_id, Status.REJECTED)
    assert (done.status, done.reason) == (Status.REJECTED, Reason.PHOTO_REFUSED)
    assert stand.seen(stand.page) == []


def _steps_until(hand: Hand, publication_id: int, reason: Reason) -> None:
    """The network fetches a picture in a thread of its own, as long as that takes: not a step at once."""

    def told() -> bool:
        return hand.stand.read(publication_id).reason == reason

    assert comes(lambda: told() or not hand.step(), every=0.05)
    assert told()


def test_a_profile_whose_network_cannot_reach_us(stand: Stand, hand: Hand, lender: Lender) -> None:
    channel_id, profile = add_profile(stand)
    lender.closed = True
    publication_id = stand.plan_pictures(channel_id, "Behind a wall", TWO[:1], lateness=10)
    _steps_until(hand, publication_id, Reason.PICTURE_NOT_FETCHED)
    lender.closed = False
    hand.run_to(publication_id, Status.PUBLISHED)
    assert stand.seen(profile) == [("Behind a wall", ALTS[:1])]


def test_a_full_quota_waits(stand: Stand, hand: Hand) -> None:
    channel_id, profile = add_profile(stand)
    publication_id = stand.plan_pictures(channel_id, "One too many", TWO[:1], lateness=600)
    stand.practice.switches(quota_total="25", quota_used=25)
    _steps_until(hand, publication_id, Reason.QUOTA_USED)
    waiting = stand.read(publication_id)
    assert (waiting.status in (Status.PLANNED, Status.STAGED), waiting.reason) == (True, Reason.QUOTA_USED)
    stand.practice.switches(quota_used=0)
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.seen(profile) == [("One too many", ALTS[:1])]


def test_a_lost_master_is_told_before_anything_goes_out(stand: Stand, hand: Hand) -> None:
    publication_id = stand.plan_pictures(stand.channel_id, "Where is it", [Shot("Gone", "gold", 640, 480)])
    for file in stand.ground.store.folder.glob("*/*/*.jpg"):
        if ".cut." not in file.name:
            file.unlink()
    done = hand.run_to(publication_id, Status.REJECTED)
    assert (done.status, done.reason) == (Status.REJECTED, Reason.PICTURE_LOST)


def test_a_busy_machine_is_no_reason_to_refuse_a_post(
    stand: Stand, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_given: object, **_named: object) -> int:
        raise Unreadable("picture_too_slow")

    never_cut = Shot("Late", "plum", 650 if stand.database.is_sqlite else 660, 490)
    publication_id = stand.plan_pictures(stand.channel_id, "A little later", [never_cut])
    with monkeypatch.context() as busy:
        busy.setattr(stand.ground.pictures, "render", too_slow)
        hand.step()
        waiting = stand.read(publication_id)
        assert (waiting.status, waiting.reason) == (Status.PLANNED, Reason.PICTURE_WAITS)
    assert hand.run_to(publication_id, Status.PUBLISHED).status is Status.PUBLISHED
    assert stand.seen(stand.page) == [("A little later", ["Late"])]


def _wait_for(happened: Callable[[], object]) -> None:
    """Ask again until it has happened, at most some seconds of real time."""
    for _ in range(2000):
        if happened():
            return
    raise AssertionError("it did not happen")
