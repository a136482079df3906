"""Pictures for the example library: small scenes, drawn, so that nobody's photo or face is in them."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

UPRIGHT, WIDE = (1080, 1350), (1200, 628)  # 4:5 and 1.91:1
Colour = tuple[int, int, int]
# Walls, floors and things that look well together.
_ROOMS: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((244, 233, 214), (176, 132, 94), (46, 94, 110)),
    ((222, 232, 226), (138, 110, 84), (171, 79, 61)),
    ((236, 222, 226), (150, 120, 104), (74, 104, 76)),
    ((214, 224, 238), (160, 128, 92), (196, 140, 52)),
)
SPINES: tuple[Colour, ...] = (
    (171, 79, 61), (46, 94, 110), (196, 140, 52), (74, 104, 76), (120, 80, 120), (228, 214, 190),
    (60, 62, 74),
)  # fmt: skip
INK: Colour = (52, 44, 40)
PAPER: Colour = (250, 246, 236)


class Sheet:
    """A drawing under way. Places and sizes are shares (0 to 1) of its width and height."""

    def __init__(self, draw: "ImageDraw", size: tuple[int, int], dice: Random, room: int) -> None:
        self._draw, (self._width, self._height), self.dice = draw, size, dice
        self.wall, self.floor, self.thing = _ROOMS[room % len(_ROOMS)]

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, round_by: float = 0) -> None:
        """A rectangle; `round_by`: its corners."""
        self._draw.rounded_rectangle(self._frame(x, y, width, height), self._width * round_by, fill)

    def oval(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        """An ellipse within that frame."""
        self._draw.ellipse(self._frame(x, y, width, height), fill)

    def line(self, points: list[tuple[float, float]], fill: Colour = INK, thick: float = 0.006) -> None:
        """A line through points."""
        self._draw.line(
            [self._at(*point) for point in points], fill, max(2, int(self._width * thick)), "curve"
        )

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        """A filled shape."""
        self._draw.polygon([self._at(*point) for point in points], fill)

    def room(self, floor_at: float = 0.72) -> None:
        """A wall and a floor with boards."""
        self.box(0, 0, 1, 1, self.wall)
        self.box(0, floor_at, 1, 1 - floor_at, self.floor)
        for n in range(1, 6):
            y = floor_at + (1 - floor_at) * n / 6
            self.line([(0, y), (1, y)], darker(self.floor, 0.9), 0.003)

    def books(self, x: float, y: float, width: float, height: float) -> None:
        """Spines side by side, standing on the lower edge of the frame."""
        left, end = x, x + width
        while left < end - 0.012:
            wide = min(self.dice.uniform(0.014, 0.032), end - left)
            tall = height * self.dice.uniform(0.7, 0.98)
            colour = self.dice.choice(SPINES)
            self.box(left, y + height - tall, wide * 0.92, tall, colour)
            self.box(left, y + height - tall * 0.8, wide * 0.92, tall * 0.06, darker(colour, 1.25))
            left += wide

    def case(self, x: float, y: float, width: float, height: float, shelves: int = 3) -> None:
        """A bookcase with so many shelves."""
        wood = darker(self.floor, 0.7)
        self.box(x, y, width, height, wood, 0.008)
        each = height / shelves
        for n in range(shelves):
            self.box(x + 0.015, y + each * n + 0.012, width - 0.03, each - 0.026, darker(wood, 0.75))
            self.books(x + 0.02, y + each * n + 0.016, width - 0.04, each - 0.03)

    def _frame(self, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        left, top = self._at(x, y)
        return left, top, left + max(1, width * self._width), top + max(1, height * self._height)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self._width, y * self._height


def darker(colour: Colour, by: float) -> Colour:
    red, green, blue = (min(255, int(part * by)) for part in colour)
    return red, green, blue


def drawn(scene: str, number: int, size: tuple[int, int]) -> bytes:
    """One scene as a JPEG without metadata; `number` gives other colours and books."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - takes its time, and is needed while an example is made

    from app.errands.examples.scenery import SCENES  # noqa: PLC0415 - it draws on sheets of this module

    dice = Random(f"{scene}/{number}")  # noqa: S311 - the same picture each time; it guards nothing
    image = Image.new("RGB", size)
    draw: Callable[[Sheet], None] = SCENES[scene]
    draw(Sheet(ImageDraw.Draw(image), size, dice, number))
    made = BytesIO()
    image.save(made, "JPEG", quality=86)
    return made.getvalue()


def draw_all(folder: Path, scenes: list[str], of_each: int = 3) -> Iterator[tuple[str, Path]]:
    """Write every scene `of_each` times into a folder; gives the scene and its file. One in three is wide."""
    for scene in scenes:
        for number in range(of_each):
            path = folder / f"{scene}-{number + 1}.jpg"
            path.write_bytes(drawn(scene, number + len(scene), WIDE if number % 3 == 2 else UPRIGHT))
            yield scene, path
