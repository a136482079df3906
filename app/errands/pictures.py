"""Pictures on their way in and out: kept as assets, cut for a network. No session waits for either."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from app.actions import assets
from app.domain.errors import Invalid
from app.domain.pictures import Box, PictureLimits, size_for
from app.domain.roles import Actor
from app.errands.ground import Ground
from app.foundation.files import StoreFull
from app.foundation.images import MOST_BYTES, Unreadable
from app.queries import assets as questions

FOLDER = "taking-"  # how folders begin in which pictures are read and cut
LEAST_SPACE = 256 * 1024 * 1024  # bytes that pictures leave on the disk: the database needs some too
# In the key of every cut: with another way of cutting comes another number, and old cuts are not used again.
_MAKE = "1"
_FILES = {"master": "master.jpg", "view": "view.jpg", "thumb": "thumb.webp"}
_PIECE = 256 * 1024  # bytes
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def take_in(ground: Ground, actor: Actor, unit_id: int, name: str, source: Path) -> int:
    """Make a file an asset of a unit; returns its id. The same file again gives the asset that is there.

    Raises Invalid with the code of what keeps it out ("store_full" when there is no room), and Forbidden.
    """
    assets.check_may_add(actor, unit_id)
    with _told():
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = _known(ground, actor, unit_id, digest)
        return known or _taken_in(ground, actor, unit_id, name, source, digest)


def take_in_file(ground: Ground, actor: Actor, unit_id: int, name: str, file: BinaryIO) -> int:
    """The same for an open file, read piece by piece from its beginning."""
    assets.check_may_add(actor, unit_id)
    with _told(), _folder(ground) as folder:
        source = folder / "source"
        _copy(file, source)
        return take_in(ground, actor, unit_id, name, source)


def check_space(ground: Ground) -> None:
    """Nothing, while pictures may still be kept. Raises Invalid ("store_full")."""
    if ground.store.space_left() < LEAST_SPACE:
        raise Invalid("store_full", "file")


def rendition(ground: Ground, sha256: str, width: int, height: int, box: Box, limits: PictureLimits) -> Path:
    """The part of a picture (pixels of the whole) that a network is given: a JPEG, cut once and then kept.

    Raises Unreadable, StoreFull, and FileNotFoundError when the picture is lost.
    """
    size = size_for(width, height, box, limits)
    key = rendition_key(box, *size, limits)
    path = ground.store.rendition_path(sha256, key)
    try:
        os.utime(path)  # what is used is not cleared away
        return path
    except FileNotFoundError:
        pass
    with _folder(ground) as folder:
        made = folder / "cut.jpg"
        ground.pictures.render(
            ground.store.path("master", sha256), made,
            box=box.values, width=size[0], height=size[1], most_bytes=limits.most_bytes,
        )  # fmt: skip
        ground.store.put_rendition(sha256, key, made)
    return path


def rendition_key(box: Box, width: int, height: int, limits: PictureLimits) -> str:
    """The name of a cut of so many pixels: the same for the same part, size and limit of bytes."""
    written = f"{_MAKE}:{box.values}:{width}x{height}:{limits.most_bytes}"
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def _known(ground: Ground, actor: Actor, unit_id: int, digest: str) -> int | None:
    with ground.database.reads() as session:
        found = questions.sent_before(session, actor.scope, unit_id, digest)
    there = found and found.removed_at is None and ground.store.has("master", found.sha256)
    return found.id if found and there else None


def _taken_in(ground: Ground, actor: Actor, unit_id: int, name: str, source: Path, digest: str) -> int:
    check_space(ground)
    with _folder(ground) as folder:
        taken = ground.pictures.take_in(source, folder)
        _keep(ground, taken.sha256, folder)
        with ground.database.writes() as session:
            asset_id = assets.add(session, actor, unit_id, name, taken, digest).id
        _keep(ground, taken.sha256, folder)  # what housekeeping took for left over a moment before
        return asset_id


def _keep(ground: Ground, sha256: str, folder: Path) -> None:
    for kind, name in _FILES.items():
        ground.store.put(kind, sha256, folder / name)
        os.utime(ground.store.path(kind, sha256))


def _copy(file: BinaryIO, to: Path) -> None:
    """Copy a file; of one that is too large only so much that this is seen."""
    file.seek(0)
    left = MOST_BYTES + 1
    with to.open("wb") as copy:
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            copy.write(piece)
            left -= len(piece)


@contextmanager
def _folder(ground: Ground) -> Iterator[Path]:
    """A folder that is gone afterwards, on the disk of the store: the system's own may lie in memory."""
    ground.store.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=FOLDER, dir=ground.store.folder) as folder:
        yield Path(folder)


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a picture out, as a refusal."""
    try:
        yield
    except Unreadable as error:
        raise Invalid(error.code, "file", **error.params) from None
    except StoreFull:
        raise Invalid("store_full", "file") from None
    except OSError as error:
        if error.errno in _FULL:
            raise Invalid("store_full", "file") from None
        raise
