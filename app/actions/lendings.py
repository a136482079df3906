"""Addresses under which networks fetch pictures, taken back when their publication shall not go out now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models.assets import Lending


def revoke(session: Session, publication_ids: Collection[int], now: datetime) -> None:
    """Lend these publications' pictures to nobody any more. What is laid ready later lends them anew."""
    session.execute(
        update(Lending)
        .where(Lending.publication_id.in_(publication_ids), Lending.revoked_at.is_(None))
        .values(revoked_at=now)
    )
