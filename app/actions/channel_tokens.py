"""Channel tokens: given, found dead, taken over by another person's, taken away.

Of the tokens that work the newest is in use. Whenever one comes, dies or goes, the choice is made anew.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.errors import Forbidden, NotFound
from app.domain.roles import Actor, Right
from app.foundation import clock
from app.foundation.database import is_id
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.queries import channels as questions

OK, DEAD = "ok", "dead"
REMOVED = "token_removed"
OTHER_APP = "app_changed"


def give(
    session: Session,
    actor: Actor,
    channel: Channel,
    sealed: str,
    now: datetime,
    remote_person: str = "",
) -> ChannelToken:
    """A person's new token for a channel, in the place of the one that they gave before; it is in use now."""
    held = select(ChannelToken).where(
        ChannelToken.channel_id == channel.id, ChannelToken.person_id.is_not_distinct_from(actor.person_id)
    )
    token = session.scalar(held)
    if token is None:
        token = ChannelToken(channel_id=channel.id, person_id=actor.person_id, in_use=False)
        session.add(token)
    token.sealed, token.app_id, token.given_at = sealed, channel.app_id, now
    token.state, token.reason, token.remote_person = OK, "", remote_person
    token.checked_at = token.ended_at = token.expires_at = token.data_access_until = None
    session.flush()
    choose(session, channel.id)
    return token


def in_use(session: Session, channel_id: int) -> ChannelToken | None:
    """The token that a channel speaks with; None when nobody has given one."""
    return session.scalar(
        select(ChannelToken).where(ChannelToken.channel_id == channel_id, ChannelToken.in_use)
    )


def choose(session: Session, channel_id: int) -> ChannelToken | None:
    """Take the newest token that works into use. When none works, the one in use stays."""
    rows = session.scalars(
        select(ChannelToken)
        .where(ChannelToken.channel_id == channel_id)
        .order_by(ChannelToken.given_at.desc(), ChannelToken.id.desc())
    ).all()
    now = next((row for row in rows if row.in_use), None)
    chosen = next((row for row in rows if row.state == OK), None) or now or next(iter(rows), None)
    if chosen is now or chosen is None:
        return now
    if now is not None:
        now.in_use = False
        session.flush()
    chosen.in_use = True
    session.flush()
    return chosen


def died(
    session: Session, actor: Actor, channel: Channel, token: ChannelToken, reason: str, now: datetime
) -> bool:
    """A token no longer works. True when another person's took over: then the channel goes on with it."""
    was_in_use = token.in_use
    if token.state != DEAD:
        token.state, token.ended_at = DEAD, now
    token.reason = reason
    session.flush()
    if not was_in_use:
        return True
    taken = choose(session, channel.id)
    if taken is None or taken.id == token.id:
        return False
    speak_with(channel, taken)
    history.record(
        session, actor, "channel", channel.id, "sign_in_taken_over",
        unit_id=channel.unit_id, now=now, reason=reason, by=taken.person_id, of=token.person_id,
    )  # fmt: skip
    return True


def speak_with(channel: Channel, token: ChannelToken, is_new: bool = True) -> None:
    """Note at the channel what holds for the token in use; `is_new`: another was in use before."""
    channel.token_state, channel.token_reason = token.state, token.reason
    channel.data_access_until = token.data_access_until
    if is_new:
        channel.health = {}  # that of another token says nothing of this one; the next check tells


def remove(session: Session, actor: Actor, channel_id: int, token_id: int) -> Channel:
    """Take a token away: one's own, or anybody's with the right to look after channels. It can't be undone.

    When it was the last that works, the channel stands until somebody connects it again. Raises NotFound,
    Forbidden.
    """
    token = session.get(ChannelToken, token_id) if is_id(token_id) else None
    if token is None or token.channel_id != channel_id:
        raise NotFound
    channel = questions.channel(session, actor.scope, channel_id)
    mine = token.person_id is not None and token.person_id == actor.person_id
    if not mine and not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    now, was_in_use, person_id = clock.now(), token.in_use, token.person_id
    session.delete(token)
    session.flush()
    taken = choose(session, channel_id) if was_in_use else in_use(session, channel_id)
    if was_in_use and taken is not None:
        speak_with(channel, taken)
    elif taken is None:
        channel.token_state, channel.token_reason = DEAD, REMOVED
    history.record(
        session, actor, "channel", channel.id, "token_removed",
        unit_id=channel.unit_id, now=now, of=person_id, left=_count(session, channel_id),
    )  # fmt: skip
    return channel


def _count(session: Session, channel_id: int) -> int:
    rows = select(ChannelToken.id).where(ChannelToken.channel_id == channel_id, ChannelToken.state == OK)
    return len(session.scalars(rows).all())


def end_others(session: Session, channel: Channel, now: datetime) -> None:
    """Tokens that belong to another app than the channel's are of no use any more."""
    session.execute(
        update(ChannelToken)
        .where(
            ChannelToken.channel_id == channel.id,
            ChannelToken.app_id != channel.app_id,
            ChannelToken.state == OK,
        )
        .values(state=DEAD, reason=OTHER_APP, ended_at=now),
        execution_options={"synchronize_session": "fetch"},
    )
