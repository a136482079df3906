"""What would be different if a unit stood elsewhere: who sees it, what it may use, what waits there."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import OPEN, HoldReason, Status
from app.domain.roles import APPROVERS, Right, Role, Scope
from app.domain.units import ancestors, is_within, root_of
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.models.channels import Channel, ChannelUnit
from app.models.holds import Hold
from app.models.meta_apps import MetaApp
from app.models.people import Membership, Person
from app.models.posts import Post, RevisionPicture
from app.models.publications import Publication
from app.models.slots import Slot
from app.models.units import Unit
from app.queries import meta_apps

_WAITS_FOR_YES = Status.PROPOSED


@dataclass(frozen=True)
class Sight:
    """A person who comes to see, or to see no more, the unit and what is below it. `where`: the unit that
    their roles are held in. `keeps`: other roles of theirs reach the unit as well."""

    person_id: int
    name: str
    roles: frozenset[Role]
    where: str
    keeps: bool


@dataclass(frozen=True)
class Shared:
    """A channel that the units may use no more, or from now on.

    `planned`, `proposed`: how many of their posts have a time there, with a yes and without. `hours`: how
    many hours a week it keeps.
    """

    id: int
    name: str
    unit: str
    network: NetworkKind
    realm: Realm
    planned: int
    proposed: int
    hours: int


@dataclass(frozen=True)
class App:
    """The Meta app that holds before and after (empty: none), and the channels to be connected again."""

    before: str
    after: str
    parted: Sequence[AnyRow]


@dataclass(frozen=True)
class Ends:
    """The unit that moves, and where to. Ids of the units above it before and after, the top first."""

    unit: Unit
    parent: Unit | None
    old_above: tuple[int, ...]
    new_above: tuple[int, ...]

    @property
    def left(self) -> frozenset[int]:
        """Units that are above it no more."""
        return frozenset(self.old_above) - frozenset(self.new_above)

    @property
    def reached(self) -> frozenset[int]:
        """Units that come to be above it."""
        return frozenset(self.new_above) - frozenset(self.old_above)


@dataclass(frozen=True)
class Outlook:
    """What a move would change. Counts are of the unit with everything below it.

    `hidden`: how many people of units out of the asker's sight gain or lose. `media`: shared pictures that
    are lost and gained, and how many posts use those that are lost. `stopped`: posts that stand still with
    a whole queue. `waiting`: with a time or a question; `publishing`: on their way just now. `approver`:
    whether anybody could say yes there. `second_factor`: the rule of the whole tree, before and after.
    """

    ends: Ends
    units: int
    gains: Sequence[Sight]
    loses: Sequence[Sight]
    hidden: tuple[int, int]
    channels_lost: Sequence[Shared]
    channels_gained: Sequence[Shared]
    media: tuple[int, int, int]
    app: App | None
    stopped: int
    waiting: int
    publishing: int
    approver: bool
    second_factor: tuple[bool, bool]


def ends(session: Session, scope: Scope, unit_id: int, parent_id: int | None) -> Ends:
    """The unit and its place to be. Raises NotFound, and Invalid for a place that can't be."""
    unit = session.get(Unit, unit_id) if unit_id in scope.units else None
    if unit is None:
        raise NotFound
    if parent_id is not None and not scope.may(Right.UNITS, parent_id):
        raise Invalid("unit_not_yours", "parent_id")
    parent = session.get_one(Unit, parent_id) if parent_id is not None else None
    if parent is not None and is_within(parent.path, unit.path):
        raise Invalid("unit_into_itself", "parent_id")
    if unit.parent_id == parent_id:
        raise Invalid("unit_there_already", "parent_id")
    above = (*ancestors(parent.path), parent.id) if parent else ()
    return Ends(unit, parent, tuple(ancestors(unit.path)), above)


def below(session: Session, scope: Scope, unit: Unit) -> list[int]:
    """Ids of a unit in scope and of all below it."""
    if unit.id not in scope.units:
        raise NotFound
    return list(session.scalars(select(Unit.id).where(Unit.path.startswith(unit.path))))


def look(
    session: Session,
    scope: Scope,
    unit_id: int,
    parent_id: int | None,
    settings_app: str,
    inside: Sequence[int] | None = None,
) -> Outlook:
    """What a move would change; nothing is written. `inside`: what `below` said, for who asked it already.

    Raises as `ends`.
    """
    between = ends(session, scope, unit_id, parent_id)
    units = below(session, scope, between.unit) if inside is None else inside
    gains, loses, hidden, approver = _people(session, scope, between)
    shared = _channels(session, scope, between, units)
    sums = _sums(session, scope, between, units)
    return Outlook(
        between, len(units), gains, loses, hidden,
        [one for unit, one in shared if unit in between.left],
        [one for unit, one in shared if unit in between.reached],
        (sums.lost, sums.gained, sums.used), app_there(session, scope, between, settings_app),
        sums.stopped, sums.waiting, sums.publishing, approver, (sums.rule_before, sums.rule_after),
    )  # fmt: skip


def _seats(session: Session, between: Ends) -> Sequence[AnyRow]:
    """Roles of active people in the unit and above it, before and after."""
    places = {*between.old_above, *between.new_above, between.unit.id}
    return session.execute(
        select(Person.id, Person.name, Membership.role, Membership.unit_id, Unit.name.label("unit"))
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.unit_id.in_(places), Person.active)
        .order_by(Person.name, Person.id)
    ).all()


def _people(
    session: Session, scope: Scope, between: Ends
) -> tuple[list[Sight], list[Sight], tuple[int, int], bool]:
    rows = _seats(session, between)
    after = {*between.new_above, between.unit.id}
    stays = {row.id for row in rows if row.unit_id not in between.left | between.reached}
    approver = any(row.role in APPROVERS and row.unit_id in after for row in rows)
    found: list[list[Sight]] = []
    hidden: list[int] = []
    for place, others in ((between.reached, between.left), (between.left, between.reached)):
        keeps = stays | {row.id for row in rows if row.unit_id in others}
        seats: dict[tuple[int, str, str, int], set[Role]] = defaultdict(set)
        for row in rows:
            if row.unit_id in place:
                seats[row.id, row.name, row.unit, row.unit_id].add(row.role)
        found.append(
            [
                Sight(person_id, name, frozenset(roles), where, person_id in keeps)
                for (person_id, name, where, unit_id), roles in seats.items()
                if unit_id in scope.units
            ]
        )
        hidden.append(len({seat[0] for seat in seats if seat[3] not in scope.units}))
    return found[0], found[1], (hidden[0], hidden[1]), approver


def _channels(
    session: Session, scope: Scope, between: Ends, units: Collection[int]
) -> list[tuple[int, Shared]]:
    """Channels that units above share with any of these, of those above before or after but not both."""
    named = select(ChannelUnit.channel_id).where(ChannelUnit.unit_id.in_(units))
    waits = (
        select(func.count())
        .select_from(Publication)
        .where(Publication.channel_id == Channel.id, Publication.unit_id.in_(units))
        .correlate(Channel)
    )
    with_yes = waits.where(Publication.status.in_(OPEN - {_WAITS_FOR_YES})).scalar_subquery()
    without = waits.where(Publication.status == _WAITS_FOR_YES).scalar_subquery()
    hours = select(func.count()).select_from(Slot).where(Slot.channel_id == Channel.id).correlate(Channel)
    rows = session.execute(
        select(
            Channel.unit_id,
            Channel.id,
            Channel.name,
            Unit.name,
            Channel.network,
            Channel.realm,
            with_yes,
            without,
            hours.scalar_subquery(),
        )
        .join(Unit, Unit.id == Channel.unit_id)
        .where(
            Channel.unit_id.in_((between.left | between.reached) & (scope.units | scope.shared)),
            Channel.state != ChannelState.CLOSED,
            or_(Channel.used_by == "subtree", (Channel.used_by == "units") & Channel.id.in_(named)),
        )
        .order_by(Channel.name, Channel.id)
    )
    return [(unit_id, Shared(*row)) for unit_id, *row in rows]


def _sums(session: Session, scope: Scope, between: Ends, units: Collection[int]) -> AnyRow:
    """In one question: shared pictures and videos that are `lost`, and `gained`; posts of the units that use
    those lost (`used`), that stand still with a whole queue (`stopped`), that have a time or a question
    (`waiting`), that are on their way (`publishing`); the rule of the top before and after."""
    in_sight = scope.units | scope.shared
    shared = select(func.count()).select_from(Asset).where(Asset.shared, Asset.removed_at.is_(None))
    used = (
        select(func.count(Post.id.distinct()))
        .join(RevisionPicture, RevisionPicture.revision_id == Post.revision_id)
        .join(Asset, Asset.id == RevisionPicture.asset_id)
        .where(Post.unit_id.in_(units), Asset.unit_id.in_(between.left))
    )
    stopped = (
        select(func.count(Publication.id.distinct()))
        .join(Hold, Hold.publication_id == Publication.id)
        .where(
            Publication.unit_id.in_(frozenset(units) & scope.units),
            Hold.reason == HoldReason.EVERYTHING,
            Hold.ended_at.is_(None),
        )
    )
    there = select(func.count()).select_from(Publication).where(Publication.unit_id.in_(units))
    rule = select(Unit.second_factor)
    asked = {
        "lost": shared.where(Asset.unit_id.in_(between.left & in_sight)),
        "gained": shared.where(Asset.unit_id.in_(between.reached & in_sight)),
        "used": used,
        "stopped": stopped,
        "waiting": there.where(Publication.status.in_(OPEN)),
        "publishing": there.where(Publication.status == Status.PUBLISHING),
        "rule_before": rule.where(Unit.id == root_of(between.unit.path)),
        "rule_after": rule.where(Unit.id == (between.new_above[0] if between.new_above else between.unit.id)),
    }
    return session.execute(select(*(one.scalar_subquery().label(name) for name, one in asked.items()))).one()


def app_there(session: Session, scope: Scope, between: Ends, settings_app: str) -> App | None:
    """What changes about the Meta app; None when the same one holds."""
    line = {*between.old_above, *between.new_above, between.unit.id}
    apps = {
        app.unit_id: app.app_id for app in session.scalars(select(MetaApp).where(MetaApp.unit_id.in_(line)))
    }
    if between.unit.id in apps:
        return None
    before, after = (
        next((apps[one] for one in reversed(above) if one in apps), settings_app)
        for above in (between.old_above, between.new_above)
    )
    if before == after:
        return None
    return App(before, after, meta_apps.parted_by(session, scope, between.unit.id, after))


def due_after(session: Session, scope: Scope, unit: Unit) -> int:
    """How many posts of a unit and those below have a time after its last day; 0 without one."""
    if unit.closes_on is None:
        return 0
    found = session.scalar(
        select(func.count())
        .select_from(Publication)
        .where(
            Publication.unit_id.in_(below(session, scope, unit)),
            Publication.status.in_(OPEN),
            Publication.local_due > datetime.combine(unit.closes_on, time.max),
        )
    )
    return found or 0
