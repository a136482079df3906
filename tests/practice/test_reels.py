"""Reels and stories of Pages: begun, sent in parts, finished, public later."""

import hashlib
from typing import Any

import httpx
import pytest

from tests.practice.films import film
from tests.practice.graph import Graph, code
from tests.practice.shelf import Shelf, picture
from tests.support.practice import PracticeServer


class Sender:
    """Begins and sends the videos of one edge: video_reels or video_stories."""

    def __init__(self, graph: Graph, edge: str = "video_reels") -> None:
        self.graph, self.path = graph, f"{graph.page}/{edge}"

    def begin(self) -> tuple[str, str]:
        """The id of a new video and where its bytes go to."""
        began = self.graph.post(self.path, upload_phase="start")
        return began["video_id"], began["upload_url"]

    def send(self, url: str, body: bytes, offset: int = 0, size: int | None = None) -> httpx.Response:
        """The answer to bytes."""
        headers = {"authorization": f"OAuth {self.graph.token}", "offset": str(offset)}
        headers["file_size"] = str(len(body) if size is None else size)
        return self.graph._http.post(url, content=body, headers=headers)

    def finish(self, video: str, **params: Any) -> dict[str, Any]:
        """The answer to the last phase."""
        return self.graph.post(self.path, upload_phase="finish", video_id=video, **params)

    def whole(self, body: bytes | None = None, **params: Any) -> str:
        """A finished one's id."""
        video, url = self.begin()
        assert self.send(url, body or film()).json()["success"]
        assert self.finish(video, **params)["success"]
        return video

    def status(self, video: str) -> dict[str, Any]:
        """How far it is."""
        status: dict[str, Any] = self.graph.get(video, fields="status")["status"]
        return status


@pytest.fixture
def reels(graph: Graph) -> Sender:
    """For reels of the first Page."""
    return Sender(graph)


@pytest.fixture
def stories(graph: Graph) -> Sender:
    """For its video stories."""
    return Sender(graph, "video_stories")


def test_a_reel_is_accepted_then_public(practice: PracticeServer, graph: Graph, reels: Sender) -> None:
    practice.switches(video_processing_seconds=20, reel_live_seconds=30)
    video, url = reels.begin()
    assert url.startswith(f"{practice.url}/rupload/video-upload/v25.0/")
    assert reels.status(video)["video_status"] == "uploading"
    assert code(reels.finish(video)) == (6000, 1363033)
    reels.send(url, film())
    assert reels.status(video)["video_status"] == "upload_complete"
    assert reels.finish(video, description="A reel", title="T") == {"success": True}
    assert reels.status(video)["video_status"] == "processing"
    practice.forward(seconds=21)
    status = reels.status(video)
    assert (status["video_status"], status["publishing_phase"]["status"]) == ("ready", "in_progress")
    assert practice.public_log() == []
    practice.forward(seconds=30)
    assert reels.status(video)["publishing_phase"]["publish_status"] == "published"
    [row] = practice.public_log()
    assert (row["kind"], row["message"], video in row["ids"]) == ("reel", "A reel", True)
    assert row["files"] == [hashlib.sha256(film()).hexdigest()]
    assert [one["id"] for one in graph.get(reels.path)["data"]] == [video]
    assert graph.get(f"{graph.page}/feed")["data"] == graph.get(f"{graph.page}/videos")["data"] == []


def test_bytes_are_cut_and_go_on(practice: PracticeServer, graph: Graph, reels: Sender, shelf: Shelf) -> None:
    body = film()
    video, url = reels.begin()
    practice.script("cut_midway", calls="rupload")
    with pytest.raises(httpx.TransportError):
        reels.send(url, body)
    kept = reels.status(video)["uploading_phase"]["bytes_transfered"]
    assert kept == len(body) // 2
    wrong = reels.send(url, body).json()["debug_info"]
    assert (wrong["type"], wrong["retriable"]) == ("OffsetInvalidError", True)
    part = reels.send(url, body[kept : kept + 10], kept, len(body)).json()["debug_info"]
    assert part["type"] == "PartialRequestError"
    practice.script("upload_failed", calls="rupload")
    trouble = reels.send(url, body[kept + 10 :], kept + 10, len(body)).json()["debug_info"]
    assert (trouble["type"], trouble["retriable"]) == ("ProcessingFailedError", True)
    assert reels.send(url, body[kept + 10 :], kept + 10, len(body)).json()["success"] is True
    reels.finish(video)
    assert reels.status(video)["video_status"] == "ready"
    other, url = reels.begin()
    headers = {"authorization": f"OAuth {graph.token}", "file_url": shelf.put(body, kind="video/mp4")}
    assert graph._http.post(url, headers=headers).json()["success"] is True
    reels.finish(other)
    assert len({row["seq"] for row in practice.public_log()}) == 2


@pytest.mark.parametrize("answer", ["success", "error"])
def test_finishing_again(practice: PracticeServer, reels: Sender, answer: str) -> None:
    practice.switches(second_finish=answer, draft_finish=answer)
    video = reels.whole()
    again = reels.finish(video)
    assert ("error" in again) is (answer == "error")
    draft = reels.whole(video_state="DRAFT")
    assert len(practice.public_log()) == 1
    assert ("error" in reels.finish(draft, video_state="PUBLISHED")) is (answer == "error")
    assert len(practice.public_log()) == (1 if answer == "error" else 2)


@pytest.mark.parametrize("answer", ["stays_hidden", "goes_public", "error_100"])
def test_drafts_of_reels(practice: PracticeServer, reels: Sender, answer: str) -> None:
    practice.switches(draft_answer=answer)
    video, url = reels.begin()
    reels.send(url, film())
    assert ("error" in reels.finish(video, video_state="DRAFT")) is (answer == "error_100")
    assert len(practice.public_log()) == int(answer == "goes_public")


def test_planned_reels(practice: PracticeServer, reels: Sender) -> None:
    video, url = reels.begin()
    reels.send(url, film())
    when = practice.app.world.now().timestamp()
    soon = reels.finish(video, video_state="SCHEDULED", scheduled_publish_time=int(when + 60))
    assert code(soon) == (100, None)
    reels.finish(video, video_state="SCHEDULED", scheduled_publish_time=int(when + 3_600))
    assert practice.public_log() == []
    practice.forward(hours=2)
    [row] = practice.public_log()
    assert row["at"][:16] == practice.app.world.videos[video].shown_at.isoformat()[:16]  # type: ignore[union-attr]
    assert practice.app.world.now().timestamp() - when > 7_000


WRONG = [
    ({"size": (960, 540)}, 1363024),
    ({"size": (360, 640)}, 1363024),
    ({"seconds": 2}, 1363025),
    ({"seconds": 91, "size": (96, 160)}, 1363026),
    ({"frames": 15}, 1363024),
]


@pytest.mark.parametrize(("what", "subcode"), WRONG)
def test_wrong_reels(practice: PracticeServer, reels: Sender, what: dict[str, Any], subcode: int) -> None:
    body = film(**what)
    video = reels.whole(body)
    status = reels.status(video)
    assert status["video_status"] == "error"
    assert status["processing_phase"]["error"]["code"] == subcode
    practice.switches(video_checks="at_once")
    _, url = reels.begin()
    assert reels.send(url, body).json()["debug_info"]["type"] == "ProcessingFailedError"
    assert practice.public_log() == []


def test_thirty_reels_a_day(practice: PracticeServer, reels: Sender) -> None:
    videos = [reels.whole() for _ in range(3)]
    world = practice.app.world
    for n in range(27):
        world.save(world.videos[videos[0]].model_copy(update={"id": f"9{n}"}))
    last, url = reels.begin()
    reels.send(url, film())
    assert code(reels.finish(last)) == (613, None)
    practice.forward(hours=25)
    assert reels.finish(last) == {"success": True}


def test_photo_stories(practice: PracticeServer, graph: Graph) -> None:
    path, files = f"{graph.page}/photos", {"source": ("a.jpg", picture())}
    photo = graph.call("POST", path, data={"published": "false"}, files=files).json()["id"]
    story = graph.post(f"{graph.page}/photo_stories", photo_id=photo)["post_id"]
    assert code(graph.post(f"{graph.page}/photo_stories", photo_id=photo)) == (100, 1366051)
    public = graph.call("POST", path, files=files).json()["id"]
    assert code(graph.post(f"{graph.page}/photo_stories", photo_id=public)) == (100, 1366051)
    [row] = graph.get(f"{graph.page}/stories")["data"]
    assert (row["post_id"], row["media_id"], row["media_type"]) == (story, photo, "photo")
    assert row["status"] == "PUBLISHED"
    assert row["creation_time"].isdigit()
    assert "<img" in practice.http.get(row["url"]).text
    assert practice.public_log()[0]["kind"] == "photo_story"
    practice.forward(hours=25)
    assert practice.http.get(row["url"]).status_code == 404
    assert graph.get(f"{graph.page}/stories")["data"][0]["status"] == "ARCHIVED"
    assert graph.get(f"{graph.page}/stories", status="PUBLISHED")["data"] == []
    assert practice.public_log()[-1]["event"] == "disappeared"


def test_video_stories(practice: PracticeServer, graph: Graph, stories: Sender) -> None:
    practice.switches(video_processing_seconds=20, list_lag_seconds=30)
    video, url = stories.begin()
    stories.send(url, film(rate=44_100))
    story = stories.finish(video)["post_id"]
    assert code(stories.finish(video)) == (100, 1366051)
    assert practice.public_log() == []
    practice.forward(seconds=21)
    [row] = practice.public_log()
    assert (row["kind"], row["object"], row["ids"]) == ("video_story", story, [story, video])
    assert graph.get(f"{graph.page}/stories")["data"] == []
    practice.forward(seconds=31)
    assert graph.get(f"{graph.page}/stories", fields="post_id")["data"] == [{"post_id": story}]
    assert (
        f"public/videos/{row['files'][0]}"
        in practice.http.get(f"{practice.url}/public/pages/{graph.page}").text
    )
    other = stories.whole(film(seconds=61, size=(96, 160)))
    practice.forward(seconds=21)
    assert stories.status(other)["processing_phase"]["error"]["code"] == 1363026
