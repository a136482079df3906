"""Media on Instagram: published once or twice, listed, counted, deleted."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.practice.graph import code
from tests.practice.instagram import Instagram
from tests.support.practice import PracticeServer

MEDIA = (
    "id,caption,media_type,media_product_type,timestamp,permalink,shortcode,username,like_count,comments_count,"
    "alt_text,media_url,children{id,media_type,media_url,alt_text}"
)


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
    practice.switches(publish_seconds=1.5, simultaneous_publish=way, second_publish="same_id")
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
