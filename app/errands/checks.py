"""The daily check of every channel: is its sign-in good, what is missing, until when."""

from datetime import timedelta

from sqlalchemy import or_, select

from app.domain.networks import ChannelState, NetworkKind
from app.errands.connect import check
from app.errands.ground import Ground
from app.foundation import clock, logs
from app.models.channels import Channel

EVERY = timedelta(days=1)
_log = logs.get(__name__)


def check_old(ground: Ground) -> int:
    """Check the channels that were not checked for a day; returns how many."""
    with ground.database.reads() as session:
        due = session.scalars(
            select(Channel.id).where(
                Channel.state != ChannelState.CLOSED,
                Channel.network != NetworkKind.MANUAL,  # there is nobody to ask
                or_(Channel.checked_at.is_(None), Channel.checked_at < clock.now() - EVERY),
            )
        ).all()
    for channel_id in due:
        try:
            check(ground, channel_id)
        except Exception:  # noqa: BLE001 - logged with its trace, and the next channel has its turn
            _log.exception("channel not checked", channel=channel_id)
    return len(due)
