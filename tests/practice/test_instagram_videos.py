"""Reels, stories and carousels with videos on Instagram: sent or fetched, looked at, published."""

import hashlib
from typing import Any

import httpx
import pytest

from tests.practice.films import film
from tests.practice.graph import code
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture
from tests.support.practice import PracticeServer

REEL = {"media_type": "REELS"}


def shelved(instagram: Instagram, **more: Any) -> str:
    """The address of a video."""
    return instagram.shelf.put(film(**more), kind="video/mp4")


def begin(instagram: Instagram, **params: Any) -> tuple[str, str]:
    """A container for bytes that are sent, and where they go to."""
    given = {**REEL, "upload_type": "resumable", **params}
    made = instagram.post(f"{instagram.profile}/media", **given)
    return made["id"], made["uri"]


def send(instagram: Instagram, uri: str, body: bytes, offset: int = 0, size: int = 0) -> dict[str, Any]:
    """The answer to bytes."""
    headers = {"authorization": f"OAuth {instagram.token}", "offset": str(offset)}
    headers["file_size"] = str(size or len(body))
    answer: dict[str, Any] = instagram._http.post(uri, content=body, headers=headers).json()
    return answer


def test_a_reel_from_an_address(practice: PracticeServer, instagram: Instagram) -> None:
    cover = instagram.shelf.put(picture(90, 160))
    params = {"video_url": shelved(instagram), "cover_url": cover, "share_to_feed": "false"}
    container = instagram.ready(**REEL, **params, caption="A reel")
    media = instagram.publish(container)["id"]
    fields = "media_type,media_product_type,media_url,thumbnail_url,is_shared_to_feed"
    seen = instagram.get(media, fields=fields)
    assert (seen["media_type"], seen["media_product_type"]) == ("VIDEO", "REELS")
    assert seen["is_shared_to_feed"] is False
    assert practice.http.get(seen["media_url"]).content == film()
    assert practice.http.get(seen["thumbnail_url"]).content == picture(90, 160)
    [row] = practice.public_log()
    assert (row["kind"], row["message"]) == ("ig_reel", "A reel")
    assert row["files"] == [hashlib.sha256(film()).hexdigest()]
    assert [one["id"] for one in instagram.listed()] == [media]
    assert "<video" in practice.http.get(f"{practice.url}/public/media/{media}").text


def test_bytes_are_cut_and_go_on(practice: PracticeServer, instagram: Instagram) -> None:
    body = film()
    container, uri = begin(instagram, thumb_offset=1_000)
    assert uri.startswith(f"{practice.url}/rupload/ig-api-upload/v25.0/{container}")
    practice.script("cut_midway", calls="rupload", bytes=4_000, page=instagram.profile)
    with pytest.raises(httpx.TransportError):
        send(instagram, uri, body)
    told = instagram.get(container, fields="video_status,status_code")
    assert told["video_status"]["uploading_phase"]["bytes_transferred"] == 4_000
    assert told["status_code"] == "IN_PROGRESS"
    assert send(instagram, uri, body)["debug_info"]["type"] == "OffsetInvalidError"
    assert send(instagram, uri, body[4_000:], 4_000, len(body))["success"] is True
    assert instagram.settled(container) == "FINISHED"
    assert code(instagram.publish(container) | {"error": {"fbtrace_id": 1, "is_transient": False, "code": 0}})
    assert len(practice.public_log()) == 1


def test_processing_takes_its_time(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(video_processing_seconds=60)
    container, uri = begin(instagram)
    assert code(instagram.publish(container)) == (9007, 2207027)
    practice.forward(seconds=90)
    send(instagram, uri, film())
    assert instagram.status(container) == "IN_PROGRESS"
    practice.forward(seconds=61)
    assert instagram.status(container) == "FINISHED"
    practice.forward(hours=24)
    assert instagram.status(container) == "EXPIRED"


WRONG: list[tuple[dict[str, Any], dict[str, Any], int]] = [
    ({"moov_first": False}, REEL, 2207026),
    ({"seconds": 2}, REEL, 2207026),
    ({"frames": 15}, REEL, 2207026),
    ({"rate": 96_000}, REEL, 2207026),
    ({"codec": "mpeg4", "frames": 25}, REEL, 2207026),
    ({"size": (2_000, 96)}, REEL, 2207026),
    ({"seconds": 61, "size": (96, 160)}, {"media_type": "STORIES"}, 2207026),
    ({}, {**REEL, "thumb_offset": 5_000}, 2207057),
]


@pytest.mark.parametrize(("what", "params", "subcode"), WRONG)
def test_wrong_videos(
    practice: PracticeServer, instagram: Instagram, what: dict[str, Any], params: dict[str, Any], subcode: int
) -> None:
    address = shelved(instagram, **what)
    container = instagram.container(**params, video_url=address)
    assert instagram.settled(container) == "ERROR"
    assert instagram.get(container, fields="status")["status"].endswith(str(subcode))
    sent, uri = begin(instagram, **params)
    assert send(instagram, uri, film(**what))["success"] is True
    assert instagram.status(sent) == "ERROR"
    practice.switches(video_checks="at_once")
    assert instagram.refused(**params, video_url=address)[1] == subcode
    _, uri = begin(instagram, **params)
    assert send(instagram, uri, film(**what))["debug_info"]["type"] == "ProcessingFailedError"


def test_addresses_that_give_nothing(practice: PracticeServer, instagram: Instagram) -> None:
    for address, subcode in (
        (f"{instagram.shelf.url}/none", "2207052"),
        (instagram.shelf.put(film(), kind="text/html"), "2207052"),
        (instagram.shelf.put(b"no film" * 500, kind="video/mp4"), "2207026"),
    ):
        container = instagram.container(**REEL, video_url=address)
        assert instagram.settled(container) == "ERROR"
        assert subcode in instagram.get(container, fields="status")["status"]
    practice.switches(video_fetch_seconds=0.1)
    instagram.shelf.silent.add("/slow")
    slow = instagram.container(**REEL, video_url=instagram.shelf.put(film(), "slow", "video/mp4"))
    assert instagram.settled(slow) == "ERROR"
    assert "2207003" in instagram.get(slow, fields="status")["status"]


def test_stories_of_both_kinds(practice: PracticeServer, instagram: Instagram) -> None:
    high = instagram.shelf.put(picture(90, 160))
    still = instagram.published(media_type="STORIES", image_url=high)
    moving = instagram.published(media_type="STORIES", video_url=shelved(instagram))
    path, fields = f"{instagram.profile}/stories", "id,media_type,media_product_type"
    rows = instagram.get(path, fields=fields)["data"]
    assert [(row["id"], row["media_type"]) for row in rows] == [(moving, "VIDEO"), (still, "IMAGE")]
    assert {row["media_product_type"] for row in rows} == {"STORY"}
    assert instagram.listed() == []
    assert [row["kind"] for row in practice.public_log()] == ["ig_story"] * 2
    profile = f"{practice.url}/public/profiles/{instagram.profile}"
    assert "<video" in practice.http.get(profile).text
    practice.forward(hours=24, seconds=1)
    assert instagram.get(path)["data"] == []
    assert [row["event"] for row in practice.public_log()] == ["appeared"] * 2 + ["disappeared"] * 2
    assert "<video" not in practice.http.get(profile).text
    assert practice.http.get(f"{practice.url}/public/media/{still}").status_code == 404


def test_carousels_mix(practice: PracticeServer, instagram: Instagram) -> None:
    clip = instagram.ready(media_type="VIDEO", is_carousel_item="true", video_url=shelved(instagram))
    sent, uri = begin(instagram, media_type="VIDEO", is_carousel_item="true")
    send(instagram, uri, film(colour="red"))
    still = instagram.ready(is_carousel_item="true", image_url=instagram.shelf.put(picture()))
    whole = instagram.ready(media_type="CAROUSEL", children=f"{clip},{still},{sent}", caption="Mixed")
    media = instagram.publish(whole)["id"]
    children = instagram.get(media, fields="children{media_type}")["children"]["data"]
    assert [one["media_type"] for one in children] == ["VIDEO", "IMAGE", "VIDEO"]
    [row] = practice.public_log()
    assert [len(row["videos"]), len(row["pictures"]), len(row["files"])] == [2, 1, 3]
    text = practice.http.get(f"{practice.url}/public/media/{media}").text
    assert (text.count("<video"), text.count("<img")) == (2, 1)
    assert instagram.refused(media_type="VIDEO", video_url=shelved(instagram)) == (100, None)
    assert instagram.refused(**REEL, video_url=shelved(instagram), is_carousel_item="true") == (100, None)
    assert instagram.refused(**REEL, video_url="x", upload_type="resumable") == (100, None)


@pytest.mark.parametrize("answer", ["second_post", "same_id", "error_24_2207008"])
def test_publishing_a_reel_again(practice: PracticeServer, instagram: Instagram, answer: str) -> None:
    practice.switches(second_publish=answer, status_lag_seconds=30)
    container = instagram.ready(**REEL, video_url=shelved(instagram))
    practice.script("fatal", calls="media_publish", moment="after")
    assert code(instagram.publish(container)) == (-1, 2207085)
    assert instagram.status(container) == "FINISHED"
    instagram.publish(container)
    assert len(practice.public_log()) == (2 if answer == "second_post" else 1)
    practice.forward(seconds=31)
    assert instagram.status(container) == "PUBLISHED"
