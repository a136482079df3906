"""Comments of both networks: written, answered, listed late, hidden, deleted; a repeated one is a second."""

import httpx
import pytest

from tests.practice.films import film
from tests.practice.graph import Graph, code
from tests.practice.instagram import Instagram
from tests.support.practice import PracticeServer

FIELDS = "id,message,from,created_time,parent{id},is_hidden,can_hide,like_count,comment_count,permalink_url"


def test_comments_on_a_page(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create()
    first = graph.post(f"{post}/comments", message="First <b>")["id"]
    theirs = practice.ask("comments", {"on": post, "message": "Thanks!", "author": "Visitor"})["comment"]
    answer = graph.post(f"{theirs}/comments", message="You are welcome")["id"]
    deeper = graph.post(f"{answer}/comments", message="Really")["id"]
    rows = graph.get(f"{post}/comments", fields=FIELDS, summary="true")
    assert [row["id"] for row in rows["data"]] == [first, theirs]
    assert rows["summary"]["total_count"] >= 4
    assert [row["comment_count"] for row in rows["data"]] == [0, 2]
    assert rows["data"][0]["from"]["id"] == graph.page
    stream = graph.get(f"{post}/comments", filter="stream", order="reverse_chronological", limit=3)
    assert [row["id"] for row in stream["data"]] == [deeper, answer, theirs]
    last = graph.get(stream["paging"]["next"])["data"]
    assert [row["id"] for row in last] == [first]
    assert graph.get(deeper, fields="parent")["parent"] == {"id": theirs}
    assert graph.post(theirs, is_hidden="true") == {"success": True}
    text = practice.http.get(f"{practice.url}/public/posts/{post}").text
    assert "First &lt;b&gt;" in text
    assert "Thanks!" not in text
    assert graph.delete(first) == {"success": True}
    assert code(graph.delete(first)) == (100, 33)
    events = [(row["event"], row["object"]) for row in practice.public_log() if row["kind"] == "comment"]
    assert events[-2:] == [("disappeared", theirs), ("disappeared", first)]


def test_the_oldest_first_in_pages(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create()
    made = [graph.post(f"{post}/comments", message=f"Number {n}")["id"] for n in range(5)]
    for way in ("full", "short", "empty"):
        practice.switches(list_pages=way)
        found, answer = [], graph.get(f"{post}/comments", limit=2)
        while True:
            found += [row["id"] for row in answer["data"]]
            if "next" not in answer.get("paging", {}):
                break
            answer = graph.get(answer["paging"]["next"])
        assert found == made, way


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_repeated_comment_is_a_second_one(practice: PracticeServer, graph: Graph, moment: str) -> None:
    practice.switches(comment_lag_seconds=60)
    post = graph.create()
    practice.script("closed", calls="comment", moment=moment)
    with pytest.raises(httpx.TransportError):
        graph.post(f"{post}/comments", message="Once?")
    assert graph.get(f"{post}/comments")["data"] == []
    graph.post(f"{post}/comments", message="Once?")
    practice.forward(seconds=61)
    count = 2 if moment == "after" else 1
    assert len(graph.get(f"{post}/comments")["data"]) == count
    assert sum(row["kind"] == "comment" for row in practice.public_log()) == count


def test_what_can_be_commented(practice: PracticeServer, graph: Graph) -> None:
    files = {"source": ("a.mp4", film())}
    video = graph.call("POST", f"{graph.page}/videos", files=files).json()["id"]
    post = graph.get(video, fields="post_id")["post_id"]
    made = graph.post(f"{video}/comments", message="Under the video")["id"]
    assert [row["id"] for row in graph.get(f"{post}/comments")["data"]] == [made]
    assert code(graph.post(f"{graph.stage()}/comments", message="No")) == (100, None)
    assert code(graph.post(f"{post}/comments")) == (100, None)
    practice.switches(withdrawn=["pages_manage_engagement"])
    assert code(graph.post(f"{post}/comments", message="No")) == (200, None)
    practice.switches(withdrawn=["pages_read_user_content"], summaries_need_user_content=False)
    assert "from" not in graph.get(f"{post}/comments")["data"][0]


def test_comments_on_instagram(practice: PracticeServer, instagram: Instagram) -> None:
    media = instagram.published()
    first = instagram.post(f"{media}/comments", message="First")["id"]
    theirs = practice.ask("comments", {"on": media, "message": "Nice", "author": "reader"})["comment"]
    answer = instagram.post(f"{theirs}/replies", message="Thanks")["id"]
    fields = "id,text,username,timestamp,hidden,like_count,media,replies{id,text,username,parent_id}"
    rows = instagram.get(f"{media}/comments", fields=fields)["data"]
    assert [(row["id"], row["text"]) for row in rows] == [(theirs, "Nice"), (first, "First")]
    assert rows[0]["replies"]["data"][0]["id"] == answer
    assert rows[1]["username"] == "saarivesi.library"
    assert [row["id"] for row in instagram.get(f"{theirs}/replies")["data"]] == [answer]
    assert code(instagram.post(first, hide="true")) == (100, None)
    assert instagram.post(theirs, hide="true") == {"success": True}
    assert code(instagram.post(f"{theirs}/replies", message="No")) == (100, None)
    assert instagram.delete(first) == {"success": True}
    assert [row["id"] for row in instagram.get(f"{media}/comments")["data"]] == [theirs]
    instagram.post(media, comment_enabled="false")
    assert code(instagram.post(f"{media}/comments", message="No")) == (100, None)


def test_a_comment_deleted_between_list_and_read(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(comment_lag_seconds=30)
    post = graph.create()
    made = graph.post(f"{post}/comments", message="Here")["id"]
    practice.forward(seconds=31)
    practice.ask(f"objects/{made}", method="DELETE")
    assert [row["id"] for row in graph.get(f"{post}/comments")["data"]] == [made]
    assert code(graph.get(made)) == (100, 33)
