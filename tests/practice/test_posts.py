"""Posts on a Page: hidden, shown, read, edited, deleted."""

import pytest

from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer

FIELDS = (
    "id,is_published,created_time,message,permalink_url,shares,reactions.limit(0).summary(true),"
    "comments.limit(0).summary(true),insights.metric(post_media_view,post_clicks)"
)


def events(practice: PracticeServer) -> list[tuple[str, str]]:
    return [(row["event"], row["message"]) for row in practice.public_log()]


def test_hidden_first_shown_later(practice: PracticeServer, graph: Graph) -> None:
    post = graph.stage("Story hour")
    assert graph.get(post, fields="is_published")["is_published"] is False
    assert events(practice) == []
    assert post not in practice.control.get(f"{practice.url}/public/pages/{graph.page}").text

    assert graph.post(post, is_published="true") == {"success": True}
    assert events(practice) == [("appeared", "Story hour")]
    read = graph.get(post, fields=FIELDS)
    assert read["is_published"] is True
    assert read["permalink_url"].endswith(f"/public/posts/{post}")
    assert read["reactions"]["summary"]["total_count"] == 0


def test_read_after_write(graph: Graph) -> None:
    made = graph.post(f"{graph.page}/feed", message="Hello", fields="id,is_published,created_time")
    assert made.keys() == {"id", "is_published", "created_time"}
    assert made["created_time"].endswith("+0000")


def test_lists_tell_hidden_from_public(graph: Graph) -> None:
    hidden, public = graph.stage("Hidden"), graph.create("Public")
    fields = {"fields": "id,is_published"}
    feed = graph.get(f"{graph.page}/feed", **fields)["data"]
    assert feed == [{"id": public, "is_published": True}, {"id": hidden, "is_published": False}]
    for name in ("published_posts", "posts"):
        assert [row["id"] for row in graph.get(f"{graph.page}/{name}", **fields)["data"]] == [public]
    assert graph.get(f"{graph.page}/scheduled_posts") == {"data": []}


@pytest.mark.parametrize(
    ("answer", "expected"), [("success", None), ("error_100", 100), ("error_1_no_change", 1)]
)
def test_shown_again(practice: PracticeServer, graph: Graph, answer: str, expected: int | None) -> None:
    post = graph.create()
    practice.switches(show_answer=answer)
    again = graph.post(post, is_published="true")
    assert again == {"success": True} if expected is None else again["error"]["code"] == expected
    assert len(practice.public_log()) == 1


@pytest.mark.parametrize(("way", "moved"), [("shown", True), ("staged", False)])
def test_time_of_a_shown_post(practice: PracticeServer, graph: Graph, way: str, moved: bool) -> None:
    practice.switches(shown_created_time=way)
    post = graph.stage()
    before = graph.get(post)["created_time"]
    practice.forward(minutes=5)
    graph.post(post, is_published="true")
    assert (graph.get(post)["created_time"] != before) is moved


def test_what_is_refused(graph: Graph) -> None:
    page, post = graph.page, graph.create()
    assert code(graph.post(f"{page}/feed")) == (100, None)
    assert code(graph.post(f"{page}/feed", message="x" * 63_207)) == (100, None)
    assert code(graph.post(f"{page}/feed", message="Hi", colour="red")) == (100, None)
    assert code(graph.post(f"{page}/feed", message="Hi", fields="nonsense")) == (100, None)
    assert code(graph.post(f"{page}/feed", message="Hi", attached_media="[]")) == (100, None)
    assert code(graph.post(f"{page}/feed", link="ftp://example.org")) == (100, None)
    assert code(graph.post(post, is_published="false")) == (100, None)
    assert code(graph.post(post, link="https://example.org")) == (100, None)
    assert code(graph.get(post, fields="id,engagement_rate")) == (100, None)
    assert code(graph.get(post, fields="comments.limit(0")) == (2500, None)
    assert code(graph.get(f"{page}_999")) == (100, 33)
    assert code(graph.get("nobody")) == (803, None)
    assert code(graph.get(f"{page}/moods")) == (2500, None)
    assert len(graph.get(f"{page}/feed")["data"]) == 1


def test_edit_and_delete(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create("Opne until 19")
    assert graph.post(post, message="Open until 19") == {"success": True}
    assert graph.get(post)["message"] == "Open until 19"
    assert graph.delete(post) == {"success": True}
    assert code(graph.delete(post)) == (100, 33)
    assert code(graph.post(post, is_published="true")) == (100, 33)
    assert [event for event, _ in events(practice)] == ["appeared", "edited", "disappeared"]


def test_a_post_made_by_hand_is_not_ours(practice: PracticeServer, graph: Graph) -> None:
    post = practice.ask("posts", {"page": graph.page, "message": "By hand"})["post"]
    assert "application" not in graph.get(post, fields="application")
    assert code(graph.post(post, message="Changed")) == (200, None)
    ours = graph.get(graph.create(), fields="application")
    assert ours["application"]["id"] == practice.keys.app_id
    practice.ask(f"posts/{post}", method="DELETE")
    assert code(graph.get(post)) == (100, 33)


def test_each_object_has_its_own_number(practice: PracticeServer, graph: Graph) -> None:
    first, second = graph.create("Same"), graph.create("Same")
    seqs = {row["object"]: row["seq"] for row in practice.public_log()}
    assert seqs[first] < seqs[second]


def test_links(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create(link="https://library.example/story")
    card = graph.get(post, fields="attachments")["attachments"]["data"][0]
    assert card["url"] == "https://library.example/story"
    practice.switches(link_answer="unreachable")
    assert code(graph.post(f"{graph.page}/feed", link="https://gone.example")) == (1609005, None)


def test_same_text_twice(practice: PracticeServer, graph: Graph) -> None:
    graph.create("Twice")
    practice.switches(duplicate_text="refuse")
    assert code(graph.post(f"{graph.page}/feed", message="Twice")) == (506, None)
