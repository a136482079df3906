"""Containers on Instagram: what they take, how pictures are fetched and looked at."""

import json

import pytest

from tests.practice.graph import code
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture, two_in_one
from tests.support.practice import PracticeServer


def test_children_as_a_list(instagram: Instagram) -> None:
    items = [instagram.ready(image_url=instagram.shelf.put(picture()), is_carousel_item="true") for _ in "ab"]
    assert instagram.ready(media_type="CAROUSEL", children=json.dumps(items))
    assert code(instagram.publish(items[0])) == (100, None)  # a part alone


def test_what_no_container_takes(practice: PracticeServer, instagram: Instagram) -> None:
    image = {"image_url": instagram.shelf.put(picture())}
    item = instagram.ready(**image, is_carousel_item="true")
    single = instagram.ready(**image)
    for params in (
        {},
        {**image, "user_tags": "[]"},
        {**image, "location_id": "1"},
        {**image, "collaborators": "a"},
        {**image, "media_type": "STORIES", "caption": "No"},
        {**image, "media_type": "STORIES", "alt_text": "No"},
        {**image, "media_type": "REELS"},
        {**image, "video_url": image["image_url"]},
        {**image, "colour": "red"},
        {**image, "alt_text": "x" * 1_001},
        {**image, "is_carousel_item": "true", "caption": "No"},
        {**image, "children": item},
        {"media_type": "CAROUSEL", "children": f"{item},{single}"},
        {"media_type": "CAROUSEL", "children": f"{item},{item}", "alt_text": "No"},
    ):
        assert instagram.refused(**params) == (100, None), params
    assert instagram.refused(**image, media_type="STICKER") == (100, 2207023)
    for count in (0, 1, 11):
        children = ",".join([item] * count)
        assert instagram.refused(media_type="CAROUSEL", children=children) == (100, 2207028)
    assert instagram.refused(media_type="CAROUSEL", children=f"{item},999") == (24, 2207008)
    for caption in ("x" * 2_201, "\U0001f4da" * 1_101, "#a " * 31, "@a " * 21):
        assert instagram.refused(**image, caption=caption) == (36004, 2207010)
    assert instagram.container(**image, caption="x" * 2_200)
    assert instagram.container(**image, caption="#a " * 30 + "@a " * 20)
    for address in ("http://example.org/ä.jpg", "ftp://example.org/a.jpg", "http://a@localhost/", "nonsense"):
        assert instagram.refused(image_url=address) == (9004, 2207052)


BAD_PICTURES = [
    (picture(kind="PNG"), "image/png", 2207005),
    (picture(kind="PNG"), "image/jpeg", 2207005),
    (picture(), "image/png", 2207005),
    (picture(), "text/html", 2207052),
    (two_in_one(), "image/jpeg", 2207005),
    (picture()[:200], "image/jpeg", 2207005),
    (picture(79, 100), "image/jpeg", 2207009),
    (picture(192, 100), "image/jpeg", 2207009),
    (picture() + b"\0" * 8 * 1024 * 1024, "image/jpeg", 2207004),
]


@pytest.mark.parametrize("checks", ["later", "at_once"])
@pytest.mark.parametrize(("body", "kind", "subcode"), BAD_PICTURES)
def test_bad_pictures(
    practice: PracticeServer, instagram: Instagram, checks: str, body: bytes, kind: str, subcode: int
) -> None:
    practice.switches(image_checks=checks)
    address = instagram.shelf.put(body, kind=kind)
    if checks == "at_once":
        assert instagram.refused(image_url=address)[1] == subcode
        assert practice.state()["containers"] == []
        return
    container = instagram.container(image_url=address)
    assert instagram.settled(container) == "ERROR"
    assert instagram.get(container, fields="status")["status"].endswith(f"error code {subcode}")
    assert code(instagram.publish(container)) == (9007, 2207027)


def test_good_pictures(practice: PracticeServer, instagram: Instagram) -> None:
    put = instagram.shelf.put
    for body in (picture(80, 100), picture(191, 100), picture(progressive=True), picture(quality=100)):
        assert instagram.ready(image_url=put(body))
    practice.switches(image_checks="at_once")
    assert instagram.ready(image_url=put(picture()))


def test_addresses_that_give_nothing(practice: PracticeServer, instagram: Instagram) -> None:
    shelf = instagram.shelf
    moved = shelf.put(shelf.put(picture()).encode(), "moved", status=302)
    elsewhere = shelf.url.replace("127.0.0.1", "localhost")
    for address in (f"{shelf.url}/none", moved, f"{elsewhere}/0", "http://127.0.0.1:1/a"):
        container = instagram.container(image_url=address)
        assert instagram.settled(container) == "ERROR"
        assert "2207052" in instagram.get(container, fields="status")["status"]
    assert shelf.asked == ["/none", "/moved"]
    shelf.silent.add("/slow")
    practice.switches(fetch_seconds=0.1)
    slow = instagram.container(image_url=shelf.put(picture(), "slow"))
    assert instagram.settled(slow) == "ERROR"
    assert "2207003" in instagram.get(slow, fields="status")["status"]


def test_only_this_machine_is_added_to_the_origins(practice: PracticeServer) -> None:
    for address in ("https://example.org", "http://127.0.0.1.example.org", "file:///etc", "nonsense"):
        assert practice.control.post("origins", json={"origins": [address]}).status_code == 422
    assert "http://localhost:8000" in practice.state()["origins"]  # our own


def test_a_container_takes_its_time(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(container_seconds=60)
    container = instagram.container(image_url=instagram.shelf.put(picture()), is_carousel_item="true")
    alone = instagram.container()
    assert instagram.status(container) == "IN_PROGRESS"
    assert code(instagram.publish(alone)) == (9007, 2207027)
    children = f"{container},{container}"
    assert instagram.refused(media_type="CAROUSEL", children=children) == (9007, 2207027)
    practice.forward(seconds=61)
    assert instagram.settled(container) == "FINISHED"
    practice.forward(hours=24)
    assert instagram.status(alone) == "EXPIRED"
    assert code(instagram.publish(alone)) == (24, 2207008)
    assert code(instagram.publish("1")) == (24, 2207008)


def test_at_most_400_containers_a_day(practice: PracticeServer, instagram: Instagram) -> None:
    image = instagram.shelf.put(picture())
    world = practice.app.world
    first = world.containers[instagram.ready(image_url=image)]
    world.containers |= {str(n): first.model_copy(update={"id": str(n)}) for n in range(1, 400)}
    assert instagram.refused(image_url=image) == (9, 2207042)
    practice.forward(hours=25)
    assert instagram.container(image_url=image)


def test_a_fresh_container_is_not_found(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(fresh_seconds=30)
    container = instagram.container()
    assert code(instagram.get(container)) == (100, 33)
    practice.forward(seconds=31)
    assert instagram.settled(container) == "FINISHED"


def test_addresses_are_not_written_down(practice: PracticeServer, instagram: Instagram) -> None:
    instagram.ready(image_url=instagram.shelf.put(picture(), "secret-name"))
    assert "secret-name" not in practice.control.get("transcript").text
    assert "secret-name" not in practice.control.get("state").text
    assert all(one.image_url == "" for one in practice.app.world.containers.values())
