"""Which networks there are, and where their servers stand in each realm."""

from functools import cache

from app.connectors.contract import Endpoint, Network, Profile
from app.connectors.facebook.network import Facebook
from app.domain.networks import NetworkKind, Realm
from app.foundation.settings import Settings

_NETWORKS = {NetworkKind.FACEBOOK: Facebook}


@cache
def network(kind: NetworkKind) -> Network:
    """The network of a kind, over the process's shared wire."""
    return _NETWORKS[kind]()


def profiles() -> tuple[Profile, ...]:
    """What each network is and can do, in the order they are offered."""
    return tuple(network(kind).profile for kind in _NETWORKS)


def endpoint(settings: Settings, realm: Realm) -> Endpoint:
    """The servers of a realm: Meta's, or the practice network's as we and as browsers reach it."""
    version = settings.graph_api_version
    if realm is Realm.PRACTICE:
        return Endpoint(realm, settings.practice_address, settings.practice_public_address, version)
    return Endpoint(realm, "https://graph.facebook.com", "https://www.facebook.com", version)
