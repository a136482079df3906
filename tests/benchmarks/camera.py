"""Pictures as cameras and phones make them: 12 megapixels, 3 to 5 MB, each another, made once a machine."""

import io
import tempfile
from itertools import count
from pathlib import Path
from random import Random

from PIL import Image, ImageChops

from tests.support.pictures import display_p3, exif

MANY, SIZE = 50, (4000, 3000)
PHONE = 2048  # pixels: so long is what our script sends from a phone
_FOLDER = Path(tempfile.gettempdir()) / "kuliss-bench-pictures-2"
_numbers = count(1)


def pictures() -> list[Path]:
    """The files. Every second lies on its side as phones store it, every third has a phone's colours."""
    _FOLDER.mkdir(exist_ok=True)
    paths = [_FOLDER / f"{number:02}.jpg" for number in range(MANY)]
    grain = None
    for number, path in enumerate(paths):
        if not path.exists():
            grain = grain or _noise(Random(0), (2000, 1500)).resize(SIZE, Image.Resampling.BICUBIC)  # noqa: S311
            _make(number, grain, path)
    return paths


def shrunk(path: Path) -> bytes:
    """What a phone would send of a picture: upright, PHONE pixels long."""
    with Image.open(path) as image:
        image.thumbnail((PHONE, PHONE), Image.Resampling.BICUBIC)
        return _stored(image, 85)


def another(data: bytes) -> bytes:
    """The same picture as a file that nobody has sent: with a comment of its own, behind the first marker."""
    note = f"{next(_numbers):012}".encode()
    return data[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + data[2:]


def _make(number: int, grain: Image.Image, path: Path) -> None:
    """Soft light, things in it, and a sensor's grain."""
    chance = Random(number)  # noqa: S311 - the same pictures on every machine
    light = _noise(chance, (8, 6)).resize(SIZE, Image.Resampling.BICUBIC)
    things = _noise(chance, (400 + 10 * number, 300)).resize(SIZE, Image.Resampling.BICUBIC)
    scene = Image.blend(light, things, 0.25)
    moved = ImageChops.offset(grain, chance.randrange(SIZE[0]), chance.randrange(SIZE[1]))
    made = Image.blend(scene, moved, 0.11 + number % 10 * 0.01)
    orientation, profile = 1 + 5 * (number % 2), display_p3() if number % 3 == 0 else None
    part = path.with_suffix(".part")
    part.write_bytes(_stored(made, 90, exif=exif(orientation, place=True), icc_profile=profile))
    part.replace(path)


def _noise(chance: Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))


def _stored(image: Image.Image, quality: int, **how: object) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=quality, **how)
    return made.getvalue()
