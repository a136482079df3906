"""Whether the OpenID provider of the settings is there, and is the one that they name."""

from collections.abc import Iterator

from app.cli.findings import Finding
from app.connectors import openid
from app.errands.providers import CALLBACK
from app.foundation.settings import Settings

_MANY = ("common", "organizations", "consumers")  # Microsoft's addresses for tenants of everybody


def findings(settings: Settings) -> Iterator[Finding]:
    """Nothing where no provider is set; else whether its discovery address answers as it should."""
    if not settings.oidc_issuer:
        return
    if settings.oidc_issuer.removesuffix("/v2.0").endswith(_MANY):
        yield Finding(
            False, "OIDC_ISSUER is of all tenants. Put the id of your own there: README, Work accounts."
        )
        return
    try:
        openid.provider(settings.oidc_issuer)
    except openid.ProviderDown as trouble:
        yield Finding(
            False,
            f"{settings.oidc_issuer}{openid.WELL_KNOWN}: {trouble}. Is OIDC_ISSUER right, the way out open?",
        )
        return
    back = settings.address + CALLBACK
    yield Finding(True, f"People can sign in with {settings.oidc_issuer}. It must know the address {back}")
    if settings.oidc_trust_emails:
        yield Finding(
            True, "Its e-mail addresses are believed (OIDC_TRUST_EMAILS): its administrators give them out."
        )
