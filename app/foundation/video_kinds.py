"""Kinds of videos, told by their bytes alone, and what the boxes of an MP4 say (ISO/IEC 14496-12).

Nothing here decodes: the server itself may look at a file with it before the reader of videos does.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

HEAD = 4096  # bytes that tell what a file is
MOST_INDEX = 64 * 1024 * 1024  # bytes: hours of video have less
MOST_BOXES = 20_000
_OTHERS = {
    b"\x30\x26\xb2\x75": "WMV",
    b"FLV\x01": "FLV",
    b"OggS": "Ogg",
    b"\x00\x00\x01\xba": "MPEG",
    b"\x00\x00\x01\xb3": "MPEG",
    b".RMF": "RealMedia",
}
_OUTER = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_PICTURES |= {b"mif1", b"msf1", b"avif", b"avis", b"crx "}
_INNER = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"}
LOCKED = {b"encv", b"enca", b"drmi", b"drms"}  # sample entries of what is encrypted


class Refused(Exception):
    """A video that is not taken: `code` says why, `params` has what the sentence needs."""

    def __init__(self, code: str, **params: float | str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def sniff(head: bytes) -> str:
    """What the first bytes (best 4,096) are of: "mp4", "mov", or empty for no video at all.

    Raises Refused ("video_container") with the `kind` for videos in a container that is not taken.
    """
    if head[4:8] in _OUTER:
        return _kind_of_brand(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        raise Refused("video_container", kind="WebM" if b"webm" in head[:64] else "MKV")
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        raise Refused("video_container", kind="AVI")
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        raise Refused("video_container", kind="MPEG-TS")
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            raise Refused("video_container", kind=kind)
    return ""


def _kind_of_brand(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURES:
        return ""
    return "mp4" if head[4:8] == b"ftyp" and head[8:12] != b"qt  " else "mov"


@dataclass
class Outline:
    """What the boxes of a file say: the names of the outermost in their order, those within the index, and
    the kinds of samples. `cut`: a box says that it is longer than the file."""

    outer: list[bytes] = field(default_factory=list)
    inner: list[tuple[bytes, int]] = field(default_factory=list)  # with the place of the name in the file
    samples: set[bytes] = field(default_factory=set)
    cut: bool = False

    @property
    def in_front(self) -> bool:
        """Whether the index stands before the data, so that a player may begin before it has all."""
        places = [self.outer.index(name) for name in (b"moov", b"mdat") if name in self.outer]
        return len(places) == 2 and places == sorted(places)


def outline(path: Path) -> Outline:
    """The boxes of a file, without reading its data. What is no box ends it. Raises OSError."""
    found, size, at = Outline(), path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 8 <= size and len(found.outer) < MOST_BOXES:
            file.seek(at)
            length, name, head = _box(file.read(16), size - at)
            if length < head:
                found.cut = True
                break
            found.outer.append(name)
            found.cut = found.cut or at + length > size
            if name == b"moov" and length <= MOST_INDEX:
                _index(file, at + head, min(at + length, size), found)
            at += length
    return found


def _box(head: bytes, left: int) -> tuple[int, bytes, int]:
    """Length of a box, its name, and the length of its head."""
    length, name = struct.unpack(">I4s", head[:8])
    if length == 1 and len(head) >= 16:
        return int.from_bytes(head[8:16]), name, 16
    return length or left, name, 8


def _index(file: BinaryIO, start: int, end: int, found: Outline) -> None:
    file.seek(start)
    data = file.read(end - start)
    for name, at, stop in _within(data, 0, len(data), 0):
        if len(found.inner) >= MOST_BOXES:
            return
        found.inner.append((name, start + at - 4))
        if name == b"stsd":  # version and flags, how many, then one box for each kind of sample
            found.samples |= {sample for sample, _, _ in _within(data, at + 8, stop, 9)}


def _within(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box: its name, and from where to where its content lies."""
    at = start
    while at + 8 <= end:
        length, name, head = _box(data[at : at + 16], end - at)
        if length < head:
            return
        stop = min(at + length, end)
        yield name, at + head, stop
        if name in _INNER and depth < 9:
            yield from _within(data, at + head, stop, depth + 1)
        at += length
