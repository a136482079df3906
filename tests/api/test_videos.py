"""Videos through the API: their facts, their captions, their covers, their bytes in parts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.domain.errors import Conflict
from app.errands import uploads
from app.foundation.images import Pictures
from tests.api.program import API, Program
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.support.videos import VideosHere, clip

FILM = clip(seconds=4, dark=2, sound="aac", place=True)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    """One reader of pictures for all: to start it takes longer than a test."""
    pictures = Pictures(tmp_path_factory.mktemp("reader"))
    yield pictures
    pictures.close()


@pytest.fixture(autouse=True)
def shared_readers(app: FastAPI, reader: Pictures, tmp_path: Path) -> None:
    """The app's own readers need not start."""
    vars(app.state.ground)["pictures"] = reader
    vars(app.state.ground)["videos"] = VideosHere(tmp_path)


def sent(program: Program, cast: Cast, data: bytes = FILM, **more: Any) -> Any:
    """The video that was sent."""
    answer = program.client.post(
        f"{API}/assets",
        data={"unit_id": str(cast.koivuranta.id), **more},
        files={"file": ("story.mp4", data)},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_video_is_sent_and_told_of(editor: Program, cast: Cast) -> None:
    told = sent(editor, cast, captions="silent")
    assert (told["kind"], told["source_kind"], told["name"]) == ("video", "mp4", "story.mp4")
    film = told["video"]
    assert {name: film[name] for name in ("duration_ms", "width", "height", "codec", "audio")} == {
        "duration_ms": 4000, "width": 320, "height": 240, "codec": "h264", "audio": "aac",
    }  # fmt: skip
    assert (film["captions"], film["cover_ms"], film["frame_rate"]) == ("silent", 2000, 12.0)
    still = sent(editor, cast, a_picture("jpeg"), captions="silent")
    assert (still["kind"], still["video"]) == ("picture", None)
    found = {kind: [one["id"] for one in editor.items("assets", kind=kind)] for kind in ("video", "picture")}
    assert found == {"video": [told["id"]], "picture": [still["id"]]}
    assert editor.refused("GET", "assets", kind="film")[1] == [("kind", "not_in_list")]


def test_the_answer_about_captions_counts_though_nothing_else_is_changed(editor: Program, cast: Cast) -> None:
    film = sent(editor, cast)["id"]
    content = {"title": "A film", "tone": "human", "text": "A", "asset_ids": [film]}
    path = f"posts/{editor.ask('POST', 'posts', {'unit_id': cast.koivuranta.id, **content}).json()['id']}"
    assert editor.refused("POST", f"{path}/submit")[1] == [("pictures.0.captions", "captions_missing")]
    answered = {"revision": 1, "pictures": [{"asset_id": film, "captions": "shown"}]}
    told = editor.ask("PATCH", path, answered).json()
    assert (told["revision"], told["pictures"][0]["captions"]) == (1, "shown")
    assert editor.ask("POST", f"{path}/submit").json()["status"] == "in_review"


def test_captions_and_covers_are_changed(editor: Program, cast: Cast) -> None:
    film, still = sent(editor, cast), sent(editor, cast, a_picture("jpeg", (640, 400)))
    path = f"assets/{film['id']}"
    told = editor.ask("PATCH", path, {"captions": "shown", "cover_ms": 500}).json()
    assert (told["video"]["captions"], told["video"]["cover_ms"]) == ("shown", 500)
    told = editor.ask("PATCH", path, {"cover_asset_id": still["id"]}).json()
    assert (told["video"]["captions"], told["video"]["cover_ms"]) == ("shown", None)
    assert (told["width"], told["height"]) == (320, 240)
    for body, fault in (
        ({"cover_ms": 4001}, ("cover_ms", "bad_moment")),
        ({"cover_ms": -1}, ("cover_ms", "too_small")),
        ({"cover_asset_id": 10**6}, ("cover_asset_id", "cover_not_usable")),
        ({"cover_ms": 1, "cover_asset_id": still["id"]}, ("cover_asset_id", "cover_twice")),
        ({"cover_ms": 1, "alt_text": "A", "decorative": True}, ("alt_text", "alt_and_decorative")),
        ({"captions": "maybe"}, ("captions", "not_in_list")),
    ):
        assert editor.refused("PATCH", path, body) == (422, [fault])
    assert editor.refused("PATCH", f"assets/{still['id']}", {"cover_ms": 0}) == (422, [(None, "no_video")])
    assert editor.get(path)["video"]["cover_ms"] is None


def test_the_bytes_come_whole_and_in_parts(editor: Program, sibling: Program, cast: Cast) -> None:
    told = sent(editor, cast)
    address = f"{API}/assets/{told['id']}/file?size=video"
    whole = editor.client.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert len(whole.content) == told["video"]["size"]
    part = editor.client.get(address, headers={"range": "bytes=-50"})
    assert (part.status_code, part.content) == (206, whole.content[-50:])
    assert sibling.client.get(address).status_code == 404
    still = sent(editor, cast, a_picture("jpeg"))
    assert editor.client.get(f"{API}/assets/{still['id']}/file?size=video").status_code == 404
    assert editor.client.get(f"{API}/assets/{told['id']}/file").headers["content-type"] == "image/jpeg"


def test_a_large_upload_is_asked_about(editor: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    key = editor.post("uploads", {"unit_id": cast.koivuranta.id, "name": "a.mp4", "size": len(FILM)})["key"]
    editor.client.patch(f"{API}/uploads/{key}", content=FILM, headers={"Upload-Offset": "0"})

    def being_read(*_: object) -> int:
        raise Conflict("upload_being_read", percent=42)

    again = {"Idempotency-Key": "once"}
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(uploads, "finish_soon", being_read)
        told = editor.client.post(f"{API}/uploads/{key}/finish", headers=again)
        assert (told.status_code, told.json()["code"]) == (409, "upload_being_read")
    told = editor.client.post(f"{API}/uploads/{key}/finish", headers=again)
    assert (told.status_code, told.json()["kind"]) == (201, "video")
