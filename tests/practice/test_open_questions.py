"""What Meta leaves open: each way can be chosen, as app/practice says; and what colleagues do by hand."""

from typing import Any

import httpx
import pytest

import app.practice
from app.practice.switches import Switches
from tests.practice.films import film
from tests.practice.graph import Graph, code
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture
from tests.support.practice import PracticeServer


def events(practice: PracticeServer) -> list[tuple[str, str]]:
    """What the public saw, as kinds and events."""
    return [(row["kind"], row["event"]) for row in practice.public_log()]


def hidden_photo(graph: Graph) -> str:
    """The id of a new one."""
    files = {"source": ("a.jpg", picture())}
    answer = graph.call("POST", f"{graph.page}/photos", data={"published": "false"}, files=files)
    return str(answer.json()["id"])


def test_the_table_names_switches_that_exist() -> None:
    text = app.practice.__doc__ or ""
    named = {word.strip(",;") for word in text.split() if "_" in word} - {
        "code_2,", "code_1_99", "code_2", "http_502", "cut_midway",
    }  # fmt: skip
    assert named <= Switches.model_fields.keys()


@pytest.mark.parametrize(
    ("answer", "seen"), [("success", None), ("error_100", 100), ("error_1_no_change", 1)]
)
def test_1_showing_again(practice: PracticeServer, graph: Graph, answer: str, seen: int | None) -> None:
    practice.switches(show_answer=answer, shown_created_time="staged")
    post = graph.stage()
    graph.post(post, is_published="true")
    again = graph.post(post, is_published="true")
    assert (code(again)[0] if "error" in again else None) == seen
    assert events(practice) == [("post", "appeared")]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("fault", ["code_2", "code_1_99", "http_502", "closed"])
def test_2_3_4_lost_answers_of_every_kind(
    practice: PracticeServer, graph: Graph, instagram: Instagram, fault: str, moment: str
) -> None:
    files = {"source": ("a.mp4", film())}
    story, container = hidden_photo(graph), instagram.ready()
    post = graph.create()
    calls: dict[str, Any] = {
        "video": lambda: graph.call("POST", f"{graph.page}/videos", files=files),
        "story": lambda: graph.call("POST", f"{graph.page}/photo_stories", data={"photo_id": story}),
        "comment": lambda: graph.call("POST", f"{post}/comments", data={"message": "First"}),
        "media_publish": lambda: instagram.call(
            "POST", f"{instagram.profile}/media_publish", data={"creation_id": container}
        ),
    }
    for name, call in calls.items():
        practice.script(fault, calls=name, moment=moment)
        try:
            assert call().status_code >= 400
        except httpx.TransportError:
            assert fault == "closed"
    seen = [kind for kind, _ in events(practice)]
    assert seen == ["post", *(["video", "photo_story", "comment", "ig_post"] if moment == "after" else [])]


@pytest.mark.parametrize("way", ["always", "when_not_attached"])
def test_5_hidden_photos(practice: PracticeServer, graph: Graph, way: str) -> None:
    practice.switches(hidden_photos_vanish=way)
    photo = hidden_photo(graph)
    graph.create("Two", published="false", attached_media=f'[{{"media_fbid": "{photo}"}}]')
    practice.forward(hours=25)
    assert ("error" in graph.get(photo)) is (way == "always")


@pytest.mark.parametrize("answer", ["stays_hidden", "goes_public", "error_100"])
def test_6_drafts(practice: PracticeServer, graph: Graph, answer: str) -> None:
    practice.switches(draft_answer=answer)
    given = {"message": "A draft", "published": "false", "unpublished_content_type": "DRAFT"}
    media = f'[{{"media_fbid": "{hidden_photo(graph)}"}}]'
    made = graph.post(f"{graph.page}/feed", attached_media=media, fields="is_published", **given)
    assert made.get("is_published") == {"stays_hidden": False, "goes_public": True}.get(answer)
    assert len(practice.public_log()) == int(answer == "goes_public")


@pytest.mark.parametrize(("ceiling", "planned"), [("30", False), ("75", True)])
def test_7_plans(practice: PracticeServer, graph: Graph, ceiling: str, planned: bool) -> None:
    practice.switches(schedule_ceiling_days=ceiling, quota_used=50)
    when = int(practice.app.world.now().timestamp()) + 40 * 86_400
    made = graph.post(f"{graph.page}/feed", message="Then", published="false", scheduled_publish_time=when)
    assert ("id" in made) is planned
    rows = graph.get(f"{graph.page}/scheduled_posts", fields="scheduled_publish_time")["data"]
    assert [row["scheduled_publish_time"] for row in rows] == [when] * planned
    practice.forward(days=41)
    assert len(practice.public_log()) == int(planned)


def test_8_numbers_of_stories(practice: PracticeServer, instagram: Instagram) -> None:
    story = instagram.published(media_type="STORIES", image_url=instagram.shelf.put(picture()))
    practice.forward(hours=5)
    metrics = {"metric": "views,reach,replies,navigation"}
    assert len(instagram.get(f"{story}/insights", **metrics)["data"]) == 4
    practice.switches(story_viewers=4)
    assert code(instagram.get(f"{story}/insights", **metrics)) == (10, None)
    practice.forward(hours=20)
    assert instagram.get(f"{story}/insights", **metrics) == {"data": []}


def test_9_data_access_lapses_for_instagram_alone(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(data_access_expired=True, instagram_after_data_access="refused")
    assert code(instagram.get(instagram.profile)) == (10, None)
    assert instagram.get(instagram.page)["id"] == instagram.page
    practice.ask("permissions", {"permissions": {"pages_manage_posts": "declined"}})
    assert code(instagram.post(f"{instagram.page}/feed", message="No")) == (200, None)


def test_10_limits(practice: PracticeServer, graph: Graph, instagram: Instagram) -> None:
    practice.ask("limits", {"page": instagram.profile, "minutes": 30})
    assert code(instagram.get(instagram.profile)) == (80002, None)
    assert graph.get(graph.page)["id"] == graph.page
    practice.ask("limits", {"page": graph.page, "minutes": 20, "code": 32})
    answer = graph.call("GET", graph.page)
    assert code(answer.json()) == (32, None)
    assert '"estimated_time_to_regain_access": 20' in answer.headers["x-business-use-case-usage"]
    practice.forward(minutes=31)
    assert graph.get(graph.page)["id"] == graph.page
    assert instagram.get(instagram.profile)["id"] == instagram.profile


def test_11_12_fresh_things_and_old_ways(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(fresh_seconds=30)
    video = graph.post(f"{graph.page}/video_reels", upload_phase="start")["video_id"]
    assert code(graph.get(video)) == (100, 33)
    practice.forward(seconds=31)
    assert graph.get(video)["id"] == video
    answer = graph.call("GET", "/v19.0/" + graph.page)
    assert answer.headers["facebook-api-version"] == "v21.0"
    assert code(graph.get("", ids=graph.page)) == (100, None)


@pytest.mark.parametrize("way", ["closed", "http_503"])
def test_the_whole_network_goes_away(practice: PracticeServer, graph: Graph, way: str) -> None:
    practice.ask("outage", {"way": way, "seconds": 3_600})
    if way == "closed":
        with pytest.raises(httpx.TransportError):
            graph.get(graph.page)
    else:
        assert graph.call("GET", graph.page).status_code == 503
    practice.forward(hours=1)
    assert graph.get(graph.page)["id"] == graph.page
    practice.ask("outage", {"way": "http_503"})
    practice.ask("outage", method="DELETE")
    assert graph.get(graph.page)["id"] == graph.page


def test_colleagues_show_hide_and_delete(
    practice: PracticeServer, graph: Graph, instagram: Instagram
) -> None:
    post, media = graph.stage(), instagram.published()
    files = {"source": ("a.mp4", film())}
    video = graph.call("POST", f"{graph.page}/videos", files=files, data={"published": "false"}).json()["id"]
    for wanted in (post, video):
        practice.ask(f"objects/{wanted}/show", {})
    assert graph.get(post, fields="is_published")["is_published"] is True
    assert graph.get(video, fields="published")["published"] is True
    for wanted in (post, media):
        practice.ask(f"objects/{wanted}/hide", {})
    assert graph.get(post, fields="is_hidden")["is_hidden"] is True
    assert code(instagram.get(media)) == (100, 33)
    practice.ask(f"objects/{media}/show", {})
    for wanted in (post, media, video):
        practice.ask(f"objects/{wanted}", method="DELETE")
        assert code(graph.get(wanted)) == (100, 33)
        assert practice.control.delete(f"objects/{wanted}").status_code == 422
    assert events(practice) == [
        ("ig_post", "appeared"),
        ("post", "appeared"),
        ("video", "appeared"),
        ("post", "disappeared"),
        ("ig_post", "disappeared"),
        ("ig_post", "returned"),
        ("ig_post", "disappeared"),
        ("video", "disappeared"),
    ]


def test_colleagues_post_stories(practice: PracticeServer, graph: Graph, instagram: Instagram) -> None:
    on_page = practice.ask("stories", {"place": graph.page})["story"]
    on_profile = practice.ask("stories", {"place": instagram.profile, "colour": 1})["story"]
    assert [row["post_id"] for row in graph.get(f"{graph.page}/stories")["data"]] == [on_page]
    assert [row["id"] for row in instagram.get(f"{instagram.profile}/stories")["data"]] == [on_profile]
    practice.ask(f"objects/{on_page}", method="DELETE")
    assert graph.get(f"{graph.page}/stories")["data"] == []


def test_what_is_known_survives_a_restart(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(video_processing_seconds=60)
    files = {"source": ("a.mp4", film())}
    video = graph.call("POST", f"{graph.page}/videos", files=files).json()["id"]
    world = practice.app.world
    world._load()
    assert video in world.waiting
    practice.forward(seconds=61)
    assert events(practice) == [("video", "appeared")]
