"""Uploads in parts: each is written behind the one before; the whole becomes an asset."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.actions import uploads
from app.domain.errors import Conflict, Invalid
from app.domain.roles import Actor
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation import videos
from app.foundation.files import StoreFull, WrongOffset
from app.foundation.images import MOST_BYTES

CHUNK_MOST = 1024 * 1024  # bytes of one part
PATIENCE = 2.0  # seconds that a request waits for a large video to be read; then it is asked about again
_PERCENT = 100
# What a file is not to blame for, so that it need not be sent again.
_KEPT = frozenset({"store_full", "video_too_slow", "video_too_heavy"})


@dataclass(frozen=True)
class Coming:
    """An upload: `offset` of `size` bytes have come. `asset_id`: the picture that it became, if any."""

    key: str
    unit_id: int
    name: str
    offset: int
    size: int
    expires_at: datetime
    asset_id: int | None


def coming(ground: Ground, actor: Actor, key: str) -> Coming:
    """How far an upload of the actor's has come. Raises NotFound."""
    with ground.database.reads() as session:
        row = uploads.own(session, actor, key)
    offset = ground.store.size(row.key) if row.asset_id is None else row.size
    return Coming(row.key, row.unit_id, row.name, offset, row.size, row.expires_at, row.asset_id)


def begin(ground: Ground, actor: Actor, data: uploads.BeginUpload) -> Coming:
    """Announce a file; whether it is a picture or a video is seen when its first part comes.

    There must be room for all of it at once; for a video twice, for it is packed anew. Raises Refusal.
    """
    check_room(ground, data.size)
    with ground.database.writes() as session:
        row = uploads.begin(session, actor, data, pictures.most_bytes(ground, moving=True))
        return Coming(row.key, row.unit_id, row.name, 0, row.size, row.expires_at, None)


def check_room(ground: Ground, size: int) -> None:
    """Nothing, while a file of so many bytes may come. Raises Invalid ("store_full")."""
    if size <= pictures.most_bytes(ground, moving=True):
        pictures.check_space(ground, size if size <= MOST_BYTES else 2 * size)


def receive(ground: Ground, actor: Actor, key: str, offset: int, chunk: bytes) -> Coming:
    """Add a part at an offset (bytes). Raises NotFound, Invalid, Conflict ("wrong_offset", with the right).

    A part that came already, whole or in its beginning, is refused with the offset to go on from.
    """
    row = _unfinished(ground, actor, key)
    if not chunk:
        raise Invalid("chunk_empty")
    if len(chunk) > CHUNK_MOST:
        raise Invalid("upload_too_long", size=CHUNK_MOST)
    pictures.check_space(ground)
    with _alone(ground, row.key):
        row = _unfinished(ground, actor, key)
        if offset != row.offset:
            raise Conflict("wrong_offset", "Upload-Offset", offset=row.offset)
        if offset + len(chunk) > row.size:
            raise Invalid("upload_too_long", size=row.size)
        if offset == 0:
            _check_begin(ground, actor, row, chunk)
        _append(ground, row.key, offset, chunk)
    return coming(ground, actor, key)


def _check_begin(ground: Ground, actor: Actor, row: Coming, chunk: bytes) -> None:
    """Refuse, with the upload, what its first bytes tell: nobody sends a gigabyte to learn that then."""
    try:
        with pictures.told():
            moving = videos.kind_of(chunk)
        pictures.check_size(ground, bool(moving), row.size)
    except Invalid:
        _drop(ground, actor, row.key)
        raise


def finish_soon(ground: Ground, actor: Actor, key: str, seconds: float = PATIENCE) -> int:
    """The same as `finish`, but of what takes longer than so many seconds only how far it is, for now.

    Raises Conflict ("upload_being_read", with `percent`); ask again. The reading goes on meanwhile.
    """
    row = coming(ground, actor, key)
    if row.asset_id is not None or row.size <= MOST_BYTES:
        return finish(ground, actor, key)
    intake = ground.intakes.of(key, lambda said: finish(ground, actor, key, said))
    try:
        asset_id = intake.result(seconds)
    except Exception:
        ground.intakes.forget(key)
        raise
    if asset_id is None:
        raise Conflict("upload_being_read", percent=int(intake.share * _PERCENT))
    ground.intakes.forget(key)
    return asset_id


def finish(ground: Ground, actor: Actor, key: str, said: Callable[[float], None] = pictures.to_nobody) -> int:
    """Make a whole upload an asset; returns its id, the same when asked again. Raises Refusal.

    What can't be read as a picture or a video is dropped with its upload; for want of room it stays. `said`
    is told how far it is, as a share.
    """
    row = coming(ground, actor, key)
    if row.asset_id is not None:
        return row.asset_id
    with _alone(ground, row.key):
        row = coming(ground, actor, key)
        if row.asset_id is not None:
            return row.asset_id
        if row.offset < row.size:
            raise Conflict("upload_unfinished", offset=row.offset, size=row.size)
        asset_id = _made(ground, actor, row, said)
        with ground.database.writes() as session:
            uploads.finished(session, actor, key, asset_id)
        ground.store.forget(row.key)
    return asset_id


def _made(ground: Ground, actor: Actor, row: Coming, said: Callable[[float], None]) -> int:
    source = ground.store.incoming_path(row.key)
    try:
        return pictures.take_in(ground, actor, row.unit_id, row.name, source, said)
    except Invalid as refusal:
        if refusal.code not in _KEPT:
            _drop(ground, actor, row.key)
        raise


def _drop(ground: Ground, actor: Actor, key: str) -> None:
    with ground.database.writes() as session:
        uploads.drop(session, actor, key)
    ground.store.forget(key)


def _unfinished(ground: Ground, actor: Actor, key: str) -> Coming:
    row = coming(ground, actor, key)
    if row.asset_id is not None:
        raise Conflict("upload_finished")
    return row


def _append(ground: Ground, key: str, offset: int, chunk: bytes) -> None:
    try:
        ground.store.append(key, offset, chunk)
    except WrongOffset as wrong:
        raise Conflict("wrong_offset", "Upload-Offset", offset=wrong.size) from None
    except StoreFull:
        raise Invalid("store_full", "file") from None


@contextmanager
def _alone(ground: Ground, key: str) -> Iterator[None]:
    """Of those who write one upload, in whatever process, the others wait."""
    path = ground.store.incoming_path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
