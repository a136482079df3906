"""Doors: the links by which anybody sends an idea to a unit; pictures in quarantine."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from app.actions import idea_doors
from app.actions.idea_doors import DoorInput
from app.api.ground import Grounded
from app.api.paging import Listed, whole
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import NotFound
from app.errands import open_ideas
from app.foundation.crypto import Keyring
from app.queries import idea_doors as questions

router = api_router(prefix="/ideas", tags=["ideas"])


class DoorOut(Shape):
    """An open link for ideas. `address`: null when it is closed, or when the key that sealed it is gone.

    `came`: ideas that ever came by it; `spam`: how many of them were none.
    """

    id: int
    unit_id: int
    unit: str
    name: str
    made_at: datetime
    renewed_at: datetime | None
    closed_at: datetime | None
    came: int
    spam: int
    address: str | None


@router.get("/doors")
def listed(viewer: ByToken, session: Reads, ground: Grounded, settings: Configured) -> Listed[DoorOut]:
    """The links of units where you look after them, open ones first."""
    return whole(_all(session, viewer, ground.keyring, settings.address), lambda one: one)


@router.post("/doors", status_code=201, response_model=DoorOut)
def make(viewer: ByToken, sent: Sent, ground: Grounded, settings: Configured, data: DoorInput) -> Response:
    """Make a link. Who opens its address sends an idea, and sees nothing."""

    def work(session: Session) -> DoorOut:
        door = idea_doors.make(session, viewer.actor, ground.keyring, data)
        return _one(session, viewer, ground.keyring, settings.address, door.id)

    return sent.once(201, work)


@router.post("/doors/{door_id}/renew", response_model=DoorOut)
def renew(viewer: ByToken, sent: Sent, ground: Grounded, settings: Configured, door_id: PathId) -> Response:
    """Give it another address, and open it; the one before is dead at once."""

    def work(session: Session) -> DoorOut:
        idea_doors.renew(session, viewer.actor, ground.keyring, door_id)
        return _one(session, viewer, ground.keyring, settings.address, door_id)

    return sent.once(200, work)


@router.post("/doors/{door_id}/close", response_model=DoorOut)
def close(viewer: ByToken, sent: Sent, ground: Grounded, settings: Configured, door_id: PathId) -> Response:
    """Close it."""

    def work(session: Session) -> DoorOut:
        idea_doors.close(session, viewer.actor, door_id)
        return _one(session, viewer, ground.keyring, settings.address, door_id)

    return sent.once(200, work)


@router.get(
    "/{idea_id}/held/{number}",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}}}},
)
def picture(viewer: ByToken, ground: Grounded, idea_id: PathId, number: PathId) -> Response:
    """A photo in quarantine (the first is 1), as JPEG of at most 1024 pixels; for who answers ideas there."""
    file = open_ideas.file_of(ground, viewer.actor, idea_id, number, "view")
    if file is None:
        raise NotFound
    return FileResponse(file, media_type="image/jpeg", headers={"Cache-Control": "private, no-cache"})


def _one(session: Session, viewer: Viewer, keyring: Keyring, address: str, door_id: int) -> DoorOut:
    return next(one for one in _all(session, viewer, keyring, address) if one.id == door_id)


def _all(session: Session, viewer: Viewer, keyring: Keyring, address: str) -> list[DoorOut]:
    rows = questions.kept(session, viewer.actor.scope)
    return [DoorOut(**_told(row._asdict(), keyring, address)) for row in rows]


def _told(row: dict[str, Any], keyring: Keyring, address: str) -> dict[str, Any]:
    token = "" if row["closed_at"] else idea_doors.unsealed(keyring, row["id"], row["token_sealed"])
    return {**row, "address": f"{address}/i/{token}" if token else None}
