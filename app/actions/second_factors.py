"""The second factor: setting it up, asking for it, and taking it away.

Whatever is slow (hashing recovery codes) is done by the caller between two transactions: `digest` before
`spend`, `new_codes` before `confirm`.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.actions import history, links, people, sign_ins
from app.actions.inputs import PASSWORD_MOST, Input
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.roles import Actor
from app.foundation import authenticators, logs
from app.foundation.crypto import CannotOpen, Keyring, hash_code, new_token, token_hash
from app.models.installations import Installation
from app.models.notices import Mail
from app.models.people import Person
from app.models.second_factors import HalfSignIn, RecoveryCode, SecondFactor
from app.words import mails

HALF = timedelta(minutes=10)
CODES = 10
_LENGTH, _GROUP = 12, 4  # signs: 60 bits
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_DIGITS = 6
CODE_MOST = 40
_log = logs.get(__name__)


class CodeInput(Input):
    """A code of the app, or one of the recovery codes; blanks and dashes don't count."""

    code: str = Field(min_length=1, max_length=CODE_MOST, repr=False)


class Beginning(Input):
    """Whose wish it is to set one up: the password, where the sign-in is not fresh."""

    current: str | None = Field(default=None, max_length=PASSWORD_MOST, repr=False)


class Removal(Input):
    """What takes it away: the password and a code."""

    current: str = Field(default="", max_length=PASSWORD_MOST, repr=False)
    code: str = Field(min_length=1, max_length=CODE_MOST, repr=False)


def begin(session: Session, actor: Actor, keys: Keyring, now: datetime) -> None:
    """A secret that waits for its first code; one of the last ten minutes stays, so that two windows show
    the same picture and either takes its code. An older one, or one that can't be opened, gives way.

    Raises Conflict where one is in use.
    """
    person_id = _own(actor)
    # Two windows may begin at once: where there is no row yet, the person's makes one wait for the other.
    session.get_one(Person, person_id, with_for_update=True)
    row = session.get(SecondFactor, person_id, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("second_factor_there")
    if row is not None and now - row.created_at <= HALF and _opens(keys, row):
        return
    if row is None:
        row = SecondFactor(person_id=person_id, created_at=now, last_step=0)
        session.add(row)
    row.sealed = keys.seal(authenticators.new_secret(), f"second_factors:{person_id}")
    row.salt, row.created_at = secrets.token_hex(16), now
    session.flush()


def _opens(keys: Keyring, row: SecondFactor) -> bool:
    try:
        return bool(keys.open(row.sealed, row.place))
    except CannotOpen:
        return False


def new_codes() -> list[str]:
    """Ten recovery codes to be shown once: "ABCD-EFGH-JKLM"."""
    return ["-".join(_group() for _ in range(_LENGTH // _GROUP)) for _ in range(CODES)]


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))


def plain(typed: str) -> str:
    """A code as it counts: capitals and digits alone."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def is_of_app(typed: str) -> bool:
    """Whether this is what an app shows, and no recovery code."""
    code = plain(typed)
    return len(code) == _DIGITS and code.isascii() and code.isdigit()


def digest(typed: str, salt: str) -> str:
    """What a recovery code is compared by; empty for a code of the app. Takes some hundredths of a second."""
    return "" if is_of_app(typed) or not salt else hash_code(plain(typed), salt)


def digests(codes: Sequence[str], salt: str) -> list[str]:
    """What is stored of new codes."""
    return [hash_code(plain(code), salt) for code in codes]


def confirm(
    session: Session, actor: Actor, keys: Keyring, typed: str, hashes: Sequence[str], now: datetime
) -> None:
    """The second factor counts from now on: the app showed that it has the secret. `hashes`: of new codes.

    Every other sign-in of the person ends at their next one by itself; those that are open stay. Raises
    NotFound without a beginning, or when it was sealed by keys that are gone since (one begins anew),
    Conflict when it counts already, Invalid("code_wrong").
    """
    row = session.get(SecondFactor, _own(actor), with_for_update=True)
    if row is None:
        raise NotFound
    if row.confirmed_at is not None:
        raise Conflict("second_factor_there")
    try:
        secret = keys.open(row.sealed, row.place)
    except CannotOpen:
        raise NotFound from None
    step = authenticators.step_of(secret, plain(typed), now) if is_of_app(typed) else None
    if step is None:
        raise Invalid("code_wrong", "code")
    row.confirmed_at = row.used_at = now
    row.last_step = step
    _keep(session, row.person_id, hashes)
    history.record(session, actor, "person", row.person_id, "second_factor_set", now=now)


def renew_codes(session: Session, actor: Actor, hashes: Sequence[str], now: datetime) -> None:
    """Ten other recovery codes; the old ones are void. Raises NotFound without a second factor."""
    row = session.get(SecondFactor, _own(actor), with_for_update=True)
    if row is None or row.confirmed_at is None:
        raise NotFound
    _keep(session, row.person_id, hashes)
    history.record(session, actor, "person", row.person_id, "recovery_codes_made", now=now)


def _keep(session: Session, person_id: int, hashes: Sequence[str]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(RecoveryCode(person_id=person_id, code_hash=one) for one in hashes)
    session.flush()


def spend(session: Session, actor: Actor, keys: Keyring, typed: str, digested: str, now: datetime) -> None:
    """Nothing, when the code is good: it never is again. `digested`: what `digest` made of it.

    Raises Invalid("code_wrong"), also for a code that was used before, and for every code of an app whose
    secret was sealed by keys that are not here: a recovery code still works then, or an administrator helps.
    """
    row = session.get(SecondFactor, _own(actor))
    if row is None or row.confirmed_at is None:
        raise Invalid("code_wrong", "code")
    good = (
        _spend_step(session, row, keys, typed, now)
        if is_of_app(typed)
        else _spend_recovery(session, actor, row, digested, now)
    )
    if not good:
        raise Invalid("code_wrong", "code")


def _spend_step(session: Session, row: SecondFactor, keys: Keyring, typed: str, now: datetime) -> bool:
    """One UPDATE decides, so that of two that come with the same code only one comes in."""
    try:
        secret = keys.open(row.sealed, row.place)
    except CannotOpen:
        _log.error("second factor sealed by keys that are not here", person=row.person_id)
        return False
    step = authenticators.step_of(secret, plain(typed), now)
    if step is None:
        return False
    later = (SecondFactor.person_id == row.person_id) & (SecondFactor.last_step < step)
    return _changed(session, update(SecondFactor).where(later).values(last_step=step, used_at=now))


def _spend_recovery(session: Session, actor: Actor, row: SecondFactor, digested: str, now: datetime) -> bool:
    mine = (RecoveryCode.person_id == row.person_id) & (RecoveryCode.code_hash == digested)
    spent = update(RecoveryCode).where(mine, RecoveryCode.spent_at.is_(None)).values(spent_at=now)
    if not digested or not _changed(session, spent):
        return False
    history.record(session, actor, "person", row.person_id, "recovery_code_used", now=now)
    return True


def _changed(session: Session, statement: object) -> bool:
    result = session.execute(statement)  # type: ignore[call-overload]  # an UPDATE
    assert isinstance(result, CursorResult)
    return bool(result.rowcount)


def remove(session: Session, actor: Actor, now: datetime) -> None:
    """Take one's own second factor away; password and code were checked by the caller. Raises NotFound."""
    _drop(session, actor, _own(actor), now)


def remove_for(
    session: Session, actor: Actor, person_id: int, now: datetime, address: str, tell: bool
) -> Person:
    """Take it away from somebody who lost phone and codes; they are told by mail where mail is set up.

    For those who could make the person a sign-in link: with such a link and without a second factor one
    comes in. Raises NotFound, Forbidden (also for oneself). `address`: of our pages.
    """
    if person_id == actor.person_id:
        raise Forbidden("second_factor_own")
    person = people.governed(session, actor, person_id)
    _drop(session, actor, person.id, now)
    if tell:
        words = mails.second_factor_removed(person.name, actor.name, person.locale, address)
        session.add(
            Mail(
                person_id=person.id,
                made_by=session.scalar(select(Installation.key)) or "",
                locale=person.locale,
                subject=words.subject,
                text=words.text,
                html=words.html,
                created_at=now,
                next_at=now,
            )
        )
    return person


def _drop(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    row = session.get(SecondFactor, person_id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        raise NotFound
    for model in (RecoveryCode, HalfSignIn):
        session.execute(delete(model).where(model.person_id == person_id))
    session.delete(row)
    history.record(session, actor, "person", person_id, "second_factor_removed", now=now)


def begin_half(session: Session, person_id: int, how: str, now: datetime) -> str:
    """The token of somebody whose code is still asked for; for the browser's cookie."""
    old = (HalfSignIn.person_id == person_id) & (HalfSignIn.expires_at <= now)
    session.execute(delete(HalfSignIn).where(old))
    token = new_token()
    half = HalfSignIn(person_id=person_id, token_hash=token_hash(token), how=how, expires_at=now + HALF)
    session.add(half)
    session.flush()
    return token


def finish_half(session: Session, token: str, agent: str, now: datetime) -> str:
    """The token of a whole sign-in for a half one, which is spent. Raises NotFound for one that is gone."""
    spent = session.execute(
        delete(HalfSignIn)
        .where(HalfSignIn.token_hash == token_hash(token), HalfSignIn.expires_at > now)
        .returning(HalfSignIn.person_id)
    ).scalar_one_or_none()
    person = session.get(Person, spent) if spent is not None else None
    if person is None or not person.active:
        raise NotFound(links.GONE)
    return sign_ins.begin(session, person.id, agent, now, "code")


def _own(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id
