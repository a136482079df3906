"""Uploads that may break off and go on: announced, sent in parts, finished."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions.assets import check_may_add, clean_name
from app.actions.inputs import NAME_MOST, Input
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.crypto import new_token
from app.foundation.database import lock
from app.foundation.images import MEGA, MOST_BYTES
from app.models.assets import Upload
from app.models.people import Person

LIFE = timedelta(hours=24)
OPEN_MOST = 100  # uploads of one person that are neither finished nor over


class BeginUpload(Input):
    """A file that will come: for which unit, its name, its size in bytes."""

    unit_id: int
    name: Annotated[str, Field(max_length=NAME_MOST)] = ""
    size: Annotated[int, Field(ge=1)]


def begin(session: Session, actor: Actor, data: BeginUpload, most: int = MOST_BYTES) -> Upload:
    """Announce a file of at most so many bytes; its parts may come for 24 hours.

    Raises Invalid, Forbidden, Conflict when too many.
    """
    check_may_add(actor, data.unit_id)
    if data.size > most:
        raise Invalid("picture_too_big", "size", most=most // MEGA)
    assert actor.person_id is not None
    lock(session, session.get_one(Person, actor.person_id))  # or many at once would each count too few
    now = clock.now()
    under_way = select(func.count(Upload.id)).where(
        Upload.person_id == actor.person_id, Upload.asset_id.is_(None), Upload.expires_at > now
    )
    if session.execute(under_way).scalar_one() >= OPEN_MOST:
        raise Conflict("too_many_uploads", most=OPEN_MOST)
    upload = Upload(
        key=new_token(), person_id=actor.person_id, unit_id=data.unit_id,
        name=clean_name(data.name, ""), size=data.size, created_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def own(session: Session, actor: Actor, key: str) -> Upload:
    """An upload of the actor's that is not over by time. Raises NotFound."""
    found = session.scalar(
        select(Upload).where(
            Upload.key == key.replace("\x00", ""),
            Upload.person_id == actor.person_id,
            Upload.expires_at > clock.now(),
        )
    )
    if found is None:
        raise NotFound
    return found


def finished(session: Session, actor: Actor, key: str, asset_id: int) -> Upload:
    """Note the picture that an upload became. Raises NotFound."""
    upload = own(session, actor, key)
    upload.asset_id = asset_id
    return upload


def drop(session: Session, actor: Actor, key: str) -> None:
    """Forget an upload that can become no picture. Raises NotFound."""
    session.delete(own(session, actor, key))
