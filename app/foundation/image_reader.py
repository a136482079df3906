"""The image reader: a process of its own that decodes and encodes, so that no picture can hurt the server.

Started by `app.foundation.images` as `python -m app.foundation.image_reader IDLE_SECONDS`. Asked on standard
input and answering on standard output: four bytes of length (big-endian), then JSON. Pictures pass as files.
It ends by itself when nobody asks for IDLE_SECONDS, or when the server is gone.
"""

import errno
import io
import json
import os
import resource
import select
import struct
import sys
from collections.abc import Callable, Iterator
from math import ceil, floor
from pathlib import Path
from typing import Any

from PIL import Image

from app.foundation.image_kinds import LONGEST, MEGA, Picture, Refused, decode, fitted

MEMORY = 180 * MEGA  # bytes of data; with shared code the process stays under 200 MB
EXHAUSTED = 10  # million pixels that fit into the memory whatever the kind
CPU_SECONDS = 10  # for one job; the server ends it sooner, this is for a server that is gone
VIEW, THUMB, THUMB_BYTES = 1024, 240, 6000
STRIP = 500_000  # pixels worked on at a time
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def take_in(source: str, into: str) -> dict[str, Any]:
    """Make master.jpg, view.jpg and thumb.webp of a picture. Returns width, height, source_kind."""
    picture = decode(Path(source))
    kind, orientation = picture.kind, picture.orientation
    master = _master(picture)
    del picture  # what was decoded must be gone before the master is turned
    if orientation in _TURNS:
        master = master.transpose(_TURNS[orientation])
    # Drawn pictures have thin coloured lines, which halved colours would blur.
    _write(Path(into) / "master.jpg", _jpeg(master, 92, subsampling=0 if kind == "png" else 2))
    view = master.resize(fitted(master.size, VIEW), Image.Resampling.LANCZOS, reducing_gap=1.5)
    _write(Path(into) / "view.jpg", _jpeg(view, 80, progressive=True))
    _write(Path(into) / "thumb.webp", _thumb(view))
    return {"width": master.width, "height": master.height, "source_kind": kind}


def render(
    master: str, to: str, box: tuple[float, float, float, float], width: int, height: int, most_bytes: int
) -> dict[str, Any]:
    """Cut `box` (shares of the master) and make a JPEG of exactly width x height of it. Returns bytes."""
    from PIL import JpegImagePlugin  # noqa: PLC0415 - loaded when it is needed

    with JpegImagePlugin.JpegImageFile(master) as image:
        across, down = box[2] * image.width / width, box[3] * image.height / height
        part = max(part for part in (1, 2, 4, 8) if part == 1 or part <= min(across, down))
        image.draft(None, (image.width // part, image.height // part))
        image.load()
        rgb = image if image.mode == "RGB" else image.convert("RGB")
    left, top = box[0] * rgb.width, box[1] * rgb.height
    right, bottom = min(rgb.width, left + box[2] * rgb.width), min(rgb.height, top + box[3] * rgb.height)
    # BICUBIC, halved before where there is much to halve: LANCZOS takes twice as long, and 200 posts wait.
    made = rgb.resize((width, height), Image.Resampling.BICUBIC, (left, top, right, bottom), reducing_gap=1.3)
    for quality in range(90, 0, -10):
        data = _jpeg(made, quality, subsampling=0 if quality == 90 else 2)
        if len(data) <= most_bytes:
            _write(Path(to), data)
            return {"bytes": len(data)}
    raise Refused("picture_too_big", most=most_bytes // MEGA)


def _master(picture: Picture) -> Image.Image:
    """The picture in sRGB on white, at most 4096 pixels long, still lying as it was stored."""
    recolour, size, whole = _recolour(picture.profile), fitted(picture.size, LONGEST), picture.whole
    as_it_is = whole is not None and (whole.mode, whole.size) == ("RGB", size) and not recolour
    if whole is not None and as_it_is and not whole.has_transparency_data:
        return whole
    master = Image.new("RGB", size)
    for top, strip in _strips(picture, size):
        master.paste(_in_srgb(strip, recolour), (0, top))
    return master


def _strips(picture: Picture, size: tuple[int, int]) -> Iterator[tuple[int, Image.Image]]:
    """The picture shrunk to `size`, a few rows at a time, each with the row it begins at."""
    width, height = picture.size
    scale = height / size[1]
    margin = ceil(scale) + 1  # rows beyond a strip that HAMMING looks at; LANCZOS takes three times as long
    step = max(1, int(STRIP / width / scale))
    for top in range(0, size[1], step):
        bottom = min(top + step, size[1])
        first, last = top * scale, min(bottom * scale, height)
        upper, lower = max(0, floor(first) - margin), min(height, ceil(last) + margin)
        strip = _flat(picture.rows(upper, lower))
        if size != picture.size:
            box = (0, first - upper, width, last - upper)
            strip = strip.resize((size[0], bottom - top), Image.Resampling.HAMMING, box)
        else:
            strip = strip.crop((0, top - upper, width, bottom - upper))
        yield top, strip


def _flat(strip: Image.Image) -> Image.Image:
    """L, RGB or CMYK with eight bits, what was see-through on white."""
    if strip.mode.startswith(("I", "F")):
        return strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if strip.has_transparency_data:
        clear = strip.convert("RGBA")
        white = Image.new("RGB", strip.size, "white")
        white.paste(clear.convert("RGB"), mask=clear.getchannel("A"))
        return white
    if strip.mode in ("1", "L"):
        return strip.convert("L")
    return strip if strip.mode in ("RGB", "CMYK") else strip.convert("RGB")


def _in_srgb(strip: Image.Image, recolour: dict[str, Any]) -> Image.Image:
    if strip.mode in recolour:
        return recolour[strip.mode].apply(strip)  # type: ignore[no-any-return]
    return strip if strip.mode == "RGB" else strip.convert("RGB")


def _recolour(profile: bytes) -> dict[str, Any]:
    """How colours of one mode become sRGB, by the picture's own ICC profile; empty where they are sRGB."""
    if not profile:
        return {}
    from PIL import ImageCms  # noqa: PLC0415 - few pictures need it

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L"}[given.profile.xcolor_space]
        if "sRGB" in (given.profile.profile_description or ""):
            return {}
        srgb, intent = ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
        return {mode: ImageCms.buildTransform(given, srgb, mode, "RGB", intent, flags)}
    except (ImageCms.PyCMSError, OSError, KeyError, ValueError, TypeError):
        return {}  # a broken profile is no reason to refuse the picture


def _thumb(view: Image.Image) -> bytes:
    """A WebP of at most THUMB_BYTES: worse until it fits, then smaller."""
    longest = THUMB
    while True:
        small = view.resize(fitted(view.size, longest), Image.Resampling.LANCZOS, reducing_gap=1.5)
        for quality in (75, 60, 45, 30, 15):
            made = io.BytesIO()
            small.save(made, "WEBP", quality=quality, method=4)
            if made.tell() <= THUMB_BYTES:
                return made.getvalue()
        longest = longest * 3 // 4


def _jpeg(image: Image.Image, quality: int, **how: Any) -> bytes:
    """A JPEG of pixels alone. No profile, EXIF, comment or thumbnail: nothing that was not given here."""
    made = io.BytesIO()
    image.info = {}
    image.save(made, "JPEG", quality=quality, **how)
    return made.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


DOES: dict[str, Callable[..., dict[str, Any]]] = {"take_in": take_in, "render": render}


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job: {"do": name, ...arguments}. Returns {"done": ...}, {"refused": ...} or {"failed": ...}."""
    try:
        return {"done": DOES[job.pop("do")](**job)}
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}
    except MemoryError:
        return {"refused": "picture_too_many_pixels", "params": {"most": EXHAUSTED}}
    except OSError as error:
        if error.errno is None:  # Pillow's way of saying that a file is damaged
            return {"refused": "picture_unreadable", "params": {}}
        return {"failed": error.errno, "full": error.errno in _FULL}
    except Exception as error:  # noqa: BLE001 - decoders raise anything for damaged files
        if "memory" in str(error).lower():
            return {"refused": "picture_too_many_pixels", "params": {"most": EXHAUSTED}}
        return {"refused": "picture_unreadable", "params": {}}


def bound() -> None:
    """Take away what reading pictures does not need: memory, processor time, large files, core dumps."""
    Image.MAX_IMAGE_PIXELS = None  # sizes are refused by image_kinds, before Pillow would warn
    for what, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, 100 * MEGA),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(what, most)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def serve(asked: int, said: int, idle: float) -> None:
    """Answer jobs from one pipe into another until the first closes or nothing came for `idle` seconds."""
    _say(said, {"ready": os.getpid()})
    waiting = select.poll()
    waiting.register(asked, select.POLLIN)
    while waiting.poll(idle * 1000):
        head = _read(asked, 4)
        if len(head) < 4:
            return
        job = json.loads(_read(asked, struct.unpack(">I", head)[0]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)
        _say(said, answer(job))


def _read(pipe: int, length: int) -> bytes:
    found = b""
    while len(found) < length and (more := os.read(pipe, length - len(found))):
        found += more
    return found


def _say(pipe: int, what: dict[str, Any]) -> None:
    data = json.dumps(what).encode()
    os.write(pipe, struct.pack(">I", len(data)) + data)


def main() -> None:
    """Serve on standard input and output; libraries that print must not get into the answers."""
    bound()
    said = os.dup(1)
    os.dup2(2, 1)
    serve(0, said, float(sys.argv[1]))


if __name__ == "__main__":
    main()
