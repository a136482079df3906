"""Questions about a channel's numbers per day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.roles import Scope
from app.models.channel_days import ChannelDay
from app.queries.channels import channel


def days(session: Session, scope: Scope, channel_id: int, first: date, last: date) -> Sequence[ChannelDay]:
    """Days of a channel of a unit in scope, the newest first, without those never asked. Raises NotFound."""
    channel(session, scope, channel_id)
    return session.scalars(
        select(ChannelDay)
        .where(ChannelDay.channel_id == channel_id, ChannelDay.day >= first, ChannelDay.day <= last)
        .order_by(ChannelDay.day.desc())
    ).all()
