"""Moving a unit under another, and what that would change."""

from typing import Annotated

from fastapi import Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import unit_moves
from app.actions.inputs import ID_MOST
from app.actions.unit_moves import UnitMove
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.api.units import UnitOut
from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import ByToken
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Role
from app.queries import unit_moves as questions
from app.queries import units

router = api_router(prefix="/units", tags=["units"])


class SightOut(Shape):
    """Somebody who comes to see, or to see no more. `keeps`: other roles of theirs reach the unit as well."""

    person_id: int
    name: str
    roles: list[Role]
    where: str
    keeps: bool


class SharedOut(Shape):
    """A channel of a unit above. `planned`, `proposed`: posts of the moving units there, with a yes and
    without. `hours`: how many hours a week it keeps."""

    id: int
    name: str
    unit: str
    network: NetworkKind
    realm: Realm
    planned: int
    proposed: int
    hours: int


class MoveOut(Shape):
    """What a move would change; no publication is ever changed by it.

    `hidden_gains`, `hidden_loses`: people of units out of your sight. `posts_with_lost_media` keep what they
    use. `app_before`, `app_after`: Meta app that is inherited; null when that stays the same.
    `channels_to_reconnect`: names of those that stand still until they are connected with that app; then
    `sure` is needed. `stopped`: posts that stand still with a whole queue. `publishing`: while any is, the
    unit can't move. `approver`: whether anybody could approve there.
    """

    units: int
    gains: list[SightOut]
    loses: list[SightOut]
    hidden_gains: int
    hidden_loses: int
    channels_lost: list[SharedOut]
    channels_gained: list[SharedOut]
    media_lost: int
    media_gained: int
    posts_with_lost_media: int
    app_before: str | None
    app_after: str | None
    channels_to_reconnect: list[str]
    stopped: int
    waiting: int
    publishing: int
    approver: bool


@router.get("/{unit_id}/move")
def look(
    viewer: ByToken,
    session: Reads,
    settings: Configured,
    unit_id: PathId,
    parent_id: Annotated[int, Query(ge=0, le=ID_MOST, description="The unit above to be; 0: at the top.")],
) -> MoveOut:
    """What would change; nothing is written."""
    scope = viewer.actor.scope
    unit_moves.check(viewer.actor, units.unit(session, scope, unit_id))
    told = questions.look(session, scope, unit_id, parent_id or None, settings.meta_app_id)
    app = told.app
    return MoveOut(
        units=told.units,
        gains=[SightOut.model_validate(one) for one in told.gains],
        loses=[SightOut.model_validate(one) for one in told.loses],
        hidden_gains=told.hidden[0], hidden_loses=told.hidden[1],
        channels_lost=[SharedOut.model_validate(one) for one in told.channels_lost],
        channels_gained=[SharedOut.model_validate(one) for one in told.channels_gained],
        media_lost=told.media[0], media_gained=told.media[1], posts_with_lost_media=told.media[2],
        app_before=app.before if app else None, app_after=app.after if app else None,
        channels_to_reconnect=[row.name for row in app.parted] if app else [],
        stopped=told.stopped, waiting=told.waiting, publishing=told.publishing, approver=told.approver,
    )  # fmt: skip


@router.post("/{unit_id}/move", response_model=UnitOut)
def move(viewer: ByToken, sent: Sent, settings: Configured, unit_id: PathId, data: UnitMove) -> Response:
    """Move a unit with everything below it. Moving it back takes it back."""

    def work(session: Session) -> UnitOut:
        return UnitOut.model_validate(
            unit_moves.move(session, viewer.actor, unit_id, data, settings.meta_app_id)
        )

    return sent.once(200, work)
