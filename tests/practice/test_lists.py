"""Lists: cursors, short and empty pages, lag."""

import pytest

from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer


def walk(graph: Graph, limit: int) -> tuple[list[str], list[int]]:
    """All ids of a feed by following `next`, and how many rows each page had."""
    ids: list[str] = []
    sizes: list[int] = []
    answer = graph.get(f"{graph.page}/feed", limit=limit, fields="id")
    while True:
        ids += [row["id"] for row in answer["data"]]
        sizes.append(len(answer["data"]))
        link = answer.get("paging", {}).get("next")
        if not link:
            return ids, sizes
        assert "access_token=" in link
        answer = graph.get(link)


@pytest.mark.parametrize("pages", ["full", "short", "empty"])
def test_every_post_once(practice: PracticeServer, graph: Graph, pages: str) -> None:
    made = [graph.create(f"Post {n}") for n in range(10)]
    practice.switches(list_pages=pages)
    ids, sizes = walk(graph, 3)
    assert ids == made[::-1]
    assert (0 in sizes) is (pages == "empty")
    assert (max(sizes) < 3) is (pages == "short")


def test_backwards(graph: Graph) -> None:
    made = [graph.create(f"Post {n}") for n in range(5)][::-1]
    second = graph.get(f"{graph.page}/feed", limit=2, after=_after(graph))
    assert [row["id"] for row in second["data"]] == made[2:4]
    first = graph.get(second["paging"]["previous"])
    assert [row["id"] for row in first["data"]] == made[:2]
    assert "previous" not in first["paging"]


def _after(graph: Graph) -> str:
    return str(graph.get(f"{graph.page}/feed", limit=2)["paging"]["cursors"]["after"])


def test_limits_and_times(practice: PracticeServer, graph: Graph) -> None:
    graph.create("Old")
    practice.forward(hours=1)
    new = graph.create("New")
    since = graph.get(new)["created_time"].replace("+0000", "+00:00")
    feed = f"{graph.page}/feed"
    assert [row["message"] for row in graph.get(feed, since=since)["data"]] == ["New"]
    assert code(graph.get(feed, limit=101)) == (100, None)
    assert code(graph.get(feed, after="nonsense")) == (100, None)
    assert code(graph.get(feed, since="yesterday")) == (100, None)


def test_lists_lag(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(list_lag_seconds=60)
    post = graph.create()
    assert graph.get(f"{graph.page}/feed")["data"] == []
    assert graph.get(post)["id"] == post
    practice.forward(seconds=61)
    assert len(graph.get(f"{graph.page}/published_posts")["data"]) == 1


def test_one_page_of_a_list_is_short_or_empty(practice: PracticeServer, graph: Graph) -> None:
    made = [graph.create(f"Post {n}") for n in range(6)]
    practice.script("empty_page", calls="list")
    ids, sizes = walk(graph, 6)
    assert (ids, sizes) == (made[::-1], [0, 6])
    practice.script("short_page", calls="list")
    assert walk(graph, 6)[1] == [4, 2]


def test_too_much_at_once(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(expansion_rows=10)
    path, fields = f"{graph.page}/published_posts", "id,insights.metric(post_clicks)"
    assert code(graph.get(path, limit=25, fields=fields)) == (1, None)
    assert "data" in graph.get(path, limit=10, fields=fields)
