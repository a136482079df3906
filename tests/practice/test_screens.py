"""What people see: Pages and posts of the public, the dialog, the control page."""

import json
import re
import sqlite3
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import get_args

import httpx
import pytest

from app.foundation import clock
from app.practice import acts, trouble_words
from app.practice.faults import CALLS, Fault, Moment
from tests.practice.graph import Graph
from tests.practice.instagram import Instagram
from tests.practice.shelf import picture
from tests.practice.test_oauth import ask
from tests.support.practice import PracticeServer


def bearer(practice: PracticeServer) -> dict[str, str]:
    return {"authorization": f"Bearer {practice.keys.control_token}"}


def test_the_public_sees_what_is_public(practice: PracticeServer, graph: Graph) -> None:
    graph.create("Seen <b>by all</b>", link="https://library.example/hours")
    hidden = graph.stage("Seen by none")
    text = practice.http.get(f"{practice.url}/public/pages/{graph.page}").text
    assert "Seen &lt;b&gt;by all&lt;/b&gt;" in text
    assert "library.example" in text
    assert "Seen by none" not in text
    assert practice.http.get(f"{practice.url}/public/posts/{hidden}").status_code == 404
    shown = graph.get(graph.create("Its own page"), fields="permalink_url")["permalink_url"]
    assert "Its own page" in practice.http.get(shown).text
    assert (
        practice.http.get(f"{practice.url}/", headers={"accept": "text/html"}).headers["location"] == "public"
    )


def test_the_public_sees_pictures(practice: PracticeServer, graph: Graph, instagram: Instagram) -> None:
    media = instagram.publish(instagram.carousel("Three <b>of them</b>"))["id"]
    single = instagram.published(caption="One", alt_text='A "quiet" corner')
    grid = practice.http.get(f"{practice.url}/public/profiles/{instagram.profile}").text
    assert grid.index(f"public/media/{single}") < grid.index(f"public/media/{media}")
    whole = practice.http.get(f"{practice.url}/public/media/{media}").text
    assert "Three &lt;b&gt;of them&lt;/b&gt;" in whole
    assert re.findall(r'<img[^>]*alt="([^"]*)"', whole) == ["Picture 0", "Picture 1", "Picture 2"]
    one = practice.http.get(f"{practice.url}/public/media/{single}")
    assert 'alt="A &#34;quiet&#34; corner"' in one.text
    source = re.search(r'src="([^"]+)"', one.text)
    assert source
    image = practice.http.get(one.url.join(source[1]))
    assert (image.headers["content-type"], image.content) == ("image/jpeg", picture())
    assert "sandbox" in image.headers["content-security-policy"]
    post = practice.ask("posts", {"page": graph.page, "message": "By hand", "photos": 3, "alt_texts": ["A"]})
    text = practice.http.get(f"{practice.url}/public/posts/{post['post']}").text
    assert re.findall(r'<img[^>]*alt="([^"]*)"', text) == [
        "A",
        *["May be an image (simulated description)"] * 2,
    ]
    instagram.delete(media)
    for gone in (f"media/{media}", "media/1", "profiles/1", "pictures/none.jpg", "pictures/..practice.db"):
        assert practice.http.get(f"{practice.url}/public/{gone}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "public",
        "public/pages/1",
        "public/profiles/17841400000000501",
        "control",
        "control/transcript",
        "dialog/oauth",
    ],
)
def test_pages_are_strict_and_plain(practice: PracticeServer, path: str) -> None:
    answer = practice.http.get(f"{practice.url}/{path}", headers=bearer(practice), params=ask(practice))
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    html = answer.text
    assert '<html lang="en">' in html
    assert html.count("<h1") == 1
    assert "<script" not in html
    assert " style=" not in html
    # Behind the app's forwarder only relative addresses work.
    assert not re.search(r'(href|action|src)="/', html)
    style = re.search(r'rel="stylesheet" href="([^"]+)"', html)
    assert style
    assert answer.url.join(style[1]).path == "/static/practice.css"
    for control in re.findall(r"<(?:input|select)[^>]*>", html):
        named = re.search(r' id="([^"]+)"', control)
        assert (
            'type="hidden"' in control
            or 'type="radio"' in control
            or 'type="checkbox"' in control
            or (named and f'for="{named[1]}"' in html)
        ), control


def test_the_date_is_the_practice_clock(practice: PracticeServer) -> None:
    practice.forward(days=2)
    answer = practice.http.get(f"{practice.url}/healthz")
    assert answer.json() == {"status": "ok"}
    assert (parsedate_to_datetime(answer.headers["date"]) - clock.now()).days >= 1
    assert len(answer.headers.get_list("date")) == 1
    assert practice.control.post("clock", json={"hours": -1}).status_code == 422


def test_control_needs_its_token(practice: PracticeServer) -> None:
    for path in ("control", "control/transcript", "control/api/state", "control/api/transcript"):
        assert practice.http.get(f"{practice.url}/{path}").status_code == 401
    assert practice.http.post(f"{practice.url}/control/api/reset", json={}).status_code == 401
    assert practice.http.post(f"{practice.url}/control/clock", data={"hours": 1}).status_code == 401


def send(practice: PracticeServer, form: str, data: dict[str, str], **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return practice.http.post(f"{practice.url}/control/{form}", data=data, headers=bearer(practice) | names)


def test_forms_are_ours_alone(practice: PracticeServer) -> None:
    page = practice.http.get(f"{practice.url}/control", headers=bearer(practice)).text
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    data = {"form_token": found[1], "hours": "1", "days": "0"}
    before = practice.state()["ahead_seconds"]
    assert send(practice, "clock", data).status_code == 403
    assert send(practice, "clock", data, sec_fetch_site="cross-site").status_code == 403
    assert (
        send(practice, "clock", data | {"form_token": "x"}, sec_fetch_site="same-origin").status_code == 403
    )
    assert send(practice, "clock", data, origin="https://elsewhere.example").status_code == 403
    assert practice.state()["ahead_seconds"] == before
    assert send(practice, "clock", data, sec_fetch_site="same-origin").status_code == 303
    assert send(practice, "clock", data, origin=practice.url).headers["location"] == "../control?done=clock"
    assert practice.state()["ahead_seconds"] == before + 7200


def fields(practice: PracticeServer, page: str = "") -> dict[str, str]:
    """The switches form as a browser would send it unchanged."""
    html = practice.http.get(f"{practice.url}/control", params={"page": page}, headers=bearer(practice)).text
    form = html.split('action="../control/switches"')[-1] if "../control/switches" in html else html
    form = form.split("control/switches")[-1].split("</form>")[0]
    data = dict(re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r"<option selected>([^<]*)<", options)
        assert chosen, name
        data[name] = chosen[1]
    return data


def test_switches_by_form(practice: PracticeServer) -> None:
    before = practice.state()["base"]
    assert send(practice, "switches", fields(practice), sec_fetch_site="same-origin").status_code == 303
    assert practice.state()["base"] == before
    data = fields(practice, practice.page) | {"latency_ms": "70", "dead_metrics": "post_clicks, page_follows"}
    assert send(practice, "switches", data, sec_fetch_site="same-origin").status_code == 303
    expected = {"latency_ms": 70, "dead_metrics": ["post_clicks", "page_follows"]}
    assert practice.state()["pages"] != []
    assert practice.app.world.faults.pages == {practice.page: expected}
    data = fields(practice, "17841400000000501") | {"second_publish": "same_id", "status_lag_seconds": "5"}
    assert send(practice, "switches", data, sec_fetch_site="same-origin").status_code == 303
    assert practice.app.world.faults.of("17841400000000501").second_publish == "same_id"
    assert practice.app.world.faults.of(practice.page).second_publish == "second_post"
    data["latency_ms"] = "fast"
    assert "latency_ms" in send(practice, "switches", data, sec_fetch_site="same-origin").text


def test_every_fault_and_call_has_words() -> None:
    assert set(trouble_words.FAULTS) == set(get_args(Fault))
    assert set(trouble_words.MOMENTS) == set(get_args(Moment))
    assert set(trouble_words.CALLS) == {"*", *CALLS}
    assert set(trouble_words.SUBCODES) == set(get_args(acts.Subcode))


def test_trouble_by_form(practice: PracticeServer) -> None:
    token = fields(practice)["form_token"]
    rule = {"fault": "timeout", "moment": "late", "call": "show", "page": "*", "times": "2", "seconds": "9"}
    for form, data in {
        "script": rule,
        "pages": {"name": "Lepola", "followers": "300", "with_profiles": "yes"},
        "tokens": {"subcode": "460", "page": ""},
    }.items():
        answer = send(practice, form, data | {"form_token": token}, sec_fetch_site="same-origin")
        assert answer.status_code == 303, answer.text
    state = practice.state()
    assert state["script"][0]["calls"] == ["show"]
    assert state["pages"][-1]["name"] == state["profiles"][-1]["name"] == "Lepola"
    page = practice.http.get(f"{practice.url}/control?done=script", headers=bearer(practice)).text
    assert "timeout, late, show" in page


@pytest.mark.parametrize(
    ("form", "typed", "words"),
    [
        ("pages", {"name": " ", "followers": "3"}, "Fill in what is empty."),
        ("pages", {"name": "x" * 90, "followers": "3"}, "… is too long: at most 80 signs."),
        ("pages", {"name": "Lepola", "followers": "some"}, "“some” is not a whole number."),
        ("past", {"place": "PAGE", "days": "x", "posts": "3"}, "“x” is not a number."),
        ("past", {"place": "PAGE", "days": "9", "posts": "-3"}, "“-3” is too small: at least"),
        ("clock", {"hours": "1", "days": "9999"}, "“9999” is too much: at most 3660"),
        ("clock", {"hours": "1e20", "days": "0"}, "“1e20” is too much: at most 87840"),
        ("clock", {"hours": "nan", "days": "0"}, "“nan” "),
        ("tokens", {"subcode": "461", "page": ""}, "“461” does not fit there."),
    ],
)
def test_what_does_not_fit_is_told_in_words(
    practice: PracticeServer, form: str, typed: dict[str, str], words: str
) -> None:
    data = {"form_token": fields(practice)["form_token"], **typed}
    data = {name: value.replace("PAGE", practice.page) for name, value in data.items()}
    answer = send(practice, form, data, sec_fetch_site="same-origin")
    assert answer.status_code == 422
    assert words.replace("… is", "…” is") in answer.text
    assert "should" not in answer.text.split('role="alert"')[1].split("</p>")[0]


def test_what_was_typed_stays_in_its_form(practice: PracticeServer) -> None:
    token = fields(practice)["form_token"]
    data = {"form_token": token, "name": "Lepola", "followers": "some", "with_profiles": "yes"}
    page = send(practice, "pages", data, sec_fetch_site="same-origin").text
    for kept in ('name="name" value="Lepola"', 'name="followers" value="some"', 'value="yes" checked'):
        assert kept in page
    assert '<input id="person-name" name="name" value=""' in page, "the other forms are as they were"
    data = {"form_token": token, "page": practice.page, "latency_ms": "soon"}
    page = send(practice, "switches", data, sec_fetch_site="same-origin").text
    assert f'<input type="hidden" name="page" value="{practice.page}">' in page
    assert 'value="soon"' in page


def test_what_is_gone_meanwhile_is_told_in_words(practice: PracticeServer) -> None:
    data = {"form_token": fields(practice)["form_token"], "place": "1", "days": "9", "posts": "3"}
    answer = send(practice, "past", data, sec_fetch_site="same-origin")
    assert answer.status_code == 422
    data = {"form_token": data["form_token"], "hours": "0", "days": "3660"}
    moves = [send(practice, "clock", data, sec_fetch_site="same-origin").status_code for _ in range(11)]
    assert moves == [303] * 9 + [422] * 2, "a hundred years, and the clock goes on"
    assert "be done as things are now." in answer.text


def test_somebody_without_a_page_by_form(practice: PracticeServer) -> None:
    data = {"form_token": fields(practice)["form_token"], "name": "Nobody", "page": ""}
    assert send(practice, "people", data, sec_fetch_site="same-origin").status_code == 303
    assert practice.state()["people"][-1]["roles"] == {}


def test_the_transcript_keeps_no_secrets(practice: PracticeServer, graph: Graph) -> None:
    graph.get(graph.page, access_token=graph.token, appsecret_proof="p" * 64)
    graph.get("me/accounts", access_token=practice.user_token())
    graph.post("../", batch=f'[{{"method":"GET","relative_url":"me?access_token={graph.token}"}}]')
    assert len(practice.transcript()) >= 3
    raw = practice.control.get("transcript").text
    raw += practice.http.get(f"{practice.url}/control/transcript", headers=bearer(practice)).text
    assert graph.token not in raw
    assert "EAAP" not in raw.replace("EAAP…", "").replace("EAAP\\u2026", "")
    assert practice.keys.app_secret not in raw
    assert "pppp" not in raw


def test_it_survives_a_restart(tmp_path: Path) -> None:
    with PracticeServer(tmp_path) as first:
        graph = Graph(first)
        graph.create("Before")
        hidden = graph.stage("Hidden")
        first.switches(latency_ms=2)
        first.forward(days=1)
    with PracticeServer(tmp_path) as second:
        assert [row["message"] for row in second.public_log()] == ["Before"]
        answer = second.http.post(
            f"{second.url}/v25.0/{hidden}", data={"is_published": "true", "access_token": graph.token}
        )
        assert answer.json() == {"success": True}
        state = second.state()
        assert state["base"]["latency_ms"] == 2
        assert state["ahead_seconds"] == 86_400
        assert [post["seq"] for post in state["posts"]] == [1, 2]


def test_a_world_without_profiles_is_kept_and_gets_some(tmp_path: Path) -> None:
    with PracticeServer(tmp_path) as first:
        post = Graph(first).create("From the time before")
        first.add_pages("Lepola")
    rows = sqlite3.connect(tmp_path / "practice.db", isolation_level=None)
    rows.execute("DELETE FROM things WHERE kind = 'profile' OR key = '100200300400503'")
    rows.execute("UPDATE things SET body = json_remove(body, '$.photos') WHERE kind = 'post'")
    rows.execute("UPDATE seen SET body = json_remove(body, '$.pictures', '$.network')")
    faults = {"base": {"latency_ms": 5}, "pages": {}, "script": [], "used": 0}
    rows.execute("REPLACE INTO things VALUES ('faults', 'faults', ?)", (json.dumps(faults),))
    rows.close()
    with PracticeServer(tmp_path) as second:
        state = second.state()
        assert [page["name"] for page in state["pages"]][-1] == "Lepola"
        assert {profile["page_id"] for profile in state["profiles"]} == {second.page, second.other_page}
        assert [row["object"] for row in second.public_log()] == [post]
        assert (state["posts"][0]["photos"], state["base"]["latency_ms"]) == ([], 5)
        assert second.http.get(f"{second.url}/public/pages/{second.page}").status_code == 200
