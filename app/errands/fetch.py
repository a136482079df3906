"""Fetch: read the numbers of published posts at their ages, many posts in one call.

In the practice realm, and only there, time is the practice network's own (its Date), so that its clock can be
moved; elsewhere ages are counted by our clock from the moment that our call was answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.actions import history
from app.connectors.contract import Numbers, Staged
from app.connectors.failures import ConnectorFailure, RateLimited
from app.connectors.reasons import Reason
from app.domain.networks import ChannelState, Realm, RemoteKind, Seen
from app.domain.publications import Status, Wish, check_move
from app.domain.readings import next_reading_at
from app.errands import settle
from app.errands.ground import CLOCK, Ground, Line, line_to
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.models.channels import Channel
from app.models.leases import ChannelLease
from app.models.publications import Publication
from app.models.readings import DeadMetric, Reading
from app.models.wishes import PublicationWish

AT_ONCE = 50
# Percent of what the network allows: from here on the rest is left for publishing.
SLOW_DOWN = 75
_LATER = timedelta(minutes=10)
_log = logs.get(__name__)


@dataclass(frozen=True)
class Due:
    """A publication whose numbers are to be read. `begins_at`: its first moment, by the realm's clock."""

    id: int
    unit_id: int
    remote_id: str
    begins_at: datetime
    kind: RemoteKind


def fetch_all(ground: Ground) -> int:
    """One round over all channels with something due; returns how many posts were read."""
    return sum(_apart(ground, channel_id) for channel_id in _channels(ground))


def _apart(ground: Ground, channel_id: int) -> int:
    """One channel's turn; what is wrong with it must not keep the others from theirs."""
    try:
        return fetch(ground, channel_id)
    except CannotOpen:
        with ground.database.writes() as session:
            settle.sign_in_died(session, channel_id, Reason.TOKEN_INVALID)
    except Exception:  # noqa: BLE001 - logged with its trace, and the next channel has its turn
        _log.exception("numbers not read", channel=channel_id)
    return 0


def fetch(ground: Ground, channel_id: int) -> int:
    """Read what is due on one channel; returns how many posts were read. Failures wait for the next round."""
    with ground.database.reads() as session:
        line = line_to(session, ground, channel_id)
        dead = list(session.scalars(_dead_names(line)))
    try:
        now = _realm_now(ground, line)
        due = _due(ground, line, now)
        if not due or line.network.usage(line.access) >= SLOW_DOWN:
            return 0
        answer = line.network.read(line.access, [one.remote_id for one in due], dead)
    except ConnectorFailure as failure:
        _log.info("numbers not read", channel=channel_id, reason=failure.reason, trace=failure.trace_id)
        if isinstance(failure, RateLimited):
            _put_off(ground, line, failure.until)
        return 0
    told = {numbers.remote_id: numbers for numbers in answer.numbers}
    gone = [one for one in due if told.get(one.remote_id) and told[one.remote_id].gone]
    confirmed = [one for one in gone if _is_gone(line, one)]
    with ground.database.writes() as session:
        _bury_names(ground, session, line, answer.dead)
        for one in due:
            _keep(session, line, one, told.get(one.remote_id), now)
        for one in confirmed:
            _removed(session, one)
    return len(due)


def read_now(ground: Ground, channel_id: int, publication_id: int) -> None:
    """Make one publication due for reading and read its channel."""
    with ground.database.writes() as session:
        session.execute(
            update(Publication)
            .where(
                Publication.id == publication_id,
                Publication.channel_id == channel_id,
                Publication.status == Status.PUBLISHED,
            )
            .values(reading_at=clock.now() - timedelta(days=1))
        )
    fetch(ground, channel_id)


def _channels(ground: Ground) -> list[int]:
    """Channels with a reading due, and practice channels that wait for one (their clock may have moved)."""
    now = clock.now()
    with ground.database.reads() as session:
        rows = session.scalars(
            select(Publication.channel_id)
            .join(Channel, Channel.id == Publication.channel_id)
            .outerjoin(ChannelLease, ChannelLease.channel_id == Publication.channel_id)
            .where(
                or_(ChannelLease.paused_until.is_(None), ChannelLease.paused_until <= now),
                Publication.reading_at.is_not(None),
                Publication.remote_id != "",
                (Publication.reading_at <= now) | (Channel.realm == Realm.PRACTICE),
                Channel.state != ChannelState.CLOSED,
                Channel.token_state == "ok",  # noqa: S105 - a state
            )
            .distinct()
        )
        return list(rows)


def _realm_now(ground: Ground, line: Line) -> datetime:
    if line.realm is not Realm.PRACTICE:
        return clock.now()
    theirs = line.network.server_time(line.access)
    with ground.database.writes() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == line.channel_id)
            .values(clock_offset=(theirs - clock.now()).total_seconds())
        )
    return theirs


def _due(ground: Ground, line: Line, now: datetime) -> list[Due]:
    with ground.database.reads() as session:
        rows = session.execute(
            select(
                Publication.id,
                Publication.unit_id,
                Publication.remote_id,
                Publication.published_at,
                Publication.network_published_at,
                Publication.remote_kind,
            )
            .where(
                Publication.channel_id == line.channel_id,
                Publication.status == Status.PUBLISHED,
                Publication.reading_at <= now,
                Publication.remote_id != "",
            )
            .order_by(Publication.reading_at)
            .limit(AT_ONCE)
        ).all()
    found = []
    for row in rows:
        theirs = row.network_published_at if line.realm is Realm.PRACTICE else None
        kind = row.remote_kind or RemoteKind.HIDDEN_POST
        found.append(Due(row.id, row.unit_id, row.remote_id, theirs or row.published_at, kind))
    return found


def _put_off(ground: Ground, line: Line, until: datetime) -> None:
    """No numbers of this channel before `until`. Its posts still go out: statistics never stop publishing."""
    with ground.database.writes() as session:
        ahead = session.get_one(Channel, line.channel_id).clock_offset if line.realm is Realm.PRACTICE else 0
        there = until + timedelta(seconds=ahead)
        session.execute(
            update(Publication)
            .where(
                Publication.channel_id == line.channel_id,
                Publication.status == Status.PUBLISHED,
                Publication.reading_at < there,
            )
            .values(reading_at=there)
        )


def _keep(session: Session, line: Line, due: Due, numbers: Numbers | None, now: datetime) -> None:
    if numbers is None or numbers.gone:
        session.execute(update(Publication).where(Publication.id == due.id).values(reading_at=now + _LATER))
        return
    taken = numbers.network_at if line.realm is Realm.PRACTICE and numbers.network_at else clock.now()
    age = max(taken - due.begins_at, timedelta(0))
    values = numbers.values
    session.add(
        Reading(
            publication_id=due.id,
            taken_at=clock.now(),
            age=int(age.total_seconds()),
            api_version=line.access.app.endpoint.version,
            views=values.get("views"),
            reach=values.get("reach"),
            clicks=values.get("clicks"),
            reactions=values.get("reactions"),
            comments=values.get("comments"),
            shares=values.get("shares"),
            saves=values.get("saves"),
            sources=numbers.sources,
        )
    )
    session.execute(
        update(Publication)
        .where(Publication.id == due.id)
        .values(reading_at=next_reading_at(due.begins_at, age))
    )


def _is_gone(line: Line, due: Due) -> bool:
    """Whether a second question, put another way, tells the same."""
    asked = Staged(due.remote_id, kind=due.kind)
    try:
        if line.network.profile.makes_new:  # what was shown is another object than what was looked at
            return line.network.find(line.access, asked, due.remote_id) is None
        return line.network.look(line.access, asked).seen is Seen.GONE
    except ConnectorFailure:
        return False


def _removed(session: Session, due: Due) -> None:
    check_move(Status.PUBLISHED, Status.REMOVED)
    now = clock.now()
    done = session.execute(
        update(Publication)
        .where(Publication.id == due.id, Publication.status == Status.PUBLISHED)
        .values(status=Status.REMOVED, since_at=now, reading_at=None, step_at=None, reason="post_gone")
        .returning(Publication.id)
    ).scalar_one_or_none()
    if done:
        # Nothing is left to be done about it, whatever was asked.
        session.execute(
            update(PublicationWish)
            .where(PublicationWish.publication_id == due.id, PublicationWish.ended_at.is_(None))
            .values(ended_at=now, done=PublicationWish.kind == Wish.REMOVE)
        )
        history.record(
            session, CLOCK, "publication", due.id, "found_gone",
            unit_id=due.unit_id, old=Status.PUBLISHED, new=Status.REMOVED, now=now,
        )  # fmt: skip


def _dead_names(line: Line) -> Select[str]:
    return select(DeadMetric.name).where(
        DeadMetric.network == line.network.profile.kind,
        DeadMetric.realm == line.realm,
        DeadMetric.api_version == line.access.app.endpoint.version,
    )


def _bury_names(ground: Ground, session: Session, line: Line, names: Sequence[str]) -> None:
    insert = sqlite_insert if ground.database.is_sqlite else postgresql_insert
    for name in names:
        _log.warning("metric refused", name=name, version=line.access.app.endpoint.version)
        session.execute(
            insert(DeadMetric)
            .values(
                network=line.network.profile.kind,
                realm=line.realm,
                api_version=line.access.app.endpoint.version,
                name=name,
                found_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
