"""Housekeeping: what has served its time is deleted. History, attempts and readings never are."""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from app.errands.ground import Ground
from app.foundation import clock
from app.models.connections import Connection
from app.models.people import Failure, OneTimeLink, SignIn
from app.models.repeats import Repeat

KEYS_LIVE = timedelta(hours=48)


def clean(ground: Ground) -> None:
    """Delete old request keys, idle sign-ins, dead links and counters; blot out tokens that nobody chose."""
    now = clock.now()
    idle = now - timedelta(minutes=ground.settings.session_idle_minutes)
    with ground.database.writes() as session:
        session.execute(
            update(Connection)
            .where(Connection.sealed.is_not(None), Connection.returned_at < now - timedelta(minutes=15))
            .values(sealed=None)
        )
        session.execute(delete(Repeat).where(Repeat.created_at < now - KEYS_LIVE))
        session.execute(delete(Failure).where(Failure.window_at < now - timedelta(days=1)))
        session.execute(delete(SignIn).where(SignIn.seen_at < idle))
        session.execute(
            delete(OneTimeLink).where(
                or_(OneTimeLink.expires_at < now, OneTimeLink.spent_at.is_not(None)),
                OneTimeLink.expires_at < now - timedelta(days=30),
            )
        )
