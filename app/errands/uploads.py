"""Uploads in parts: each is written behind the one before; the whole becomes an asset."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.actions import uploads
from app.domain.errors import Conflict, Invalid
from app.domain.roles import Actor
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation.files import StoreFull, WrongOffset

CHUNK_MOST = 1024 * 1024  # bytes of one part


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
        _append(ground, row.key, offset, chunk)
    return coming(ground, actor, key)


def finish(ground: Ground, actor: Actor, key: str) -> int:
    """Make a whole upload an asset; returns its id, the same when asked again. Raises Refusal.

    What can't be read as a picture is dropped with its upload; for want of room it stays.
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
        asset_id = _made(ground, actor, row)
        with ground.database.writes() as session:
            uploads.finished(session, actor, key, asset_id)
        ground.store.forget(row.key)
    return asset_id


def _made(ground: Ground, actor: Actor, row: Coming) -> int:
    try:
        return pictures.take_in(ground, actor, row.unit_id, row.name, ground.store.incoming_path(row.key))
    except Invalid as refusal:
        if refusal.code != "store_full":
            with ground.database.writes() as session:
                uploads.drop(session, actor, row.key)
            ground.store.forget(row.key)
        raise


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
