"""Questions about channels."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.networks import ChannelState, Realm
from app.domain.roles import Scope
from app.foundation.database import AnyRow, is_id
from app.models.channels import Channel, ChannelUnit, shared_with
from app.models.tasks import ManualPlace
from app.models.units import Unit
from app.queries.channel_tokens import TokenOf, of_channel, tokens_of

__all__ = [
    "TokenOf", "all_speak", "channel", "listed", "named_units", "of_channel", "places_taken", "practises",
    "tokens_of", "units_below", "usable_by",
]  # fmt: skip


def channel(session: Session, scope: Scope, channel_id: int) -> Channel:
    """A channel of a unit in scope. Raises NotFound."""
    found = session.get(Channel, channel_id) if is_id(channel_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def listed(session: Session, scope: Scope) -> Sequence[AnyRow]:
    """Channels that the asker may see: of the units in scope, and what units above share with these."""
    in_sight = Channel.unit_id.in_(scope.units) | shared_with(scope.units, scope.shared)
    return session.execute(_rows().where(in_sight).order_by(Channel.name, Channel.id)).all()


def usable_by(session: Session, scope: Scope, unit_id: int) -> Sequence[AnyRow]:
    """Active channels that posts of a unit in scope may go to: its own, and those shared from above."""
    if unit_id not in scope.units:
        raise NotFound
    asked = aliased(Unit)
    above = select(Unit.id).join(asked, asked.path.startswith(Unit.path)).where(asked.id == unit_id)
    may = (Channel.unit_id == unit_id) | shared_with([unit_id], above.where(Unit.id != unit_id))
    return session.execute(
        _rows().where(may, Channel.state == ChannelState.ACTIVE).order_by(Channel.name, Channel.id)
    ).all()


def named_units(session: Session, scope: Scope, channel_id: int) -> list[int]:
    """The ids of the units in scope that a channel is shared with by name."""
    return list(
        session.scalars(
            select(ChannelUnit.unit_id)
            .where(ChannelUnit.channel_id == channel_id, ChannelUnit.unit_id.in_(scope.units))
            .order_by(ChannelUnit.unit_id)
        )
    )


def units_below(session: Session, scope: Scope, unit_id: int) -> Sequence[AnyRow]:
    """The units in scope below one in scope (id, name, path), parents before children."""
    if unit_id not in scope.units:
        raise NotFound
    top = aliased(Unit)
    return session.execute(
        select(Unit.id, Unit.name, Unit.path)
        .join(top, Unit.path.startswith(top.path))
        .where(top.id == unit_id, Unit.id != unit_id, Unit.id.in_(scope.units))
        .order_by(Unit.path)
    ).all()


def places_taken(session: Session, scope: Scope, realm: Realm, remote_ids: Collection[str]) -> dict[str, int]:
    """Which places are channels in this installation already: remote id -> the channel's id, 0 for one that
    the asker may not see. Nothing else is told of those."""
    rows = session.execute(
        select(Channel.remote_id, Channel.id, Channel.unit_id).where(
            Channel.realm == realm, Channel.remote_id.in_(list(remote_ids))
        )
    ).all()
    return {row.remote_id: row.id if row.unit_id in scope.units else 0 for row in rows}


def all_speak(session: Session, scope: Scope, channel_ids: Collection[int]) -> bool:
    """Whether the sign-in of each of some channels in scope works, as far as was told last."""
    works = Channel.token_state == "ok"  # noqa: S105 - a state
    silent = select(Channel.id).where(
        Channel.id.in_(list(channel_ids)), Channel.unit_id.in_(scope.units), ~works
    )
    return session.scalar(silent.limit(1)) is None


def practises(session: Session, scope: Scope) -> bool:
    """Whether any channel that the asker sees lives in the practice network."""
    return bool(
        session.scalar(
            select(Channel.id)
            .where(Channel.realm == Realm.PRACTICE, Channel.unit_id.in_(scope.units | scope.shared))
            .limit(1)
        )
    )


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
