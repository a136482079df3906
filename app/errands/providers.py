"""Signing in at the OpenID provider, step by step; no session is open while it is asked."""

import secrets
from dataclasses import dataclass

from app.actions import identities, sign_ins
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
    """Who came back, from which way. `anew`: they were asked there who they are, after they had left here."""

    who: openid.Who
    run: Run
    anew: bool


def client_of(settings: Settings) -> openid.Client:
    """Who we are at the provider of the settings."""
    return openid.Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.address + CALLBACK,
    )


def depart(
    ground: Ground,
    onward: str,
    locale: str,
    address: str,
    *,
    person_id: int | None = None,
    sign_in_id: int | None = None,
) -> Departure:
    """Begin a way to the provider. `address`: the network address that the browser comes from.

    Somebody whose browser is locked, who shall show that it is them, or who links an account is asked for
    their password there anew; others choose an account, because a shared computer may still know that of a
    colleague. Raises Conflict("provider_down"), Conflict("too_many_tries").
    """
    now = clock.now()
    with ground.database.writes() as session:
        sign_ins.set_out(session, address, now)
    client = client_of(ground.settings)
    try:
        found = openid.provider(client.issuer)
    except openid.ProviderDown as trouble:
        _log.warning("provider", trouble=str(trouble))
        raise Conflict("provider_down") from None
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    run = Run(nonce, verifier, onward, now, person_id, sign_in_id)
    with ground.database.writes() as session:
        identities.begin(session, ground.keyring, run, state, browser)
    prompt = openid.ANEW if person_id or sign_in_id else openid.CHOOSE
    return Departure(openid.address(found, client, state, nonce, verifier, prompt, locale), browser)


def come_back(ground: Ground, browser: str, state: str, code: str, issuer: str) -> Return:
    """Who the provider says it is, for a state that this browser was given. `issuer`: as the answer names it.

    Raises Invalid: provider_state_gone, provider_declined (no code), provider_not_believed,
    provider_not_anew; Conflict("provider_down").
    """
    with ground.database.writes() as session:
        run = identities.take_back(session, ground.keyring, state, browser, clock.now())
    if not code:
        raise Invalid("provider_declined")
    client = client_of(ground.settings)
    try:
        who = openid.who(client, code, issuer, run.nonce, run.verifier, clock.now())
    except openid.ProviderDown as trouble:
        _log.warning("provider", trouble=str(trouble))
        raise Conflict("provider_down") from None
    except openid.NotBelieved as doubt:
        _log.warning("provider not believed", why=doubt.why)
        raise Invalid("provider_not_believed") from None
    return Return(who, run, _anew(who, run))


def _anew(who: openid.Who, run: Run) -> bool:
    """Whether they were asked after they left. Raises Invalid("provider_not_anew") where that was wanted.

    A provider that does not say when it asked may still vouch for an account that somebody links, who has
    just shown here that it is them; it can't show it for them.
    """
    anew = who.asked_at is not None and who.asked_at >= int(run.begun_at.timestamp()) - openid.SKEW
    linking = run.person_id is not None
    if not anew and (run.sign_in_id is not None or (linking and who.asked_at is not None)):
        raise Invalid("provider_not_anew")
    return anew


def way_out(ground: Ground, locale: str) -> str:
    """Where people sign out at the provider; empty when it has no such page, or does not answer."""
    client = client_of(ground.settings)
    try:
        return openid.way_out(openid.provider(client.issuer), client, locale) if client.issuer else ""
    except openid.ProviderDown as trouble:
        _log.warning("provider", trouble=str(trouble))
        return ""
