"""Pictures for tests: four rectangles in four colours, in every kind, and the parts to make bad ones of."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.foundation.images import Unreadable
from tests.support.heic import COLOURS, heic

KINDS = ("jpeg", "png", "webp", "avif", "heic")
MOST_MEMORY = 200_000_000  # bytes that the reader may ever have resident
PILLOW = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}


def drawing(size: tuple[int, int] = (320, 256), mode: str = "RGB") -> Image.Image:
    """Four rectangles: red, green, blue, yellow, read like a page."""
    image, (width, height) = Image.new("RGB", size), (size[0] // 2, size[1] // 2)
    for place, colour in enumerate(COLOURS):
        left, top = place % 2 * width, place // 2 * height
        image.paste(colour, (left, top, left + width, top + height))
    return image if mode == "RGB" else image.convert(mode)


def stored(image: Image.Image, kind: str, **how: Any) -> bytes:
    """An image as a file of a kind that Pillow writes."""
    made = io.BytesIO()
    image.save(made, PILLOW.get(kind, kind), **how)
    return made.getvalue()


def a_picture(kind: str, size: tuple[int, int] = (320, 256)) -> bytes:
    """A small whole file of one of the five kinds; a HEIC is always of 320 x 256 pixels."""
    return heic() if kind == "heic" else stored(drawing(size), kind)


def exif(orientation: int = 1, place: bool = False) -> Image.Exif:
    """An EXIF block with a camera's name and, if asked for, where the picture was taken."""
    found = Image.Exif()
    found[0x0112], found[0x010F] = orientation, "Secret camera"
    if place:
        found[0x8825] = {1: "N", 2: (60.0, 10.0, 10.0), 3: "E", 4: (24.0, 56.0, 0.0)}
    return found


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG of given size with more chunks before its picture data, which may be less than it says."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", data or zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def display_p3() -> bytes:
    """A small ICC profile with the primaries of Display P3 and a plain gamma of 2.2."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 3) + b"P3\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
    }
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)  # noqa: PLW2901 - padded
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", 128 + len(table + body), b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += (
        struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp")
        + bytes(28)
        + struct.pack(">3i", 63190, 65536, 54061)
    )
    return head.ljust(128, b"\0") + table + body


def peak(pid: int) -> int:
    """The most memory, in bytes, that a process has had resident so far."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


def opened(path: Path) -> Image.Image:
    """An image file, decoded and closed."""
    with Image.open(path) as image:
        image.load()
        return image


def corners(image: Image.Image) -> list[object]:
    """The colours in the middle of the four quarters, read like a page."""
    places = [(across, down) for down in (1, 3) for across in (1, 3)]
    return [image.getpixel((image.width * across // 4, image.height * down // 4)) for across, down in places]


def near(one: object, other: object, by: int = 12) -> bool:
    """Whether two colours differ by little in every channel."""
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def refusal(act: Callable[[], object]) -> tuple[str, dict[str, int | str]]:
    """Code and params of the Unreadable that `act` raises."""
    with pytest.raises(Unreadable) as refused:
        act()
    return refused.value.code, refused.value.params
