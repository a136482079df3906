"""What was there before anybody connected; numbers per day of Pages and profiles, of stories and reels."""

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tests.practice.graph import Graph, code
from tests.practice.instagram import Instagram
from tests.support.pictures import a_picture
from tests.support.practice import PracticeServer

YESTERDAY = {"since": "2026-11-01", "until": "2026-11-02"}


def test_what_colleagues_made_before_stands_in_the_lists(
    practice: PracticeServer, instagram: Instagram
) -> None:
    practice.switches(list_lag_seconds=0, media_lag_seconds=0, list_pages="full")
    practice.ask("past", {"place": instagram.page, "days": 30, "posts": 5})
    practice.ask("past", {"place": instagram.profile, "days": 30, "posts": 3})
    reel = practice.ask("reels", {"page": instagram.page, "description": "Sewing", "hours_ago": 48})
    made = practice.ask("media", {"profile": instagram.profile, "reel": True, "hours_ago": 24})
    posts = instagram.get(f"{instagram.page}/published_posts", fields="id,created_time,message")["data"]
    times = [datetime.fromisoformat(row["created_time"]) for row in posts]
    assert times == sorted(times, reverse=True)
    assert len(posts) == 5
    assert times[-1] >= datetime.now(UTC) - timedelta(days=30, minutes=1)
    [told] = instagram.get(f"{instagram.page}/video_reels", fields="id,description,post_id")["data"]
    assert told == {"id": reel["video"], "description": "Sewing", "post_id": reel["post"]}
    media = instagram.listed("id,media_product_type")
    assert media[0] == {"id": made["media"], "media_product_type": "REELS"}
    assert len(media) == 4
    assert practice.control.post("past", json={"place": "7"}).status_code == 422


def test_a_made_up_past_is_laid_with_its_own_pictures(practice: PracticeServer, instagram: Instagram) -> None:
    practice.switches(list_lag_seconds=0, media_lag_seconds=0)
    body = base64.b64encode(a_picture("jpeg")).decode()
    picture = practice.ask("pictures", {"body": body})["picture"]
    counted = {"reactions": 31, "likes": 31, "comments": 2}
    one = {"text": "Herons", "hours_ago": 4800, "picture": picture, "alt_text": "Two", "counted": counted}
    on_page, on_profile = (
        practice.ask("laid", {"place": place, "posts": [one]})["posts"][0]
        for place in (instagram.page, instagram.profile)
    )
    for made in (on_page, on_profile):
        page = practice.http.get(f"{practice.url}{urlsplit(made['link']).path}").text
        for words in ("Herons", f"/public/pictures/{picture['name']}", 'alt="Two"', "2 comments"):
            assert words in page
        assert re.search(r"\b31\b", page)
    posts = instagram.get(f"{instagram.page}/published_posts", fields="id")["data"]
    assert (posts, instagram.listed("id")) == ([{"id": on_page["id"]}], [{"id": on_profile["id"]}])
    asked = "post_reactions_like_total,post_reactions_love_total,post_total_media_view_unique"
    told = instagram.get(f"{on_page['id']}/insights", metric=asked)["data"]
    likes, loves, reached = (row["values"][0]["value"] for row in told)
    assert (likes, loves, reached > 0) == (31, 0, True), "what was left out is simulated"
    for wrong in ({"body": "?"}, {"body": base64.b64encode(b"no picture").decode()}):
        assert practice.control.post("pictures", json=wrong).status_code == 422
    assert practice.control.post("laid", json={"place": "7", "posts": []}).status_code == 422


def test_days_that_are_not_over_have_no_numbers(practice: PracticeServer, instagram: Instagram) -> None:
    now = datetime.now(UTC)
    window = {"since": (now - timedelta(days=3)).date().isoformat(), "until": "2099-01-01"}
    assert code(instagram.get(f"{instagram.page}/insights", metric="page_media_view", **window)) == (
        100,
        None,
    )
    window["until"] = (now + timedelta(days=2)).date().isoformat()
    path = f"{instagram.page}/insights"
    [row] = instagram.get(path, metric="page_media_view", **window)["data"]
    assert len(row["values"]) == 3
    practice.switches(insights_delay_hours=48)
    [row] = instagram.get(path, metric="page_media_view", **window)["data"]
    assert len(row["values"]) == 1


def test_numbers_of_a_profile(practice: PracticeServer, instagram: Instagram) -> None:
    path, more = f"{instagram.profile}/insights", {"period": "day", "metric_type": "total_value"}
    rows = instagram.get(path, metric="views,reach", **more, **YESTERDAY)["data"]
    assert [row["name"] for row in rows] == ["views", "reach"]
    assert rows[1]["total_value"]["value"] > 0
    week = {"since": "2026-11-01", "until": "2026-11-08"}
    [whole] = instagram.get(path, metric="reach", **more, **week)["data"]
    [daily] = instagram.get(path, metric="reach", period="day", **week)["data"]
    assert len(daily["values"]) == 7
    assert whole["total_value"]["value"] < sum(one["value"] for one in daily["values"])
    for wrong in ("impressions", "views,profile_fans"):
        assert code(instagram.get(path, metric=wrong, **more)) == (100, None)
    assert code(instagram.get(path, metric="views", period="day")) == (100, None)
    assert code(instagram.get(path, metric="views", metric_type="total_value")) == (100, None)
    practice.switches(dead_metrics=["views"])
    assert code(instagram.get(path, metric="views,reach", **more)) == (100, None)
    practice.switches(withdrawn=["instagram_manage_insights"])
    assert code(instagram.get(path, metric="reach", **more)) == (200, None)


def test_small_places_are_told_little(practice: PracticeServer, instagram: Instagram) -> None:
    practice.ask("followers", {"place": instagram.profile, "followers": 99})
    practice.ask("followers", {"place": instagram.page, "followers": 99})
    more = {"period": "day", "metric_type": "total_value", **YESTERDAY}
    rows = instagram.get(f"{instagram.profile}/insights", metric="reach,follows_and_unfollows", **more)
    assert [row["name"] for row in rows["data"]] == ["reach"]
    page = instagram.get(f"{instagram.page}/insights", metric="page_media_view", **YESTERDAY)
    assert page["data"] == []
    assert instagram.get(instagram.page, fields="followers_count")["followers_count"] == 99


def test_numbers_of_stories_and_reels(practice: PracticeServer, graph: Graph) -> None:
    story = practice.ask("stories", {"place": graph.page})["story"]
    reel = practice.ask("reels", {"page": graph.page, "hours_ago": 300})
    practice.forward(hours=9)
    asked = "STORY_MEDIA_VIEW,STORY_TOTAL_MEDIA_VIEW_UNIQUE,PAGES_FB_STORY_REPLIES"
    rows = {r["name"]: r["values"][0]["value"] for r in graph.get(f"{story}/insights", metric=asked)["data"]}
    assert rows["STORY_MEDIA_VIEW"] >= rows["STORY_TOTAL_MEDIA_VIEW_UNIQUE"] > 0
    dead = "PAGE_STORY_IMPRESSIONS_BY_STORY_ID"
    assert code(graph.get(f"{story}/insights", metric=dead)) == (100, None)
    [plays] = graph.get(f"{reel['video']}/video_insights", metric="blue_reels_play_count")["data"]
    assert plays["values"][0]["value"] > 0
    assert code(graph.get(f"{reel['video']}/video_insights", metric="fb_reels_total_plays")) == (100, None)
    told = graph.get(f"{reel['post']}/insights", metric="post_media_view,post_total_media_view_unique")
    assert [row["name"] for row in told["data"]] == ["post_media_view"]
    practice.ask("followers", {"place": graph.page, "followers": 80})
    assert graph.get(f"{story}/insights", metric=asked) == {"data": []}
