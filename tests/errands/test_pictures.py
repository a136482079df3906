"""Pictures on their way in and out: read for real, kept once, cut once."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event, select

from app.actions import assets
from app.domain.errors import Invalid
from app.domain.pictures import WHOLE, Box, PictureLimits
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation.files import StoreFull
from app.foundation.images import MOST_BYTES
from app.models.assets import Asset
from tests.cast import Cast
from tests.support.pictures import KINDS, a_picture, drawing, exif, stored

LIMITS = PictureLimits(most=10, least_ratio=0.8, most_ratio=1.91, widest=1080, narrowest=320)


@pytest.fixture
def send(ground: Ground, cast: Cast, tmp_path: Path) -> "Sender":
    """`send(bytes)`: Koivuranta's editor sends a file."""
    return Sender(ground, cast, tmp_path)


class Sender:
    """Sends files as one of the cast."""

    def __init__(self, ground: Ground, cast: Cast, folder: Path) -> None:
        self.ground, self.cast, self.file = ground, cast, folder / "sent"

    def __call__(self, data: bytes, name: str = "dogs.jpg", who: str = "editor") -> int:
        self.file.write_bytes(data)
        actor = getattr(self.cast, who)
        unit = self.cast.myllymaki if who == "sibling_editor" else self.cast.koivuranta
        return pictures.take_in(self.ground, actor, unit.id, name, self.file)

    def row(self, asset_id: int) -> Asset:
        with self.ground.database.reads() as session:
            return session.get_one(Asset, asset_id)

    def count(self) -> int:
        with self.ground.database.reads() as session:
            return len(session.scalars(select(Asset.id)).all())


def refused(send: Sender, data: bytes) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as told:
        send(data)
    return told.value.code, told.value.faults[0].field


def clutter(ground: Ground) -> list[str]:
    """Folders of work that were left behind."""
    return [path.name for path in ground.store.folder.glob(f"{pictures.FOLDER}*")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_an_asset_with_its_files(ground: Ground, send: Sender, kind: str) -> None:
    data = a_picture(kind)
    asset = send.row(send(data, f"dogs.{kind}"))
    assert (asset.source_kind, asset.width, asset.height, asset.name) == (kind, 320, 256, f"dogs.{kind}")
    assert asset.source_sha256 == hashlib.sha256(data).hexdigest()
    master = ground.store.path("master", asset.sha256).read_bytes()
    assert (hashlib.sha256(master).hexdigest(), len(master)) == (asset.sha256, asset.size)
    assert ground.store.has("view", asset.sha256)
    assert ground.store.has("thumb", asset.sha256)
    assert clutter(ground) == []


def test_what_a_camera_adds_is_gone_and_it_stands_upright(ground: Ground, send: Sender) -> None:
    asset = send.row(send(stored(drawing(), "jpeg", exif=exif(6, place=True))))
    assert (asset.width, asset.height) == (256, 320)
    with Image.open(ground.store.path("master", asset.sha256)) as image:
        assert not image.getexif()


def test_the_same_file_is_read_once(send: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    first = send(a_picture("jpeg"))
    monkeypatch.setattr(send.ground.pictures, "take_in", None)
    assert send(a_picture("jpeg"), "copy.jpg") == first
    assert send.count() == 1


def test_files_that_were_lost_are_made_anew(ground: Ground, send: Sender) -> None:
    asset = send.row(send(a_picture("jpeg")))
    ground.store.drop(asset.sha256)
    assert send(a_picture("jpeg")) == asset.id
    assert ground.store.has("master", send.row(asset.id).sha256)


def test_two_units_share_bytes_and_nothing_else(send: Sender) -> None:
    ours, theirs = send(a_picture("jpeg")), send(a_picture("jpeg"), who="sibling_editor")
    assert ours != theirs
    assert send.row(ours).sha256 == send.row(theirs).sha256


def test_many_who_send_the_same_at_once_make_one_asset(ground: Ground, cast: Cast, tmp_path: Path) -> None:
    source = tmp_path / "sent"
    source.write_bytes(a_picture("jpeg"))

    def take(_: int) -> int:
        return pictures.take_in(ground, cast.editor, cast.koivuranta.id, "x.jpg", source)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(take, range(4)))) == 1


def test_what_is_no_picture_is_told(ground: Ground, send: Sender) -> None:
    moving = io.BytesIO()
    frames = [drawing(), drawing().rotate(90)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    assert refused(send, b"not a picture at all") == ("picture_unreadable", "file")
    assert refused(send, stored(drawing(), "gif")) == ("picture_kind", "file")
    assert refused(send, moving.getvalue()) == ("picture_animated", "file")
    assert refused(send, a_picture("jpeg")[:300])[0] == "picture_unreadable"
    assert refused(send, b"")[1] == "file"
    assert send.count() == 0
    assert clutter(ground) == []


def test_a_file_that_is_too_large_is_not_read_to_its_end(ground: Ground, cast: Cast, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(10 * MOST_BYTES)
    with huge.open("rb") as file:
        with pytest.raises(Invalid, match="picture_too_big"):
            pictures.take_in_file(ground, cast.editor, cast.koivuranta.id, "x", file)
        assert file.tell() == MOST_BYTES + 1


def test_who_may_not_add_is_told_before_anything_is_read(
    send: Sender, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send.ground.pictures, "take_in", None)
    with pytest.raises(Invalid, match="unit_not_yours"):
        send(a_picture("jpeg"), who="stranger")


def test_a_full_disk_is_told(ground: Ground, send: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.store, "space_left", lambda: pictures.LEAST_SPACE - 1)
    assert refused(send, a_picture("jpeg")) == ("store_full", "file")
    monkeypatch.undo()

    def full(*_: object) -> None:
        raise StoreFull("No space left on device")

    monkeypatch.setattr(ground.store, "put", full)
    assert refused(send, a_picture("jpeg")) == ("store_full", "file")
    assert clutter(ground) == []


def test_no_session_is_open_while_a_picture_is_read(
    ground: Ground, send: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = ground.pictures.take_in
    taken_out: set[int] = set()
    engine = ground.database.engine
    event.listen(engine, "checkout", lambda _c, record, _p: taken_out.add(id(record)))
    event.listen(engine, "checkin", lambda _c, record: taken_out.discard(id(record)))

    def watched(*given: Path) -> object:
        assert not taken_out
        return taking(*given)

    monkeypatch.setattr(ground.pictures, "take_in", watched)
    assert send(a_picture("png"))


def test_a_picture_comes_back_with_its_files(ground: Ground, send: Sender, cast: Cast) -> None:
    asset = send.row(send(a_picture("jpeg")))
    with ground.database.writes() as session:
        assets.remove(session, cast.editor, asset.id)
    ground.store.drop(asset.sha256)
    assert send(a_picture("jpeg")) == asset.id
    assert send.row(asset.id).removed_at is None
    assert ground.store.has("thumb", asset.sha256)


def test_a_cut_is_made_once_and_is_what_the_network_takes(
    ground: Ground, send: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = send.row(send(stored(drawing((800, 1600)), "jpeg")))
    box = Box(0, 0, 1, 0.625)
    made = pictures.rendition(ground, asset.sha256, asset.width, asset.height, box, LIMITS)
    with Image.open(made) as image:
        assert (image.format, image.size) == ("JPEG", (800, 1000))
        red, _, blue = image.convert("RGB").getpixel((100, 100))  # type: ignore[misc]
        assert red > 200 > blue
    os.utime(made, (0, 0))
    monkeypatch.setattr(ground.pictures, "render", None)
    assert pictures.rendition(ground, asset.sha256, asset.width, asset.height, box, LIMITS) == made
    assert made.stat().st_mtime > 0  # used: not cleared away
    key = pictures.rendition_key(box, 800, 1000, LIMITS)
    assert made == ground.store.rendition_path(asset.sha256, key)


def test_another_part_size_or_limit_is_another_cut() -> None:
    other = PictureLimits(most=10, most_bytes=1000)
    keys = {
        pictures.rendition_key(WHOLE, 800, 1000, LIMITS),
        pictures.rendition_key(Box(0, 0, 0.5, 1), 800, 1000, LIMITS),
        pictures.rendition_key(WHOLE, 801, 1000, LIMITS),
        pictures.rendition_key(WHOLE, 800, 1000, other),
    }
    assert len(keys) == 4


def test_a_lost_picture_can_not_be_cut(ground: Ground) -> None:
    with pytest.raises(FileNotFoundError):
        pictures.rendition(ground, "a" * 64, 800, 1000, WHOLE, LIMITS)
    assert clutter(ground) == []
