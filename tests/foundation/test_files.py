"""The store of files by what is in them, and uploads part by part."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from app.foundation.files import FileStore, StoreFull, WrongOffset

DATA = b"a picture"
SHA256 = hashlib.sha256(DATA).hexdigest()
BAD_NAMES = ["", "..", "../" + SHA256, SHA256[:-1], SHA256.upper(), SHA256 + "\n", "/" + SHA256[1:]]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "media")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(DATA)
    return path


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def everything(store: FileStore) -> list[str]:
    return sorted(str(path.relative_to(store.folder)) for path in store.folder.rglob("*") if path.is_file())


def test_each_file_has_its_place(store: FileStore, source: Path) -> None:
    begin = f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
    for kind in ("master", "view", "thumb"):
        assert not store.has(kind, SHA256)
        store.put(kind, SHA256, source)
        store.put(kind, SHA256, source)
        assert store.has(kind, SHA256)
        assert store.path(kind, SHA256).read_bytes() == DATA
    store.put_rendition(SHA256, "instagram-4x5_1", source)
    assert store.rendition_path(SHA256, "instagram-4x5_1").read_bytes() == DATA
    names = [".jpg", ".view.jpg", ".thumb.webp", ".cut.instagram-4x5_1.jpg"]
    assert everything(store) == sorted(begin + name for name in names)
    assert source.exists()


def test_what_is_dropped_takes_its_cuts_along(store: FileStore, source: Path) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    store.put("master", SHA256, source)
    store.put_rendition(SHA256, "one", source)
    store.put("master", other, source)
    store.drop(SHA256)
    store.drop(SHA256)
    assert everything(store) == [f"{other[:2]}/{other[2:4]}/{other}.jpg"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_name_climbs_out(name: str, store: FileStore, source: Path) -> None:
    for act in (
        lambda: store.path("master", name),
        lambda: store.put("master", name, source),
        lambda: store.rendition_path(name, "one"),
        lambda: store.drop(name),
    ):
        with pytest.raises(ValueError, match="no name"):
            act()
    assert not store.folder.exists()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a.jpg", "a\0", "é", "a\n", "a" * 101])
def test_keys_and_uploads_have_plain_names(name: str, store: FileStore) -> None:
    with pytest.raises(ValueError, match="no name"):
        store.rendition_path(SHA256, name)
    with pytest.raises(ValueError, match="no name"):
        store.append(name, 0, DATA)
    with pytest.raises(ValueError, match="no name"):
        store.path(name, SHA256)


def test_a_full_disk_leaves_nothing_behind(
    store: FileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreFull):
            store.put("master", SHA256, source)
    assert everything(store) == []
    store.put("master", SHA256, source)
    assert store.has("master", SHA256)


def test_other_trouble_stays_what_it_is(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put("master", SHA256, tmp_path / "nothing")
    assert everything(store) == []


def test_an_upload_grows_part_by_part(store: FileStore) -> None:
    assert store.size("one") == 0
    assert store.append("one", 0, b"abc") == 3
    assert store.append("one", 3, b"de") == 5
    for offset in (0, 3, 6):
        with pytest.raises(WrongOffset) as wrong:
            store.append("one", offset, b"x")
        assert wrong.value.size == 5
    assert store.size("one") == 5
    assert store.incoming_path("one").read_bytes() == b"abcde"
    store.forget("one")
    store.forget("one")
    assert store.size("one") == 0


def test_a_part_that_finds_no_room_is_taken_back(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.append("one", 0, b"abc")
    write = os.write

    def some(file: int, data: bytes) -> int:
        return write(file, data[:2]) if len(data) > 5 else full()

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", some)
        with pytest.raises(StoreFull):
            store.append("one", 3, b"defghi")
    assert store.size("one") == 3
    assert store.append("one", 3, b"d") == 4


def test_space_is_told_before_the_folder_is_made(store: FileStore) -> None:
    assert store.space_left() > 0
    assert not store.folder.exists()


def test_a_large_file_is_moved_not_copied(tmp_path: Path) -> None:
    store, sha256 = FileStore(tmp_path / "media"), "c" * 64
    for data in (b"a film", b"the same again"):
        source = tmp_path / "media" / "made"
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(data)
        store.move("video", sha256, source)
        assert not source.exists()
        assert store.path("video", sha256).read_bytes() == data
    store.drop(sha256)
    assert not store.has("video", sha256)
