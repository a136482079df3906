"""Rounds of reading: which channels' turn it is, and how each is left in peace when its network wants that.

Statistics never disable or delay publishing: what goes wrong here changes nothing but when it is asked again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import Session

from app.connectors.failures import ConnectorFailure, RateLimited
from app.domain.networks import ChannelState, NetworkKind, Realm
from app.errands.ground import Ground, Line, line_to
from app.foundation import clock, logs
from app.foundation.crypto import CannotOpen
from app.models.channels import Channel
from app.models.found import ChannelRound
from app.models.leases import ChannelLease

# Percent of what the network allows: from here on the rest is left for publishing.
SLOW_DOWN = 75
_AGAIN = timedelta(minutes=30)
_log = logs.get(__name__)


def each(ground: Ground, due: Select[int], work: Callable[[Ground, Line], int]) -> int:
    """Do the work on every channel that a question names; returns the sum of what it returned.

    What is wrong with one channel keeps no other from its turn.
    """
    with ground.database.reads() as session:
        ids = list(session.scalars(due))
    return sum(_one(ground, channel_id, work) for channel_id in ids)


def _one(ground: Ground, channel_id: int, work: Callable[[Ground, Line], int]) -> int:
    try:
        with ground.database.reads() as session:
            line = line_to(session, ground, channel_id)
        if line.network.usage(line.access) >= SLOW_DOWN:
            return 0
        return work(ground, line)
    except CannotOpen:
        _rest(ground, channel_id, clock.now() + _AGAIN)  # the daily check tells people
    except ConnectorFailure as failure:
        _log.info("not read", channel=channel_id, reason=failure.reason, trace=failure.trace_id)
        until = failure.until if isinstance(failure, RateLimited) else clock.now() + _AGAIN
        _rest(ground, channel_id, until)
    except Exception:  # noqa: BLE001 - logged with its trace, and the next channel has its turn
        _log.exception("not read", channel=channel_id)
        _rest(ground, channel_id, clock.now() + _AGAIN)
    return 0


def _rest(ground: Ground, channel_id: int, until: datetime) -> None:
    with ground.database.writes() as session:
        of(session, channel_id).wait_until = until


def of(session: Session, channel_id: int) -> ChannelRound:
    """A channel's row, made when there is none."""
    found = session.get(ChannelRound, channel_id)
    if found is None:
        found = ChannelRound(channel_id=channel_id)
        session.add(found)
    return found


def turn(now: datetime, is_due: ColumnElement[bool]) -> Select[int]:
    """Ids of channels in use that may be asked now, of those that `is_due` names of their round.

    `is_due` also decides for channels that were never asked: then all columns of the round are null.
    """
    return (
        select(Channel.id)
        .outerjoin(ChannelRound, ChannelRound.channel_id == Channel.id)
        .outerjoin(ChannelLease, ChannelLease.channel_id == Channel.id)
        .where(
            Channel.network != NetworkKind.MANUAL,
            Channel.state != ChannelState.CLOSED,
            Channel.token_state == "ok",  # noqa: S105 - a state
            or_(ChannelLease.paused_until.is_(None), ChannelLease.paused_until <= now),
            or_(ChannelRound.wait_until.is_(None), ChannelRound.wait_until <= now),
            is_due,
        )
        .order_by(Channel.id)
    )


def long_ago(
    at: SQLColumnExpression[datetime | None], now: datetime, every: timedelta, in_practice: timedelta
) -> ColumnElement[bool]:
    """Whether something was never done or not for so long. On the practice network, whose clock people move,
    it is done more often."""
    practice = Channel.realm == Realm.PRACTICE
    return or_(at.is_(None), at <= now - every, practice & (at <= now - in_practice))
