"""Which networks there are, and where."""

from app.connectors import registry
from app.domain.networks import NetworkKind, Realm
from app.foundation.settings import Settings


def test_every_kind_has_a_network_with_its_own_profile() -> None:
    assert [profile.kind for profile in registry.profiles()] == list(NetworkKind)
    assert registry.network(NetworkKind.FACEBOOK) is registry.network(NetworkKind.FACEBOOK)


def test_each_realm_has_its_servers() -> None:
    settings = Settings(_env_file=None, practice_port=8099, graph_api_version="v26.0")
    practice = registry.endpoint(settings, Realm.PRACTICE)
    assert (practice.graph, practice.dialog) == (settings.practice_address, settings.practice_public_address)
    meta = registry.endpoint(settings, Realm.META)
    assert (meta.graph, meta.dialog) == ("https://graph.facebook.com", "https://www.facebook.com")
    assert meta.version == "v26.0"
