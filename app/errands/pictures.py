"""Pictures: a file becomes an asset, an asset is cut and sized as a network takes it."""

from hashlib import sha256 as hashed
from pathlib import Path

from app.domain.pictures import Box, PictureLimits, size_for
from app.errands.ground import Ground

# In the key of every cut: with another way of cutting comes another number, and old cuts are not used again.
_MAKE = "1"


def rendition_key(box: Box, width: int, height: int, limits: PictureLimits) -> str:
    """The name of a cut: the same for the same part, pixels and most bytes."""
    written = f"{_MAKE}:{box.values}:{width}x{height}:{limits.most_bytes}"
    return hashed(written.encode()).hexdigest()[:20]


def rendition(ground: Ground, sha256: str, width: int, height: int, box: Box, limits: PictureLimits) -> Path:
    """The file of a picture's part as a network takes it; made once, then kept. Pixels of the whole.

    Raises Unreadable, StoreFull, and FileNotFoundError when the picture itself is gone.
    """
    pixels_wide, pixels_high = size_for(width, height, box, limits)
    key = rendition_key(box, pixels_wide, pixels_high, limits)
    file = ground.store.rendition_path(sha256, key)
    if file.is_file():
        return file
    master = ground.store.path("master", sha256)
    if not master.is_file():
        raise FileNotFoundError(master.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    ground.pictures.render(
        master,
        file,
        box=box.values,
        width=pixels_wide,
        height=pixels_high,
        most_bytes=limits.most_bytes,
    )
    return file
