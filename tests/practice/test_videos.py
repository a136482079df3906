"""Videos on Pages: sent in every way, cut and resumed, processed, shown, refused."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.practice.clips import boxes, examine
from tests.practice.films import film
from tests.practice.graph import Graph, code
from tests.practice.shelf import Shelf, picture
from tests.support.practice import PracticeServer

FIELDS = "status,post_id,permalink_url,published,title,description,length"


def send(graph: Graph, body: bytes | None = None, **params: Any) -> dict[str, Any]:
    """The answer to a video that is sent at once."""
    files = {"source": ("film.mp4", body or film(), "video/mp4")}
    answer: dict[str, Any] = graph.call("POST", f"{graph.page}/videos", data=params, files=files).json()
    return answer


def began(practice: PracticeServer, graph: Graph, size: int) -> str:
    """The id of an upload of the app."""
    given = {"file_name": "a.mp4", "file_length": size, "file_type": "video/mp4"}
    return str(graph.post(f"{practice.keys.app_id}/uploads", **given)["id"])


def put(graph: Graph, upload: str, body: bytes, offset: int) -> httpx.Response:
    """The answer to bytes for it."""
    url = graph.call("GET", graph.page).url.join(f"/v25.0/{upload}")
    headers = {"authorization": f"OAuth {graph.token}", "file_offset": str(offset)}
    return graph._http.post(url, content=body, headers=headers)


def test_a_video_is_public_once_it_is_processed(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(video_processing_seconds=30)
    video = send(graph, title="Evening", description="Good evening")["id"]
    seen = graph.get(video, fields=FIELDS)
    assert (seen["status"]["video_status"], seen["published"], "post_id" in seen) == (
        "processing",
        False,
        False,
    )
    assert practice.public_log() == []
    practice.forward(seconds=31)
    seen = graph.get(video, fields=FIELDS)
    assert (seen["status"]["video_status"], seen["published"], seen["length"]) == ("ready", True, 4)
    assert seen["status"]["publishing_phase"]["publish_status"] == "published"
    [row] = practice.public_log()
    assert (row["kind"], row["object"], row["ids"]) == ("video", seen["post_id"], [seen["post_id"], video])
    assert (row["message"], row["files"]) == ("Good evening", [row["videos"][0]["hash"]])
    [listed] = graph.get(f"{graph.page}/published_posts", fields="id,attachments{media_type,target}")["data"]
    assert listed["id"] == seen["post_id"]
    assert listed["attachments"]["data"][0]["target"]["id"] == video
    page = practice.http.get(seen["permalink_url"])
    assert "<video" in page.text
    source = page.text.split('<video src="')[1].split('"')[0]
    assert practice.http.get(page.url.join(source)).content == film()
    assert graph.delete(video) == {"success": True}
    assert code(graph.get(seen["post_id"])) == (100, 33)
    assert [row["event"] for row in practice.public_log()] == ["appeared", "disappeared"]


@pytest.mark.parametrize(
    ("answer", "expected"), [("success", None), ("error_100", 100), ("error_1_no_change", 1)]
)
def test_a_hidden_video_is_shown(
    practice: PracticeServer, graph: Graph, answer: str, expected: int | None
) -> None:
    practice.switches(show_answer=answer, shown_created_time="staged", video_processing_seconds=10)
    video = send(graph, published="false")["id"]
    if answer == "success":
        practice.forward(minutes=10)  # else it is shown while it is processed
    assert graph.post(video, published="true") == {"success": True}
    assert len(practice.public_log()) == int(answer == "success")
    practice.forward(minutes=10)
    assert len(practice.public_log()) == 1
    again = graph.post(video, published="true")
    assert (code(again)[0] if expected else None) == expected
    assert len(practice.public_log()) == 1
    assert code(graph.post(video, published="false")) == (100, None)


def test_uploads_are_cut_and_go_on(practice: PracticeServer, graph: Graph) -> None:
    body = film()
    upload = began(practice, graph, len(body))
    practice.script("cut_midway", calls="upload", bytes=5_000)
    with pytest.raises(httpx.TransportError):
        put(graph, upload, body, 0)
    assert graph.get(f"./{upload}") == {"id": upload, "file_offset": 5_000}
    assert code(put(graph, upload, body, 0).json()) == (100, 1363037)
    practice.script("code_2", calls="upload", moment="after")
    assert (
        put(graph, upload, body[5_000:6_000], 5_000).status_code == 500
    )  # the answer is lost, the bytes are not
    handle = put(graph, upload, body[6_000:], 6_000).json()["h"]
    for _ in range(2):
        video = graph.post(f"{graph.page}/videos", fbuploader_video_file_chunk=handle)["id"]
        assert graph.get(video, fields="status")["status"]["video_status"] == "ready"
    assert len({row["files"][0] for row in practice.public_log()}) == 1  # twice the same, and the log tells
    practice.forward(hours=25)
    assert code(graph.get(f"./{upload}")) == (6000, 1363041)
    assert code(graph.post(f"{graph.page}/videos", fbuploader_video_file_chunk=handle)) == (6000, 1363041)


def test_an_upload_in_phases(practice: PracticeServer, graph: Graph) -> None:
    body, path = film(), f"{graph.page}/videos"
    began = graph.post(path, upload_phase="start", file_size=len(body))
    session, video = began["upload_session_id"], began["video_id"]
    assert graph.get(video, fields="status")["status"]["video_status"] == "uploading"

    def transfer(part: bytes, offset: int) -> httpx.Response:
        data = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": offset}
        return graph.call("POST", path, data=data, files={"video_file_chunk": ("b", part)})

    assert transfer(body[:4_000], 0).json()["start_offset"] == "4000"
    practice.script("cut_midway", calls="video_transfer", bytes=1_000)
    with pytest.raises(httpx.TransportError):
        transfer(body[4_000:], 4_000)
    assert code(transfer(body[4_000:], 4_000).json()) == (6001, 1363037)
    told = graph.get(video, fields="status")["status"]["uploading_phase"]["bytes_transferred"]
    assert code(graph.post(path, upload_phase="finish", upload_session_id=session)) == (6000, 1363033)
    assert code(transfer(body, told).json()) == (6001, 1363045)
    transfer(body[told:], told)
    done = graph.post(path, upload_phase="finish", upload_session_id=session, description="In parts")
    assert done == {"success": True}
    assert code(graph.post(path, upload_phase="finish", upload_session_id=session)) == (6000, 1363041)
    assert [row["message"] for row in practice.public_log()] == ["In parts"]


def test_an_address_and_a_poster(practice: PracticeServer, graph: Graph, shelf: Shelf) -> None:
    path = f"{graph.page}/videos"
    assert code(graph.post(path, file_url=f"{shelf.url}/none")) == (389, None)
    video = graph.post(path, file_url=shelf.put(film(), kind="video/mp4"))["id"]
    assert graph.get(video, fields="published")["published"] is True
    files = {"source": ("a", film()), "thumb": ("b", picture(64, 48))}
    video = graph.call("POST", path, files=files).json()["id"]
    poster = practice.http.get(graph.get(video, fields="picture")["picture"]).content
    assert poster == picture(64, 48)
    assert code(graph.post(path)) == (352, 1363020)
    assert code(graph.post(path, file_url="x", fbuploader_video_file_chunk="y")) == (352, 1363020)


WRONG = [
    (b"no film" * 1_000, 352, 1363024),
    (b"tiny", 382, 1363022),
    (-200, 352, 1363024),
    ({"codec": "mpeg4", "frames": 25}, 352, 1363024),
    ({"seconds": 0.5}, 352, 1363025),
]


@pytest.mark.parametrize(("what", "number", "subcode"), WRONG)
def test_wrong_files(practice: PracticeServer, graph: Graph, what: Any, number: int, subcode: int) -> None:
    body = film(**what) if isinstance(what, dict) else film()[:what] if isinstance(what, int) else what
    practice.switches(video_checks="at_once")
    assert code(send(graph, body)) == (number, subcode)
    practice.switches(video_checks="later")
    video = send(graph, body)["id"]
    status = graph.get(video, fields="status")["status"]
    assert (status["video_status"], status["processing_phase"]["error"]["code"]) == ("error", subcode)
    assert code(graph.post(video, published="true")) == (100, None)
    assert practice.public_log() == []


def test_what_a_look_shows(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(film(kind="mov", rate=44_100, moov_first=False))
    assert boxes(path)[-1] == b"moov"
    seen = examine(path)
    assert seen
    assert (seen.kind, seen.codec, seen.sound, seen.rate) == ("mov", "h264", "aac", 44_100)
    assert (seen.width, seen.height, seen.frames, seen.moov_first) == (540, 960, 24, False)
    path.write_bytes(picture())
    assert examine(path) is None


def test_processing_that_fails(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(video_end="error")
    video = send(graph)["id"]
    assert graph.get(video, fields="status")["status"]["video_status"] == "error"
    assert practice.public_log() == []
    practice.switches(video_end="ready", blocked=True)
    assert code(send(graph)) == (368, None)


def test_videos_are_listed_apart(practice: PracticeServer, graph: Graph) -> None:
    hidden, public = send(graph, published="false")["id"], send(graph)["id"]
    graph.get(public)
    rows = graph.get(f"{graph.page}/videos", fields="id,published")["data"]
    assert rows == [{"id": public, "published": True}, {"id": hidden, "published": False}]
    assert graph.post(public, description="Changed", title="Named") == {"success": True}
    assert graph.get(public, fields="title,description")["description"] == "Changed"
    assert practice.public_log()[-1]["message"] == "Changed"
    foreign = {"authorization": f"Bearer {practice.page_token(practice.other_page)}"}
    assert code(graph.call("GET", public, headers=foreign).json()) == (100, 33)


def test_big_files_go_to_the_disk(practice: PracticeServer, graph: Graph) -> None:
    size = 40_000_000
    upload = began(practice, graph, size)
    assert code(put(graph, upload, b"x" * 1_000_000, 0).json()) == (6000, 1363033)
    part = practice.app.world.clips.part(upload)
    assert part.stat().st_size == graph.get(f"./{upload}")["file_offset"] == 1_000_000
