"""What networks tell of their allowances, kept where warnings find it: quota, calls used, their clock."""

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.connectors import registry
from app.connectors.contract import Access, App
from app.connectors.failures import ConnectorFailure
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.publications import OUT, WAITS_FOR_TIME
from app.errands.ground import Ground, Line, line_to
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.notices import Allowance
from app.models.publications import Publication

ACTIVE = timedelta(days=1)
MUCH = 50  # percent; less is nobody's concern, and not worth a row on the disk every half a minute
_log = logs.get(__name__)


def ask(ground: Ground) -> int:
    """Ask for the quota of every channel that publishes these days, and each network once for its time.

    Returns how many channels told something. Paused channels are left in peace.
    """
    with ground.database.reads() as session:
        rows = session.execute(_busy(clock.now())).all()
    asked: set[tuple[object, ...]] = set()
    told = 0
    for row in rows:
        place = (row.network, row.realm)
        told += ask_one(ground, row.id, with_time=place not in asked)
        asked.add(place)
    return told


def _busy(now: datetime) -> Select[int, NetworkKind, Realm]:
    near = Publication.status.in_(WAITS_FOR_TIME) & Publication.due_at.between(now - ACTIVE, now + ACTIVE)
    out = Publication.status.in_(OUT) & (Publication.published_at > now - ACTIVE)
    return (
        select(Channel.id, Channel.network, Channel.realm)
        .outerjoin(ChannelLease, ChannelLease.channel_id == Channel.id)
        .where(
            Channel.state == ChannelState.ACTIVE,
            Channel.network != NetworkKind.MANUAL,
            Channel.token_state == "ok",  # noqa: S105 - a state
            or_(ChannelLease.paused_until.is_(None), ChannelLease.paused_until <= now),
            select(Publication.id)
            .where(Publication.channel_id == Channel.id, Publication.due_at > now - 2 * ACTIVE, near | out)
            .exists(),
        )
        .order_by(Channel.id)
    )


def ask_one(ground: Ground, channel_id: int, with_time: bool) -> bool:
    """One channel's turn: whether it told anything. What is wrong with it is found by its check."""
    try:
        with ground.database.reads() as session:
            line = line_to(session, ground, channel_id)
        values = _answers(line, with_time)
    except (CannotOpen, ConnectorFailure) as failure:
        _log.info("allowance not told", channel=channel_id, reason=getattr(failure, "reason", "locked"))
        return False
    if values:
        _keep(ground, channel_id, values)
    return bool(values)


def _answers(line: Line, with_time: bool) -> dict[str, object]:
    values: dict[str, object] = {}
    quota = line.network.quota(line.access)
    if quota:
        values |= {"quota_used": quota.used, "quota_total": quota.total, "quota_at": clock.now()}
    if with_time:
        theirs = line.network.server_time(line.access)
        now = clock.now()
        values |= {"ahead": (theirs - now).total_seconds(), "ahead_at": now}
    return values


def note_usage(ground: Ground) -> int:
    """Keep what this process was told of calls used, if it is much; returns of how many channels."""
    with ground.database.reads() as session:
        rows = session.execute(
            select(Channel.id, Channel.network, Channel.realm, Channel.app_id, Channel.remote_id).where(
                Channel.state == ChannelState.ACTIVE, Channel.network != NetworkKind.MANUAL
            )
        ).all()
    used = [(row.id, percent) for row in rows if (percent := _usage(ground, row)) >= MUCH]
    for channel_id, percent in used:
        _keep(ground, channel_id, {"usage": percent, "usage_at": clock.now()})
    return len(used)


def _usage(ground: Ground, row: AnyRow) -> int:
    app = App(registry.endpoint(ground.settings, row.realm), row.app_id, "")
    return ground.networks(row.network).usage(Access(app, row.remote_id, ""))


def _keep(ground: Ground, channel_id: int, values: dict[str, object]) -> None:
    insert = sqlite_insert if ground.database.is_sqlite else postgresql_insert
    with ground.database.writes() as session:
        session.execute(
            insert(Allowance)
            .values(channel_id=channel_id, **values)
            .on_conflict_do_update(index_elements=[Allowance.channel_id], set_=values)
        )
