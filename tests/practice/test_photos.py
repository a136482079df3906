"""Photos on Pages: sent, hidden, put into posts, vanished."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.practice.graph import Graph, code
from tests.practice.shelf import Shelf, picture, two_in_one
from tests.support.practice import PracticeServer

PHOTO = "id,alt_text,alt_text_custom,name,width,height,images,link,created_time,page_story_id"


def send(graph: Graph, body: bytes | None = None, **fields: str) -> dict[str, Any]:
    """The answer to a photo."""
    files = {"source": ("a.jpg", picture() if body is None else body, "image/jpeg")}
    answer: dict[str, Any] = graph.call(
        "POST", f"{graph.page}/photos", data=fields, files=files, timeout=20
    ).json()
    return answer


def hidden(graph: Graph, body: bytes | None = None, **fields: str) -> str:
    """A hidden photo's id."""
    return str(send(graph, body, published="false", **fields)["id"])


def attach(*photos: str) -> dict[str, str]:
    """Photos for a post, as single fields."""
    return {f"attached_media[{n}]": json.dumps({"media_fbid": one}) for n, one in enumerate(photos)}


def held(graph: Graph, post: str) -> list[str]:
    """The ids of a post's photos as its attachments tell them."""
    fields = "attachments{media_type,target,subattachments{target}}"
    [row] = graph.get(post, fields=fields).get("attachments", {"data": [{}]})["data"]
    parts = row["subattachments"]["data"] if "subattachments" in row else [row] if row else []
    return [part["target"]["id"] for part in parts]


def test_a_photo_makes_its_post(practice: PracticeServer, graph: Graph) -> None:
    body = picture(120, 80)
    made = send(graph, body, caption="The bus", alt_text_custom="A blue bus in snow")
    assert made["post_id"] == f"{graph.page}_{made['id']}"
    [row] = practice.public_log()
    assert (row["event"], row["network"], row["page"]) == ("appeared", "facebook", graph.page)
    assert (row["object"], row["message"]) == (made["post_id"], "The bus")
    digest = hashlib.sha256(body).hexdigest()
    expected = {"hash": digest, "size": len(body), "width": 120, "height": 80}
    assert row["pictures"] == [{**expected, "alt_text": "A blue bus in snow"}]
    read = graph.get(made["id"], fields=PHOTO)
    assert (read["alt_text_custom"], read["page_story_id"]) == ("A blue bus in snow", made["post_id"])
    assert read["alt_text"].startswith("May be")
    assert read["images"][0]["width"] == 120
    assert practice.http.get(read["images"][0]["source"]).content == body


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF"])
def test_kinds_of_photos(practice: PracticeServer, graph: Graph, kind: str) -> None:
    photo = hidden(graph, picture(kind=kind))
    source = graph.get(photo, fields="images")["images"][0]["source"]
    assert practice.http.get(source).headers["content-type"] in ("image/jpeg", "image/png", "image/gif")


def test_what_is_no_photo(graph: Graph) -> None:
    whole = picture(400, 400, quality=95)
    for body in (b"", b"<svg/>", picture(kind="WEBP"), whole[:200], whole[: len(whole) // 2]):
        assert code(send(graph, body)) == (324, None)
    assert code(send(graph, picture() + b"\0" * 10 * 1024 * 1024)) == (324, None)
    assert code(send(graph, b"\0" * 11 * 1024 * 1024)) == (324, None)
    assert "id" in send(graph, picture() + b"\0" * 9 * 1024 * 1024)
    assert "id" in send(graph, two_in_one())


def test_bodies_elsewhere_stay_small(practice: PracticeServer, graph: Graph) -> None:
    long = {"message": "x" * 1_100_000}
    assert code(graph.call("POST", f"{graph.page}/feed", data=long).json()) == (100, None)

    def parts() -> Any:
        yield b"message="
        for _ in range(30):
            yield b"x" * 50_000

    answer = graph.call(  # without a length in front
        "POST",
        f"{graph.page}/feed",
        content=parts(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert code(answer.json()) == (100, None)
    assert graph.get(f"{graph.page}/feed")["data"] == []


def test_what_is_refused(practice: PracticeServer, graph: Graph) -> None:
    photos = f"{graph.page}/photos"
    assert code(graph.post(photos, caption="Nothing")) == (100, None)
    assert code(send(graph, url="https://example.org/a.jpg")) == (100, None)
    for name in ("colour", "targeting", "scheduled_publish_time"):
        assert code(send(graph, None, **{name: "1"})) == (100, None)
    assert code(send(graph, temporary="true")) == (100, None)
    file = {"picture": ("a.jpg", picture(), "image/jpeg")}
    assert code(graph.call("POST", photos, files=file).json()) == (100, None)
    batch = {"batch": '[{"method":"POST","relative_url":"me/photos","attached_files":"a"}]'}
    assert code(graph.call("POST", "../", data=batch).json()) == (100, None)
    batch = {"batch": '[{"method":"GET","relative_url":"me"}]'}
    assert code(graph.call("POST", "../", data=batch, files=file).json()) == (100, None)
    assert practice.state()["photos"] == []


def test_from_an_address(practice: PracticeServer, graph: Graph, shelf: Shelf) -> None:
    photos = f"{graph.page}/photos"
    assert "post_id" in graph.post(photos, url=shelf.put(picture()))
    assert code(graph.post(photos, url=f"{shelf.url}/none")) == (324, None)
    assert code(graph.post(photos, url="http://127.0.0.1:1/a.jpg")) == (324, None)


def test_a_post_with_photos(practice: PracticeServer, graph: Graph) -> None:
    photos = [hidden(graph, picture(80 + n), alt_text_custom=f"Number {n}") for n in range(3)]
    assert practice.public_log() == []
    order = [photos[2], photos[0], photos[1]]
    post = graph.create("Three", published="false", **attach(*order))
    assert held(graph, post) == order
    assert practice.public_log() == []
    graph.post(post, is_published="true")
    [row] = practice.public_log()
    assert [one["alt_text"] for one in row["pictures"]] == ["Number 2", "Number 0", "Number 1"]
    assert [one["width"] for one in row["pictures"]] == [82, 80, 81]
    read = graph.get(post, fields="attachments,full_picture,status_type")
    [album] = read["attachments"]["data"]
    assert (album["media_type"], read["status_type"]) == ("album", "added_photos")
    assert album["media"]["image"]["src"] == read["full_picture"]
    assert graph.get(f"{post}/attachments")["data"] == [album]
    assert graph.get(photos[0], fields="page_story_id")["page_story_id"] == post
    listed = graph.get(f"{graph.page}/photos", type="uploaded", fields="id")["data"]
    assert {one["id"] for one in listed} == set(photos)


def test_photos_as_one_list(graph: Graph) -> None:
    photos = [hidden(graph) for _ in range(2)]
    whole = json.dumps([{"media_fbid": one} for one in photos])
    post = graph.create("", attached_media=whole)
    assert held(graph, post) == photos
    single = graph.create("One", **attach(hidden(graph)))
    [row] = graph.get(single, fields="attachments")["attachments"]["data"]
    assert (row["type"], "subattachments" in row) == ("photo", False)


def test_photos_that_cannot_be_put_into_a_post(practice: PracticeServer, graph: Graph) -> None:
    feed, mine = f"{graph.page}/feed", hidden(graph)

    def refused(**fields: str) -> tuple[int, int | None]:
        return code(graph.post(feed, message="No", **fields))

    assert refused(attached_media="[]") == (100, None)
    assert refused(attached_media="{") == (100, None)
    assert refused(attached_media=f'[{{"id":"{mine}"}}]') == (100, None)
    assert refused(**attach("123")) == (100, 33)
    assert refused(**attach(mine, mine)) == (100, 1366051)
    assert refused(**attach(mine), link="https://example.org") == (100, None)
    assert refused(**attach(*(hidden(graph) for _ in range(11)))) == (100, None)
    practice.ask("roles", {"page": practice.other_page, "tasks": ["CREATE_CONTENT"]})
    other = Graph(practice)
    other.page, other.token = practice.other_page, practice.page_token(practice.other_page)
    assert refused(**attach(hidden(other))) == (100, 33)
    assert graph.get(feed)["data"] == []


def test_a_photo_is_used_once(practice: PracticeServer, graph: Graph) -> None:
    photo = hidden(graph)
    post = graph.create("First", published="false", **attach(photo))
    assert code(graph.post(f"{graph.page}/feed", message="Second", **attach(photo))) == (100, 1366051)
    practice.switches(photo_reuse="allow")
    graph.delete(graph.create("Second", published="false", **attach(photo)))
    practice.switches(photo_reuse="refuse")
    graph.delete(post)
    assert graph.get(photo)["id"] == photo  # a hidden post leaves its photos when it goes
    assert held(graph, graph.create("Third", **attach(photo))) == [photo]


@pytest.mark.parametrize(("which", "left"), [("always", 0), ("when_not_attached", 1)])
def test_hidden_photos_vanish(practice: PracticeServer, graph: Graph, which: str, left: int) -> None:
    practice.switches(hidden_photos_vanish=which)
    loose, kept, public = hidden(graph), hidden(graph), send(graph)["id"]
    post = graph.create("Waits", published="false", **attach(kept))
    practice.forward(hours=25)
    assert code(graph.get(loose)) == (100, 33)
    assert len(held(graph, post)) == left
    assert graph.post(post, is_published="true") == {"success": True}
    assert len(practice.public_log()[-1]["pictures"]) == left
    assert graph.get(public)["id"] == public
    practice.forward(hours=25)
    assert len(held(graph, post)) == left  # what is public stays


def test_deleting(practice: PracticeServer, graph: Graph) -> None:
    made = send(graph)
    assert code(graph.post(made["id"], alt_text_custom="Changed")) == (100, 33)
    assert graph.delete(made["id"]) == {"success": True}
    assert code(graph.delete(made["id"])) == (100, 33)
    assert code(graph.get(made["post_id"])) == (100, 33)
    pair = [hidden(graph), hidden(graph)]
    post = graph.create("Two", **attach(*pair))
    graph.delete(pair[0])
    assert held(graph, post) == [pair[1]]
    graph.delete(post)
    assert code(graph.get(pair[1])) == (100, 33)
    loose = send(graph, no_story="true")
    assert "post_id" not in loose
    graph.delete(loose["id"])
    events = [row["event"] for row in practice.public_log()]
    assert events == [
        "appeared",
        "disappeared",
        "appeared",
        "edited",
        "disappeared",
        "appeared",
        "disappeared",
    ]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_lost_answers(practice: PracticeServer, graph: Graph, moment: str) -> None:
    practice.script("code_2", calls="photo", moment=moment)
    assert code(send(graph, published="false")) == (2, None)
    assert len(practice.state()["photos"]) == (1 if moment == "after" else 0)
    [row] = practice.transcript(call="photo")
    assert (row["done"], row["params"]["source"].endswith("bytes)")) == (moment == "after", True)
    practice.script("bad_image", calls="photo")
    assert code(send(graph)) == (324, None)


def test_rights(practice: PracticeServer, graph: Graph) -> None:
    photo = hidden(graph)
    practice.switches(withdrawn=["pages_manage_posts"])
    assert code(send(graph)) == (200, None)
    assert code(graph.delete(photo)) == (200, None)
    practice.switches(withdrawn=None)
    other = {"authorization": f"Bearer {practice.page_token(practice.other_page)}"}
    assert code(graph.call("GET", photo, headers=other).json()) == (100, 33)
    practice.switches(blocked=True)
    assert code(send(graph)) == (368, None)


def test_photos_survive_a_restart(tmp_path: Path) -> None:
    with PracticeServer(tmp_path) as first:
        graph = Graph(first)
        photo = hidden(graph, alt_text_custom="Kept")
        post = graph.create("Kept", published="false", **attach(photo))
        public = send(graph)["id"]
        source = graph.get(public, fields="link")["link"].rpartition("/")[2]
    with PracticeServer(tmp_path) as second:
        assert second.http.get(f"{second.url}/public/pictures/{source}").content == picture()
        [kept] = [one for one in second.state()["posts"] if one["id"] == post]
        assert kept["photos"] == [photo]
