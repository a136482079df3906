"""Coming in and going out, and how often one may guess.

A password is checked between two short transactions, never inside one: `try_once` counts the try, the caller
checks the password, `begin` makes the sign-in and takes the count back.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.errors import Conflict, NotFound
from app.domain.roles import Actor
from app.foundation.crypto import new_token, token_hash
from app.models.people import Failure, SignIn
from app.models.second_factors import HalfSignIn

MOST_TRIES = 10
WINDOW = timedelta(minutes=15)
AGENT_MOST = 200
SEEN_EVERY = timedelta(minutes=1)
OLD = timedelta(days=30)


def try_once(session: Session, email: str, address: str, now: datetime) -> None:
    """Count one try for an e-mail address and for the network address that it comes from.

    Raises Conflict("too_many_tries", minutes=...) after ten within 15 minutes for either of them.
    """
    session.execute(delete(Failure).where(Failure.window_at <= now - WINDOW))
    for key in _keys(email, address):
        tries, oldest = session.execute(
            select(func.coalesce(func.sum(Failure.count), 0), func.min(Failure.window_at)).where(
                Failure.key == key
            )
        ).one()
        if tries >= MOST_TRIES:
            wait = oldest + WINDOW - now
            raise Conflict("too_many_tries", minutes=max(1, -(-int(wait.total_seconds()) // 60)))
    for key in _keys(email, address):
        _count(session, key, now.replace(second=0, microsecond=0))


def _count(session: Session, key: str, minute: datetime) -> None:
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    session.execute(
        insert(Failure)
        .values(key=key, window_at=minute, count=1)
        .on_conflict_do_update(index_elements=["key", "window_at"], set_={"count": Failure.count + 1})
    )


def _keys(email: str, address: str) -> tuple[str, str]:
    """An e-mail only as its hash; of an IPv6 address the network, because one household has very many."""
    try:
        ip = ip_address(address)
        place = str(IPv6Address(int(ip) >> 64 << 64)) if isinstance(ip, IPv6Address) else str(ip)
    except ValueError:
        place = address[:60]
    return f"email:{token_hash(email.strip().lower())}", f"from:{place}"


def forgive(session: Session, email: str, address: str, now: datetime) -> None:
    """Take a try back that was right: all of the e-mail address, one of the network address."""
    mine, place = _keys(email, address)
    session.execute(delete(Failure).where(Failure.key == mine))
    session.execute(
        update(Failure)
        .where(
            Failure.key == place,
            Failure.count > 0,
            Failure.window_at
            == select(func.max(Failure.window_at))
            .where(Failure.key == place, Failure.window_at <= now)
            .scalar_subquery(),
        )
        .values(count=Failure.count - 1)
    )


def begin(session: Session, person_id: int, agent: str, now: datetime, how: str = "password") -> str:
    """A new sign-in of a person; the token is for the browser's cookie. `agent`: the browser's own name.

    `how`: the door they came in by (`SignIn.how`).
    """
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.seen_at < now - OLD))
    token = new_token()
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=token_hash(token),
            csrf=new_token(),
            agent=agent[:AGENT_MOST],
            how=how,
            created_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def see(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note that a sign-in was used; at most once a minute, whoever asks."""
    session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at <= now - SEEN_EVERY).values(seen_at=now)
    )


def unlock(session: Session, sign_in_id: int, now: datetime) -> str:
    """The browser is in use again, with a new token: whoever had the old one has nothing. Raises NotFound.

    The secret of its forms stays, so that pages that stand open elsewhere can still be sent.
    """
    token = new_token()
    found = session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id)
        .values(token_hash=token_hash(token), seen_at=now)
        .returning(SignIn.id)
    ).first()
    if found is None:
        raise NotFound
    return token


def end(session: Session, sign_in_id: int) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def end_all(session: Session, actor: Actor, person_id: int, now: datetime, but: int | None = None) -> None:
    """Sign a person out everywhere, `but` for one sign-in."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.id != (but or 0)))
    session.execute(delete(HalfSignIn).where(HalfSignIn.person_id == person_id))
    history.record(session, actor, "person", person_id, "signed_out_everywhere", now=now)
