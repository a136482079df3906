"""Who a person is at the OpenID provider: known once linked, linked by a verified address or by themselves.

**When an account is linked by its e-mail address alone.** Whoever controls such an address at the provider
gets the person's account here. So all of this must hold, else the person signs in as before and links the
account in their settings:

- the provider says that the address is verified (`email_verified`, at Microsoft `xms_edov`), or the operator
  says that its addresses can be believed (OIDC_TRUST_EMAILS): right for the tenant of one's own municipality,
  where its administrators give out addresses, wrong for a provider where people enter addresses themselves;
- the issuer is the one of the settings, exactly: a provider of many tenants has no issuer of its own, so
  nobody comes in from a tenant that they made themselves;
- an active person has exactly this address, and no account of this provider yet: an address that was given to
  a successor does not open the account of who had it before;
- the person has no second factor here: what they protected with a phone is not opened by an address.

From then on the pair of issuer and subject counts, and no address. People are never made by signing in.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.actions import history, people
from app.connectors.openid import Who
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Actor, Scope
from app.foundation.crypto import CannotOpen, Keyring, token_hash
from app.models.identities import Identity, ProviderRun
from app.models.people import BY_PROVIDER, Person, SignIn
from app.models.second_factors import SecondFactor

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Run:
    """What a way to the provider and back needs. `onward`: the page to go on to. `begun_at`: UTC.

    `person_id`: who is signed in and wants to link the account that comes back.
    `sign_in_id`: the sign-in whose person shall show that it is them: it is locked, or it is not fresh.
    """

    nonce: str
    verifier: str
    onward: str
    begun_at: datetime
    person_id: int | None = None
    sign_in_id: int | None = None


def begin(session: Session, keys: Keyring, run: Run, state: str, browser: str) -> None:
    """Remember a way to the provider. `state` goes there and back, `browser` is the cookie's value."""
    session.execute(delete(ProviderRun).where(ProviderRun.expires_at <= run.begun_at))
    name = token_hash(state)
    written = json.dumps([run.nonce, run.verifier, run.onward, run.sign_in_id])
    session.add(
        ProviderRun(
            state_hash=name,
            browser_hash=token_hash(browser),
            person_id=run.person_id,
            sealed=keys.seal(written, _place(name)),
            expires_at=run.begun_at + GOOD_FOR,
        )
    )
    session.flush()


def take_back(session: Session, keys: Keyring, state: str, browser: str, now: datetime) -> Run:
    """What was remembered; it is spent, once, by the browser that began it. Raises
    Invalid("provider_state_gone").
    """
    name = token_hash(state)
    row = session.execute(
        delete(ProviderRun)
        .where(
            ProviderRun.state_hash == name,
            ProviderRun.browser_hash == token_hash(browser),
            ProviderRun.expires_at > now,
        )
        .returning(ProviderRun.sealed, ProviderRun.person_id, ProviderRun.expires_at)
    ).first()
    if row is None:
        raise Invalid("provider_state_gone")
    try:
        nonce, verifier, onward, sign_in_id = json.loads(keys.open(row.sealed, _place(name)))
    except CannotOpen:
        raise Invalid("provider_state_gone") from None
    return Run(nonce, verifier, onward, row.expires_at - GOOD_FOR, row.person_id, sign_in_id)


def _place(state_hash: str) -> str:
    return f"provider_runs:{state_hash}"


def person_of(session: Session, who: Who, trust_emails: bool, now: datetime) -> int:
    """The id of the person who comes in; linked by their address where that is safe (see above).

    Raises Conflict: provider_nobody, provider_unverified, provider_link_first.
    """
    known = session.scalar(
        select(Identity).where(Identity.issuer == who.issuer, Identity.subject == who.subject)
    )
    if known is not None:
        if not session.get_one(Person, known.person_id).active:
            raise Conflict("provider_nobody", email=who.email)
        known.used_at = now
        return known.person_id
    if not who.email:
        raise Conflict("provider_no_email")
    if not (who.verified or trust_emails):
        raise Conflict("provider_unverified", email=who.email)
    return _link_by_email(session, who, now)


def _link_by_email(session: Session, who: Who, now: datetime) -> int:
    person = session.scalar(select(Person).where(Person.email == who.email, Person.active).with_for_update())
    if person is None or _has_account(session, person.id, who.issuer):
        raise Conflict("provider_nobody", email=who.email)
    confirmed = SecondFactor.confirmed_at.is_not(None)
    if session.scalar(select(SecondFactor.person_id).where(SecondFactor.person_id == person.id, confirmed)):
        raise Conflict("provider_link_first")
    _link(session, Actor(person.id, Scope(), person.name, person.locale), who, now)
    return person.id


def _has_account(session: Session, person_id: int, issuer: str) -> bool:
    mine = select(Identity.id).where(Identity.person_id == person_id, Identity.issuer == issuer)
    return session.scalar(mine) is not None


def _link(session: Session, actor: Actor, who: Who, now: datetime) -> None:
    assert actor.person_id is not None
    session.add(
        Identity(
            person_id=actor.person_id, issuer=who.issuer, subject=who.subject, linked_at=now, used_at=now
        )
    )
    try:
        session.flush()
    except IntegrityError:  # a moment ago, in another window
        raise Conflict("provider_taken") from None
    history.record(session, actor, "person", actor.person_id, "account_linked", now=now)


def link(session: Session, actor: Actor, who: Who, now: datetime) -> None:
    """Link the account to the person who is signed in. Raises Conflict("provider_taken")."""
    taken = select(Identity.person_id).where(Identity.issuer == who.issuer, Identity.subject == who.subject)
    owner = session.scalar(taken)
    if owner == actor.person_id and owner is not None:
        return
    if owner is not None or actor.person_id is None or _has_account(session, actor.person_id, who.issuer):
        raise Conflict("provider_taken")
    _link(session, actor, who, now)


def unlink(session: Session, actor: Actor, now: datetime) -> None:
    """Take one's own links away. Raises NotFound; Conflict("provider_only") without a password to come by."""
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotFound
    if person.password_hash is None:
        raise Conflict("provider_only")
    _unlink(session, actor, person.id, now)


def unlink_for(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Take away the links of somebody about whom the actor may decide. Raises NotFound, Forbidden.

    Whoever came in by them is signed out: the account may be somebody else's by now.
    """
    person = people.governed(session, actor, person_id)
    _unlink(session, actor, person.id, now)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.how.in_(BY_PROVIDER)))


def _unlink(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    gone = session.scalars(
        delete(Identity).where(Identity.person_id == person_id).returning(Identity.id)
    ).all()
    if not gone:
        raise NotFound
    history.record(session, actor, "person", person_id, "account_unlinked", now=now)
