"""The dialog, codes, tokens, proofs, versions."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.practice import versions
from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer

BACK = "http://127.0.0.1:9/channels/back?x=1"
SCOPE = "pages_show_list,pages_read_engagement,pages_manage_posts,read_insights"


def ask(practice: PracticeServer, **more: str) -> dict[str, str]:
    query = {"client_id": practice.keys.app_id, "redirect_uri": BACK, "state": "s t", "scope": SCOPE}
    return {"response_type": "code", **query, **more}


def consent(practice: PracticeServer, answer: str = "continue", scope: str = SCOPE) -> dict[str, list[str]]:
    """What comes back to the program after the person's answer."""
    person = practice.state()["people"][0]["id"]
    form = {"person": person, "answer": answer, "scope": scope.split(",")}
    reply = practice.http.post(f"{practice.url}/v25.0/dialog/oauth", params=ask(practice), data=form)
    assert reply.status_code == 303
    assert reply.headers["location"].startswith(BACK)
    return parse_qs(urlsplit(reply.headers["location"]).query)


def exchange(practice: PracticeServer, **params: str) -> dict[str, Any]:
    ours = {"client_id": practice.keys.app_id, "client_secret": practice.keys.app_secret}
    answer = practice.http.get(f"{practice.url}/v25.0/oauth/access_token", params=ours | params)
    told: dict[str, Any] = answer.json()
    return told


def sign_in(practice: PracticeServer, scope: str = SCOPE) -> tuple[str, str]:
    """A short and a long token of the person."""
    [text] = consent(practice, scope=scope)["code"]
    short = exchange(practice, code=text, redirect_uri=BACK)
    assert short["token_type"] == "bearer"
    assert 3_600 <= short["expires_in"] <= 7_200
    long = exchange(practice, grant_type="fb_exchange_token", fb_exchange_token=short["access_token"])
    assert abs(long["expires_in"] - 5_183_944) < 10
    return short["access_token"], long["access_token"]


def get(practice: PracticeServer, path: str, token: str, **params: str) -> dict[str, Any]:
    answer = practice.http.get(f"{practice.url}/{path}", params={"access_token": token, **params})
    told: dict[str, Any] = answer.json()
    return told


def test_from_dialog_to_page_token(practice: PracticeServer) -> None:
    back = consent(practice)
    assert back["state"] == ["s t"]
    _, long = sign_in(practice)
    rows = get(practice, "v25.0/me/accounts", long, fields="id,name,access_token,tasks")["data"]
    tasks = {row["id"]: row["tasks"] for row in rows}
    assert "CREATE_CONTENT" in tasks[practice.page]
    assert "CREATE_CONTENT" not in tasks[practice.other_page]
    app = f"{practice.keys.app_id}|{practice.keys.app_secret}"
    told = get(practice, "debug_token", app, input_token=rows[0]["access_token"])["data"]
    assert (told["type"], told["expires_at"], told["is_valid"]) == ("PAGE", 0, True)
    assert told["profile_id"] == rows[0]["id"]
    assert set(SCOPE.split(",")) < set(told["scopes"])


def test_a_token_tells_of_no_permission_that_was_withdrawn(practice: PracticeServer) -> None:
    app, page = f"{practice.keys.app_id}|{practice.keys.app_secret}", practice.page_token(practice.page)
    practice.switches(withdrawn=["pages_manage_posts"], page=practice.page)
    told = get(practice, "debug_token", app, input_token=page)["data"]
    assert "pages_manage_posts" not in told["scopes"]
    assert "read_insights" in told["scopes"]
    assert "pages_manage_posts" not in {one["scope"] for one in told["granular_scopes"]}


def test_lists_of_pages_have_pages(practice: PracticeServer) -> None:
    practice.add_pages("Branch", count=4)
    token, seen, after = practice.user_token(), [], ""
    while True:
        answer = get(practice, "v25.0/me/accounts", token, limit="4", after=after, fields="id")
        seen += [row["id"] for row in answer["data"]]
        if "next" not in answer["paging"]:
            break
        after = answer["paging"]["cursors"]["after"]
    assert len(seen) == len(set(seen)) == 7


def test_a_code_is_good_once_and_for_its_address(practice: PracticeServer) -> None:
    [text] = consent(practice)["code"]
    assert code(exchange(practice, code=text, redirect_uri=BACK + "&y")) == (100, 36008)
    assert "access_token" in exchange(practice, code=text, redirect_uri=BACK)
    assert code(exchange(practice, code=text, redirect_uri=BACK)) == (100, 36009)
    assert code(exchange(practice, code="x", redirect_uri=BACK)) == (100, None)
    assert code(exchange(practice, code=text, client_secret="no")) == (101, None)
    [late] = consent(practice)["code"]
    practice.forward(minutes=11)
    assert code(exchange(practice, code=late, redirect_uri=BACK)) == (100, 36007)


def test_the_person_says_no(practice: PracticeServer) -> None:
    back = consent(practice, "cancel")
    assert back["error"] == ["access_denied"]
    assert back["error_reason"] == ["user_denied"]
    assert "error_description" in back
    assert "code" not in back


def test_a_declined_permission(practice: PracticeServer) -> None:
    _, long = sign_in(practice, "pages_show_list,pages_read_engagement")
    rows = get(practice, "v25.0/me/permissions", long)["data"]
    assert {"permission": "pages_manage_posts", "status": "declined"} in rows
    token = get(practice, f"v25.0/{practice.page}", long, fields="access_token")["access_token"]
    answer = practice.http.post(
        f"{practice.url}/v25.0/{practice.page}/feed", data={"message": "No", "access_token": token}
    )
    assert code(answer.json()) == (200, None)


def test_the_dialog_leads_to_known_places_only(practice: PracticeServer) -> None:
    for wrong in (
        {"redirect_uri": "https://elsewhere.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://elsewhere.example\\@localhost/"},
        {"redirect_uri": "http://localhost/\r\nSet-Cookie: a=b"},
        {"redirect_uri": "http://localhost/\N{EURO SIGN}"},
        {"redirect_uri": "http://localhost:port/"},
        {"redirect_uri": "http://["},
        {"client_id": "1"},
        {"scope": "everything"},
        {"response_type": "token"},
    ):
        answer = practice.http.get(f"{practice.url}/v25.0/dialog/oauth", params=ask(practice, **wrong))
        assert answer.status_code == 400, wrong
        assert "location" not in answer.headers


def test_tokens_end(practice: PracticeServer) -> None:
    short, long = sign_in(practice)
    practice.forward(hours=3)
    assert code(get(practice, "v25.0/me", short)) == (190, 463)
    expired = exchange(practice, grant_type="fb_exchange_token", fb_exchange_token=short)
    assert code(expired) == (190, 463)
    assert get(practice, "v25.0/me", long)["name"] == "Kaarina Practice"
    page_token = get(practice, f"v25.0/{practice.page}", long, fields="access_token")["access_token"]
    practice.forward(days=61)
    assert code(get(practice, "v25.0/me", long)) == (190, 463)
    assert get(practice, "v25.0/me", page_token)["id"] == practice.page
    told = get(practice, "debug_token", page_token, input_token=page_token)
    assert told["data"]["is_valid"] is True


def test_the_person_removes_the_app(practice: PracticeServer) -> None:
    token = practice.user_token()
    practice.http.delete(f"{practice.url}/v25.0/me/permissions", params={"access_token": token})
    assert code(get(practice, "v25.0/me", token)) == (190, 458)


def test_without_or_with_the_wrong_token(practice: PracticeServer, graph: Graph) -> None:
    assert code(practice.http.get(f"{practice.url}/v25.0/me").json()) == (2500, None)
    assert code(get(practice, "v25.0/me", "EAAPnonsense")) == (190, 467)
    user, other = practice.user_token(), practice.page_token(practice.other_page)
    assert code(get(practice, f"v25.0/{graph.create()}/insights", user, metric="post_clicks")) == (210, None)
    assert code(get(practice, f"v25.0/{graph.create()}", other)) == (100, 33)
    feed = f"{practice.url}/v25.0/{practice.other_page}/feed"
    answer = practice.http.post(feed, data={"message": "No", "access_token": other})
    assert code(answer.json()) == (200, None)
    assert "error" in get(practice, "v25.0/me/permissions", graph.token)


def test_proof(practice: PracticeServer, graph: Graph) -> None:
    right = hmac.new(practice.keys.app_secret.encode(), graph.token.encode(), hashlib.sha256).hexdigest()
    assert graph.get(graph.page, appsecret_proof=right)["id"] == graph.page
    assert code(graph.get(graph.page, appsecret_proof=right[::-1])) == (104, None)
    practice.switches(require_proof=True)
    assert code(graph.get(graph.page)) == (104, None)
    assert graph.get(graph.page, appsecret_proof=right)["id"] == graph.page


@pytest.mark.parametrize(
    ("asked", "served"), [("v25.0/", "v25.0"), ("v19.0/", "v21.0"), ("v99.0/", "v21.0"), ("", "v25.0")]
)
def test_versions(practice: PracticeServer, monkeypatch: pytest.MonkeyPatch, asked: str, served: str) -> None:
    monkeypatch.setitem(versions.LIVES, "v21.0", None)
    token = {"access_token": practice.page_token(practice.page)}
    answer = practice.http.get(f"{practice.url}/{asked}{practice.page}", params=token)
    assert answer.headers["facebook-api-version"] == served


def test_versions_die() -> None:
    day = datetime(2027, 1, 20, tzinfo=UTC)
    assert versions.served("v21.0", "v25.0", day) == "v21.0"
    assert versions.served("v21.0", "v25.0", day + timedelta(days=1)) == "v22.0"


def test_many_ids_are_refused(practice: PracticeServer, graph: Graph) -> None:
    answer = graph.call("GET", "", params={"ids": graph.page})
    assert answer.status_code == 500
    assert code(answer.json()) == (100, None)
