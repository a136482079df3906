"""Simulated numbers: today's names, growing with age, the same each time."""

from typing import Any

import pytest

from app.practice import versions
from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer

METRICS = (
    "post_media_view,post_total_media_view_unique,post_clicks,post_clicks_by_type,"
    "post_reactions_by_type_total,post_activity_by_action_type,post_reactions_like_total"
)


def numbers(graph: Graph, post: str) -> dict[str, Any]:
    rows = graph.get(f"{post}/insights", metric=METRICS)["data"]
    assert all(row["period"] == "lifetime" for row in rows)
    assert all(row["id"] == f"{post}/insights/{row['name']}/lifetime" for row in rows)
    return {row["name"]: row["values"][0]["value"] for row in rows}


def test_numbers_grow_and_fit_together(practice: PracticeServer, graph: Graph) -> None:
    posts = [graph.create(f"Post {n}", link="https://library.example") for n in range(8)]
    before = [numbers(graph, post) for post in posts]
    assert all(now["post_total_media_view_unique"] <= 1 for now in before)
    for step in (1, 24, 24 * 7):
        practice.forward(hours=step)
        after = [numbers(graph, post) for post in posts]
        for old, new in zip(before, after, strict=True):
            assert old["post_total_media_view_unique"] <= new["post_total_media_view_unique"]
            assert new["post_total_media_view_unique"] <= new["post_media_view"]
        before = after
    reach = sorted(now["post_total_media_view_unique"] for now in before)
    assert 8 <= reach[0] < reach[-1] < 2_000
    for post, now in zip(posts, before, strict=True):
        fields = "shares,reactions.limit(0).summary(true),comments.limit(0).summary(true)"
        read = graph.get(post, fields=fields)
        by_type = now["post_reactions_by_type_total"]
        assert read["reactions"]["summary"]["total_count"] == sum(by_type.values())
        assert by_type.get("like", 0) == now["post_reactions_like_total"]
        shares = now["post_activity_by_action_type"].get("share", 0)
        assert read.get("shares", {"count": 0})["count"] == shares
        assert sum(now["post_clicks_by_type"].values()) == now["post_clicks"]
    assert numbers(graph, posts[0]) == before[0]


def test_hidden_posts_have_none(practice: PracticeServer, graph: Graph) -> None:
    post = graph.stage()
    practice.forward(days=3)
    assert numbers(graph, post) == {}


def test_one_bad_name_fails_the_whole_call(practice: PracticeServer, graph: Graph) -> None:
    path = f"{graph.create()}/insights"
    for dead in ("post_impressions", "post_impressions_unique", "post_engaged_users"):
        assert code(graph.get(path, metric=f"post_clicks,{dead}")) == (100, None)
    assert "valid insights metric" in graph.get(path, metric="x")["error"]["message"]
    assert code(graph.get(path)) == (3001, 1504028)
    practice.switches(dead_metrics=["post_clicks"])
    assert code(graph.get(path, metric="post_media_view,post_clicks")) == (100, None)
    fields = "id,insights.metric(post_media_view,post_clicks)"
    assert code(graph.get(f"{graph.page}/published_posts", fields=fields)) == (100, None)
    practice.script("dead_metric", calls="insights")
    assert code(graph.get(path, metric="post_media_view")) == (100, None)
    assert "data" in graph.get(path, metric="post_media_view")


def test_old_versions_lack_the_new_names(
    practice: PracticeServer, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(versions.LIVES, "v22.0", None)
    path = f"{practice.url}/v22.0/{graph.create()}/insights"
    assert code(graph.call("GET", path, params={"metric": "post_media_view"}).json()) == (100, None)


def test_no_numbers_or_not_yet(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create()
    practice.switches(insights_delay_hours=48)
    practice.forward(hours=47)
    assert numbers(graph, post) == {}
    practice.forward(hours=2)
    assert numbers(graph, post) != {}
    practice.switches(insights_answer="empty")
    assert numbers(graph, post) == {}


def test_numbers_of_a_page(practice: PracticeServer, graph: Graph) -> None:
    path, window = f"{graph.page}/insights", {"since": "2026-11-01", "until": "2026-11-08"}
    answer = graph.get(path, metric="page_media_view,page_follows", period="day", **window)
    views, follows = answer["data"]
    assert [len(views["values"]), len(follows["values"])] == [7, 7]
    assert views["values"][0]["end_time"] == "2026-11-02T08:00:00+0000"
    assert follows["values"][0]["value"] == graph.get(graph.page, fields="followers_count")["followers_count"]
    assert answer["paging"].keys() == {"previous", "next"}
    assert code(graph.get(path, metric="page_impressions", period="day")) == (100, None)
    assert code(graph.get(path, metric="page_follows", period="week")) == (100, None)
    too_long = graph.get(path, metric="page_media_view", since="2026-01-01", until="2026-11-01")
    assert code(too_long) == (100, None)


def test_small_pages_have_none(practice: PracticeServer, graph: Graph) -> None:
    [page] = practice.add_pages("Village library", followers=80)
    bearer = {"authorization": f"Bearer {practice.page_token(page)}"}
    made = graph.call("POST", f"{page}/feed", data={"message": "Hi"}, headers=bearer)
    answer = graph.call(
        "GET",
        f"{made.json()['id']}/insights",
        params={"metric": "post_clicks"},
        headers=bearer,
    )
    assert answer.json() == {"data": []}


def test_counts_need_their_permission(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create()
    practice.switches(withdrawn=["pages_read_user_content"])
    assert code(graph.get(post, fields="reactions.limit(0).summary(true)")) == (200, None)
    practice.switches(summaries_need_user_content=False)
    assert "reactions" in graph.get(post, fields="reactions.limit(0).summary(true)")
