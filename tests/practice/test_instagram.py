"""Profiles on Instagram: containers, publishing, quota, media, deleting."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.practice.graph import code
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture, two_in_one
from tests.practice.test_oauth import get
from tests.support.practice import PracticeServer

MEDIA = (
    "id,caption,media_type,media_product_type,timestamp,permalink,shortcode,username,like_count,comments_count,"
    "alt_text,media_url,children{id,media_type,media_url,alt_text}"
)


def refused(instagram: Instagram, **params: Any) -> tuple[int, int | None]:
    """Code and subcode of a container that is not made."""
    return code(instagram.post(f"{instagram.profile}/media", **params))


def test_profiles_hang_on_pages(practice: PracticeServer, instagram: Instagram) -> None:
    token = practice.user_token()
    fields = "id,instagram_business_account{id,username}"
    rows = get(practice, "v25.0/me/accounts", token, fields=fields)["data"]
    profiles = {row["id"]: row.get("instagram_business_account") for row in rows}
    assert profiles[instagram.page] == {"id": instagram.profile, "username": "saarivesi.library"}
    assert list(profiles.values()).count(None) == 1
    asked = "id,username,name,profile_picture_url,followers_count,media_count,biography"
    told = instagram.get(instagram.profile, fields=asked)
    assert told.keys() == set(asked.split(","))
    assert code(instagram.get(instagram.profile, fields="mood")) == (100, None)


def test_from_container_to_media(practice: PracticeServer, instagram: Instagram) -> None:
    container = instagram.ready(caption="Story hour #books", alt_text="A child reads")
    told = instagram.get(container, fields="id,status_code,status,copyright_check_status")
    assert told["status"].startswith("Finished:")
    assert practice.public_log() == []
    media = instagram.publish(container)["id"]
    assert instagram.status(container) == "PUBLISHED"
    [row] = practice.public_log()
    assert (row["network"], row["page"], row["object"]) == ("instagram", instagram.profile, media)
    assert (row["event"], row["message"]) == ("appeared", "Story hour #books")
    assert [one["alt_text"] for one in row["pictures"]] == ["A child reads"]
    read = instagram.get(media, fields=MEDIA)
    assert (read["media_type"], read["media_product_type"]) == ("IMAGE", "FEED")
    assert read["permalink"].endswith(f"/public/media/{media}")
    assert "children" not in read
    assert instagram.listed(MEDIA) == [read]
    usage = instagram.call("GET", instagram.profile).headers["x-business-use-case-usage"]
    assert json.loads(usage)[instagram.profile][0]["type"] == "instagram"


def test_a_carousel_keeps_its_order(practice: PracticeServer, instagram: Instagram) -> None:
    media = instagram.publish(instagram.carousel("In order"))["id"]
    read = instagram.get(media, fields=MEDIA)
    assert read["media_type"] == "CAROUSEL_ALBUM"
    parts = read["children"]["data"]
    assert [part["alt_text"] for part in parts] == ["Picture 0", "Picture 1", "Picture 2"]
    assert instagram.get(f"{media}/children")["data"] == [{"id": part["id"]} for part in parts]
    [row] = practice.public_log()
    assert [one["width"] for one in row["pictures"]] == [80, 81, 82]
    assert instagram.get(f"{instagram.profile}/content_publishing_limit")["data"] == [{"quota_usage": 1}]
    assert code(instagram.get(f"{parts[0]['id']}/insights", metric="views")) == (1, None)
    assert code(instagram.delete(parts[0]["id"])) == (100, None)


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
        {**image, "media_type": "STORIES"},
        {**image, "colour": "red"},
        {**image, "alt_text": "x" * 1_001},
        {**image, "is_carousel_item": "true", "caption": "No"},
        {**image, "children": item},
        {"media_type": "CAROUSEL", "children": f"{item},{single}"},
        {"media_type": "CAROUSEL", "children": f"{item},{item}", "alt_text": "No"},
    ):
        assert refused(instagram, **params) == (100, None), params
    assert refused(instagram, **image, media_type="STICKER") == (100, 2207023)
    for count in (0, 1, 11):
        children = ",".join([item] * count)
        assert refused(instagram, media_type="CAROUSEL", children=children) == (100, 2207028)
    assert refused(instagram, media_type="CAROUSEL", children=f"{item},999") == (24, 2207008)
    for caption in ("x" * 2_201, "\U0001f4da" * 1_101, "#a " * 31, "@a " * 21):
        assert refused(instagram, **image, caption=caption) == (36004, 2207010)
    assert instagram.container(**image, caption="x" * 2_200)
    assert instagram.container(**image, caption="#a " * 30 + "@a " * 20)
    for address in ("http://example.org/ä.jpg", "ftp://example.org/a.jpg", "http://a@localhost/", "nonsense"):
        assert refused(instagram, image_url=address) == (9004, 2207052)


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
        assert refused(instagram, image_url=address)[1] == subcode
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
    assert refused(instagram, media_type="CAROUSEL", children=children) == (9007, 2207027)
    practice.forward(seconds=61)
    assert instagram.settled(container) == "FINISHED"
    practice.forward(hours=24)
    assert instagram.status(alone) == "EXPIRED"
    assert code(instagram.publish(alone)) == (24, 2207008)
    assert code(instagram.publish("1")) == (24, 2207008)


AGAIN = {
    "second_post": None,
    "same_id": None,
    "error_100": (100, None),
    "error_24_2207008": (24, 2207008),
    "error_2207085": (-1, 2207085),
}


@pytest.mark.parametrize(("answer", "expected"), AGAIN.items())
def test_publishing_again(
    practice: PracticeServer, instagram: Instagram, answer: str, expected: tuple[int, int] | None
) -> None:
    practice.switches(second_publish=answer)
    container = instagram.ready()
    first = instagram.publish(container)["id"]
    again = instagram.publish(container)
    if expected:
        assert code(again) == expected
    assert len(practice.public_log()) == (2 if answer == "second_post" else 1)
    assert (again.get("id") == first) is (answer == "same_id")


@pytest.mark.parametrize(("way", "count"), [("second_post", 2), ("as_second", 1)])
def test_publishing_twice_at_the_same_moment(
    practice: PracticeServer, instagram: Instagram, way: str, count: int
) -> None:
    practice.switches(publish_seconds=0.3, simultaneous_publish=way, second_publish="same_id")
    container = instagram.ready()
    with ThreadPoolExecutor(2) as pool:
        ids = {answer["id"] for answer in pool.map(instagram.publish, [container] * 2)}
    assert len(ids) == len(practice.public_log()) == count


@pytest.mark.parametrize("fault", ["fatal", "code_2", "http_502", "closed"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_lost_answers(practice: PracticeServer, instagram: Instagram, fault: str, moment: str) -> None:
    container = instagram.ready()
    practice.script(fault, calls="media_publish", moment=moment)
    try:
        answer = instagram.call("POST", f"{instagram.profile}/media_publish", data={"creation_id": container})
        assert answer.status_code >= 400
    except httpx.TransportError:
        assert fault == "closed"
    assert instagram.status(container) == ("PUBLISHED" if moment == "after" else "FINISHED")
    assert len(practice.public_log()) == (1 if moment == "after" else 0)


def test_faults_of_each_call(practice: PracticeServer, instagram: Instagram) -> None:
    media, container = instagram.published(), instagram.ready()
    calls: dict[str, Callable[[], dict[str, Any]]] = {
        "container": lambda: instagram.post(f"{instagram.profile}/media", image_url="http://a/b"),
        "container_status": lambda: instagram.get(container),
        "media_publish": lambda: instagram.publish(container),
        "media_list": lambda: instagram.get(f"{instagram.profile}/media"),
        "quota": lambda: instagram.get(f"{instagram.profile}/content_publishing_limit"),
        "profile": lambda: instagram.get(instagram.profile),
        "media": lambda: instagram.get(media),
        "media_insights": lambda: instagram.get(f"{media}/insights", metric="views"),
        "media_edit": lambda: instagram.post(media, comment_enabled="false"),
        "media_delete": lambda: instagram.delete(media),
    }
    faults = {"not_ready": 9007, "container_gone": 24, "not_fetched": 9004, "fatal": -1, "limit": 80002}
    for name, call in calls.items():
        for fault, number in faults.items():
            practice.script(fault, calls=name, page=instagram.profile)
            assert code(call())[0] == number, (name, fault)


def test_what_was_published_is_seen_late(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(status_lag_seconds=30, media_lag_seconds=60)
    container = instagram.ready()
    media = instagram.publish(container)["id"]
    assert instagram.status(container) == "FINISHED"
    assert instagram.listed() == []
    practice.forward(seconds=31)
    assert instagram.status(container) == "PUBLISHED"
    assert instagram.listed() == []
    practice.forward(seconds=30)
    assert instagram.listed() == [{"id": media}]


def test_quota(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(quota_total="25", quota_used=23)
    path = f"{instagram.profile}/content_publishing_limit"
    expected = {"config": {"quota_total": 25, "quota_duration": 86_400}, "quota_usage": 23}
    assert instagram.get(path, fields="config,quota_usage")["data"] == [expected]
    first = instagram.published()
    instagram.delete(first)
    instagram.published()
    assert instagram.get(path)["data"] == [{"quota_usage": 25}]  # what was deleted counts too
    container = instagram.ready()
    assert code(instagram.publish(container)) == (9, 2207042)
    practice.forward(hours=23)
    assert code(instagram.publish(instagram.ready())) == (9, 2207042)
    practice.forward(hours=1)
    assert "id" in instagram.publish(instagram.ready())
    assert code(instagram.get(path, since="2020-01-01")) == (100, None)


def test_at_most_400_containers_a_day(practice: PracticeServer, instagram: Instagram) -> None:
    image = instagram.shelf.put(picture())
    world = practice.app.world
    first = world.containers[instagram.ready(image_url=image)]
    world.containers |= {str(n): first.model_copy(update={"id": str(n)}) for n in range(1, 400)}
    assert refused(instagram, image_url=image) == (9, 2207042)
    practice.forward(hours=25)
    assert instagram.container(image_url=image)


def test_lists_have_pages(practice: PracticeServer, instagram: Instagram) -> None:
    made = [instagram.published(caption=f"Number {n}") for n in range(5)][::-1]
    path = f"{instagram.profile}/media"
    answer = instagram.get(path, fields="id,caption", limit=2)
    assert [row["id"] for row in answer["data"]] == made[:2]
    second = instagram.get(path, fields="id", limit=2, after=answer["paging"]["cursors"]["after"])
    assert [row["id"] for row in second["data"]] == made[2:4]
    third = instagram.get(second["paging"]["next"])
    assert [row["id"] for row in third["data"]] == made[4:]
    assert "next" not in third["paging"]
    practice.switches(list_pages="short")
    assert len(instagram.get(path, limit=5)["data"]) == 3
    assert instagram.get(f"{instagram.profile}/stories") == {"data": []}


def test_a_media_is_not_edited(practice: PracticeServer, instagram: Instagram) -> None:
    media = instagram.published(caption="As it is")
    assert code(instagram.post(media, caption="Changed")) == (100, None)
    assert instagram.post(media, comment_enabled="false") == {"success": True}
    assert instagram.get(media, fields="caption,is_comment_enabled")["is_comment_enabled"] is False


def test_deleting(practice: PracticeServer, instagram: Instagram) -> None:
    media = instagram.published()
    practice.switches(delete_answer="error_2207085")
    answer = instagram.call("DELETE", media)
    assert (answer.status_code, code(answer.json())) == (400, (-1, 2207085))
    practice.switches(delete_answer="works", withdrawn=["instagram_manage_contents"])
    assert code(instagram.delete(media)) == (200, None)
    practice.switches(withdrawn=None)
    assert instagram.delete(media)["success"] is True
    assert code(instagram.delete(media)) == (100, 33)
    assert code(instagram.get(media)) == (100, 33)
    assert instagram.listed() == []
    assert [row["event"] for row in practice.public_log()] == ["appeared", "disappeared"]


@pytest.mark.parametrize("number", ["10", "200"])
def test_each_permission(practice: PracticeServer, instagram: Instagram, number: str) -> None:
    media, container = instagram.published(), instagram.ready()
    practice.switches(permission_code=number)
    calls: dict[str, Callable[[], dict[str, Any]]] = {
        "instagram_basic": lambda: instagram.get(instagram.profile),
        "instagram_content_publish": lambda: instagram.publish(container),
        "instagram_manage_insights": lambda: instagram.get(media, fields="insights.metric(views)"),
        "instagram_manage_contents": lambda: instagram.delete(media),
    }
    for name, call in calls.items():
        practice.ask("permissions", {"permissions": {name: "declined"}})
        assert code(call()) == (int(number), None)
        practice.ask("permissions", {"permissions": {name: "granted"}})
    practice.ask("permissions", {"permissions": {"instagram_basic": "declined"}})
    page = instagram.get(instagram.page, fields="id,instagram_business_account")
    assert page == {"id": instagram.page}


def test_scopes_name_their_profiles(practice: PracticeServer) -> None:
    app = f"{practice.keys.app_id}|{practice.keys.app_secret}"
    told = get(practice, "debug_token", app, input_token=practice.user_token())["data"]
    targets = {row["scope"]: row.get("target_ids") for row in told["granular_scopes"]}
    assert len(targets["instagram_basic"]) == 2
    assert not set(targets["instagram_basic"]) & set(targets["pages_show_list"])


def test_roles_and_other_pages(practice: PracticeServer, instagram: Instagram) -> None:
    container, media = instagram.ready(), instagram.published()
    other = {"authorization": f"Bearer {practice.page_token(practice.other_page)}"}
    for path in (container, media):
        assert code(instagram.call("GET", path, headers=other).json()) == (100, 33)
    assert code(instagram.call("GET", instagram.profile, headers=other).json()) == (200, None)
    practice.ask("roles", {"page": instagram.page, "tasks": ["ANALYZE"]})
    assert code(instagram.publish(container)) == (200, None)
    assert instagram.get(media)["id"] == media


def test_switches_of_a_profile_are_its_own(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(page=instagram.profile, token_error="460")
    assert code(instagram.get(instagram.profile)) == (190, 460)
    assert instagram.get(instagram.page)["id"] == instagram.page
    practice.switches(page=instagram.profile, token_error=None, blocked=True)
    assert refused(instagram, image_url="http://a/b") == (4, 2207051)
    practice.switches(page=instagram.profile, blocked=None, usage_percent=100)
    assert code(instagram.get(instagram.profile)) == (80002, None)
    assert "id" in instagram.post(f"{instagram.page}/feed", message="The Page goes on")


def test_data_access(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(data_access_expired=True)
    assert instagram.get(instagram.profile)["id"] == instagram.profile
    practice.switches(instagram_after_data_access="refused")
    assert code(instagram.get(instagram.profile)) == (10, None)
    assert instagram.get(instagram.page)["id"] == instagram.page


def test_a_fresh_container_is_not_found(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(fresh_seconds=30)
    container = instagram.container()
    assert code(instagram.get(container)) == (100, 33)
    practice.forward(seconds=31)
    assert instagram.settled(container) == "FINISHED"


def test_numbers(practice: PracticeServer, instagram: Instagram) -> None:
    names = "views,reach,likes,comments,saved,shares,total_interactions,follows,profile_visits"
    media = instagram.published()
    practice.forward(days=3)
    rows = instagram.get(f"{media}/insights", metric=names)["data"]
    values = {row["name"]: row["values"][0]["value"] for row in rows}
    assert values.keys() == set(names.split(","))
    assert values["views"] >= values["reach"] > values["likes"] > 0
    [row] = instagram.listed(f"id,like_count,insights.metric({names})")
    assert row["like_count"] == values["likes"]
    assert row["insights"]["data"] == rows
    assert practice.ask(f"media/{media}/numbers")["reach"] == values["reach"]
    for bad, expected in {
        "impressions": 100,
        "views,mood": 100,
        "": 100,
        "views,replies": 1,
        "facebook_views": 1,
        "ig_reels_avg_watch_time": 1,
    }.items():
        assert code(instagram.get(f"{media}/insights", metric=bad)) == (expected, None)
    practice.switches(dead_metrics=["follows"])
    assert code(instagram.get(f"{media}/insights", metric=names)) == (100, None)
    practice.switches(dead_metrics=[], insights_answer="empty")
    assert instagram.get(f"{media}/insights", metric=names) == {"data": []}
    practice.switches(insights_answer="numbers", insights_delay_hours=96)
    assert instagram.get(f"{media}/insights", metric=names) == {"data": []}


def test_what_colleagues_post_by_hand(practice: PracticeServer, instagram: Instagram) -> None:
    ours = instagram.published(caption="The same")
    given = {"profile": instagram.profile, "caption": "The same", "pictures": 2, "alt_texts": ["One", "Two"]}
    theirs = practice.ask("media", given)["media"]
    assert [row["id"] for row in instagram.listed("id,caption")] == [theirs, ours]
    assert [one["alt_text"] for one in practice.public_log()[-1]["pictures"]] == ["One", "Two"]
    assert instagram.get(f"{instagram.profile}/content_publishing_limit")["data"] == [{"quota_usage": 1}]
    practice.ask(f"media/{theirs}", method="DELETE")
    assert [row["id"] for row in instagram.listed()] == [ours]
    post = practice.ask("posts", {"page": instagram.page, "message": "By hand", "photos": 2})
    fields = "attachments{subattachments{target}}"
    [row] = instagram.get(post["post"], fields=fields)["attachments"]["data"]
    assert [part["target"]["id"] for part in row["subattachments"]["data"]] == post["photos"]


def test_more_profiles(practice: PracticeServer, instagram: Instagram) -> None:
    added = practice.ask("pages", {"name": "Lepola", "count": 3, "with_profiles": True})
    assert len(added["profiles"]) == 3
    assert practice.control.post("profiles", json={"page": added["pages"][0]}).status_code == 422
    bare = practice.add_pages("Bare")[0]
    profile = practice.ask("profiles", {"page": bare, "username": "bare.books"})["profile"]
    linked = instagram.call(
        "GET",
        bare,
        params={"fields": "instagram_business_account{username}"},
        headers={"authorization": f"Bearer {practice.page_token(bare)}"},
    ).json()["instagram_business_account"]
    assert linked == {"id": profile, "username": "bare.books"}


def test_addresses_are_not_written_down(practice: PracticeServer, instagram: Instagram) -> None:
    instagram.ready(image_url=instagram.shelf.put(picture(), "secret-name"))
    assert "secret-name" not in practice.control.get("transcript").text
    assert "secret-name" not in practice.control.get("state").text
    assert all(one.image_url == "" for one in practice.app.world.containers.values())
