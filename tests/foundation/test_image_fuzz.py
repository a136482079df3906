"""Damaged pictures by the hundred: each is taken or refused, none hangs, none takes much memory.

`FUZZ=5000` damages so many, the same number always in the same way; -rP shows how they ended.
"""

import os
import random
import struct
import zlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.foundation import clock
from app.foundation.images import Pictures, Unreadable
from tests.support.heic import heic
from tests.support.pictures import KINDS, MOST_MEMORY, a_picture, display_p3, drawing, exif, peak, stored

FILES = int(os.environ.get("FUZZ", "400"))
SECONDS = 5.0
NUMBERS = (b"\0\0", b"\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\xff")


@cache
def whole(kind: str) -> tuple[bytes, ...]:
    """Sound files of one kind: plain, with metadata and a profile, and of another make."""
    if kind == "heic":
        return heic(), heic(2, 2, turned=1, profile=display_p3(), exif=exif(place=True).tobytes()), heic(5, 5)
    rich = stored(drawing(), kind, exif=exif(6, place=True), icc_profile=display_p3())
    noise = Image.effect_noise((700, 500), 60).convert("RGB")
    clear, few = drawing(mode="RGBA"), drawing().quantize(16)
    others: dict[str, list[tuple[Image.Image, dict[str, Any]]]] = {
        "jpeg": [(noise, {"progressive": True}), (drawing(mode="CMYK"), {})],
        "png": [(clear, {}), (few, {"transparency": 0})],
        "webp": [(noise, {"lossless": True}), (clear, {"exact": True})],
        "avif": [(noise, {"speed": 10}), (clear, {"speed": 10})],
    }
    return (a_picture(kind), rich, *(stored(image, kind, **how) for image, how in others[kind]))


def damaged(number: int) -> tuple[str, bytes]:
    """The file of that number: its kind, and its bytes with one to eight damages."""
    chance = random.Random(number)  # noqa: S311 - must repeat itself
    kind = KINDS[number % len(KINDS)]
    data = bytearray(chance.choice(whole(kind)))
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        _damage(data, chance)
    if kind == "png" and chance.random() < 0.7:
        _sum_up(data)
    return kind, bytes(data)


def _sum_up(data: bytearray) -> None:
    """Make the check sums of a PNG's chunks right again: else damage never comes past them."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + struct.unpack_from(">I", data, at)[0]
        if end + 4 > len(data):
            return
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4


def _damage(data: bytearray, chance: random.Random) -> None:
    head = min(len(data), 600) if chance.random() < 0.6 else len(data)  # most can be broken at the beginning
    at, length = chance.randrange(max(1, head)), chance.randrange(1, 200)
    match chance.randrange(7):
        case 0 | 1:
            data[at : at + 1] = bytes([chance.randrange(256)])
        case 2:
            data[at : at + 1] = bytes([data[at] ^ 1 << chance.randrange(8)]) if at < len(data) else b""
        case 3:
            number = chance.choice(NUMBERS)
            data[at : at + len(number)] = number
        case 4:
            del data[at : at + length]
        case 5:
            other = chance.choice(whole(chance.choice(KINDS)))
            begin = chance.randrange(len(other))
            data[at : at + chance.choice((0, length))] = other[begin : begin + length]
        case 6:
            del data[max(16, chance.randrange(max(1, len(data)))) :]


@pytest.mark.timeout(60 + FILES)
def test_damaged_pictures_hurt_nobody(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "reader", seconds=SECONDS)
    ended: Counter[str] = Counter()
    slowest, most, readers = 0.0, 0, set()
    for number in range(FILES):
        _, data = damaged(number)
        (tmp_path / "given").write_bytes(data)
        began = clock.monotonic()
        try:
            ended[pictures.take_in(tmp_path / "given", tmp_path / "into").source_kind] += 1
        except Unreadable as refused:
            ended[refused.code] += 1
        slowest = max(slowest, clock.monotonic() - began)
        if pictures.pid:
            readers.add(pictures.pid)
            most = max(most, peak(pictures.pid))
    pictures.close()
    figures = f"slowest {slowest:.2f} s, peak {most:,} bytes, {len(readers)} readers"
    print(dict(ended), figures)  # noqa: T201 - pytest shows it with -rP
    assert sum(ended.values()) == FILES
    assert ended["picture_too_slow"] == 0
    assert most <= MOST_MEMORY
    assert set(ended) > set(KINDS), "some of each kind outlive what was done to them"
