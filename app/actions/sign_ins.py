"""Coming in and going out, and how often one may guess.

A password is checked between two short transactions, never inside one: `try_once` counts the try, the caller
checks the password, `begin` makes the sign-in and takes the count back.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.actions import history, tries
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Actor
from app.foundation import logs
from app.foundation.crypto import new_token, token_hash
from app.models.people import SignIn
from app.models.second_factors import HalfSignIn

MOST_TRIES = 10  # for one person
# A whole house may share one network address, and sign in at eight o'clock.
MOST_FROM = 60
TOO_MANY = "too_many_tries"
# Where somebody is who came in before: strangers who guess at the sign-in keep nobody out there.
WITHIN = "within "
AGENT_MOST = 200
SEEN_EVERY = timedelta(minutes=1)
OLD = timedelta(days=30)
_log = logs.get(__name__)


def try_once(session: Session, email: str, address: str, now: datetime, door: str = "") -> None:
    """Count one try for an e-mail address and for the network address that it comes from.

    `door`: where it is tried, if tries there shall keep nobody out elsewhere. Raises
    Conflict("too_many_tries", minutes=...) after ten within 15 minutes for the one, sixty for the other.
    """
    mine, place = _keys(email, address, door)
    try:
        tries.count(session, {mine: MOST_TRIES, place: MOST_FROM}, TOO_MANY, now)
    except Conflict:
        _log.warning("too many tries", address=address)
        raise


def wrong(code: str, field: str, person_id: int | None, address: str) -> Invalid:
    """What to raise for a wrong password or code, told to the log. `person_id`: whose, None if nobody's."""
    refused(code, person_id, address)
    return Invalid(code, field)


def refused(code: str, person_id: int | None, address: str) -> None:
    """Tell the log that somebody did not come in, and why; by number, where it is known who."""
    _log.warning("sign-in refused", reason=code, person=person_id, address=address)


def _keys(email: str, address: str, door: str = "") -> tuple[str, str]:
    """An e-mail only as its hash."""
    return f"{door}email:{token_hash(email.strip().lower())}", f"{door}from:{tries.place_of(address)}"


def forgive(session: Session, email: str, address: str, now: datetime, door: str = "") -> None:
    """Take a try back that was right: all of the e-mail address, one of the network address."""
    mine, place = _keys(email, address, door)
    tries.forget(session, mine)
    tries.take_back(session, place, now)


def set_out(session: Session, address: str, now: datetime) -> None:
    """Count somebody who leaves for the provider, until they are back (`come_back`).

    Raises Conflict("too_many_tries", minutes=...) after sixty within 15 minutes who are not back.
    """
    try:
        tries.count(session, {_way(address): MOST_FROM}, TOO_MANY, now)
    except Conflict:
        _log.warning("too many tries", address=address)
        raise


def come_back(session: Session, address: str, now: datetime) -> None:
    """Take somebody off the count who is back from the provider, signed in."""
    tries.take_back(session, _way(address), now)


def _way(address: str) -> str:
    return f"provider from:{tries.place_of(address)}"


def begin(session: Session, person_id: int, agent: str, now: datetime, how: str = "password") -> str:
    """A new sign-in of a person; the token is for the browser's cookie. `agent`: the browser's own name.

    `how`: the door they came in by (`SignIn.how`).
    """
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.seen_at < now - OLD))
    token = new_token()
    _log.info("signed in", person=person_id, how=how)
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
