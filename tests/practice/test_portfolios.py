"""Business portfolios, two people, what the program tells of itself: as documented, or as left open."""

import pytest

from tests.practice.graph import Graph, code
from tests.practice.test_oauth import ask, get
from tests.support.practice import PracticeServer


def ids(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["id"] for row in answer["data"]]


@pytest.mark.parametrize(("way", "own"), [("with_permission", 5), ("apart", 3)])
def test_pages_of_a_portfolio(practice: PracticeServer, way: str, own: int) -> None:
    practice.switches(portfolio_pages=way)
    held = practice.ask("pages", {"name": "Region", "count": 2, "portfolio": "Saarivesi region"})["pages"]
    token = practice.user_token()
    assert len(ids(get(practice, "v25.0/me/accounts", token, fields="id"))) == own
    [business] = get(practice, "v25.0/me/businesses", token, fields="id,name")["data"]
    assert business["name"] == "Saarivesi region"
    path = f"v25.0/{business['id']}/owned_pages"
    rows = get(practice, path, token, fields="id,name,access_token")["data"]
    assert [row["id"] for row in rows] == sorted(held)
    assert get(practice, "v25.0/me", rows[0]["access_token"])["id"] == rows[0]["id"]
    assert get(practice, f"v25.0/{business['id']}/client_pages", token)["data"] == []
    practice.ask("permissions", {"permissions": {"business_management": "declined"}})
    assert len(ids(get(practice, "v25.0/me/accounts", token, fields="id"))) == 3
    assert code(get(practice, "v25.0/me/businesses", token)) == (200, None)
    assert code(get(practice, path, token)) == (200, None)


@pytest.mark.parametrize("way", ["full", "short", "empty"])
def test_every_list_of_pages_is_whole_in_the_end(practice: PracticeServer, way: str) -> None:
    practice.switches(list_pages=way)
    practice.ask("pages", {"name": "Region", "count": 11, "portfolio": "Region"})
    token = practice.user_token()
    [business] = get(practice, "v25.0/me/businesses", token)["data"]
    for path, most in (("me/accounts", 14), (f"{business['id']}/owned_pages", 11)):
        seen, after = list[str](), ""
        for _ in range(12):
            answer = get(practice, f"v25.0/{path}", token, limit="4", after=after, fields="id")
            seen += ids(answer)
            if "next" not in answer.get("paging", {}):
                break
            after = answer["paging"]["cursors"]["after"]
        assert len(seen) == len(set(seen)) == most


def test_two_people_have_tokens_of_their_own(practice: PracticeServer, graph: Graph) -> None:
    other = practice.state()["people"][1]["id"]
    theirs = practice.ask("tokens", {"page": practice.page, "person": other})["access_token"]
    assert theirs != graph.token
    practice.ask("tokens/end", {"person": other})
    assert code(get(practice, "v25.0/me", theirs)) == (190, 460)
    assert graph.get("me")["id"] == practice.page


def test_the_program_tells_of_itself_to_itself_alone(practice: PracticeServer) -> None:
    app, token = f"{practice.keys.app_id}|{practice.keys.app_secret}", practice.user_token()
    path = f"v25.0/{practice.keys.app_id}"
    told = get(practice, path, app, fields="id,name,app_domains,privacy_policy_url")
    assert (told["id"], told["app_domains"]) == (practice.keys.app_id, ["127.0.0.1"])
    people = {row["user"] for row in get(practice, f"{path}/roles", app)["data"]}
    assert practice.state()["people"][0]["id"] in people
    assert code(get(practice, path, token)) == (15, None)
    assert code(get(practice, f"{path}/roles", token)) == (15, None)
    practice.switches(program="bare")
    assert "privacy_policy_url" not in get(practice, path, app, fields="id,privacy_policy_url")


def test_who_has_no_role_in_the_program_cannot_let_it_in(practice: PracticeServer) -> None:
    person = practice.ask("people", {"name": "Without", "page": practice.page, "app_role": ""})["person"]
    form = {"person": person, "answer": "continue", "scope": ["pages_show_list"]}
    reply = practice.http.post(f"{practice.url}/v25.0/dialog/oauth", params=ask(practice), data=form)
    assert reply.status_code == 403
    assert "location" not in reply.headers
    assert "no role in this program" in reply.text


def test_people_and_portfolios_come_from_the_control_page(practice: PracticeServer) -> None:
    bearer = {"authorization": f"Bearer {practice.keys.control_token}", "sec-fetch-site": "same-origin"}
    page = practice.http.get(f"{practice.url}/control", headers=bearer).text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    for form, fields in (
        ("people", {"name": "Third", "page": practice.page}),
        ("pages", {"name": "New", "portfolio": "Town"}),
    ):
        sent = {"form_token": token, **fields}
        answer = practice.http.post(f"{practice.url}/control/{form}", headers=bearer, data=sent)
        assert answer.status_code == 303, answer.text
    state = practice.state()
    assert state["people"][-1]["roles"].keys() == {practice.page}
    assert [one["name"] for one in state["portfolios"]] == ["Town"]
