"""The practice network through our own address: what goes through, what doesn't, whose cookies stay."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.domain.roles import Actor
from app.foundation.settings import Settings
from app.web.practice import _part
from tests.cast import Cast
from tests.support.practice import PracticeServer
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
OWN = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


@pytest.fixture
def practice(app: FastAPI, tmp_path: Path) -> Iterator[PracticeServer]:
    """A running practice network that the app knows of."""
    with PracticeServer(tmp_path, "http://testserver/practice") as server:
        settings: Settings = app.state.settings
        app.state.settings = settings.model_copy(update={"practice_port": server.port})
        app.state.ground = replace(app.state.ground, settings=app.state.settings)
        yield server


def test_the_public_pages_are_shown(practice: PracticeServer, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.contributor)
    page = reader.get("/practice/public")
    assert page.status_code == 200
    assert "Practice." in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert reader.get(f"/practice/public/pages/{practice.page}").status_code == 200
    style = reader.get("/practice/static/practice.css")
    assert style.headers["content-type"].startswith("text/css")
    assert reader.get("/practice/public/pages/none").status_code == 404


@pytest.mark.parametrize(
    ("asked", "part"), [("bytes=100-", "bytes=100-4194403"), ("bytes=0-1", "bytes=0-1"), ("", None)]
)
def test_a_player_gets_piece_by_piece(asked: str, part: str | None) -> None:
    assert dict(_part(asked)).get("range") == part


def test_strangers_are_led_to_the_sign_in(practice: PracticeServer, cast: Cast, visitor: Visitor) -> None:
    answer = visitor.get("/practice/public")
    assert answer.headers["location"].startswith("/sign-in?next=/practice/public")


@pytest.mark.parametrize(
    "path",
    [
        "v25.0/me/accounts",
        "healthz",
        "control/api/state",
        "control/../control/api/state",
        "public/../v25.0/me",
        "static/%2e%2e/control/api/state",
        "controls",
        "oauth/access_token",
    ],
)
def test_what_is_not_for_browsers_stays_closed(
    practice: PracticeServer, cast: Cast, visit: Visit, path: str
) -> None:
    assert visit(cast.administrator).get(f"/practice/{path}").status_code == 404


def test_the_control_page_is_for_who_looks_after_channels(
    practice: PracticeServer, cast: Cast, visit: Visit
) -> None:
    assert visit(cast.editor).get("/practice/control").status_code == 403
    page = visit(cast.coordinator).get("/practice/control")
    assert page.status_code == 200
    assert practice.keys.control_token not in page.text


@pytest.mark.parametrize("path", ["/practice", "/practice/"])
def test_the_address_that_is_told_at_the_start_leads_to_its_pages(
    practice: PracticeServer, cast: Cast, visit: Visit, path: str
) -> None:
    editor = visit(cast.editor)
    assert editor.get(path).headers["location"] == "/practice/public"
    assert editor.get("/practice/public").status_code == 200


def test_its_forms_work_and_foreign_ones_do_not(practice: PracticeServer, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    token = boss.get("/practice/control").text.split('name="form_token" value="')[1].split('"')[0]
    data = {"form_token": token, "hours": "1", "days": "0"}
    answer = boss.post("/practice/control/clock", data, headers=OWN)
    assert answer.status_code == 303
    assert answer.headers["location"] == "../control?done=clock"
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert boss.post("/practice/control/clock", data, headers=foreign).status_code == 403


def test_a_sign_in_goes_all_the_way(practice: PracticeServer, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    begun = boss.send("/channels/connect", "/channels/connect", unit_id=cast.koivuranta.id, realm="practice")
    dialog = begun.headers["location"]
    assert dialog.startswith("http://testserver/practice/v")
    page = boss.get(dialog)
    person = page.text.split('name="person" value="')[1].split('"')[0]
    scopes = ["pages_show_list", "pages_read_engagement", "pages_manage_posts", "read_insights"]
    sent = boss.post(dialog, {"person": person, "answer": "continue", "scope": scopes}, headers=OWN)
    back = boss.get(sent.headers["location"])
    choose = back.headers["location"]
    assert choose.startswith("/channels/connections/")
    answer = boss.send(choose, choose, places=practice.page)
    assert "done=connected" in answer.headers["location"]
    assert "Everything is in order." in boss.get(answer.headers["location"]).text


def test_when_it_does_not_run_the_page_says_how_to_start_it(app: FastAPI, cast: Cast, visit: Visit) -> None:
    app.state.settings = app.state.settings.model_copy(update={"practice_port": 1})
    answer = visit(cast.editor).get("/practice/public")
    assert answer.status_code == 503
    assert "kuliss practice" in answer.text
