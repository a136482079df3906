"""Who keeps channels: their owner, their deputy, and which of them is on duty just now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.duties import on_duty
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.duties import ChannelKeeper
from app.models.people import Person
from app.queries.stand_ins import covers


@dataclass(frozen=True)
class Keepers:
    """Ids and names of those who keep a channel; None and "" for nobody. `on_duty`: who answers just now.

    Somebody whose account is closed is still named, and never on duty.
    """

    owner_id: int | None = None
    owner: str = ""
    deputy_id: int | None = None
    deputy: str = ""
    on_duty_id: int | None = None
    on_duty: str = ""


NOBODY = Keepers()


def of_channel(session: Session, scope: Scope, channel_id: int, now: datetime) -> Keepers:
    """Who keeps a channel in sight, at `now`."""
    return of_channels(session, scope, [channel_id], now).get(channel_id, NOBODY)


def of_channels(
    session: Session, scope: Scope, channel_ids: Collection[int], now: datetime
) -> dict[int, Keepers]:
    """The same for several, those that have a keeper, by id; in at most three questions."""
    asked = {"ids": list(channel_ids), "units": list(scope.units | scope.shared)}
    rows = session.execute(_rows(), asked).all()
    away = covers(session, scope, now) if rows else {}
    duty = {row.channel_id: on_duty(_here(row, "owner"), _here(row, "deputy"), away) for row in rows}
    known = {row.owner_id: row.owner for row in rows} | {row.deputy_id: row.deputy for row in rows}
    unknown = {one for one in duty.values() if one is not None} - known.keys()
    if unknown:
        named = select(Person.id, Person.name).where(Person.id.in_(unknown))
        known |= {row.id: row.name for row in session.execute(named)}
    return {
        row.channel_id: Keepers(
            row.owner_id, row.owner, row.deputy_id, row.deputy,
            duty[row.channel_id], known.get(duty[row.channel_id], ""),
        )
        for row in rows
    }  # fmt: skip


def _here(row: AnyRow, who: str) -> int | None:
    """The owner or the deputy, unless their account is closed."""
    return getattr(row, f"{who}_id") if getattr(row, f"{who}_active") else None


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    owner, deputy = aliased(Person), aliased(Person)
    return (
        select(
            ChannelKeeper.channel_id,
            ChannelKeeper.owner_id, func.coalesce(owner.name, "").label("owner"),
            owner.active.label("owner_active"),
            ChannelKeeper.deputy_id, func.coalesce(deputy.name, "").label("deputy"),
            deputy.active.label("deputy_active"),
        )
        .join(Channel, Channel.id == ChannelKeeper.channel_id)
        .outerjoin(owner, owner.id == ChannelKeeper.owner_id)
        .outerjoin(deputy, deputy.id == ChannelKeeper.deputy_id)
        .where(
            ChannelKeeper.channel_id.in_(bindparam("ids", expanding=True)),
            Channel.unit_id.in_(bindparam("units", expanding=True)),
        )
    )  # fmt: skip
