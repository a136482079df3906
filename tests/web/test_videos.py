"""Videos in the library: sent by a form, on the wall, on their page, played in parts, with a cover."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.connectors import registry
from app.domain.errors import Conflict
from app.domain.roles import Actor
from app.domain.videos import Captions, Video, VideoLimits
from app.errands import pictures, uploads, videos
from app.foundation.images import Pictures
from app.models.assets import Asset
from app.models.posts import RevisionPicture
from app.web import video as facts
from tests import plans
from tests.builders import with_pictures
from tests.cast import Cast
from tests.support.pictures import a_picture
from tests.support.videos import VideosHere, clip
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
Add = Callable[..., int]


@pytest.fixture
def add(app: FastAPI, cast: Cast, tmp_path: Path, reader: Pictures) -> Add:
    """`add(bytes)`: Koivuranta's editor sends a file; gives the asset's id."""
    vars(app.state.ground)["pictures"] = reader
    vars(app.state.ground)["videos"] = VideosHere(tmp_path)

    def sent(data: bytes | None = None, name: str = "story.mp4") -> int:
        (tmp_path / "sent").write_bytes(clip(sound="aac", seconds=4) if data is None else data)
        return pictures.take_in(app.state.ground, cast.editor, cast.koivuranta.id, name, tmp_path / "sent")

    return sent


def asset(app: FastAPI, asset_id: int) -> Asset:
    with app.state.database.reads() as session:
        found: Asset = session.get_one(Asset, asset_id)
        return found


def test_a_form_without_a_script_brings_videos_and_pictures(cast: Cast, visit: Visit, add: Add) -> None:
    editor = visit(cast.editor)
    page = editor.get("/pictures/new").text
    assert "at most 1,000 MB" in page
    token = page.split('name="csrf" value="')[1].split('"')[0]
    files = [
        ("files", ("story.mp4", clip(sound="aac"), "video/mp4")),
        ("files", ("wall.jpg", a_picture("jpeg"), "image/jpeg")),
        ("files", ("cut.webm", clip(kind="webm", codec="vp9"), "video/webm")),
    ]
    fields = {"csrf": token, "unit_id": str(cast.koivuranta.id)}
    answer = editor.client.post("/pictures/new", data=fields, files=files)
    assert "2 pictures are in the library." in answer.text
    assert "WebM is not taken. Export the video as MP4" in answer.text
    wall = editor.get("/pictures").text
    assert "0:02" in wall
    assert "Can somebody who does not hear it follow?" in wall


def test_the_wall_is_narrowed_to_what_moves(cast: Cast, visit: Visit, add: Add, app: FastAPI) -> None:
    film, still = add(), add(a_picture("jpeg"), "wall.jpg")
    editor = visit(cast.editor)

    def found(query: str) -> list[int]:
        page = editor.get(f"/pictures?{query}").text
        return [one for one in (film, still) if f'href="/pictures/{one}"' in page]

    assert found("") == found("kind=nonsense") == found("undescribed=yes") == [film, still]
    assert (found("kind=video"), found("kind=picture")) == ([film], [still])
    editor.send(f"/pictures/{film}", f"/pictures/{film}", captions="silent")
    assert asset(app, film).captions is Captions.SILENT
    assert found("undescribed=yes") == [still]
    assert found("kind=video&words=story") == [film]


def test_the_page_of_a_video_plays_it_and_asks_what_is_missing(
    cast: Cast, visit: Visit, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = add()
    answer = visit(cast.editor).get(f"/pictures/{film}")
    assert "media-src 'self'" in answer.headers["content-security-policy"]
    assert f'src="/pictures/{film}/video.mp4?v=' in answer.text
    assert 'preload="none"' in answer.text
    for told in ("H.264 + AAC", "0:04 (4 s)", "320 × 240", "Nobody has said yet whether"):
        assert told in answer.text
    assert "What is in the picture?" not in answer.text
    assert "media-src" not in visit(cast.editor).get("/pictures").headers["content-security-policy"]
    other = visit(cast.manager).get(f"/pictures/{film}").text
    assert 'name="captions"' not in other
    assert "Take this moment" not in other


def test_which_networks_take_it_and_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = registry.profiles_called()
    strict, none = VideoLimits(least_seconds=5, least_ratio=1.5), None
    monkeypatch.setattr(
        registry,
        "profiles_called",
        lambda: (
            replace(profiles[0], videos=strict, others={}),
            replace(profiles[1], videos=none, others={}),
        ),
    )
    film = Video("a" * 64, 1000, 4000, 320, 240, 30, "h264")
    (fit,) = facts.fits(film, "en")
    assert fit.network == profiles[0].kind
    assert len(fit.reasons) == 2
    assert profiles[0].label in fit.reasons[0]
    assert "5 seconds" in fit.reasons[0]


def test_a_video_is_sent_in_the_parts_that_a_player_asks_for(
    cast: Cast, visit: Visit, add: Add, app: FastAPI
) -> None:
    film = add()
    address, editor = f"/pictures/{film}/video.mp4", visit(cast.editor)
    whole = editor.get(address)
    kept = app.state.ground.store.path("video", asset(app, film).video_sha256).read_bytes()
    assert (whole.status_code, whole.content) == (200, kept)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "private, no-cache"
    part = editor.get(address, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, kept[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(kept)}"
    beyond = editor.get(address, headers={"range": f"bytes={len(kept)}-"})
    assert beyond.status_code == 416
    saved = editor.get(f"{address}?save=yes").headers["content-disposition"]
    assert saved == 'attachment; filename="story.mp4"'
    assert visit(cast.stranger).get(address).status_code == 404
    assert editor.get(f"/pictures/{add(a_picture('jpeg'))}/video.mp4").status_code == 404


def test_another_cover_by_moment_or_picture(cast: Cast, visit: Visit, add: Add, app: FastAPI) -> None:
    film, still = add(clip(seconds=4, dark=2)), add(a_picture("jpeg", (640, 400)), "wall.jpg")
    editor, page = visit(cast.editor), f"/pictures/{film}"
    first = asset(app, film).sha256
    answer = editor.send(page, f"{page}/cover", seconds="0:00,5")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=cover_saved")
    assert asset(app, film).poster_ms == 500
    editor.send(page, f"{page}/cover", cover_asset_id=str(still))
    assert asset(app, film).poster_ms is None
    assert "It is another picture from the picture library." in editor.get(page).text
    assert "No picture fits all of that." in editor.get(f"{page}?find=nothing").text
    wrongs = {"99": "between 0 and 4 seconds"} | dict.fromkeys(("soon", "-1", "nan"), "in seconds")
    for typed, words in wrongs.items():
        wrong = editor.send(page, f"{page}/cover", seconds=typed)
        assert (wrong.status_code, words in wrong.text, f'value="{typed}"' in wrong.text) == (422, True, True)
    assert "this unit may use" in editor.send(page, f"{page}/cover", cover_asset_id="999").text
    assert asset(app, film).sha256 != first


def test_a_post_shows_the_cover_that_it_was_written_with(
    cast: Cast, visit: Visit, add: Add, app: FastAPI
) -> None:
    film = add()
    before = asset(app, film).sha256
    with app.state.database.writes() as session:
        post = plans.post(session, cast.koivuranta, cast.editor)
        with_pictures(session, post.revision_id or 0, [session.get_one(Asset, film)])
        session.flush()
        session.execute(update(RevisionPicture).values(cover_sha256=before))
    videos.cover_from_moment(app.state.ground, cast.editor, film, 3000)
    editor = visit(cast.editor)
    files = {
        name: app.state.ground.store.path("thumb", sha256).read_bytes()
        for name, sha256 in (("then", before), ("now", asset(app, film).sha256))
    }
    address = f"/pictures/{film}/thumb.webp?v="
    assert editor.get(f"{address}{before[:8]}").content == files["then"]
    assert editor.get(f"{address}{asset(app, film).sha256[:8]}").content == files["now"]
    assert editor.get(f"{address}00000000").content == files["now"]


def test_the_script_asks_again_while_a_large_video_is_read(
    cast: Cast, visit: Visit, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = visit(cast.editor)
    headers = {"X-CSRF-Token": editor.get("/pictures/new").text.split('name="csrf" value="')[1].split('"')[0]}
    data = clip()
    form = {"unit_id": str(cast.koivuranta.id), "name": "story.mp4", "size": str(len(data))}
    key = editor.client.post("/pictures/uploads", data=form, headers=headers).json()["key"]
    editor.client.patch(f"/pictures/uploads/{key}", content=data, headers={**headers, "Upload-Offset": "0"})

    def being_read(*_: object) -> int:
        raise Conflict("upload_being_read", percent=42)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(uploads, "finish_soon", being_read)
        answer = editor.client.post(f"/pictures/uploads/{key}/finish", headers=headers)
    assert (answer.status_code, answer.json()) == (202, {"key": key, "offset": len(data), "reading": 0.42})
    told = editor.client.post(f"/pictures/uploads/{key}/finish", headers=headers).json()
    assert (told["seconds"], told["width"]) == (2.0, 320)
