"""One file that holds many parts and says what is in it: a tar whose last parts are its list.

`manifest.json` names every part with its SHA-256, `manifest.sha256` the digest of that list itself. A file
that was cut short has no list, so it can't be taken for whole.
"""

import errno
import fcntl
import gzip
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

from app.foundation.files import sync
from app.foundation.rows import Digest

FORMAT = 1
_PIECE = 1 << 18  # bytes
_PART = re.compile(r"\..+\.\d+\.part")
_FULL = {errno.ENOSPC, errno.EDQUOT}
_TORN = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError, KeyError)


class DiskFull(Exception):
    """The disk has no room for the file; nothing of it was left behind."""


class Damaged(Exception):
    """The file is not a whole archive of ours; the text says what is wrong with it."""


@contextmanager
def or_full() -> Iterator[None]:
    """Tells a full disk from every other failure. Raises DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(error.strerror)) from error
        raise


class Writer:
    """An archive under way. It gets its name when it is whole; until then it is a hidden file beside it."""

    def __init__(self, path: Path) -> None:
        """Begin the archive at `path`. Raises FileExistsError when something is there, DiskFull, OSError."""
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        self._path = path
        _clear(path.parent)
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        opened = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(opened, "w+b")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see finish

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind, unless it was finished."""
        self._part.unlink(missing_ok=True)
        with suppress(OSError):  # what could not be written on a full disk can't be now either
            self._file.close()

    def add_lines(self, name: str, lines: Iterable[str]) -> Digest:
        """Add lines of text, packed; returns their count and the SHA-256 of them unpacked."""
        made, count = sha256(), 0
        with or_full(), TemporaryFile(dir=self._path.parent) as spool:
            with gzip.GzipFile(fileobj=spool, mode="wb", compresslevel=5, mtime=0) as packed:
                for line in lines:
                    written = line.encode() + b"\n"
                    count += 1
                    made.update(written)
                    packed.write(written)
            size = spool.tell()
            spool.seek(0)
            self._add(name, size, spool)
        return Digest(count, made.hexdigest())

    def add_file(self, name: str, path: Path) -> tuple[int, str]:
        """Add a file as it is; returns its bytes and their SHA-256. Raises FileNotFoundError."""
        with or_full(), path.open("rb") as file:
            made = file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            self._add(name, size, file)
        return size, made

    def finish(self, manifest: dict[str, Any]) -> int:
        """Add the list, bring everything to the disk and give the file its name; returns its bytes."""
        told = json.dumps({"format": FORMAT, **manifest}, indent=1, ensure_ascii=False).encode()
        with or_full():
            self._add("manifest.json", len(told), io.BytesIO(told))
            digest = sha256(told).hexdigest().encode()
            self._add("manifest.sha256", len(digest), io.BytesIO(digest))
            self._tar.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            size = self._part.stat().st_size
            if self._path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self._path))
            self._part.rename(self._path)
            sync(self._path.parent)
        return size

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, file)


class Reader:
    """A finished archive. Every method raises Damaged where the file is not what its list says."""

    def __init__(self, path: Path) -> None:
        """Open it and read its list. Raises OSError when there is no such file."""
        with _torn():
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115 - closed in __exit__
            try:
                self.manifest = self._listed()
            except BaseException:
                self._tar.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()

    def _listed(self) -> dict[str, Any]:
        if "manifest.sha256" not in self._tar.getnames():
            raise Damaged("it was cut short: its list is missing")
        told = self._open("manifest.json").read()
        if sha256(told).hexdigest().encode() != self._open("manifest.sha256").read():
            raise Damaged("its list was changed")
        manifest = json.loads(told)
        if manifest.get("format") != FORMAT:
            raise Damaged(f"it is of format {manifest.get('format')}, and this version reads {FORMAT}")
        return dict(manifest)

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a part, without their ends."""
        with _torn(), gzip.open(self._open(name), "rb") as packed:
            for line in packed:
                yield line.decode().rstrip("\n")

    def digest(self, name: str) -> Digest:
        """How many lines a part has, and the SHA-256 of them."""
        made, count = sha256(), 0
        with _torn(), gzip.open(self._open(name), "rb") as packed:
            for line in packed:
                made.update(line)
                count += 1
        return Digest(count, made.hexdigest())

    def file_digest(self, name: str) -> str:
        """The SHA-256 of a file in it."""
        with _torn(), self._open(name) as file:
            made = sha256()
            while piece := file.read(_PIECE):
                made.update(piece)
        return made.hexdigest()

    def copy_out(self, name: str, to: Path) -> None:
        """Put a file in it to its place, whole and on the disk before this returns. Raises DiskFull."""
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(f".{to.name}.{os.getpid()}.part")
        try:
            with _torn(), or_full(), self._open(name) as file, part.open("wb") as write:
                while piece := file.read(_PIECE):
                    write.write(piece)
                write.flush()
                os.fsync(write.fileno())
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)

    def _open(self, name: str) -> IO[bytes]:
        found = self._tar.extractfile(name)
        if found is None:
            raise Damaged(f"{name} is not in it")
        return found


@contextmanager
def _torn() -> Iterator[None]:
    try:
        yield
    except _TORN as error:
        raise Damaged(str(error).strip("'\"") or "it was cut short") from error


def _clear(folder: Path) -> None:
    """Take away what writers left that were killed: nobody holds the lock of those."""
    for left in folder.glob(".*.part"):
        if not _PART.fullmatch(left.name):
            continue
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
