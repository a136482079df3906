"""Connecting pages and the profiles linked to them, and checking connected ones."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.connectors import registry
from app.connectors.failures import Reconnect, RetryLater
from app.connectors.reasons import Reason
from app.domain.networks import NetworkKind
from tests.connectors import fake_instagram
from tests.connectors.fake_graph import (
    PAGE,
    SECRET,
    SERVER_NOW,
    TOKEN,
    FakeGraph,
    access,
    answers,
    app,
    error,
    lost,
    ok,
)

CALLBACK = "http://kuliss.test/channels/connect/callback"
SCOPES = list(registry.sign_in_scopes(NetworkKind.FACEBOOK))


def facts(**more: Any) -> dict[str, Any]:
    told = {"app_id": "77", "type": "PAGE", "is_valid": True, "expires_at": 0, "scopes": SCOPES}
    return {"data": {**told, "data_access_expires_at": 1771000000, **more}}


def server(**more: Any) -> FakeGraph:
    tasks = ["ANALYZE", "CREATE_CONTENT"]
    pages = [{"id": PAGE, "name": "Sello", "access_token": TOKEN, "tasks": tasks}]
    pages += [{"id": "1002", "name": "Iso Omena", "access_token": "other-page-token", "tasks": ["ANALYZE"]}]
    granted = [{"permission": scope, "status": "granted"} for scope in SCOPES]
    others = {
        "oauth/access_token": ok({"access_token": "user-token", "token_type": "bearer"}),
        "me": ok({"id": "5", "name": "Aino"}),
        "me/permissions": ok({"data": granted}),
        "me/accounts": ok({"data": pages}),
        "debug_token": ok(facts()),
    }
    return FakeGraph(others={**others, **more})


def test_the_dialog_asks_for_all_permissions_at_once() -> None:
    url = urlsplit(server().facebook().begin_connection(app(), CALLBACK, "s1", again=True).url)
    asked = parse_qs(url.query)
    assert f"{url.scheme}://{url.netloc}{url.path}" == "http://dialog.test/v25.0/dialog/oauth"
    assert asked["scope"] == [",".join(SCOPES)]
    assert (asked["state"], asked["redirect_uri"], asked["auth_type"]) == (["s1"], [CALLBACK], ["rerequest"])


def test_a_code_becomes_pages_with_tokens_that_stay_unseen() -> None:
    graph = server()
    connected = graph.facebook().finish_connection(app(), CALLBACK, "the-code")
    assert (connected.person_id, connected.person_name, connected.declined) == ("5", "Aino", ())
    assert [(place.name, place.missing_tasks) for place in connected.places] == [
        ("Sello", ()),
        ("Iso Omena", ("CREATE_CONTENT",)),
    ]
    assert connected.places[0].token == TOKEN
    assert TOKEN not in repr(connected)
    first, second = graph.calls[:2]
    assert (first.params["code"], first.params["redirect_uri"]) == ("the-code", CALLBACK)
    assert second.params["grant_type"] == "fb_exchange_token"


def test_declined_permissions_and_those_for_other_pages_are_named() -> None:
    rows = [{"permission": "pages_manage_posts", "status": "declined"}]
    rows += [{"permission": scope, "status": "granted"} for scope in SCOPES if scope != "pages_manage_posts"]
    granular = [{"scope": "pages_read_engagement", "target_ids": ["1002"]}]
    graph = server(
        **{"me/permissions": ok({"data": rows}), "debug_token": ok(facts(granular_scopes=granular))}
    )
    connected = graph.facebook().finish_connection(app(), CALLBACK, "c")
    assert connected.declined == ("pages_manage_posts",)
    assert connected.places[0].missing_scopes == ("pages_read_engagement", "pages_manage_posts")
    assert connected.places[1].missing_scopes == ("pages_manage_posts",)


def test_pages_are_listed_to_the_end_by_cursor() -> None:
    graph = server()
    paging = {"next": "http://graph.test/?access_token=user-token", "cursors": {"after": "c1"}}
    plain = graph.others.pop("me/accounts")
    calls = iter([ok({"data": [], "paging": paging}), plain])
    original = graph._carry_out

    def carry_out(method: str, path: str, params: dict[str, str]) -> httpx.Response:
        return next(calls) if path == "me/accounts" else original(method, path, params)

    graph._carry_out = carry_out  # type: ignore[method-assign]
    assert len(graph.facebook().finish_connection(app(), CALLBACK, "c").places) == 2
    assert graph.calls[-1].params["after"] == "c1"


LINKED = {"id": fake_instagram.PROFILE_ID, "username": "espoo_library"}


def linked_pages() -> list[dict[str, Any]]:
    """Two pages, a profile linked to the first."""
    page = {"id": PAGE, "name": "Sello", "access_token": TOKEN, "tasks": ["CREATE_CONTENT"]}
    return [{**page, "instagram_business_account": LINKED}, {**page, "id": "1002"}]


def granting(*without: str) -> httpx.Response:
    """The person's answer to what was asked: yes to all but some."""
    rows = [{"permission": one, "status": "declined" if one in without else "granted"} for one in SCOPES]
    return ok({"data": rows})


def test_one_sign_in_lists_pages_and_the_profiles_linked_to_them() -> None:
    graph = server(**{"me/accounts": ok({"data": linked_pages()})})
    page, profile, other = graph.facebook().finish_connection(app(), CALLBACK, "c").places
    assert (page.network, page.page_id, page.remote_id) == (NetworkKind.FACEBOOK, "", PAGE)
    assert (profile.network, profile.page_id) == (NetworkKind.INSTAGRAM, PAGE)
    assert (profile.remote_id, profile.name) == (fake_instagram.PROFILE_ID, "@espoo_library")
    assert (profile.token, profile.missing_scopes, profile.missing_tasks) == (TOKEN, (), ())
    assert other.network is NetworkKind.FACEBOOK


def test_instagrams_own_sign_in_is_the_same() -> None:
    graph = fake_instagram.FakeInstagram(
        others=server(**{"me/accounts": ok({"data": linked_pages()})}).others
    )
    network = graph.instagram()
    assert network.begin_connection(app(), CALLBACK, "s") == graph.facebook().begin_connection(
        app(), CALLBACK, "s"
    )
    assert len(network.finish_connection(app(), CALLBACK, "c").places) == 3


def test_whoever_declines_instagram_may_still_connect_the_page() -> None:
    declined = granting("instagram_content_publish")
    told = {"me/accounts": ok({"data": linked_pages()}), "me/permissions": declined}
    page, profile, _ = server(**told).facebook().finish_connection(app(), CALLBACK, "c").places
    assert (page.missing_scopes, profile.missing_scopes) == ((), ("instagram_content_publish",))


def test_profiles_are_not_asked_for_without_leave() -> None:
    graph = server(**{"me/permissions": granting("instagram_basic")})
    graph.facebook().finish_connection(app(), CALLBACK, "c")
    assert "instagram" not in graph.calls[-1].params["fields"]


def test_permissions_for_some_profiles_or_pages_only() -> None:
    granular = [
        {"scope": "instagram_content_publish", "target_ids": ["another profile"]},
        {"scope": "pages_manage_posts", "target_ids": ["1002"]},
        {"scope": "instagram_basic", "target_ids": [fake_instagram.PROFILE_ID]},
    ]
    graph = server(
        **{"me/accounts": ok({"data": linked_pages()}), "debug_token": ok(facts(granular_scopes=granular))}
    )
    page, profile, _ = graph.facebook().finish_connection(app(), CALLBACK, "c").places
    assert page.missing_scopes == ("pages_manage_posts",)
    assert profile.missing_scopes == ("instagram_content_publish",)


def test_trouble_with_profiles_hides_no_page() -> None:
    graph = server()
    graph.faults = [lambda carry_out: carry_out()] * 5 + [answers(error(100, message="no such field"))]
    assert len(graph.facebook().finish_connection(app(), CALLBACK, "c").places) == 2


def profile_check(**more: Any) -> Any:
    """A check of a profile, with more or other answers."""
    told = {"debug_token": ok(facts(profile_id=PAGE)), **more}
    graph = fake_instagram.FakeInstagram(others=told)
    return graph.instagram().check(fake_instagram.access())


def test_a_healthy_profile() -> None:
    health = profile_check()
    assert (health.valid, health.app_matches, health.missing_scopes) == (True, True, ())
    assert health.data_access_until is not None


def test_a_profile_whose_permissions_are_for_others() -> None:
    granular = [
        {"scope": "instagram_basic", "target_ids": ["another profile"]},
        {"scope": "pages_show_list", "target_ids": [PAGE]},
    ]
    health = profile_check(debug_token=ok(facts(profile_id=PAGE, granular_scopes=granular)))
    assert health.missing_scopes == ("instagram_basic",)


def test_a_profile_that_is_not_linked_any_more() -> None:
    health = profile_check(**{fake_instagram.PROFILE_ID: error(100, 33)})
    assert (health.valid, health.reason) == (False, Reason.PAGE_NOT_SEEN)


def test_a_profiles_dead_token_says_why() -> None:
    dead = facts(is_valid=False, scopes=[], error={"code": 190, "subcode": 460, "message": "dead"})
    assert profile_check(debug_token=ok(dead)).reason == Reason.PASSWORD_CHANGED


def test_a_profile_tells_the_time() -> None:
    graph = fake_instagram.FakeInstagram()
    assert graph.instagram().server_time(fake_instagram.access()) == SERVER_NOW


def test_a_refused_code_means_sign_in_again() -> None:
    graph = server()
    graph.faults = [answers(error(100, 36009, message="This authorization code has been used."))]
    with pytest.raises(Reconnect) as caught:
        graph.facebook().finish_connection(app(), CALLBACK, "c")
    assert caught.value.reason == Reason.SIGN_IN_FAILED
    assert caught.value.message == "This authorization code has been used."


def test_a_healthy_channel() -> None:
    health = server().facebook().check(access())
    assert (health.valid, health.app_matches, health.missing_scopes, health.reason) == (True, True, (), "")
    assert health.expires_at is None
    assert health.data_access_until is not None
    assert health.served_version == "v25.0"


def test_a_token_of_another_app_and_with_fewer_scopes() -> None:
    graph = server(debug_token=ok(facts(app_id="78", scopes=["pages_show_list"])))
    health = graph.facebook().check(access())
    assert not health.app_matches
    assert health.missing_scopes == ("pages_read_engagement", "pages_manage_posts")


@pytest.mark.parametrize(
    ("subcode", "reason"),
    [(460, Reason.PASSWORD_CHANGED), (463, Reason.TOKEN_EXPIRED), (0, Reason.TOKEN_INVALID)],
)
def test_a_dead_token_says_why(subcode: int, reason: Reason) -> None:
    dead = facts(is_valid=False, scopes=[], error={"code": 190, "subcode": subcode, "message": "dead"})
    health = server(debug_token=ok(dead)).facebook().check(access())
    assert (health.valid, health.reason) == (False, reason)


@pytest.mark.parametrize(
    ("response", "reason"), [(error(190, 492), Reason.ROLE_LOST), (error(100, 33), Reason.PAGE_NOT_SEEN)]
)
def test_a_good_token_whose_page_does_not_answer(response: httpx.Response, reason: Reason) -> None:
    health = server(**{PAGE: response}).facebook().check(access())
    assert (health.valid, health.reason) == (False, reason)


def test_a_check_without_an_answer_raises() -> None:
    graph = server()
    graph.faults = [lost(False)]
    with pytest.raises(RetryLater):
        graph.facebook().check(access())


def test_the_secret_is_in_no_address_of_a_page_call() -> None:
    graph = server()
    graph.facebook().check(access())
    inspected, seen = graph.calls
    assert inspected.token == f"77|{SECRET}"
    assert SECRET not in str(seen.params)


def test_the_networks_time() -> None:
    assert server().facebook().server_time(access()) == SERVER_NOW
    with pytest.raises(RetryLater):
        server(**{PAGE: httpx.Response(200, json={"id": PAGE})}).facebook().server_time(access())
