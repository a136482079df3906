"""Pictures and videos on their way in, pictures cut for a network. No session waits for any of it."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from app.actions import assets
from app.domain.errors import Invalid
from app.domain.pictures import Box, PictureLimits, size_for
from app.domain.roles import Actor
from app.errands.ground import Ground
from app.foundation import videos as films
from app.foundation.files import StoreFull
from app.foundation.images import MEGA, MOST_BYTES, Unreadable
from app.foundation.video_kinds import HEAD
from app.queries import assets as questions

FOLDER = "taking-"  # how folders begin in which pictures are read and cut
LEAST_SPACE = 256 * 1024 * 1024  # bytes that pictures leave on the disk: the database needs some too
# In the key of every cut: with another way of cutting comes another number, and old cuts are not used again.
_MAKE = "1"
_FILES = {"master": "master.jpg", "view": "view.jpg", "thumb": "thumb.webp"}
_PIECE = 256 * 1024  # bytes
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def to_nobody(_share: float) -> None:
    """Where nobody wants to know how far it is."""


def take_in(
    ground: Ground,
    actor: Actor,
    unit_id: int,
    name: str,
    source: Path,
    said: Callable[[float], None] = to_nobody,
) -> int:
    """Make a file an asset of a unit; returns its id. The same file again gives the asset that is there.

    Whether it is a picture or a video is told by its bytes. `said` is told how far a video is, as a share.
    Raises Invalid with the code of what keeps it out ("store_full" when there is no room), and Forbidden.
    """
    assets.check_may_add(actor, unit_id)
    with told():
        moving = films.kind_of_file(source)
        check_size(ground, bool(moving), source.stat().st_size)
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if known := _known(ground, actor, unit_id, digest):
            return known
        if moving:
            return _video_taken_in(ground, actor, unit_id, name, source, digest, said)
        return _taken_in(ground, actor, unit_id, name, source, digest)


def take_in_file(ground: Ground, actor: Actor, unit_id: int, name: str, file: BinaryIO) -> int:
    """The same for an open file, read piece by piece from its beginning."""
    assets.check_may_add(actor, unit_id)
    with told(), folder_for(ground) as folder:
        source = folder / "source"
        _copy(ground, file, source)
        return take_in(ground, actor, unit_id, name, source)


def check_space(ground: Ground, size: int = 0) -> None:
    """Nothing, while so many bytes more may still be kept. Raises Invalid ("store_full")."""
    if ground.store.space_left() < LEAST_SPACE + size:
        raise Invalid("store_full", "file")


def most_bytes(ground: Ground, moving: bool) -> int:
    """How large a file may be, a video's or a picture's."""
    return ground.settings.upload_video_megabytes * MEGA if moving else MOST_BYTES


def check_size(ground: Ground, moving: bool, size: int) -> None:
    """Nothing, when a video or a picture may have so many bytes. Raises Invalid ("picture_too_big")."""
    most = most_bytes(ground, moving)
    if size > most:
        raise Invalid("picture_too_big", "file", most=most // MEGA)


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
    with folder_for(ground) as folder:
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
        if found is None:
            assets.check_quota(session, actor, unit_id)  # before it is read, which takes long
    there = found and found.removed_at is None and ground.store.has("master", found.sha256)
    if there and found and found.video_sha256:
        there = ground.store.has("video", found.video_sha256)
    return found.id if found and there else None


def _taken_in(ground: Ground, actor: Actor, unit_id: int, name: str, source: Path, digest: str) -> int:
    check_space(ground)
    with folder_for(ground) as folder:
        taken = ground.pictures.take_in(source, folder)
        keep(ground, taken.sha256, folder)
        with ground.database.writes() as session:
            asset_id = assets.add(session, actor, unit_id, name, taken, digest).id
        keep(ground, taken.sha256, folder)  # what housekeeping took for left over a moment before
        return asset_id


def _video_taken_in(
    ground: Ground,
    actor: Actor,
    unit_id: int,
    name: str,
    source: Path,
    digest: str,
    said: Callable[[float], None],
) -> int:
    check_space(ground, source.stat().st_size)  # of what is made of it
    with folder_for(ground) as folder:
        film = ground.videos.take_in(source, folder, said)
        cover = ground.pictures.take_in(folder / "cover.jpg", folder)
        ground.store.move("video", film.sha256, folder / "video.mp4")
        keep(ground, cover.sha256, folder)
        with ground.database.writes() as session:
            asset_id = assets.add(session, actor, unit_id, name, cover, digest, film).id
        keep(ground, cover.sha256, folder)
        return asset_id


def keep(ground: Ground, sha256: str, folder: Path) -> None:
    """Put what was made of a picture in a folder into the store, and touch it."""
    for kind, name in _FILES.items():
        ground.store.put(kind, sha256, folder / name)
        os.utime(ground.store.path(kind, sha256))


def _copy(ground: Ground, file: BinaryIO, to: Path) -> None:
    """Copy a file; of one that is too large only so much that this is seen."""
    file.seek(0)
    moving = films.kind_of(file.read(HEAD))
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    left = most_bytes(ground, bool(moving)) + 1
    if moving:
        check_space(ground, 2 * min(size, left))
    with to.open("wb") as copy:
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            copy.write(piece)
            left -= len(piece)


@contextmanager
def folder_for(ground: Ground) -> Iterator[Path]:
    """A folder that is gone afterwards, on the disk of the store: the system's own may lie in memory."""
    ground.store.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=FOLDER, dir=ground.store.folder) as folder:
        yield Path(folder)


@contextmanager
def told() -> Iterator[None]:
    """What keeps a picture or a video out, as a refusal."""
    try:
        yield
    except (Unreadable, films.NotTaken) as error:
        raise Invalid(error.code, "file", **error.params) from None
    except StoreFull:
        raise Invalid("store_full", "file") from None
    except OSError as error:
        if error.errno in _FULL:
            raise Invalid("store_full", "file") from None
        raise
