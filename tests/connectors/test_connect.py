"""Connecting a page, and checking a connected one."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.connectors.facebook.profile import PROFILE
from app.connectors.failures import Reconnect, RetryLater
from app.connectors.reasons import Reason
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
SCOPES = list(PROFILE.scopes)


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
