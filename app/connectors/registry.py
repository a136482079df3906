"""Which networks there are, and where their servers stand in each realm."""

from functools import cache

from app.connectors.contract import Endpoint, Network
from app.connectors.facebook.network import Facebook
from app.connectors.instagram.network import Instagram
from app.connectors.manual.network import Manual
from app.connectors.profiles import Profile
from app.domain.networks import NetworkKind, Realm
from app.foundation.settings import Settings

_NETWORKS: dict[NetworkKind, type[Network]] = {
    NetworkKind.FACEBOOK: Facebook,
    NetworkKind.INSTAGRAM: Instagram,
    NetworkKind.MANUAL: Manual,
}


@cache
def network(kind: NetworkKind) -> Network:
    """The network of a kind, over the process's shared wire."""
    return _NETWORKS[kind]()


def profiles() -> tuple[Profile, ...]:
    """What each network is and can do, in the order they are offered."""
    return tuple(network(kind).profile for kind in _NETWORKS)


def profiles_called() -> tuple[Profile, ...]:
    """The profiles of networks that are called, without those where a person posts by hand."""
    return tuple(profile for profile in profiles() if not profile.by_hand)


def sign_in_scopes(kind: NetworkKind) -> tuple[str, ...]:
    """The permissions that signing in at a network asks for: its own, and those of all that it serves too."""
    served = [profile for profile in profiles() if kind in (profile.kind, profile.signs_in_with)]
    return tuple(dict.fromkeys(scope for profile in served for scope in profile.scopes))


def endpoint(settings: Settings, realm: Realm) -> Endpoint:
    """The servers of a realm: Meta's, or the practice network's as we and as browsers reach it."""
    version = settings.graph_api_version
    if realm is Realm.PRACTICE:
        return Endpoint(realm, settings.practice_address, settings.practice_public_address, version)
    return Endpoint(realm, "https://graph.facebook.com", "https://www.facebook.com", version)


def page_address(settings: Settings, kind: NetworkKind, realm: Realm, remote_id: str, name: str = "") -> str:
    """Where a browser sees a page or profile as the public does; Instagram knows profiles by their names."""
    host = endpoint(settings, realm).dialog
    if realm is Realm.PRACTICE:
        there = "profiles" if kind is NetworkKind.INSTAGRAM else "pages"
        return f"{host}/public/{there}/{remote_id}"
    if kind is NetworkKind.INSTAGRAM:
        return "https://www.instagram.com/" + (name[1:] if name.startswith("@") else "")
    return f"{host}/{remote_id}"
