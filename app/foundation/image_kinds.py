"""Kinds of pictures: told by their bytes alone, measured before anything is decoded, decoded row by row.

Runs in the image reader's process only. Memory is why it is written as it is: a decoded picture is held once,
and what is made of it is made in strips.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

MEGA = 1_000_000
LONGEST = 4096  # pixels of the master's longer side
LEAST = 200  # pixels of the shorter side
MOST_PIXELS = {"jpeg": 120, "png": 60, "webp": 60, "avif": 60, "heic": 60}  # million; memory says less
ROOM = 155 * MEGA  # bytes that one picture may take: the process begins with 12 and is cut off at 180
SHARP = 2000  # pixels: no photo is decoded shorter than that to save memory

_NOT_TAKEN = {
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"8BPS": "Photoshop",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\1\0": "ICO",
}
# ISO/IEC 23008-12, brands of the file type box. Sequences of pictures are films to us.
_SEQUENCES = {b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF = {b"avif"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"mif1"}


class Refused(Exception):
    """A picture that is not taken: `code` says why, `params` has what the sentence needs."""

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass
class Picture:
    """A decoded picture. `rows(top, bottom)` gives those rows as an image of their own, any mode."""

    kind: str
    size: tuple[int, int]
    rows: Callable[[int, int], Image.Image]
    orientation: int = 1  # as in EXIF, 1 to 8
    profile: bytes = b""  # ICC
    whole: Image.Image | None = None  # all rows in one, where that costs nothing
    owner: object = None  # whose memory the rows are in


def sniff(head: bytes) -> str:
    """Which of our five kinds the first bytes (at least 64) are of. Raises Refused for all others."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _kind_of_brands(head)
    for magic, name in _NOT_TAKEN.items():
        if head.startswith(magic):
            raise Refused("picture_kind", kind=name)
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        raise Refused("picture_kind", kind="BMP")
    raise Refused("picture_unreadable")


def _kind_of_brands(head: bytes) -> str:
    length = min(struct.unpack(">I", head[:4])[0], len(head))
    major, brands = head[8:12], {head[at : at + 4] for at in range(16, length - 3, 4)}
    if major in _SEQUENCES:
        raise Refused("picture_animated")
    for kind, known in (("avif", _AVIF), ("heic", _HEIC)):
        if major in known - {b"mif1"} or (major == b"mif1" and brands & known):
            return kind
    if major == b"crx ":
        raise Refused("picture_kind", kind="CR3")
    raise Refused("picture_unreadable")


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size with the same shape whose longer side is at most `longest`; never larger than before."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def decode(path: Path) -> Picture:
    """Read any of the five kinds. Raises Refused, and whatever the decoders raise for damaged files."""
    with path.open("rb") as file:
        kind = sniff(file.read(64))
    return {"jpeg": _jpeg, "png": _png, "webp": _webp, "avif": _avif, "heic": _heic}[kind](path)


def _allow(kind: str, size: tuple[int, int], decoding: float, kept: float, beside: int = 0) -> None:
    """Refuse by the size alone. Bytes for each pixel while decoding and after; `beside`: other bytes."""
    pixels, (width, height) = size[0] * size[1], fitted(size, LONGEST)
    if min(size) < LEAST or (max(size) > LONGEST and min(width, height) < LEAST):
        raise Refused("picture_too_small", least=LEAST)
    room = ROOM - beside
    most = min(MOST_PIXELS[kind] * MEGA, room / decoding, (room - width * height * 4) / kept)
    if pixels > most:
        raise Refused("picture_too_many_pixels", most=max(1, int(most / MEGA)))


def _jpeg(path: Path) -> Picture:
    """Large photos are decoded at a half, a quarter or an eighth, as the format allows for nothing."""
    from PIL import JpegImagePlugin  # noqa: PLC0415 - each kind's code is loaded when it is met

    with JpegImagePlugin.JpegImageFile(path) as image:
        size, held = image.size, _coefficients(path, image)
        parts = [part for part in (1, 2, 4, 8) if part == 1 or max(size) // part >= SHARP]
        least = 4 / parts[-1] ** 2
        _allow("jpeg", size, held + least, least)
        for part in parts:
            scaled = (-(-size[0] // part), -(-size[1] // part))
            needed = size[0] * size[1] * held + _bytes(scaled, image.mode)
            if max(size) // (2 * part) < LONGEST and needed <= ROOM:
                break
        image.draft(None, (size[0] // part, size[1] // part))
        image.load()
        orientation = exif_orientation(image.info.get("exif", b""))
    return _of_image("jpeg", image, orientation)


def _bytes(size: tuple[int, int], mode: str) -> int:
    """What a decoded photo and its master take. One that need not shrink is its own master."""
    width, height = fitted(size, LONGEST)
    master = 0 if mode == "RGB" and (width, height) == size else width * height * 4
    return size[0] * size[1] * (1 if mode == "L" else 4) + master


def _coefficients(path: Path, image: Image.Image) -> float:
    """Bytes for each pixel that libjpeg holds of a photo whose colours don't come in one pass."""
    layers: list[tuple[int, int, int, int]] = image.layer  # type: ignore[attr-defined]
    if "progressive" not in image.info and _first_scan(path) == len(layers):
        return 0
    across, down = max(layer[1] for layer in layers), max(layer[2] for layer in layers)
    return 2 * sum(layer[1] * layer[2] for layer in layers) / (across * down)


def _first_scan(path: Path) -> int:
    """How many colours the first scan of a JPEG carries; 0 where its markers lead nowhere."""
    with path.open("rb") as file:
        file.seek(2)
        while len(marker := file.read(4)) == 4 and marker[0] == 0xFF:
            if marker[1] == 0xFF:  # a byte of padding
                file.seek(-3, 1)
            elif marker[1] == 0xDA:
                return (file.read(1) or b"\0")[0]
            else:
                file.seek(max(0, struct.unpack(">H", marker[2:])[0] - 2), 1)
    return 0


def _png(path: Path) -> Picture:
    from PIL import PngImagePlugin  # noqa: PLC0415

    with PngImagePlugin.PngImageFile(path) as image:
        if getattr(image, "is_animated", False):
            raise Refused("picture_animated")
        deep = {"1": 1, "L": 1, "P": 1, "I;16": 2}.get(image.mode, 4)
        _allow("png", image.size, deep, deep)
        image.load()
        orientation = exif_orientation(image.info.get("exif", b""))
    return _of_image("png", image, orientation)


def _of_image(kind: str, image: Image.Image, orientation: int) -> Picture:
    def rows(top: int, bottom: int) -> Image.Image:
        return image.crop((0, top, image.width, bottom))

    return Picture(kind, image.size, rows, orientation, image.info.get("icc_profile") or b"", image)


def _webp(path: Path) -> Picture:
    """Pillow's own WebP class holds the decoder and three copies of the picture; this lets go in between."""
    from PIL import _webp as webp  # noqa: PLC0415

    data = path.read_bytes()
    _allow("webp", _webp_size(data), 12, 4, len(data))
    decoder = webp.WebPAnimDecoder(data)
    size, _loop, _background, frames, mode = decoder.get_info()
    if frames > 1:
        raise Refused("picture_animated")
    _allow("webp", size, 12, 4, len(data))
    profile, exif = decoder.get_chunk("ICCP") or b"", decoder.get_chunk("EXIF") or b""
    frame = decoder.get_next()
    if frame is None:
        raise Refused("picture_unreadable")
    del decoder, data
    return _of_bytes("webp", size, frame[0], mode, exif_orientation(exif), profile)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height by the header (RFC 9649), before the decoder takes memory for the canvas."""
    chunk, found = data[12:16], data[20:30].ljust(10, b"\0")
    if chunk == b"VP8X":
        return int.from_bytes(found[4:7], "little") + 1, int.from_bytes(found[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(found[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(found[6:8], "little") & 0x3FFF, int.from_bytes(found[8:10], "little") & 0x3FFF


def _avif(path: Path) -> Picture:
    """As with WebP, Pillow's decoder without Pillow's copies of what it decoded."""
    from PIL import _avif as avif  # noqa: PLC0415

    data = path.read_bytes()
    decoder = avif.AvifDecoder(data, "auto", 1)
    size, frames, mode, profile, _exif, orientation, _xmp = decoder.get_info()
    if frames > 1:
        raise Refused("picture_animated")
    deep = len(mode)
    _allow("avif", size, 3 + 2 * deep, deep, len(data))
    pixels = decoder.get_frame(0)[0]
    del decoder, data
    return _of_bytes("avif", size, pixels, mode, orientation, profile or b"")


def _heic(path: Path) -> Picture:
    """What the container says about turning is done by libheif; EXIF's word on it does not count."""
    import pi_heif  # noqa: PLC0415

    options = pi_heif.options
    options.DECODE_THREADS, options.THUMBNAILS, options.DEPTH_IMAGES, options.AUX_IMAGES = (
        1,
        False,
        False,
        False,
    )
    data = path.read_bytes()
    file = pi_heif.HeifFile(data, remove_stride=False)
    image = file[file.primary_index]
    _allow("heic", image.size, 2.5 + len(image.mode), len(image.mode), len(data))
    del file
    pixels, profile = image.data, image.info.get("icc_profile") or b""
    picture = _of_bytes("heic", image.size, pixels, image.mode, 1, profile, image.stride)
    picture.owner = image  # pi_heif frees the pixels with it, whoever still looks at them
    return picture


def _of_bytes(
    kind: str, size: tuple[int, int], data: bytes, raw: str, orientation: int, profile: bytes, stride: int = 0
) -> Picture:
    mode = {"RGBX": "RGB"}.get(raw, raw)
    stride = stride or size[0] * len(raw)
    if len(data) < stride * size[1]:
        raise Refused("picture_unreadable")
    view = memoryview(data)

    def rows(top: int, bottom: int) -> Image.Image:
        part = bytes(view[top * stride : bottom * stride])
        return Image.frombytes(mode, (size[0], bottom - top), part, "raw", raw, stride)

    return Picture(kind, size, rows, orientation, profile)


def exif_orientation(exif: bytes) -> int:
    """The orientation (1 to 8) of an EXIF block, 1 where none is told. TIFF 6.0: tag 274, first list."""
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    try:
        if order:
            (start,) = struct.unpack_from(f"{order}I", block, 4)
            (count,) = struct.unpack_from(f"{order}H", block, start)
            for entry in range(start + 2, start + 2 + 12 * count, 12):
                tag, kind, many, value = struct.unpack_from(f"{order}HHIH", block, entry)
                if (tag, kind, many) == (274, 3, 1) and 1 <= value <= 8:
                    return int(value)
    except struct.error:  # a list that ends early says nothing
        pass
    return 1
