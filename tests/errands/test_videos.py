"""Videos on their way in, their covers, and what is left of either."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from app.actions import assets
from app.actions.uploads import BeginUpload
from app.domain.contents import video_of
from app.domain.errors import Conflict, Forbidden, Invalid
from app.errands import housekeeping, pictures, uploads, videos
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.images import MEGA, Pictures
from app.foundation.videos import NotTaken, Stopped
from app.models.assets import Asset, Upload
from app.models.posts import RevisionPicture
from tests import plans
from tests.builders import with_pictures
from tests.cast import Cast
from tests.errands.test_housekeeping import aged, days
from tests.support.pictures import a_picture
from tests.support.videos import VideosHere, clip

Add = Callable[..., int]


@pytest.fixture
def add(ground: Ground, cast: Cast, tmp_path: Path, reader: Pictures) -> Add:
    """`add(bytes)`: Koivuranta's editor sends a file; gives the asset's id."""
    vars(ground)["pictures"] = reader
    vars(ground)["videos"] = VideosHere(tmp_path)

    def sent(data: bytes, name: str = "story.mp4") -> int:
        (tmp_path / "sent").write_bytes(data)
        return pictures.take_in(ground, cast.editor, cast.koivuranta.id, name, tmp_path / "sent")

    return sent


def row(ground: Ground, asset_id: int) -> Asset:
    with ground.database.reads() as session:
        return session.get_one(Asset, asset_id)


def clutter(ground: Ground) -> list[str]:
    return [path.name for path in ground.store.folder.glob("taking-*")]


def test_a_video_is_kept_with_its_cover(ground: Ground, add: Add) -> None:
    asset_id = add(clip(sound="aac", turned=90, place=True))
    found = row(ground, asset_id)
    video = video_of(found)
    assert video
    assert (video.codec, video.audio, video.duration_ms, video.frame_rate) == ("h264", "aac", 2000, 12.0)
    assert (video.width, video.height) == (found.width, found.height) == (240, 320)
    assert (found.poster_ms, found.source_kind, found.name) == (1000, "mp4", "story.mp4")
    assert ground.store.path("video", video.sha256).stat().st_size == video.size
    assert all(ground.store.has(kind, found.sha256) for kind in ("master", "view", "thumb"))
    assert clutter(ground) == []
    assert add(clip(sound="aac", turned=90, place=True)) == asset_id
    ground.store.path("video", video.sha256).unlink()  # lost: sent again it is there again
    assert add(clip(sound="aac", turned=90, place=True)) == asset_id
    assert ground.store.has("video", video.sha256)


def test_what_keeps_a_video_out(ground: Ground, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    for data, code in (
        (clip(kind="webm", codec="vp9"), "video_container"),
        (clip(sound="mp3"), "video_sound_codec"),
    ):
        with pytest.raises(Invalid, match=code) as told:
            add(data)
        assert told.value.faults[0].field == "file"
    monkeypatch.setattr(ground.settings, "upload_video_megabytes", 0)
    with pytest.raises(Invalid, match="picture_too_big"):
        add(clip())
    monkeypatch.undo()
    monkeypatch.setattr(ground.store, "space_left", lambda: pictures.LEAST_SPACE)
    with pytest.raises(Invalid, match="store_full"):
        add(clip())
    assert clutter(ground) == []


class TestUploads:
    """The same in parts."""

    def begun(self, ground: Ground, cast: Cast, size: int) -> str:
        data = BeginUpload(unit_id=cast.koivuranta.id, name="story.mp4", size=size)
        return uploads.begin(ground, cast.editor, data).key

    def test_there_must_be_room_for_all_of_it_twice(
        self, ground: Ground, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for size, free, fits in ((31, 61, False), (31, 62, True), (30, 30, True), (30, 29, False)):
            left = pictures.LEAST_SPACE + free * MEGA
            monkeypatch.setattr(ground.store, "space_left", lambda left=left: left)
            if fits:
                assert self.begun(ground, cast, size * MEGA)
            else:
                with pytest.raises(Invalid, match="store_full"):
                    self.begun(ground, cast, size * MEGA)
        with pytest.raises(Invalid, match="picture_too_big"):
            self.begun(ground, cast, 1001 * MEGA)

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (clip(kind="mkv"), "video_container"),
            (a_picture("jpeg"), "picture_too_big"),
            (b"x" * 600, "picture_too_big"),
        ],
    )
    def test_what_the_first_part_tells(self, ground: Ground, cast: Cast, data: bytes, code: str) -> None:
        key = self.begun(ground, cast, 31 * MEGA)
        with pytest.raises(Invalid, match=code):
            uploads.receive(ground, cast.editor, key, 0, data)
        with ground.database.reads() as session:
            assert session.scalars(select(Upload)).all() == []

    def whole(self, ground: Ground, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
        """An upload that counts as a large one and has come."""
        data = clip(sound="aac")
        monkeypatch.setattr(uploads, "MOST_BYTES", 100)
        key = self.begun(ground, cast, len(data))
        uploads.receive(ground, cast.editor, key, 0, data[:1000])
        uploads.receive(ground, cast.editor, key, 1000, data[1000:])
        return key

    def test_a_large_one_is_asked_about_until_it_is_read(
        self, ground: Ground, cast: Cast, add: Add, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key, taking, go = self.whole(ground, cast, monkeypatch), ground.videos.take_in, threading.Event()

        def slow(source: Path, into: Path, said: Callable[[float], None]) -> Any:
            said(0.42)
            go.wait(20)
            return taking(source, into, said)

        monkeypatch.setattr(ground.videos, "take_in", slow)
        percents = []
        while 42 not in percents:
            with pytest.raises(Conflict) as told:
                uploads.finish_soon(ground, cast.editor, key, seconds=0.02)
            assert told.value.code == "upload_being_read"
            percents.append(told.value.faults[0].params["percent"])
        go.set()
        asset_id = uploads.finish_soon(ground, cast.editor, key, seconds=20)
        assert row(ground, asset_id).video_sha256
        assert uploads.finish_soon(ground, cast.editor, key) == asset_id

    @pytest.mark.parametrize(
        ("error", "kept"),
        [(Stopped(), True), (NotTaken("video_too_slow"), True), (NotTaken("video_damaged"), False)],
    )
    def test_what_is_not_to_blame_need_not_be_sent_again(
        self,
        ground: Ground,
        cast: Cast,
        add: Add,
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
        kept: bool,
    ) -> None:
        key = self.whole(ground, cast, monkeypatch)

        def failing(*_: Any) -> None:
            raise error

        with monkeypatch.context() as while_failing:
            while_failing.setattr(ground.videos, "take_in", failing)
            with pytest.raises((Stopped, Invalid)):
                uploads.finish_soon(ground, cast.editor, key, seconds=20)
        assert ground.store.incoming_path(key).exists() is kept
        if kept:
            assert uploads.finish_soon(ground, cast.editor, key, seconds=20)


def test_another_cover(ground: Ground, cast: Cast, add: Add) -> None:
    asset_id, picture_id = (
        add(clip(seconds=4, dark=2, turned=90)),
        add(a_picture("jpeg", (640, 400)), "wall.jpg"),
    )
    first = row(ground, asset_id)
    videos.cover_from_moment(ground, cast.editor, asset_id, 500)
    dark = row(ground, asset_id)
    assert (dark.poster_ms, dark.width, dark.height) == (500, first.width, first.height)
    assert dark.sha256 != first.sha256
    videos.cover_from_picture(ground, cast.editor, asset_id, picture_id)
    chosen = row(ground, asset_id)
    assert (chosen.poster_ms, chosen.width, chosen.height) == (None, first.width, first.height)
    with Image.open(ground.store.path("master", chosen.sha256)) as cover:
        assert cover.size == (first.width, first.height)
    assert video_of(chosen) == video_of(first)
    assert ground.store.has("master", first.sha256)  # a post may have been written with it
    assert clutter(ground) == []


def test_covers_that_can_not_be(ground: Ground, cast: Cast, add: Add) -> None:
    asset_id, picture_id = add(clip()), add(a_picture("jpeg"))
    moment, picture = videos.cover_from_moment, videos.cover_from_picture
    for work, of, chosen, code in (
        (moment, asset_id, 2001, "bad_moment"),
        (moment, picture_id, 0, "no_video"),
        (picture, picture_id, asset_id, "no_video"),
        (picture, asset_id, 10**9, "cover_not_usable"),
    ):
        with pytest.raises(Invalid, match=code):
            work(ground, cast.editor, of, chosen)
    with pytest.raises(Forbidden):
        videos.cover_from_moment(ground, cast.manager, asset_id, 0)
    with ground.database.writes() as session:
        assets.remove(session, cast.editor, asset_id)
    with pytest.raises(Conflict, match="asset_removed"):
        videos.cover_from_moment(ground, cast.editor, asset_id, 0)


def test_covers_that_a_revision_keeps_stay_and_others_go(ground: Ground, cast: Cast, add: Add) -> None:
    asset_id, other = add(clip()), add(a_picture("jpeg", (500, 400)))
    covers = [row(ground, asset_id).sha256]
    videos.cover_from_picture(ground, cast.editor, asset_id, other)
    covers.append(row(ground, asset_id).sha256)
    now = clock.now()
    with ground.database.writes() as session:
        post = plans.post(session, cast.koivuranta, cast.editor)
        with_pictures(session, post.revision_id or 0, [session.get_one(Asset, asset_id)])
        session.flush()
        session.execute(update(RevisionPicture).values(cover_sha256=covers[0]))
    stray = ground.store.path("master", "a" * 64)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"of old")
    for path in ground.store.folder.glob("??/??/*"):
        aged(path, days(60))
    for number in range(housekeeping.FOLDERS):
        housekeeping.clean_unknown(ground, f"{number:02x}", now)
    assert not stray.exists()
    assert all(ground.store.has("master", sha256) for sha256 in covers)
    film = row(ground, asset_id).video_sha256 or ""
    assert ground.store.has("video", film)


def test_a_removed_video_goes_with_its_bytes(ground: Ground, cast: Cast, add: Add) -> None:
    asset_id = add(clip())
    film, cover = row(ground, asset_id).video_sha256 or "", row(ground, asset_id).sha256
    with ground.database.writes() as session:
        session.get_one(Asset, asset_id).removed_at = clock.now() - timedelta(days=31)
    for path in ground.store.folder.glob("??/??/*"):
        aged(path, days(60))
    aged(ground.store.path("video", film), days(0))
    housekeeping.clean_removed(ground, clock.now())
    assert ground.store.has("video", film)  # touched a moment ago: somebody sends it again
    aged(ground.store.path("video", film), days(60))
    housekeeping.clean_removed(ground, clock.now())
    assert (ground.store.has("video", film), ground.store.has("master", cover)) == (False, False)
    with ground.database.reads() as session:
        assert session.get(Asset, asset_id) is None
