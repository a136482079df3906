"""What warnings are worked out from: read from the database, the disks, the keys and the last backup."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.connectors import meta_versions, registry
from app.domain.metrics import ours_of
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import WAITS_FOR_TIME, WATCHDOG_AFTER, HoldReason, Status
from app.domain.warnings import ChannelFacts, DeadName, Disk, HouseFacts, PublicationFacts
from app.errands import backups, history_looks
from app.errands.ground import Ground
from app.errands.settle import SHOWN_ELSEWHERE
from app.foundation.crypto import CannotOpen
from app.foundation.database import AnyRow
from app.models.assets import Asset
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.holds import Hold
from app.models.installations import Installation
from app.models.leases import ChannelLease
from app.models.meta_apps import MetaApp
from app.models.notices import Allowance, Mail
from app.models.people import Person
from app.models.publications import Publication
from app.models.readings import DeadMetric
from app.models.units import Unit

USAGE_BELIEVED = timedelta(minutes=10)
QUOTA_BELIEVED = timedelta(hours=3)
AHEAD_BELIEVED = timedelta(days=1)
LATELY = timedelta(days=14)  # how much is added to the disk each day is told by so many
MAIL_LATE = timedelta(hours=1)
DROPPED = ("mail_nobody", "mail_made_up", "mail_copied", "mail_unwanted")  # on purpose
MAIL_WEEK = timedelta(days=7)
FORGOTTEN = timedelta(days=30)  # what stands so long is no news, and has long been told
MOST_STUCK = 2000
SHOWN_TOLD = timedelta(days=7)
NAMES_TOLD = timedelta(days=30)
_LATE = (
    Status.PROPOSED, Status.PLANNED, Status.STAGED, Status.PUBLISHING,
    Status.UNSURE, Status.HELD, Status.MISSED,
)  # fmt: skip


def channels(session: Session, now: datetime) -> list[ChannelFacts]:
    """Of every channel in use that is called."""
    rows = session.execute(_channels()).all()
    waiting = _waiting(session, [row.Channel.id for row in rows if row.Channel.token_state != "ok"])  # noqa: S105 - a state
    held = _sign_ins(session, [row.Channel.id for row in rows])
    return [_channel(row, waiting.get(row.Channel.id, 0), held.get(row.Channel.id, []), now) for row in rows]


def _sign_ins(session: Session, channel_ids: list[int]) -> dict[int, list[AnyRow]]:
    """The sign-ins of each of the channels, the newest first."""
    rows = session.execute(
        select(
            ChannelToken.channel_id, ChannelToken.in_use, ChannelToken.state, ChannelToken.expires_at,
            func.coalesce(Person.name, "").label("person"), Person.active,
        )
        .outerjoin(Person, Person.id == ChannelToken.person_id)
        .where(ChannelToken.channel_id.in_(channel_ids))
        .order_by(ChannelToken.given_at.desc(), ChannelToken.id.desc())
    )  # fmt: skip
    held: dict[int, list[AnyRow]] = {}
    for row in rows:
        held.setdefault(row.channel_id, []).append(row)
    return held


def _taken_over(held: list[AnyRow]) -> tuple[str, str]:
    """Whose sign-in goes on since a newer one ended, and whose that was; two empty texts when none has."""
    newest = held[0] if held else None
    if newest is None or newest.in_use:
        return "", ""
    in_use = next((one for one in held if one.in_use and one.state == "ok"), None)
    return (in_use.person or "…", newest.person or "…") if in_use else ("", "")


def _channels() -> Select[Channel, Allowance, datetime | None]:
    in_use = (ChannelState.ACTIVE, ChannelState.PLANNED)
    return (
        select(Channel, Allowance, ChannelLease.paused_until)
        .outerjoin(Allowance, Allowance.channel_id == Channel.id)
        .outerjoin(ChannelLease, ChannelLease.channel_id == Channel.id)
        .where(Channel.state.in_(in_use), Channel.network != NetworkKind.MANUAL)
        .order_by(Channel.id)
    )


def _waiting(session: Session, channel_ids: list[int]) -> dict[int, int]:
    """How many posts wait for each of the channels."""
    if not channel_ids:
        return {}
    counted = (
        select(Publication.channel_id, func.count())
        .where(
            Publication.channel_id.in_(channel_ids),
            Publication.status.in_([*WAITS_FOR_TIME, Status.HELD]),
        )
        .group_by(Publication.channel_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _channel(row: AnyRow, waiting: int, held: list[AnyRow], now: datetime) -> ChannelFacts:
    channel: Channel = row.Channel
    told: Allowance | None = row.Allowance
    health = channel.health or {}
    taken_over_by, taken_over_from = _taken_over(held)
    quota = told if told and told.quota_at and now - told.quota_at < QUOTA_BELIEVED else None
    usage = told.usage if told and told.usage_at and now - told.usage_at < USAGE_BELIEVED else None
    return ChannelFacts(
        channel.id,
        channel.unit_id,
        alive=channel.token_state == "ok",  # noqa: S105 - a state
        reason=channel.token_reason,
        connected_at=channel.connected_at,
        checked_at=channel.checked_at,
        expires_at=next((one.expires_at for one in held if one.in_use), None)
        or _instant(health.get("expires_at")),
        data_access_until=channel.data_access_until,
        missing=(*health.get("missing_scopes", ()), *health.get("missing_tasks", ())),
        waiting=waiting,
        fetches=registry.network(channel.network).profile.fetches,
        reach_failed=channel.reach == "failed",
        reach_reason=channel.reach_reason,
        used=quota.quota_used if quota else None,
        of=quota.quota_total if quota else None,
        usage=usage or 0,
        paused_until=row.paused_until,
        others=sum(one.state == "ok" and not one.in_use for one in held),
        taken_over_by=taken_over_by,
        taken_over_from=taken_over_from,
        giver_left=any(one.in_use and one.active is False for one in held),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def house(ground: Ground, session: Session, now: datetime) -> HouseFacts:
    """Of the installation. Looks at disks and keys too, and calls nobody."""
    version = ground.settings.graph_api_version
    waiting, given_up, reason = _mails(session, now)
    return HouseFacts(
        used_since=session.scalar(select(Installation.created_at)) or now,
        version=version,
        version_until=meta_versions.usable_until(version),
        version_known=meta_versions.is_known(version),
        served=_served(session, version),
        ahead=_ahead(session, now),
        disks=tuple(_disks(ground, _daily(session, now))),
        backed_up_at=backups.last(ground),
        mails_waiting=waiting,
        mails_given_up=given_up,
        mail_reason=reason,
        locked=_locked(ground, session),
        dead_names=_dead_names(session, version, now),
        broken=history_looks.told(session),
    )


def _dead_names(session: Session, version: str, now: datetime) -> tuple[DeadName, ...]:
    rows = session.scalars(
        select(DeadMetric)
        .where(DeadMetric.api_version == version, DeadMetric.found_at > now - NAMES_TOLD)
        .order_by(DeadMetric.found_at, DeadMetric.name)
    )
    return tuple(
        {
            (row.network, row.name): DeadName(row.network, row.name, ours_of(row.network, row.name), version)
            for row in rows
        }.values()
    )


def _served(session: Session, version: str) -> str:
    """A newer version that answered in the place of ours; empty when ours does."""
    healths = session.scalars(select(Channel.health).where(Channel.state == ChannelState.ACTIVE))
    told = {str((health or {}).get("served_version", "")) for health in healths}
    newer = [one for one in told if _number(one) > _number(version)]
    return min(newer, key=_number, default="")


def _number(version: str) -> float:
    try:
        return float(version.removeprefix("v"))
    except ValueError:
        return 0.0


def _ahead(session: Session, now: datetime) -> float | None:
    """Seconds that Meta's clock was ahead of ours of late; the practice network's may be moved at will."""
    return session.scalar(
        select(Allowance.ahead)
        .join(Channel, Channel.id == Allowance.channel_id)
        .where(Channel.realm == Realm.META, Allowance.ahead_at > now - AHEAD_BELIEVED)
        .order_by(Allowance.ahead_at.desc())
        .limit(1)
    )


def _daily(session: Session, now: datetime) -> int:
    """Bytes of pictures and videos that a day adds of late."""
    added = select(func.sum(Asset.size + func.coalesce(Asset.video_size, 0)))
    return int(session.scalar(added.where(Asset.created_at > now - LATELY)) or 0) // LATELY.days


def _disks(ground: Ground, daily: int) -> Iterator[Disk]:
    yield Disk("store", ground.store.space_left(), daily)
    file = ground.database.engine.url.database
    if ground.database.is_sqlite and file and Path(file).exists():
        folder = ground.store.folder.absolute().parent
        if Path(file).stat().st_dev != folder.stat().st_dev:
            yield Disk("database", type(ground.store)(Path(file).parent).space_left())


def _mails(session: Session, now: datetime) -> tuple[int, int, str]:
    """Mails that wait in vain, mails that were given up of late, and why the latest of them did not go."""
    late = Mail.next_at.is_not(None) & (Mail.created_at < now - MAIL_LATE)
    lost = (Mail.given_up_at > now - MAIL_WEEK) & Mail.reason.not_in(DROPPED)
    waiting = session.scalar(select(func.count(Mail.id)).where(late)) or 0
    given_up = session.scalar(select(func.count(Mail.id)).where(lost)) or 0
    reason = ""
    if waiting or given_up:
        reason = session.scalar(select(Mail.reason).where(late | lost, Mail.reason != "").limit(1)) or ""
    return waiting, given_up, reason


def _locked(ground: Ground, session: Session) -> int:
    """How many stored secrets our keys do not open."""
    tokens = session.execute(
        select(ChannelToken.sealed, Channel)
        .join(Channel, Channel.id == ChannelToken.channel_id)
        .where(Channel.state != ChannelState.CLOSED)
    )
    sealed = [(one.sealed, one.Channel.place) for one in tokens]
    apps = session.scalars(select(MetaApp))
    sealed += [(one.secret_sealed, MetaApp.place(one.unit_id)) for one in apps]
    return sum(not _opens(ground, *one) for one in sealed)


def _opens(ground: Ground, sealed: str, place: str) -> bool:
    try:
        ground.keyring.open(sealed, place)
    except CannotOpen:
        return False
    return True


def near(session: Session, now: datetime) -> list[PublicationFacts]:
    """Publications without a yes whose time comes within a day."""
    rows = session.execute(
        _publications().where(
            Publication.status == Status.PROPOSED,
            Publication.due_at > now,
            Publication.due_at <= now + timedelta(days=1),
        )
    ).all()
    return [PublicationFacts(*row) for row in rows]


def stuck(session: Session, now: datetime) -> list[PublicationFacts]:
    """The watchdog's: due and not settled after ten minutes, or sent back by the network, the latest first.

    Those that stand only because their channel must be connected again are told with the channel, once.
    """
    late = Publication.due_at < now - WATCHDOG_AFTER
    standing = Hold.publication_id == Publication.id, Hold.ended_at.is_(None)
    reconnect = select(Hold.id).where(*standing, Hold.reason == HoldReason.RECONNECT).exists()
    others = select(Hold.id).where(*standing, Hold.reason != HoldReason.RECONNECT).exists()
    rows = session.execute(
        _publications()
        .where(
            Publication.status.in_([*_LATE, Status.REJECTED]),
            Publication.due_at > now - FORGOTTEN,
            or_(late, Publication.status == Status.REJECTED),
            or_(Publication.status != Status.HELD, ~reconnect, others),
        )
        .order_by(Publication.due_at.desc(), Publication.id)
        .limit(MOST_STUCK)
    ).all()
    return [PublicationFacts(*row) for row in rows]


def shown_elsewhere(session: Session, now: datetime) -> list[PublicationFacts]:
    """Those given up here that somebody has shown in the network's own tools, for a week after their time."""
    rows = session.execute(
        _publications().where(
            Publication.status.in_([Status.CANCELLED, Status.MISSED]),
            Publication.due_at > now - SHOWN_TOLD,
            Publication.reason == SHOWN_ELSEWHERE,
        )
    ).all()
    return [PublicationFacts(*row) for row in rows]


def _publications() -> Select[int, int, int, Status, datetime, str]:
    # By unit, because the index of publications by status begins with it.
    return select(
        Publication.id,
        Publication.unit_id,
        Publication.channel_id,
        Publication.status,
        Publication.due_at,
        Publication.zone,
    ).where(Publication.unit_id.in_(select(Unit.id)))
