"""Questions about Meta apps: which holds for a unit, and which channels were connected by another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Right, Scope
from app.domain.units import ancestors
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.meta_apps import MetaApp
from app.models.units import Unit


@dataclass(frozen=True)
class Held:
    """The app that holds for a unit. `of`: whose it is, None: the settings'; `app_id` empty: there is none.

    `of_name` is empty when the asker may not see that unit; `changed_at`: when it was entered (UTC).
    `parted`: active channels of the unit that were connected by another app.
    """

    unit_id: int
    unit: str
    app_id: str
    of: int | None = None
    of_name: str = ""
    changed_at: datetime | None = None
    parted: int = 0

    @property
    def own(self) -> bool:
        """Whether the unit has an app of its own."""
        return self.of == self.unit_id


def held(session: Session, scope: Scope, unit_id: int, settings_app: str) -> Held:
    """The app that holds for a unit: its own, else that of the nearest unit above, else the settings'.

    Raises NotFound.
    """
    if unit_id not in scope.units:
        raise NotFound
    return _held(session, scope, [unit_id], settings_app)[0]


def listed(session: Session, scope: Scope, settings_app: str) -> list[Held]:
    """The same of every unit where the asker looks after channels, parents before children."""
    return _held(session, scope, sorted(scope.units_with(Right.CHANNELS)), settings_app)


def inherited(session: Session, scope: Scope, unit_id: int, settings_app: str) -> str:
    """The id of the app that would hold for a unit without its own; an empty text when there is none."""
    if unit_id not in scope.units:
        raise NotFound
    path = session.scalars(select(Unit.path).where(Unit.id == unit_id)).one()
    line = ancestors(path)
    apps = {
        app.unit_id: app.app_id for app in session.scalars(select(MetaApp).where(MetaApp.unit_id.in_(line)))
    }
    return next((apps[one] for one in reversed(line) if one in apps), settings_app)


def _held(session: Session, scope: Scope, unit_ids: Iterable[int], settings_app: str) -> list[Held]:
    rows = session.execute(
        select(Unit.id, Unit.name, Unit.path).where(Unit.id.in_(unit_ids)).order_by(Unit.path)
    ).all()
    lines = {row.id: [*ancestors(row.path), row.id] for row in rows}
    above = {one for line in lines.values() for one in line}
    apps = {app.unit_id: app for app in session.scalars(select(MetaApp).where(MetaApp.unit_id.in_(above)))}
    names = {row.id: row.name for row in session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(apps)))}
    channels = _channels(session, [row.id for row in rows])
    told = []
    for row in rows:
        nearest = next((apps[one] for one in reversed(lines[row.id]) if one in apps), None)
        app_id = nearest.app_id if nearest else settings_app
        parted = sum(one.unit_id == row.id and one.app_id != app_id for one in channels)
        of = nearest.unit_id if nearest else None
        seen = names.get(of or 0, "") if of in scope.units else ""
        told.append(Held(row.id, row.name, app_id, of, seen, nearest.changed_at if nearest else None, parted))
    return told


def _channels(session: Session, unit_ids: Sequence[int] | Select[int]) -> Sequence[AnyRow]:
    return session.execute(
        select(Channel.id, Channel.unit_id, Channel.name, Channel.network, Channel.app_id)
        .where(
            Channel.unit_id.in_(unit_ids),
            Channel.realm == Realm.META,
            Channel.network != NetworkKind.MANUAL,
            Channel.state != ChannelState.CLOSED,
        )
        .order_by(Channel.name, Channel.id)
    ).all()


def parted_by(session: Session, scope: Scope, unit_id: int, app_id: str) -> list[AnyRow]:
    """The channels that must be connected again once another app holds for a unit: of it, and of the units
    below that inherit from it."""
    if unit_id not in scope.units:
        raise NotFound
    top, between = aliased(Unit), aliased(Unit)
    own = (
        select(MetaApp.unit_id)
        .join(between, between.id == MetaApp.unit_id)
        .where(between.id != top.id, between.path.startswith(top.path), Unit.path.startswith(between.path))
        .correlate(Unit, top)
    )
    below = select(Unit.id).join(top, Unit.path.startswith(top.path)).where(top.id == unit_id)
    inherit = below.where(~own.exists())
    return [row for row in _channels(session, inherit) if row.app_id != app_id]
