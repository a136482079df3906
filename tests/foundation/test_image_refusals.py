"""What is no picture, or one that can't be held, is refused with a reason and hurts nobody."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from app.foundation.images import Pictures, Taken
from tests.support.heic import heic
from tests.support.pictures import KINDS, MOST_MEMORY, a_picture, chunk, drawing, peak, png, refusal, stored

NO_PICTURES = {
    "nothing": b"",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\3\4" + bytes(100),
    "film": b"\0\0\0\x18ftypmp42" + bytes(100),
    "a JPEG's first bytes": b"\xff\xd8\xff\xe0" + bytes(100),
    "a PNG's first bytes": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a WebP's first bytes": b"RIFF\x64\0\0\0WEBPVP8 " + bytes(100),
    "an AVIF's first bytes": b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + bytes(100),
    "a HEIC's first bytes": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(100),
    "a gif in a html": b"<html>GIF89a",
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_refused(what: str, take: Callable[[bytes], Taken]) -> None:
    code, _ = refusal(lambda: take(NO_PICTURES[what]))
    assert code in ("picture_unreadable", "picture_too_small")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *((kind, stored(drawing(), kind)) for kind in ("GIF", "TIFF", "BMP", "ICO")),
        ("Photoshop", b"8BPS" + bytes(60)),
        ("JPEG XL", b"\xff\x0a" + bytes(60)),
        ("JPEG 2000", stored(drawing(), "JPEG2000")),
    ],
)
def test_kinds_that_are_not_taken_are_named(name: str, data: bytes, take: Callable[[bytes], Taken]) -> None:
    assert refusal(lambda: take(data)) == ("picture_kind", {"kind": name})


@pytest.mark.parametrize("kind", ["png", "webp", "avif"])
def test_pictures_that_move_are_refused(kind: str, take: Callable[[bytes], Taken]) -> None:
    moving = stored(drawing(), kind, save_all=True, append_images=[drawing().rotate(90)], duration=100)
    assert refusal(lambda: take(moving)) == ("picture_animated", {})


def test_a_sequence_of_heic_is_refused(take: Callable[[bytes], Taken]) -> None:
    assert refusal(lambda: take(heic(brand=b"hevc"))) == ("picture_animated", {})


def test_of_a_multi_picture_jpeg_the_first_is_taken(take: Callable[[bytes], Taken]) -> None:
    several = stored(drawing(), "MPO", save_all=True, append_images=[drawing((400, 400))])
    assert take(several).width == 320


def test_pictures_must_not_be_small(take: Callable[[bytes], Taken]) -> None:
    small = ("picture_too_small", {"least": 200})
    assert refusal(lambda: take(a_picture("jpeg", (199, 400)))) == small
    assert refusal(lambda: take(a_picture("png", (6000, 210)))) == small  # 143 high when 4096 long
    assert take(a_picture("png", (200, 200))).width == 200


def test_files_must_not_be_large(take: Callable[[bytes], Taken]) -> None:
    data = a_picture("jpeg")
    assert refusal(lambda: take(data.ljust(30_000_001, b"\0"))) == ("picture_too_big", {"most": 30})
    assert take(data.ljust(30_000_000, b"\0")).width == 320


@cache
def bombs() -> dict[str, bytes]:
    """Small files that would be large when unpacked, or say that they are."""
    zeros = zlib.compressobj(9)
    many = b"".join(zeros.compress(bytes(1_000_000)) for _ in range(100)) + zeros.flush()
    jpeg = bytearray(a_picture("jpeg"))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = b"\xff\xff\xff\xff"
    lossless = bytearray(stored(drawing(), "webp", lossless=True))
    lossless[21:25] = b"\xff\xff\xff\x0f"
    avif = a_picture("avif").replace(struct.pack(">II", 320, 256), struct.pack(">II", 30_000, 30_000))
    return {
        "one colour": png(30_000, 30_000, depth=1, colour=0, data=many),
        "huge profile": png(300, 300, chunk(b"iCCP", b"x\0\0" + many)),
        "huge text": png(300, 300, chunk(b"zTXt", b"x\0\0" + many)),
        "a chunk without end": png(300, 300)[:33] + b"\x7f\xff\xff\xffIDAT" + bytes(1000),
        "jpeg": bytes(jpeg),
        "webp": bytes(lossless),
        "avif": avif,
        "heic told large": heic(told=(30_000, 30_000)),
        "heic of many tiles": heic(60, 60),
    }


@pytest.mark.parametrize("what", bombs())
def test_bombs_do_not_go_off(what: str, pictures: Pictures, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(bombs()[what])
    code, _ = refusal(lambda: pictures.take_in(tmp_path / "bomb", tmp_path / "into"))
    assert code in ("picture_unreadable", "picture_too_many_pixels")
    assert pictures.pid
    assert peak(pictures.pid) <= MOST_MEMORY


@pytest.mark.parametrize("what", ["more data than pixels", "more tiles than pixels"])
def test_what_is_beyond_a_picture_takes_no_memory(
    what: str, take: Callable[[bytes], Taken], pictures: Pictures
) -> None:
    data = (
        png(300, 300, data=bombs()["one colour"][41:-16]) if "data" in what else heic(20, 20, told=(300, 300))
    )
    assert take(data).width == 300
    assert pictures.pid
    assert peak(pictures.pid) <= MOST_MEMORY


@pytest.mark.parametrize(
    ("kind", "size", "most"),
    [("png", (6000, 6000), 21), ("webp", (4000, 4000), 12), ("jpeg", (12_000, 10_100), 120)],
)
def test_too_many_pixels_are_counted(
    kind: str, size: tuple[int, int], most: int, take: Callable[[bytes], Taken]
) -> None:
    data = stored(Image.new("RGB", size, "red"), kind)
    assert refusal(lambda: take(data)) == ("picture_too_many_pixels", {"most": most})


def test_a_photo_of_a_hundred_million_pixels_is_taken(
    take: Callable[[bytes], Taken], pictures: Pictures, tmp_path: Path
) -> None:
    taken = take(stored(drawing((12_000, 9000)), "jpeg"))
    assert (taken.width, taken.height) == (3000, 2250)
    assert pictures.pid
    assert peak(pictures.pid) <= MOST_MEMORY


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_short_is_refused(kind: str, take: Callable[[bytes], Taken]) -> None:
    data = a_picture(kind)
    for part in range(1, 10):
        assert refusal(lambda: take(data[: len(data) * part // 10]))[0] == "picture_unreadable"  # noqa: B023
