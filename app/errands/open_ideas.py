"""Pictures that came through a door: read and made anew in quarantine, brought in with a yes, and removed.

Quarantine is a folder of its own, beside the library's: nothing there is found, lent, or sent to a network.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import delete

from app.actions import open_ideas
from app.actions.open_ideas import Held
from app.domain.errors import Invalid
from app.domain.roles import Actor, Right
from app.errands import pictures
from app.errands.ground import Ground
from app.foundation.crypto import new_token
from app.foundation.images import MEGA
from app.models.idea_doors import GuestPicture
from app.queries import idea_doors as questions
from app.queries import ideas

FOLDER = "quarantine"
MOST_BYTES = 20 * MEGA  # of one picture: what phones make has less
LEFT_OVER = timedelta(days=1)
_FILES = {"master": "master.jpg", "view": "view.jpg", "thumb": "thumb.webp"}
_READING = "reading-"


def take_in(ground: Ground, file: BinaryIO) -> Held:
    """Read a picture and keep what was made of it in quarantine. Raises Invalid with what keeps it out."""
    pictures.check_space(ground)
    place = _place(ground)
    place.mkdir(parents=True, exist_ok=True)
    with pictures.told(), TemporaryDirectory(prefix=_READING, dir=place) as folder:
        source, made = Path(folder) / "source", Path(folder) / "made"
        digest = _copy(file, source)
        taken = ground.pictures.take_in(source, made)
        key = new_token()
        made.rename(place / key)
    return Held(key, taken.sha256, digest, taken.source_kind, taken.width, taken.height, taken.bytes)


def _copy(file: BinaryIO, to: Path) -> str:
    file.seek(0, os.SEEK_END)
    if file.tell() > MOST_BYTES:
        raise Invalid("picture_too_big", "file", most=MOST_BYTES // MEGA)
    file.seek(0)
    with to.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    with to.open("rb") as copied:
        return hashlib.file_digest(copied, "sha256").hexdigest()


def bring_in(ground: Ground, actor: Actor, idea_id: int) -> None:
    """Put files of an idea's pictures into the library's store, before a yes makes them pictures of the unit.

    Without that yes nothing names them there, and housekeeping takes them away. One whose files are lost, as
    after a backup without pictures, is forgotten. Nothing happens for who may not answer it. Raises NotFound.
    """
    with ground.database.reads() as session:
        idea = ideas.idea(session, actor.scope, idea_id)
        if not actor.scope.may(Right.WRITE, idea.unit_id):
            return
        rows = session.scalars(open_ideas.pictures_of(idea_id)).all()
    lost = [row.id for row in rows if not _brought(ground, row)]
    if lost:
        with ground.database.writes() as session:
            session.execute(delete(GuestPicture).where(GuestPicture.id.in_(lost)))


def _brought(ground: Ground, row: GuestPicture) -> bool:
    folder = _place(ground) / row.key
    if not all((folder / name).is_file() for name in _FILES.values()):
        return False
    with pictures.told():
        pictures.keep(ground, row.sha256, folder)
    return True


def file_of(ground: Ground, actor: Actor, idea_id: int, number: int, kind: str) -> Path | None:
    """Where a picture in quarantine lies, as "view" or "thumb"; None when it is lost. Raises NotFound."""
    with ground.database.reads() as session:
        row = questions.guest_picture(session, actor.scope, idea_id, number)
    path = _place(ground) / row.key / _FILES[kind]
    return path if path.is_file() else None


def take_back(ground: Ground, secret: str) -> None:
    """Delete an idea for whoever sent it, its pictures too. Raises NotFound, Conflict."""
    with ground.database.writes() as session:
        keys = open_ideas.take_back(session, secret)
    drop(ground, keys)


def throw_out(ground: Ground, actor: Actor, idea_id: int) -> None:
    """Delete what is no idea, its pictures too. Raises NotFound, Forbidden, Conflict."""
    with ground.database.writes() as session:
        keys = open_ideas.throw_out(session, actor, idea_id)
    drop(ground, keys)


def drop(ground: Ground, keys: Iterable[str]) -> None:
    """Remove pictures from quarantine; what is not there is no error."""
    for key in keys:
        shutil.rmtree(_place(ground) / key, ignore_errors=True)


def clean(ground: Ground, now: datetime) -> None:
    """Tell who left their e-mail that something went out; forget who sent ideas whose outcome is long told;
    remove pictures that no idea needs."""
    with ground.database.writes() as session:
        open_ideas.tell_published(session, now)
        keys = open_ideas.forget(session, now)
    drop(ground, keys)
    limit = (now - LEFT_OVER).timestamp()
    old = {path.name for path in _place(ground).glob("*") if _made_at(path) < limit}
    if old:
        with ground.database.reads() as session:
            old -= open_ideas.waiting_pictures(session)
        drop(ground, old)


def _made_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # removed a moment ago
        return 0.0


def _place(ground: Ground) -> Path:
    return ground.settings.data_dir / FOLDER
