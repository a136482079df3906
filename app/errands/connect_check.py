"""Check: what the network knows of a channel's sign-ins, kept with each; the newest that works is in use."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import channel_tokens, channels
from app.connectors.contract import Access, Health
from app.connectors.failures import ConnectorFailure, Reconnect
from app.connectors.reasons import Reason
from app.domain.errors import Forbidden
from app.domain.roles import Actor, Right
from app.errands.ground import CLOCK, Ground, app_for
from app.foundation import clock
from app.foundation.crypto import CannotOpen
from app.foundation.database import lock
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.queries import channels as questions


@dataclass(frozen=True)
class _Asked:
    """One token as it was when it was asked about."""

    token_id: int
    sealed: str
    health: Health

    @property
    def usable(self) -> bool:
        """Whether posts can go out with it."""
        told = self.health
        return told.valid and told.app_matches and not told.missing_scopes and not told.missing_tasks

    @property
    def reason(self) -> str:
        """Why not, if they can't."""
        fallback = "permission_missing" if self.health.app_matches else channel_tokens.OTHER_APP
        return self.health.reason or fallback


def check(ground: Ground, channel_id: int) -> Health | None:
    """Ask the network about each sign-in of a channel and keep the answers.

    Returns what holds for the one in use afterwards; None when the network did not answer about it.
    """
    with ground.database.reads() as session:
        held = _tokens(session, channel_id)
    told: dict[int, _Asked] = {}
    for token in held:
        health = _ask(ground, channel_id, token)
        if health is not None:
            told[token.id] = _Asked(token.id, token.sealed, health)
            with ground.database.writes() as session:
                _keep(session, channel_id, told[token.id])
    with ground.database.writes() as session:
        return _note(session, channel_id, told)


def check_as(ground: Ground, actor: Actor, channel_id: int) -> Health | None:
    """A check that a person asks for. Raises NotFound, Forbidden."""
    with ground.database.reads() as session:
        channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    return check(ground, channel_id)


def _tokens(session: Session, channel_id: int) -> Sequence[ChannelToken]:
    """The tokens of a channel, those that are not in use first: whichever takes over is then known good."""
    return session.scalars(
        select(ChannelToken)
        .where(ChannelToken.channel_id == channel_id)
        .order_by(ChannelToken.in_use, ChannelToken.id)
    ).all()


def _ask(ground: Ground, channel_id: int, token: ChannelToken) -> Health | None:
    """What the network tells of a token; None when it does not answer."""
    try:
        with ground.database.reads() as session:
            channel = session.get_one(Channel, channel_id)
            found = app_for(session, ground, channel.realm, channel.unit_id)
        if found is None or (token.app_id != found[0].app_id and not token.in_use):
            return _dead(channel_tokens.OTHER_APP)
        access = Access(found[0], channel.remote_id, ground.keyring.open(token.sealed, channel.place))
        return ground.networks(channel.network).check(access)
    except CannotOpen:
        return _dead(Reason.TOKEN_INVALID)
    except Reconnect as failure:
        return _dead(failure.reason)
    except ConnectorFailure:
        return None


def _dead(reason: str) -> Health:
    return Health(False, True, (), (), (), None, None, "", reason)


def _keep(session: Session, channel_id: int, asked: _Asked) -> None:
    """Keep what a check told, unless another sign-in came meanwhile: it told of the old one."""
    channel = _locked(session, channel_id)
    token = session.get(ChannelToken, asked.token_id)
    if token is None or token.sealed != asked.sealed:
        return
    now, health = clock.now(), asked.health
    token.checked_at, token.expires_at = now, health.expires_at
    token.data_access_until = health.data_access_until
    if asked.usable:
        token.state, token.reason, token.ended_at = channel_tokens.OK, "", None
        session.flush()
        before = channel_tokens.in_use(session, channel.id)
        chosen = channel_tokens.choose(session, channel.id)
        if chosen is not None:
            channel_tokens.speak_with(channel, chosen, is_new=chosen is not before)
    elif not channel_tokens.died(session, CLOCK, channel, token, asked.reason, now):
        channel.token_state, channel.token_reason = channel_tokens.DEAD, asked.reason


def _note(session: Session, channel_id: int, told: Mapping[int, _Asked]) -> Health | None:
    """Keep at the channel what was told of the sign-in that is in use now."""
    channel = _locked(session, channel_id)
    token, now = channel_tokens.in_use(session, channel_id), clock.now()
    if token is None:
        channel.token_state, channel.token_reason = channel_tokens.DEAD, channel_tokens.REMOVED
        return _dead(channel_tokens.REMOVED)
    asked = told.get(token.id)
    if asked is None or asked.sealed != token.sealed:
        return None
    channel.health, channel.checked_at = _facts(asked.health), now
    channel.data_access_until = asked.health.data_access_until
    session.flush()
    if asked.usable:
        # The cause is gone, by whatever means: a password was confirmed at the network, a role given back.
        channels.end_reconnect_holds(session, CLOCK, channel, now)
    return asked.health


def _locked(session: Session, channel_id: int) -> Channel:
    channel = session.get_one(Channel, channel_id)
    lock(session, channel)
    return channel


def _facts(health: Health) -> dict[str, object]:
    facts = asdict(health)
    for name in ("expires_at", "data_access_until"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    return facts
