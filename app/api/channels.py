"""Channels: the pages and profiles that posts go to."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import channel_tokens, channels
from app.actions import tasks as task_actions
from app.actions.channels import ChannelEdit, UsedBy
from app.actions.inputs import Id, Input, Name
from app.actions.tasks import PlaceEdit
from app.api.channel_register import PlanOut, plan
from app.api.ground import Grounded
from app.api.paging import Listed, Paged
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.channel_register import Lack
from app.domain.errors import NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Scope
from app.errands import connect, reach
from app.errands.ground import Ground
from app.queries import channel_register, tasks
from app.queries import channels as questions
from app.queries.channel_register import Entry

router = api_router(prefix="/channels", tags=["channels"])
_OF_PLACES = frozenset({"address", "how", "person_id"})


class PlaceOut(Shape):
    """A channel that people post to by hand: its address, how it is done, who usually does it."""

    address: str
    how: str
    person_id: int | None


class SignInOut(Shape):
    """One person's sign-in for a channel; the token itself is never told.

    `in_use`: posts go out with it; of those that work it is the newest. `state`: ok, or dead and why.
    """

    id: int
    person_id: int | None
    person: str
    in_use: bool
    state: Literal["ok", "dead"]
    reason: str
    given_at: datetime
    checked_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    data_access_until: datetime | None


class SignInsOut(Shape):
    """The sign-ins of a channel, the one in use first."""

    items: list[SignInOut]


class ChannelOut(Shape):
    """A channel. `used_by`: only its unit, every unit below too, or those of them that `unit_ids` names (null
    where it is another unit's). `token_state`: ok, or dead and why.

    `health`: what the latest check told; null when there was none, or when the channel is another unit's.
    `reach`: whether the network can fetch pictures from us: "" (not tried, or it never fetches), trying, ok,
    or failed and why. `by_hand`: null where a program posts. `plan`: why you are there, and `lacks`: what of
    it is missing; null where the channel is another unit's.
    """

    id: int
    unit_id: int
    unit: str
    name: str
    network: NetworkKind
    realm: Realm
    remote_id: str
    used_by: UsedBy
    unit_ids: list[int] | None = None
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
    plan: PlanOut | None = None
    lacks: list[Lack] | None = None


class ChannelPatch(Input):
    """What is sent is changed. The last three belong to channels that people post to by hand.

    `unit_ids`: for `used_by` "units".
    """

    name: Name | None = None
    used_by: UsedBy | None = None
    unit_ids: Annotated[list[Id], Field(max_length=2000)] | None = None
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
    told = page.part(rows, lambda row: _shown(row, viewer.actor.scope))
    return _with_plans(session, viewer, told)


def _with_plans(session: Session, viewer: Viewer, told: Listed[ChannelOut]) -> Listed[ChannelOut]:
    entries = channel_register.of_channels(session, viewer.actor.scope, [one.id for one in told.items])
    for one in told.items:
        _plan(one, entries.get(one.id))
    return told


def _plan(shown: ChannelOut, entry: Entry | None) -> None:
    if entry is not None:
        shown.plan, shown.lacks = plan(entry), list(entry.lacks)


@router.get("/{channel_id}")
def show(viewer: ByToken, session: Reads, channel_id: PathId) -> ChannelOut:
    """One channel."""
    return one(session, viewer, channel_id)


@router.patch("/{channel_id}")
def change(viewer: ByToken, db: Db, channel_id: PathId, data: ChannelPatch) -> ChannelOut:
    """Rename a channel, say who may use it, rest or close it."""
    with db.writes() as session:
        now = questions.channel(session, viewer.actor.scope, channel_id)
        named = questions.named_units(session, viewer.actor.scope, channel_id)
        stays = {"name": now.name, "used_by": now.used_by, "state": now.state, "units": named}
        sent = data.model_dump(exclude_unset=True)
        if "unit_ids" in sent:
            sent["units"] = sent.pop("unit_ids")
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


@router.get("/{channel_id}/sign-ins")
def sign_ins(viewer: ByToken, session: Reads, channel_id: PathId) -> SignInsOut:
    """Whose sign-ins keep the channel going."""
    return _sign_ins(session, viewer, channel_id)


def _sign_ins(session: Session, viewer: Viewer, channel_id: int) -> SignInsOut:
    questions.channel(session, viewer.actor.scope, channel_id)
    rows = questions.of_channel(session, viewer.actor.scope, channel_id)
    return SignInsOut(items=[SignInOut.model_validate(row) for row in rows])


@router.delete("/{channel_id}/sign-ins/{sign_in_id}")
def remove_sign_in(viewer: ByToken, db: Db, channel_id: PathId, sign_in_id: PathId) -> SignInsOut:
    """Take a sign-in away, for good: your own, or anybody's where you look after channels."""
    with db.writes() as session:
        channel_tokens.remove(session, viewer.actor, channel_id, sign_in_id)
        return _sign_ins(session, viewer, channel_id)


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
    shown = _shown(found, viewer.actor.scope)
    if found.unit_id in viewer.actor.scope.units:
        shown.unit_ids = questions.named_units(session, viewer.actor.scope, channel_id)
        _plan(shown, channel_register.entry(session, viewer.actor.scope, channel_id))
    return shown


def _shown(row: Any, scope: Scope) -> ChannelOut:
    shown = ChannelOut.model_validate(row)
    shown.health = (row.health or None) if row.unit_id in scope.units else None
    if row.network is NetworkKind.MANUAL:
        shown.by_hand = PlaceOut(address=row.address or "", how=row.how or "", person_id=row.person_id)
    return shown
