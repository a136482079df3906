"""How often something may be tried: counted by a key and the minute, over a quarter of an hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.models.people import Failure

WINDOW = timedelta(minutes=15)
_ADDRESS_MOST = 60  # signs of what is no network address


def count(session: Session, limits: Mapping[str, int], code: str, now: datetime) -> None:
    """Count one try for each key of `limits`, which says how many tries each may have.

    Raises Conflict(`code`, minutes=...), and counts none, when one of them had as many already.
    """
    session.execute(delete(Failure).where(Failure.window_at <= now - WINDOW))
    for key, most in limits.items():
        tries, oldest = session.execute(
            select(func.coalesce(func.sum(Failure.count), 0), func.min(Failure.window_at)).where(
                Failure.key == key
            )
        ).one()
        if tries >= most:
            wait = oldest + WINDOW - now
            raise Conflict(code, minutes=max(1, -(-int(wait.total_seconds()) // 60)))
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    minute = now.replace(second=0, microsecond=0)
    for key in limits:
        session.execute(
            insert(Failure)
            .values(key=key, window_at=minute, count=1)
            .on_conflict_do_update(index_elements=["key", "window_at"], set_={"count": Failure.count + 1})
        )


def forget(session: Session, key: str) -> None:
    """Take all tries of a key back."""
    session.execute(delete(Failure).where(Failure.key == key))


def take_back(session: Session, key: str, now: datetime) -> None:
    """Take the latest try of a key back that still counts."""
    counts = Failure.key == key, Failure.count > 0
    latest = select(func.max(Failure.window_at)).where(*counts, Failure.window_at <= now).scalar_subquery()
    session.execute(
        update(Failure).where(*counts, Failure.window_at == latest).values(count=Failure.count - 1)
    )


def place_of(address: str) -> str:
    """A network address as it is counted: of IPv6 the network, because one household has very many."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:_ADDRESS_MOST]
    return str(IPv6Address(int(ip) >> 64 << 64)) if isinstance(ip, IPv6Address) else str(ip)
