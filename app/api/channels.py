"""Channels: the pages and profiles that posts go to."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import channels
from app.actions import tasks as task_actions
from app.actions.channels import ChannelEdit
from app.actions.inputs import Id, Input, Name
from app.actions.tasks import PlaceEdit
from app.api.ground import Grounded
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.shapes import PathId, Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Scope
from app.errands import connect, reach
from app.errands.ground import Ground
from app.queries import channels as questions
from app.queries import tasks

router = APIRouter(prefix="/channels", tags=["channels"])
_OF_PLACES = frozenset({"address", "how", "person_id"})


class PlaceOut(Shape):
    """A channel that people post to by hand: its address, how it is done, who usually does it."""

    address: str
    how: str
    person_id: int | None


class ChannelOut(Shape):
    """A channel. `used_by`: only its unit, or every unit below too. `token_state`: ok, or dead and why.

    `health`: what the latest check told; null when there was none, or when the channel is another unit's.
    `reach`: whether the network can fetch pictures from us: "" (not tried, or it never fetches), trying, ok,
    or failed and why. `by_hand`: null where a program posts.
    """

    id: int
    unit_id: int
    unit: str
    name: str
    network: NetworkKind
    realm: Realm
    remote_id: str
    used_by: Literal["unit", "subtree"]
    state: ChannelState
    token_state: str
    token_reason: str
    connected_at: datetime
    checked_at: datetime | None
    data_access_until: datetime | None
    health: dict[str, Any] | None
    reach: Literal["", "trying", "ok", "failed"]
    reach_reason: str
    by_hand: PlaceOut | None = None


class ChannelPatch(Input):
    """What is sent is changed. The last three belong to channels that people post to by hand."""

    name: Name | None = None
    used_by: Literal["unit", "subtree"] | None = None
    state: Literal[ChannelState.ACTIVE, ChannelState.DORMANT, ChannelState.CLOSED] | None = None
    address: str | None = None
    how: str | None = None
    person_id: Id | None = None


class ChannelChecked(Shape):
    """A check. `answered`: the network told something; if not, the channel shows what it told before."""

    answered: bool
    channel: ChannelOut


@router.get("")
def listed(viewer: ByToken, session: Reads, page: Paged) -> Listed[ChannelOut]:
    """Your units' channels, and those that units above share with you."""
    rows = questions.listed(session, viewer.actor.scope)
    return page.part(rows, lambda row: _shown(row, viewer.actor.scope))


@router.get("/{channel_id}")
def show(viewer: ByToken, session: Reads, channel_id: PathId) -> ChannelOut:
    """One channel."""
    return one(session, viewer, channel_id)


@router.patch("/{channel_id}")
def change(viewer: ByToken, db: Db, channel_id: PathId, data: ChannelPatch) -> ChannelOut:
    """Rename a channel, say who may use it, rest or close it."""
    with db.writes() as session:
        now = questions.channel(session, viewer.actor.scope, channel_id)
        stays = {"name": now.name, "used_by": now.used_by, "state": now.state}
        sent = data.model_dump(exclude_unset=True)
        changed = {name: value for name, value in sent.items() if value is not None}
        if now.network is NetworkKind.MANUAL or _OF_PLACES & sent.keys():
            person = {"person_id": None} if "person_id" in sent else {}
            whole = {**stays, **_of_place(session, viewer, channel_id), **person, **changed}
            task_actions.edit_place(session, viewer.actor, channel_id, PlaceEdit.model_validate(whole))
        else:
            channels.edit(session, viewer.actor, channel_id, ChannelEdit.model_validate(stays | changed))
        return one(session, viewer, channel_id)


def _of_place(session: Session, viewer: Viewer, channel_id: int) -> dict[str, Any]:
    place = tasks.place(session, viewer.actor.scope, channel_id)
    return {name: getattr(place, name) for name in _OF_PLACES} if place else {}


@router.post("/{channel_id}/reach", response_model=ChannelOut)
def try_reach(viewer: ByToken, sent: Sent, ground: Grounded, channel_id: PathId) -> Response:
    """Let the network fetch a sample picture from us; the channel tells how it went."""
    return sent.step_by_step(200, lambda: _tried(ground, viewer, channel_id))


def _tried(ground: Ground, viewer: Viewer, channel_id: int) -> ChannelOut:
    reach.begin_as(ground, viewer.actor, channel_id)
    with ground.database.reads() as session:
        return one(session, viewer, channel_id)


@router.post("/{channel_id}/check", response_model=ChannelChecked)
def check(viewer: ByToken, sent: Sent, ground: Grounded, channel_id: PathId) -> Response:
    """Ask the network whether the channel could publish now."""
    return sent.step_by_step(200, lambda: _checked(ground, viewer, channel_id))


def _checked(ground: Ground, viewer: Viewer, channel_id: int) -> ChannelChecked:
    health = connect.check_as(ground, viewer.actor, channel_id)
    with ground.database.reads() as session:
        return ChannelChecked(answered=health is not None, channel=one(session, viewer, channel_id))


def one(session: Session, viewer: Viewer, channel_id: int) -> ChannelOut:
    """A channel as it is shown to a program. Raises NotFound."""
    rows = questions.listed(session, viewer.actor.scope)
    found = next((row for row in rows if row.id == channel_id), None)
    if found is None:
        raise NotFound
    return _shown(found, viewer.actor.scope)


def _shown(row: Any, scope: Scope) -> ChannelOut:
    shown = ChannelOut.model_validate(row)
    shown.health = (row.health or None) if row.unit_id in scope.units else None
    if row.network is NetworkKind.MANUAL:
        shown.by_hand = PlaceOut(address=row.address or "", how=row.how or "", person_id=row.person_id)
    return shown
