"""Questions about channel tokens: whose sign-ins a channel has, and which channels a person's keep going."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Scope
from app.foundation.database import AnyRow
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.people import Person


class TokenOf(NamedTuple):
    """A person's token for a channel. `others`: how many other people's work there; with none the channel
    stands still once this one goes."""

    token_id: int
    channel_id: int
    channel: str
    network: NetworkKind
    realm: Realm
    unit_id: int
    in_use: bool
    state: str
    given_at: datetime
    others: int


def of_channel(session: Session, scope: Scope, channel_id: int) -> Sequence[AnyRow]:
    """The tokens of a channel in scope with who gave each, the one in use first, then the newest."""
    return session.execute(
        select(
            ChannelToken.id,
            ChannelToken.person_id,
            ChannelToken.remote_person,
            ChannelToken.app_id,
            ChannelToken.state,
            ChannelToken.reason,
            ChannelToken.in_use,
            ChannelToken.given_at,
            ChannelToken.checked_at,
            ChannelToken.ended_at,
            ChannelToken.expires_at,
            ChannelToken.data_access_until,
            func.coalesce(Person.name, "").label("person"),
            func.coalesce(Person.active, False).label("active"),
        )
        .join(Channel, Channel.id == ChannelToken.channel_id)
        .outerjoin(Person, Person.id == ChannelToken.person_id)
        .where(ChannelToken.channel_id == channel_id, Channel.unit_id.in_(scope.units))
        .order_by(ChannelToken.in_use.desc(), ChannelToken.given_at.desc(), ChannelToken.id)
    ).all()


def tokens_of(session: Session, scope: Scope, person_id: int) -> list[TokenOf]:
    """What a person's leaving takes away: their tokens for channels in scope that are not closed, by name."""
    other = aliased(ChannelToken)
    others = (
        select(func.count(other.id))
        .where(other.channel_id == Channel.id, other.id != ChannelToken.id, other.state == "ok")
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ChannelToken.id, Channel.id, Channel.name, Channel.network, Channel.realm, Channel.unit_id,
            ChannelToken.in_use, ChannelToken.state, ChannelToken.given_at, others,
        )
        .join(Channel, Channel.id == ChannelToken.channel_id)
        .where(
            ChannelToken.person_id == person_id,
            Channel.unit_id.in_(scope.units),
            Channel.state != ChannelState.CLOSED,
        )
        .order_by(Channel.name, Channel.id)
    )  # fmt: skip
    return [TokenOf(*row) for row in rows]
