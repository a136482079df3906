"""Signing in at the OpenID provider, step by step; no session is open while it is asked."""

import secrets
from dataclasses import dataclass

from app.actions import identities
from app.actions.identities import Run
from app.connectors import openid
from app.domain.errors import Conflict, Invalid
from app.errands.ground import Ground
from app.foundation import clock, logs
from app.foundation.settings import Settings

CALLBACK = "/sign-in/provider/callback"
_log = logs.get(__name__)


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and the cookie value that binds it to its return."""

    address: str
    browser: str


@dataclass(frozen=True)
class Return:
    """Who came back, from which way."""

    who: openid.Who
    run: Run


def client_of(settings: Settings) -> openid.Client:
    """Who we are at the provider of the settings."""
    return openid.Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.address + CALLBACK,
    )


def depart(
    ground: Ground, onward: str, locale: str, *, person_id: int | None = None, locked_id: int | None = None
) -> Departure:
    """Begin a way to the provider. Raises Conflict("provider_down").

    Somebody whose browser is locked, or who links an account, is asked for their password there anew; others
    choose an account, because a shared computer may still know that of a colleague.
    """
    client = client_of(ground.settings)
    try:
        found = openid.provider(client.issuer)
    except openid.ProviderDown as trouble:
        _log.warning("provider", trouble=str(trouble))
        raise Conflict("provider_down") from None
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    run = Run(nonce, verifier, onward, person_id, locked_id)
    with ground.database.writes() as session:
        identities.begin(session, ground.keyring, run, state, browser, clock.now())
    prompt = "login" if person_id or locked_id else "select_account"
    return Departure(openid.address(found, client, state, nonce, verifier, prompt, locale), browser)


def come_back(ground: Ground, browser: str, state: str, code: str, issuer: str) -> Return:
    """Who the provider says it is, for a state that this browser was given. `issuer`: as the answer names it.

    Raises Invalid: provider_state_gone, provider_declined (no code), provider_not_believed; Conflict
    ("provider_down").
    """
    with ground.database.writes() as session:
        run = identities.take_back(session, ground.keyring, state, browser, clock.now())
    if not code:
        raise Invalid("provider_declined")
    client = client_of(ground.settings)
    try:
        return Return(openid.who(client, code, issuer, run.nonce, run.verifier, clock.now()), run)
    except openid.ProviderDown as trouble:
        _log.warning("provider", trouble=str(trouble))
        raise Conflict("provider_down") from None
    except openid.NotBelieved as doubt:
        _log.warning("provider not believed", why=doubt.why)
        raise Invalid("provider_not_believed") from None
