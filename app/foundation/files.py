"""Files by what is in them: a store whose names are SHA-256, and the uploads that are still on their way."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

_SUFFIX = {"master": ".jpg", "view": ".view.jpg", "thumb": ".thumb.webp", "video": ".mp4"}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StoreFull(Exception):
    """The disk, or the quota on it, is full."""


class WrongOffset(Exception):
    """A part of an upload that does not begin where the last one ended; `size` is where it should."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class FileStore:
    """DATA_DIR/media: files under ab/cd/<sha256>.<kind>, and the folder incoming/."""

    def __init__(self, folder: Path) -> None:
        """Give the folder; it and what is in it are made when first written to."""
        self.folder = folder

    def path(self, kind: str, sha256: str) -> Path:
        """Where the master, view or thumb of a picture lies, or a video, there or not.

        ValueError for bad names.
        """
        return self._place(sha256) / f"{sha256}{_SUFFIX[kind]}" if kind in _SUFFIX else _no_name(kind)

    def rendition_path(self, sha256: str, key: str) -> Path:
        """Where a cut of a picture lies, there or not; `key` is made of letters, digits, - and _."""
        return self._place(sha256) / f"{sha256}.cut.{_named(key)}.jpg"

    def has(self, kind: str, sha256: str) -> bool:
        """Whether that file is there."""
        return self.path(kind, sha256).is_file()

    def put(self, kind: str, sha256: str, source: Path) -> None:
        """Copy a file to its place, whole and on the disk before this returns; nothing to do if it is there.

        Raises StoreFull, and ValueError for names that can't be.
        """
        self._copy(source, self.path(kind, sha256))

    def move(self, kind: str, sha256: str, source: Path) -> None:
        """The same for a large file on the disk of the folder: not copied, `source` is gone afterwards."""
        to = self.path(kind, sha256)
        with _or_full():
            to.parent.mkdir(parents=True, exist_ok=True)
            sync(source)
            source.replace(to)
            for folder in (to.parent, to.parent.parent, self.folder):
                sync(folder)

    def put_rendition(self, sha256: str, key: str, source: Path) -> None:
        """The same for a cut of a picture."""
        self._copy(source, self.rendition_path(sha256, key))

    def drop(self, sha256: str) -> None:
        """Remove everything of a picture or a video, cuts too. What is not there is no error."""
        for pattern in (f"{sha256}.*", f".{sha256}.*"):
            for path in self._place(sha256).glob(pattern):
                path.unlink(missing_ok=True)

    def space_left(self) -> int:
        """Bytes that may still be written to the disk of the folder."""
        folder = self.folder.absolute()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def incoming_path(self, name: str) -> Path:
        """Where an upload under way lies, there or not; `name` is made of letters, digits, - and _."""
        return self.folder / "incoming" / _named(name)

    def size(self, name: str) -> int:
        """Bytes of an upload that have come so far, 0 if none."""
        try:
            return self.incoming_path(name).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, name: str, offset: int, chunk: bytes) -> int:
        """Add a part to an upload; returns its bytes so far. One writer per name at a time.

        Raises WrongOffset when the part does not begin where the last one ended, and StoreFull; then the
        upload is as it was.
        """
        path = self.incoming_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _or_full(), path.open("ab", buffering=0) as file:
            size = file.tell()
            if size != offset:
                raise WrongOffset(size)
            try:
                _write_all(file.fileno(), chunk)
            except OSError:
                file.truncate(size)
                raise
        return size + len(chunk)

    def forget(self, name: str) -> None:
        """Remove an upload; none there is no error."""
        self.incoming_path(name).unlink(missing_ok=True)

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            _no_name(sha256)
        return self.folder / sha256[:2] / sha256[2:4]

    def _copy(self, source: Path, to: Path) -> None:
        if to.is_file():
            return
        part = to.with_name(f".{to.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
        with _or_full():
            to.parent.mkdir(parents=True, exist_ok=True)
            try:
                _copy_to_disk(source, part)
                part.replace(to)
            finally:
                part.unlink(missing_ok=True)
            for folder in (to.parent, to.parent.parent, self.folder):
                sync(folder)


def _named(name: str) -> str:
    return name if _NAME.fullmatch(name) else _no_name(name)


def _no_name(name: str) -> NoReturn:
    raise ValueError(f"no name for a file: {name!r}")


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _copy_to_disk(source: Path, to: Path) -> None:
    with source.open("rb") as read, to.open("xb") as write:
        shutil.copyfileobj(read, write, 1 << 18)
        write.flush()
        os.fsync(write.fileno())


def sync(path: Path) -> None:
    """Bring a file to the disk; folders too, or a new name in them may be lost with the power."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _or_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(str(error.strerror)) from error
        raise
