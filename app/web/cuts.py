"""Where pictures of ours are, and which part of one a network shows: facts for pages and their script."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.connectors import registry
from app.domain.errors import Invalid
from app.domain.networks import NetworkKind
from app.domain.pictures import WHOLE, Box, PictureLimits, box_for, read_box, size_for
from app.web.paging import address

WIDEST = 480  # pixels of a preview
SQUARE = 1.0


@dataclass(frozen=True)
class Cut:
    """How a picture looks on a network: where that is found, its pixels, the shapes that are taken (or 0)."""

    network: str
    src: str
    width: int
    height: int
    least: float
    most: float


def version(sha256: str) -> str:
    """What stands in an address behind ?v=, so that it may be kept for ever."""
    return sha256[:8]


def thumb(picture: Any) -> str:
    """The address of a picture's small image, at most 240 pixels wide or high."""
    return f"/pictures/{_id(picture)}/thumb.webp?v={version(picture.sha256)}"


def view(picture: Any) -> str:
    """The address of a picture as large as a page shows it, at most 1024 pixels."""
    return f"/pictures/{_id(picture)}/view.jpg?v={version(picture.sha256)}"


def film(picture: Any) -> str:
    """The address of a video's own file."""
    return f"/pictures/{_id(picture)}/video.mp4?v={version(picture.video_sha256)}"


def focal(picture: Any) -> tuple[float, float]:
    """What must stay in view, as shares."""
    point: tuple[float, float] | None = getattr(picture, "focal", None)
    return point or (picture.focal_x, picture.focal_y)


def _id(picture: Any) -> int:
    """A row of the library has an id of its own; a picture of a post names its asset's."""
    found: int = getattr(picture, "asset_id", None) or picture.id
    return found


@cache
def limits() -> dict[str, PictureLimits]:
    """What each network takes, of those that carry pictures."""
    return {
        profile.kind.value: profile.pictures
        for profile in registry.profiles()
        if profile.pictures.most and not profile.by_hand
    }


def small(taken: PictureLimits) -> PictureLimits:
    """The same shapes in a preview's size."""
    return PictureLimits(
        most=taken.most, least_ratio=taken.least_ratio, most_ratio=taken.most_ratio, widest=WIDEST
    )


def typed_box(typed: Sequence[str]) -> Box | None:
    """The part of a picture from four percents as they were typed; None when one is missing or can't be."""
    return _box(typed, 100)


def shared_box(text: str) -> Box | None:
    """The part of a picture from four shares with commas between; None when that is no part."""
    return _box(text.split(","), 1)


def _box(numbers: Sequence[str], whole: int) -> Box | None:
    try:
        return read_box([float(number.replace(",", ".")) / whole for number in numbers])
    except (ValueError, Invalid):
        return None


def percents(box: Box | None) -> tuple[str, str, str, str]:
    """A box as four number fields hold it; empty ones for None."""
    if box is None:
        return "", "", "", ""
    x, y, width, height = (f"{round(share * 100, 1):g}" for share in box.values)
    return x, y, width, height


def cut(picture: Any, network: str, typed: Sequence[str] = (), shape: float | None = None) -> Cut:
    """A picture on a network, cut as typed (four percents), else around its focal point."""
    taken = limits().get(network) or PictureLimits(most=1)
    box = box_for(picture.width, picture.height, focal(picture), taken, typed_box(typed), shape)
    width, height = size_for(picture.width, picture.height, box, small(taken))
    least, most = (shape, shape) if shape else (taken.least_ratio, taken.most_ratio)
    return Cut(network, _src(picture, network, box), width, height, least or 0, most or 0)


def _src(picture: Any, network: str, box: Box) -> str:
    if box == WHOLE:
        return view(picture)
    part = ",".join(f"{share:g}" for share in box.values)
    return address(f"/pictures/{_id(picture)}/cut.jpg", network=network, box=part, v=version(picture.sha256))


def cuts(picture: Any) -> list[Cut]:
    """How a picture looks on each network that carries pictures."""
    return [cut(picture, network) for network in limits()]


def square(picture: Any) -> Cut:
    """The square that fits around the focal point: where a post's pictures must all have one shape."""
    return cut(picture, NetworkKind.INSTAGRAM.value, shape=SQUARE)
