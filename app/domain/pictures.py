"""Pictures: what a network takes, which part of a picture it is shown, and what is known about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import Fault, Invalid

ALT_MOST = 1000
CREDIT_MOST = 200
_LEAST_SHARE = 0.02


class Rights(StrEnum):
    """Why we may publish a picture."""

    OWN = "own"  # taken by the library's own staff
    PERMISSION = "permission"  # whoever made it said yes
    LICENCE = "licence"  # an open licence, named in the credit
    BOUGHT = "bought"  # from a picture agency
    FREE = "free"  # the protection has ended


class Shown(StrEnum):
    """Who can be recognised in a picture."""

    NOBODY = "nobody"
    STAFF = "staff"
    ADULTS = "adults"
    CHILDREN = "children"


@dataclass(frozen=True)
class Box:
    """A part of a picture as shares of its width and height, 0 to 1, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def values(self) -> tuple[float, float, float, float]:
        """The four shares, rounded so that the same crop is always written alike."""
        return round(self.x, 5), round(self.y, 5), round(self.width, 5), round(self.height, 5)


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class PictureLimits:
    """What a network takes: how many in a post, shape (width by height), pixels, bytes, alt text.

    `least_ratio` and `most_ratio` None: any shape. `one_shape`: all of a post take the first one's shape.
    `alt_most`: UTF-16 units.
    """

    most: int
    least_ratio: float | None = None
    most_ratio: float | None = None
    widest: int = 2048
    narrowest: int = 1
    most_bytes: int = 8 * 1024 * 1024
    alt_most: int = ALT_MOST
    one_shape: bool = False
    required: bool = False

    @property
    def any_shape(self) -> bool:
        """Whether a picture goes out as it is, however long or wide."""
        return self.least_ratio is None and self.most_ratio is None

    def ratio_for(self, ratio: float) -> float:
        """The nearest shape that is taken."""
        return min(max(ratio, self.least_ratio or ratio), self.most_ratio or ratio)


def read_box(values: Sequence[float], field: str = "crop") -> Box:
    """A box from four shares. Raises Invalid ("bad_crop") when it does not lie within the picture."""
    if len(values) != 4 or not all(0 <= one <= 1 for one in values):
        raise Invalid("bad_crop", field)
    box = Box(*(float(one) for one in values))
    inside = box.x + box.width <= 1.0001 and box.y + box.height <= 1.0001
    if not inside or box.width < _LEAST_SHARE or box.height < _LEAST_SHARE:
        raise Invalid("bad_crop", field)
    # Shares that were rounded on their way may stand out by a hair.
    return Box(box.x, box.y, min(box.width, 1 - box.x), min(box.height, 1 - box.y))


def ratio_of(width: int, height: int, box: Box = WHOLE) -> float:
    """Width by height of a part of a picture of so many pixels."""
    return (width * box.width) / (height * box.height)


def cut_to(width: int, height: int, ratio: float, focal: tuple[float, float], within: Box = WHOLE) -> Box:
    """The largest part of `within` that has a shape, as near to the focal point (shares) as it can lie."""
    now = ratio_of(width, height, within)
    box_width = within.width * min(1.0, ratio / now)
    box_height = within.height * min(1.0, now / ratio)
    x = min(max(focal[0] - box_width / 2, within.x), within.x + within.width - box_width)
    y = min(max(focal[1] - box_height / 2, within.y), within.y + within.height - box_height)
    return Box(max(x, 0.0), max(y, 0.0), box_width, box_height)


def box_for(
    width: int,
    height: int,
    focal: tuple[float, float],
    limits: PictureLimits,
    chosen: Box | None = None,
    shape: float | None = None,
) -> Box:
    """The part that a network is given: the chosen one, cut to a shape that the network takes.

    `shape`: width by height that it must have, where all pictures of a post are shown alike.
    """
    within = chosen or WHOLE
    now = ratio_of(width, height, within)
    wanted = limits.ratio_for(shape or now)
    if (shape is None and limits.any_shape) or abs(wanted - now) < 1e-6:
        return within
    centre = (within.x + within.width / 2, within.y + within.height / 2) if chosen else focal
    return cut_to(width, height, wanted, centre, within)


def size_for(width: int, height: int, box: Box, limits: PictureLimits) -> tuple[int, int]:
    """Pixels of the picture that is sent: never wider or higher than the network shows, inside its shape.

    A picture narrower than the network takes is made as wide as it asks.
    """
    box_width, box_height = width * box.width, height * box.height
    scale = min(1.0, limits.widest / max(box_width, box_height if limits.any_shape else 0))
    scale = max(scale, limits.narrowest / box_width)
    pixels_wide, pixels_high = max(1, round(box_width * scale)), max(1, round(box_height * scale))
    if limits.least_ratio and pixels_wide / pixels_high < limits.least_ratio:
        pixels_high = int(pixels_wide / limits.least_ratio)
    if limits.most_ratio and pixels_wide / pixels_high > limits.most_ratio:
        pixels_wide = int(pixels_high * limits.most_ratio)
    return pixels_wide, pixels_high


def check_pictures(alts: Sequence[str], limits: PictureLimits, field: str = "pictures") -> list[Fault]:
    """What keeps a post's pictures from a network; `alts`: the alt text of each. Empty when they fit."""
    if not alts:
        return [Fault("picture_needed", field)] if limits.required else []
    if limits.most == 0:
        return []
    faults = []
    if len(alts) > limits.most:
        faults.append(Fault("too_many_pictures", field, {"count": len(alts), "most": limits.most}))
    for place, alt in enumerate(alts, start=1):
        length = len(alt.encode("utf-16-le")) // 2
        if length > limits.alt_most:
            facts = {"length": length, "most": limits.alt_most, "place": place}
            faults.append(Fault("alt_too_long", field, facts))
    return faults
