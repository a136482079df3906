"""Which networks there are, and where."""

from app.connectors import registry
from app.connectors.meta_places import SIGN_IN_SCOPES
from app.domain.networks import NetworkKind, Realm
from app.foundation.settings import Settings


def test_every_kind_has_a_network_with_its_own_profile() -> None:
    assert [profile.kind for profile in registry.profiles()] == list(NetworkKind)
    assert registry.network(NetworkKind.FACEBOOK) is registry.network(NetworkKind.FACEBOOK)


def test_what_is_called_and_what_is_done_by_hand() -> None:
    called = [profile.kind for profile in registry.profiles_called()]
    assert called == [NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM]


def test_a_sign_in_asks_for_all_that_it_serves() -> None:
    asked = registry.sign_in_scopes(NetworkKind.FACEBOOK)
    assert set(asked) == set(SIGN_IN_SCOPES)
    for kind in (NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM):
        assert set(registry.network(kind).profile.scopes) <= set(asked)
    assert registry.sign_in_scopes(NetworkKind.MANUAL) == ()


def test_each_realm_has_its_servers() -> None:
    settings = Settings(_env_file=None, practice_port=8099, graph_api_version="v26.0")
    practice = registry.endpoint(settings, Realm.PRACTICE)
    assert (practice.graph, practice.dialog) == (settings.practice_address, settings.practice_public_address)
    meta = registry.endpoint(settings, Realm.META)
    assert (meta.graph, meta.dialog) == ("https://graph.facebook.com", "https://www.facebook.com")
    assert meta.version == "v26.0"
