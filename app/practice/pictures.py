"""Pictures: looked at with care, kept in the practice network's own folder, the oldest thrown away."""

import hashlib
import io
import struct
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from PIL import Image

from app.practice.people import Picture

# What each network takes: Meta, Page photos; Meta, IG User media.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF")
ENDINGS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "gif"}
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
MOST_PIXELS = 80_000_000  # below the count at which Pillow itself begins to warn
WHOLE_PIXELS = 30_000_000
KEPT_BYTES = 400_000_000
_PLAIN_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
# What Pillow raises for damaged files of one kind or another.
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    struct.error,
    Image.DecompressionBombError,
    Warning,
)


def examine(body: bytes) -> tuple[Picture, bytes] | None:
    """What a file holds and the bytes to show of it; None: no picture of a kind that any network takes."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            return _examined(image, body)
    except _DAMAGED:
        return None


def _examined(image: Image.Image, body: bytes) -> tuple[Picture, bytes] | None:
    kind, (width, height) = image.format or "", image.size
    if not 0 < width * height <= MOST_PIXELS:
        return None
    _decode(image, kind)
    ending, shown = ENDINGS.get(kind), body
    if ending is None:  # browsers show neither BMP nor TIFF
        ending, shown = "jpg", _as_jpeg(image)
    digest = hashlib.sha256(body).hexdigest()
    picture = Picture(
        hash=digest,
        kind=kind,
        plain=kind == "JPEG" and _is_plain(body),
        width=width,
        height=height,
        size=len(body),
        name=f"{digest}.{ending}",
    )
    return picture, shown


def _decode(image: Image.Image, kind: str) -> None:
    """Read it to its end; a JPEG at an eighth of its size, which takes little memory."""
    if kind in ("JPEG", "MPO"):
        image.draft("RGB", (1, 1))
    elif image.width * image.height > WHOLE_PIXELS:
        image.verify()
        return
    image.load()


def _as_jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    small = image.convert("RGB")
    small.thumbnail((2_048, 2_048))
    small.save(target, "JPEG", quality=85)
    return target.getvalue()


def _is_plain(body: bytes) -> bool:
    """Whether a JPEG is baseline or progressive, by the marker of its frame."""
    at = 2
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker, (length,) = body[at + 1], struct.unpack(">H", body[at + 2 : at + 4])
        if marker in _PLAIN_FRAMES or marker in _OTHER_FRAMES:
            return marker in _PLAIN_FRAMES
        at += 1 if marker == 0xFF else 2 + length
    return False


class Pictures:
    """The folder of the pictures. Safe for many threads."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        folder.mkdir(parents=True, exist_ok=True)
        files = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda p: p.stat().st_mtime)
        self._sizes = OrderedDict((path.name, path.stat().st_size) for path in files)

    def take_in(self, body: bytes) -> Picture | None:
        """Look at a file and keep it; None if it is no picture."""
        found = examine(body)
        if found is None:
            return None
        picture, shown = found
        with self._lock:
            (self._folder / picture.name).write_bytes(shown)
            self._sizes[picture.name] = len(shown)
            self._sizes.move_to_end(picture.name)
            self._make_room()
        return picture

    def _make_room(self) -> None:
        while sum(self._sizes.values()) > KEPT_BYTES and len(self._sizes) > 1:
            name, _ = self._sizes.popitem(last=False)
            (self._folder / name).unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """The bytes of a picture to show; None if it was never here or had to make room."""
        with self._lock:
            return (self._folder / name).read_bytes() if name in self._sizes else None

    def clear(self) -> None:
        """Throw all away."""
        with self._lock:
            for name in self._sizes:
                (self._folder / name).unlink(missing_ok=True)
            self._sizes.clear()


def card(colour: tuple[int, int, int] = (76, 110, 92), size: tuple[int, int] = (1080, 1080)) -> bytes:
    """A JPEG of one colour: the picture of a post that somebody makes by hand."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG", quality=80)
    return target.getvalue()
