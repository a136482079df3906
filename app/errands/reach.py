"""Reach: whether a network can fetch pictures from us, tried before a post depends on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select, update

from app.actions import channel_tokens
from app.connectors.contract import Picture
from app.connectors.failures import ConnectorFailure, NotYet, Reconnect
from app.connectors.reasons import Reason
from app.domain.errors import Forbidden
from app.domain.networks import ChannelState
from app.domain.roles import Actor, Right
from app.errands import lend
from app.errands.connect_check import check
from app.errands.ground import Ground, line_to
from app.foundation import clock
from app.foundation.crypto import CannotOpen
from app.foundation.files import StoreFull
from app.models.channels import Channel
from app.queries import channels as questions

TRYING, OK, FAILED = "trying", "ok", "failed"
# Also where a sign-in was dead: that says nothing of our address, and has its own words at the channel.
UNTRIED = ""
# A network that has not fetched within this time does not come.
PATIENCE = timedelta(minutes=5)
_SAMPLE = Path(__file__).with_name("sample.jpg")
_KEY = "sample"
# Seconds: asked at each tick at first, then ever seldomer.
_TICK, _OFTEN, _SELDOM = 2, 10, 30


@dataclass(frozen=True)
class _Trial:
    """A trial under way: the channel and the id of the hidden thing, since when (UTC)."""

    channel_id: int
    remote_id: str
    since: datetime

    def is_turn(self, now: datetime) -> bool:
        """Whether to ask now, in a rhythm of ticks of two seconds: the longer it takes the seldomer."""
        age = (now - self.since).total_seconds()
        return age < _OFTEN or int(age) % int(min(_SELDOM, age / 4)) < _TICK


def begin(ground: Ground, channel_id: int) -> bool:
    """Let the network fetch a sample picture, if it ever fetches; what comes of it is kept at the channel.

    A sign-in that is dead can't ask: then a colleague's does, where there is one. Whether anything was tried.
    """
    return _begin(ground, channel_id) or (_another_speaks(ground, channel_id) and _begin(ground, channel_id))


def _begin(ground: Ground, channel_id: int) -> bool:
    """The same with the sign-in that is in use; False where that is dead."""
    try:
        with ground.database.reads() as session:
            line = line_to(session, ground, channel_id)
        if line.network.profile.fetches:
            remote_id = line.network.begin_proof(line.access, sample(ground))
            _keep(ground, channel_id, TRYING, "", remote_id)
    except StoreFull:
        _keep(ground, channel_id, FAILED, Reason.STORE_FULL)
    except (CannotOpen, Reconnect):
        return False
    except ConnectorFailure as failure:
        _keep(ground, channel_id, FAILED, failure.reason)
    return True


def sample(ground: Ground) -> Picture:
    """The sample picture, lent from our address whenever a network wants it. Raises StoreFull."""
    digest = _put_sample(ground)

    def lent() -> str:
        return lend.lend(ground, None, None, digest, _KEY)

    return Picture(_KEY, "", _SAMPLE.read_bytes, lent)


def begin_as(ground: Ground, actor: Actor, channel_id: int) -> bool:
    """A trial that a person asks for; whether anything was tried. Raises NotFound, Forbidden."""
    with ground.database.reads() as session:
        channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return begin(ground, channel_id)


def follow(ground: Ground) -> int:
    """See what came of the trials under way; returns how many still are."""
    with ground.database.reads() as session:
        rows = session.execute(
            select(Channel.id, Channel.reach_proof, Channel.reach_at).where(
                Channel.reach == TRYING, Channel.state != ChannelState.CLOSED
            )
        ).all()
    trials = [_Trial(row.id, row.reach_proof, row.reach_at or clock.now()) for row in rows]
    now = clock.now()
    return sum(_follow(ground, trial) if trial.is_turn(now) else True for trial in trials)


def _follow(ground: Ground, trial: _Trial) -> bool:
    try:
        with ground.database.reads() as session:
            line = line_to(session, ground, trial.channel_id)
        line.network.proof(line.access, trial.remote_id)
    except (CannotOpen, Reconnect):
        return _another_speaks(ground, trial.channel_id) and _begin(ground, trial.channel_id)
    except NotYet:
        if clock.now() - trial.since < PATIENCE:
            return True
        _keep(ground, trial.channel_id, FAILED, Reason.PICTURE_NOT_FETCHED)
        return False
    except ConnectorFailure as failure:
        _keep(ground, trial.channel_id, FAILED, failure.reason)
        return False
    _keep(ground, trial.channel_id, OK, "")
    return False


def _another_speaks(ground: Ground, channel_id: int) -> bool:
    """The sign-in in use is dead: a check notes why. Whether the channel speaks with another one after it.

    Until that one has tried, nothing is known of our address.
    """
    _keep(ground, channel_id, UNTRIED, "")
    before = _in_use(ground, channel_id)
    check(ground, channel_id)
    return _in_use(ground, channel_id) != before


def _in_use(ground: Ground, channel_id: int) -> int:
    with ground.database.reads() as session:
        token = channel_tokens.in_use(session, channel_id)
    return token.id if token else 0


def _keep(ground: Ground, channel_id: int, reach: str, reason: str, remote_id: str = "") -> None:
    with ground.database.writes() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == channel_id)
            .values(reach=reach, reach_reason=reason, reach_proof=remote_id, reach_at=clock.now())
        )


def sample_digest() -> str:
    """The SHA-256 of the sample picture, by which it lies in the store."""
    return sha256(_SAMPLE.read_bytes()).hexdigest()


def _put_sample(ground: Ground) -> str:
    digest = sample_digest()
    ground.store.put_rendition(digest, _KEY, _SAMPLE)
    return digest
