"""Videos: looked at with care, kept in the practice network's own folder, the oldest thrown away.

They come in pieces and are never in memory as a whole.
"""

import hashlib
import io
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import av
from PIL import Image

from app.practice.people import Clip
from app.practice.pictures import Pictures

PIECE = 1_048_576
KEPT_BYTES = 1_500_000_000
MOST_BOXES = 20_000
MOST_POSTER = (1_280, 1_280)
TYPES = {"mp4": "video/mp4", "mov": "video/quicktime"}
# What ffmpeg and its binding raise for damaged files of one kind or another.
_DAMAGED = (av.FFmpegError, OSError, ValueError, LookupError, ArithmeticError, EOFError)


@dataclass(frozen=True)
class Looked:
    """What a look into a file showed. Names as in Clip; poster: JPEG bytes."""

    kind: str
    seconds: float
    width: int
    height: int
    frames: float
    codec: str
    sound: str
    rate: int
    bits: int
    moov_first: bool
    poster: bytes


def boxes(path: Path) -> list[bytes]:
    """The names of the outermost boxes of an MP4 or MOV in their order; none if the file is cut off or is
    nothing of that kind (ISO/IEC 14496-12, 4.2)."""
    size, at, found = path.stat().st_size, 0, list[bytes]()
    with path.open("rb") as file:
        while at < size and len(found) < MOST_BOXES:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4])
            if length == 1:
                length = int.from_bytes(head[8:])
            length = length or size - at
            if len(head) < 8 or length < 8 or at + length > size:
                return []
            found.append(head[4:8])
            at += length
    return found


def examine(path: Path, at: float = 0) -> Looked | None:
    """What a file holds; None: no video of a kind that any network takes. at: of the poster, seconds."""
    found = boxes(path)
    if b"moov" not in found or found[0] not in (b"ftyp", b"moov", b"wide", b"mdat", b"free", b"skip"):
        return None
    try:
        with av.open(str(path), format="mp4") as film:
            return _looked(film, path, found, at)
    except _DAMAGED:
        return None


def _looked(film: av.container.InputContainer, path: Path, found: list[bytes], at: float) -> Looked | None:
    if not film.streams.video or not film.duration:
        return None
    picture, sound = film.streams.video[0], next(iter(film.streams.audio), None)
    seconds = film.duration / 1_000_000
    frame = _frame(film, at)
    wide, high = (frame.width, frame.height) if frame.rotation % 180 == 0 else (frame.height, frame.width)
    brand = str(film.metadata.get("major_brand", "")).strip()
    return Looked(
        kind="mov" if brand in ("qt", "") else "mp4",
        seconds=round(seconds, 3),
        width=wide,
        height=high,
        frames=round(float(picture.average_rate or 0), 3),
        codec=picture.codec_context.name,
        sound=sound.codec_context.name if sound else "",
        rate=sound.codec_context.sample_rate if sound else 0,
        bits=round(path.stat().st_size * 8 / seconds),
        moov_first=b"mdat" not in found[: found.index(b"moov")],
        poster=_jpeg(frame),
    )


def _frame(film: av.container.InputContainer, at: float) -> av.VideoFrame:
    """The first frame at or behind a second. Raises StopIteration's like as ValueError."""
    stream = film.streams.video[0]
    stream.codec_context.thread_count = 1
    if at > 0:
        film.seek(round(at * 1_000_000))
    for frame in film.decode(stream):
        if (frame.time or 0) >= at - 0.001:
            return frame
    raise ValueError("there is no such frame")


def _jpeg(frame: av.VideoFrame) -> bytes:
    target, image = io.BytesIO(), frame.to_image()  # type: ignore[no-untyped-call]
    if frame.rotation % 360:
        image = image.rotate(frame.rotation, expand=True)
    image.thumbnail(MOST_POSTER, Image.Resampling.BILINEAR)
    image.save(target, "JPEG", quality=80)
    return target.getvalue()


def hash_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Clips:
    """The folder of the videos, and of those that have come in part. Safe for many threads."""

    def __init__(self, folder: Path, pictures: Pictures) -> None:
        self._folder, self._pictures, self._lock = folder, pictures, Lock()
        self._parts, self._count = folder / "parts", 0
        self._parts.mkdir(parents=True, exist_ok=True)
        for left in self._parts.glob("file-*"):
            left.unlink(missing_ok=True)
        files = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda p: p.stat().st_mtime)
        self._sizes = OrderedDict((path.name, path.stat().st_size) for path in files)

    def part(self, name: str) -> Path:
        """Where the bytes of something are until all have come. name: an id."""
        return self._parts / name.replace(":", "-")

    def fresh(self) -> Path:
        """A place for a file that comes at once."""
        with self._lock:
            self._count += 1
            return self._parts / f"file-{self._count}"

    def take_in(self, path: Path, at: float = 0) -> Clip | None:
        """Look at a file and keep it, moved from where it is; None if it is no video, then it is gone."""
        looked = examine(path, at)
        poster = self._pictures.take_in(looked.poster) if looked else None
        if looked is None or poster is None:
            path.unlink(missing_ok=True)
            return None
        digest, size = hash_of(path), path.stat().st_size
        clip = Clip(
            hash=digest,
            size=size,
            name=f"{digest}.{looked.kind}",
            poster=poster,
            **{name: value for name, value in vars(looked).items() if name != "poster"},
        )
        with self._lock:
            path.replace(self._folder / clip.name)
            self._sizes[clip.name] = size
            self._sizes.move_to_end(clip.name)
            self._make_room()
        return clip

    def _make_room(self) -> None:
        while sum(self._sizes.values()) > KEPT_BYTES and len(self._sizes) > 1:
            name, _ = self._sizes.popitem(last=False)
            (self._folder / name).unlink(missing_ok=True)

    def find(self, name: str) -> Path | None:
        """The file of a video; None if it was never here or had to make room."""
        with self._lock:
            return self._folder / name if name in self._sizes else None

    def poster(self, clip: Clip, at: float) -> bytes | None:
        """Another picture of a video, JPEG. at: seconds."""
        path = self.find(clip.name)
        looked = examine(path, at) if path else None
        return looked.poster if looked else None

    def clear(self) -> None:
        """Throw all away."""
        with self._lock:
            for name in self._sizes:
                (self._folder / name).unlink(missing_ok=True)
            self._sizes.clear()
            for part in self._parts.iterdir():
                part.unlink(missing_ok=True)
