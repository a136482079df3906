"""Questions about channels."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.networks import ChannelState, Realm
from app.domain.roles import Scope
from app.domain.units import ancestors
from app.foundation.database import AnyRow, is_id
from app.models.channels import Channel
from app.models.meta_apps import MetaApp
from app.models.people import Person
from app.models.tasks import ManualPlace
from app.models.units import Unit


def channel(session: Session, scope: Scope, channel_id: int) -> Channel:
    """A channel of a unit in scope. Raises NotFound."""
    found = session.get(Channel, channel_id) if is_id(channel_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def connected_by(session: Session, scope: Scope, channel_id: int) -> str:
    """The name of the person who connected a channel in scope last; an empty text when nobody is known."""
    found = session.scalar(
        select(Person.name)
        .join(Channel, Channel.connected_by_id == Person.id)
        .where(Channel.id == channel_id, Channel.unit_id.in_(scope.units))
    )
    return found or ""


def listed(session: Session, scope: Scope) -> Sequence[AnyRow]:
    """Channels that the asker may see: of the units in scope, and what units above share downwards."""
    shared = (Channel.used_by == "subtree") & Channel.unit_id.in_(scope.shared)
    return session.execute(
        _rows().where(Channel.unit_id.in_(scope.units) | shared).order_by(Channel.name, Channel.id)
    ).all()


def usable_by(session: Session, scope: Scope, unit_id: int) -> Sequence[AnyRow]:
    """Active channels that posts of a unit in scope may go to: its own, and those shared from above."""
    if unit_id not in scope.units:
        raise NotFound
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    shared = (Channel.used_by == "subtree") & Channel.unit_id.in_(ancestors(path))
    return session.execute(
        _rows()
        .where((Channel.unit_id == unit_id) | shared, Channel.state == ChannelState.ACTIVE)
        .order_by(Channel.name, Channel.id)
    ).all()


def practises(session: Session, scope: Scope) -> bool:
    """Whether any channel that the asker sees lives in the practice network."""
    return bool(
        session.scalar(
            select(Channel.id)
            .where(Channel.realm == Realm.PRACTICE, Channel.unit_id.in_(scope.units | scope.shared))
            .limit(1)
        )
    )


def meta_app(session: Session, scope: Scope, unit_id: int) -> MetaApp | None:
    """The Meta app that holds for a unit: its own, else that of the nearest unit above; None when none."""
    if unit_id not in scope.units:
        raise NotFound
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    line = [*ancestors(path), unit_id]
    found = session.scalars(select(MetaApp).where(MetaApp.unit_id.in_(line))).all()
    return max(found, key=lambda app: line.index(app.unit_id), default=None)


@cache
def _rows() -> Any:
    return (
        select(
            Channel.id,
            Channel.unit_id,
            Unit.name.label("unit"),
            Channel.name,
            Channel.network,
            Channel.realm,
            Channel.remote_id,
            Channel.used_by,
            Channel.state,
            Channel.token_state,
            Channel.token_reason,
            Channel.checked_at,
            Channel.connected_at,
            Channel.data_access_until,
            Channel.health,
            Channel.reach,
            Channel.reach_reason,
            ManualPlace.address,
            ManualPlace.how,
            ManualPlace.person_id,
        )
        .join(Unit, Unit.id == Channel.unit_id)
        .outerjoin(ManualPlace, ManualPlace.channel_id == Channel.id)
    )
