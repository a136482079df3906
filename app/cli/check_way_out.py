"""Whether calls reach Meta: through the proxy and with the certificates of the settings."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import select

from app.cli.findings import Finding
from app.connectors import http, registry
from app.domain.networks import Realm
from app.errands.ground import Ground
from app.foundation import outgoing
from app.models.meta_apps import MetaApp


def findings(ground: Ground, address: str = "") -> Iterator[Finding]:
    """Nothing where only the practice network is used; else whether anything answers at Meta.

    `address`: asked instead of Meta's.
    """
    settings = ground.settings
    with ground.database.reads() as session:
        has_app = settings.meta_app_id or session.scalar(select(MetaApp.unit_id).limit(1)) is not None
    if not has_app and not settings.https_proxy:
        return
    asked = address or registry.endpoint(settings, Realm.META).graph
    host = urlsplit(asked).hostname or ""
    # Without a name and a password that may stand in the proxy's address.
    way = urlsplit(outgoing.proxy_for(host)).netloc.rpartition("@")[2]
    through = f" through the proxy {way}" if way else ""
    try:
        http.shared().send("GET", asked)
    except (http.NeverSent, http.NoAnswer):
        yield Finding(
            False,
            f"{host} could not be reached{through}. Look at HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE, and "
            "whether the firewall lets it out: packaging/it-sheet.md names the addresses.",
        )
        return
    yield Finding(True, f"{host} answers{through}.")
