"""Channels through the API, against the practice network: its real dialog, its real tokens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.connectors.facebook.network import Facebook
from app.connectors.http import Wire
from app.errands.ground import Ground
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.channel_tokens import ChannelToken
from app.models.connections import Connection
from tests.api.conftest import Channels
from tests.api.program import Program
from tests.cast import Cast
from tests.support.apps import lent_app
from tests.support.practice import PracticeServer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the app and the practice network share."""
    return tmp_path_factory.mktemp("practice")


@pytest.fixture(scope="module")
def practice(folder: Path) -> Iterator[PracticeServer]:
    """The practice network, without delays."""
    with PracticeServer(folder) as server:
        server.switches(latency_ms=1, list_lag_seconds=0)
        yield server


@pytest.fixture(scope="module")
def facebook() -> Iterator[Facebook]:
    """The connector on one wire for all tests of this file."""
    wire = Wire(timeout=10)
    yield Facebook(wire)
    wire.close()


@pytest.fixture
def app(database: Database, practice: PracticeServer, folder: Path, facebook: Facebook) -> FastAPI:
    """The app beside the practice network."""
    settings = Settings(_env_file=None, data_dir=folder, practice_port=practice.port, public_url=practice.url)
    app = lent_app(settings, database)
    app.state.ground = Ground(settings, database, app.state.keyring, lambda _kind: facebook)
    return app


@pytest.fixture
def coordinator(program: Callable[..., Program], cast: Cast) -> Program:
    """The program of Koivuranta's coordinator."""
    return program(cast.coordinator)


def consent(practice: PracticeServer, url: str) -> dict[str, str]:
    """What the network sends the browser back with, after the person said yes to everything."""
    dialog = urlsplit(url)
    assert "/practice/" in url
    query = {name: values[0] for name, values in parse_qs(dialog.query).items()}
    form = {
        "person": practice.state()["people"][0]["id"],
        "answer": "continue",
        "scope": query["scope"].split(","),
    }
    address = practice.url + dialog.path.removeprefix("/practice")
    answer = practice.http.post(address, params=query, data=form)
    assert answer.status_code == 303, answer.text
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    return {"state": back["state"][0], "code": back["code"][0]}


def signed_in(coordinator: Program, practice: PracticeServer, cast: Cast) -> Any:
    """The places that a finished sign-in offers."""
    begun = coordinator.post("channels/connections", {"unit_id": cast.koivuranta.id})
    return coordinator.post("channels/connections/finish", consent(practice, begun["url"]))


def test_a_page_is_connected_checked_and_renamed(
    coordinator: Program, practice: PracticeServer, cast: Cast, database: Database
) -> None:
    offered = signed_in(coordinator, practice, cast)
    places = {place["remote_id"]: place for place in offered["places"]}
    assert places[practice.page]["missing_tasks"] == []
    assert places[practice.other_page]["missing_tasks"] == ["CREATE_CONTENT"]
    assert "token" not in places[practice.page]
    choose = f"channels/connections/{offered['connection_id']}/choose"
    lacking = coordinator.refused("POST", choose, {"places": [practice.page, practice.other_page]})
    assert lacking == (422, [("places", "place_lacks_rights")])
    [made] = coordinator.post(choose, {"places": [practice.page]}, key="choose")["channels"]
    assert made.items() >= {"remote_id": practice.page, "realm": "practice", "token_state": "ok"}.items()
    assert coordinator.post(choose, {"places": [practice.page]}, key="choose")["channels"] == [made]
    assert coordinator.refused("POST", choose, {"places": [practice.page]}) == (409, [(None, "choice_made")])
    told = coordinator.post(f"channels/{made['id']}/check")
    assert (told["answered"], told["channel"]["health"]["valid"]) == (True, True)
    changed = coordinator.patch(f"channels/{made['id']}", {"name": "Our page", "used_by": "unit"})
    assert (changed["name"], changed["used_by"], changed["state"]) == ("Our page", "unit", "active")
    assert coordinator.patch(f"channels/{made['id']}", {"state": "dormant"})["name"] == "Our page"
    with database.reads() as session:
        sealed = session.scalars(select(ChannelToken.sealed)).one()
    for answer in (coordinator.ask("GET", "channels"), coordinator.ask("GET", f"channels/{made['id']}")):
        assert sealed not in answer.text


def test_a_lying_callback_changes_nothing(
    coordinator: Program,
    program: Callable[..., Program],
    practice: PracticeServer,
    cast: Cast,
    database: Database,
) -> None:
    begun = coordinator.post("channels/connections", {"unit_id": cast.koivuranta.id})
    true = consent(practice, begun["url"])
    finish, unknown = "channels/connections/finish", (422, [("state", "callback_unknown")])
    assert coordinator.refused("POST", finish, {"state": "made up", "code": true["code"]}) == unknown
    assert program(cast.administrator).refused("POST", finish, true) == unknown
    wrong_code = coordinator.refused("POST", finish, {**true, "code": "made up"})
    assert wrong_code == (422, [("code", "sign_in_failed")])
    assert coordinator.refused("POST", finish, true) == unknown  # a state is used once
    with database.reads() as session:
        assert session.scalars(select(Connection.sealed)).all() == [None]


def test_places_of_others_are_not_there(
    coordinator: Program, program: Callable[..., Program], practice: PracticeServer, cast: Cast
) -> None:
    offered = signed_in(coordinator, practice, cast)
    choose = f"channels/connections/{offered['connection_id']}/choose"
    told = program(cast.administrator).refused("POST", choose, {"places": [practice.page]})
    assert told == (404, [(None, "not_found")])
    assert coordinator.refused("POST", choose, {"places": []}) == (422, [("places", "choose_a_place")])
    assert coordinator.refused("POST", choose, {"places": ["1"]}) == (422, [("places", "place_unknown")])


def test_who_may_not_connect(editor: Program, coordinator: Program, cast: Cast, channels: Channels) -> None:
    begin = {"unit_id": cast.koivuranta.id}
    assert editor.refused("POST", "channels/connections", begin) == (403, [(None, "not_allowed")])
    real = {**begin, "realm": "meta"}
    assert coordinator.refused("POST", "channels/connections", real) == (422, [("realm", "no_meta_app")])
    by_hand = {**begin, "network": "manual"}
    assert coordinator.refused("POST", "channels/connections", by_hand) == (
        422,
        [("network", "network_by_hand")],
    )
    told = editor.refused("PATCH", f"channels/{channels.own}", {"name": "x"})
    assert told == (403, [(None, "not_allowed")])
    assert editor.refused("POST", f"channels/{channels.own}/check") == (403, [(None, "not_allowed")])


def test_a_token_that_other_keys_sealed_is_told(coordinator: Program, channels: Channels) -> None:
    told = coordinator.post(f"channels/{channels.own}/check")
    assert (told["answered"], told["channel"]["token_state"]) == (True, "dead")


def test_sign_ins_are_told_and_taken_away(
    coordinator: Program, program: Callable[..., Program], practice: PracticeServer, cast: Cast
) -> None:
    offered = signed_in(coordinator, practice, cast)
    assert {place["taken"] for place in offered["places"]} == {"no"}
    assert (offered["portfolios"], offered["channel_id"]) == (False, None)
    choose = f"channels/connections/{offered['connection_id']}/choose"
    [made] = coordinator.post(choose, {"places": [practice.page]})["channels"]
    again = {"unit_id": cast.koivuranta.id, "channel_id": made["id"], "portfolio": True}
    begun = coordinator.post("channels/connections", again)
    assert "business_management" in begun["url"]
    offered = coordinator.post("channels/connections/finish", consent(practice, begun["url"]))
    taken = {place["remote_id"]: place["taken"] for place in offered["places"]}
    assert (taken[practice.page], offered["channel_id"], offered["portfolios"]) == ("here", made["id"], True)
    choose = f"channels/connections/{offered['connection_id']}/choose"
    other = next(one for one in taken if one not in (practice.page, practice.other_page))
    assert coordinator.refused("POST", choose, {"places": [other]})[1][0][1] == "other_place"
    sign_ins = f"channels/{made['id']}/sign-ins"
    [one] = coordinator.get(sign_ins)["items"]
    assert (one["person_id"], one["in_use"], one["state"]) == (cast.coordinator.person_id, True, "ok")
    assert "sealed" not in one
    sibling = program(cast.sibling_editor)
    assert sibling.refused("GET", sign_ins)[0] == 404
    assert sibling.refused("DELETE", f"{sign_ins}/{one['id']}")[0] == 404
    assert program(cast.editor).refused("DELETE", f"{sign_ins}/{one['id']}")[0] == 403
    assert coordinator.ask("DELETE", f"{sign_ins}/{one['id']}").json() == {"items": []}
    assert coordinator.get(f"channels/{made['id']}")["token_reason"] == "token_removed"


def test_apps_are_told_put_and_taken_away(
    coordinator: Program, program: Callable[..., Program], cast: Cast
) -> None:
    path = f"units/{cast.koivuranta.id}/meta-app"
    put = coordinator.ask("PUT", path, {"app_id": "123", "secret": "s3cret" * 6})
    assert (put.status_code, put.json()["app_id"], put.json()["own"]) == (200, "123", True)
    assert "s3cret" not in coordinator.ask("GET", "channels/apps").text
    assert [one["app_id"] for one in coordinator.get("channels/apps")["items"]] == ["123"]
    assert program(cast.editor).refused("PUT", path, {"app_id": "1", "secret": "x" * 20})[0] == 403
    assert program(cast.sibling_editor).refused("POST", f"{path}/steps")[0] == 404
    assert program(cast.editor).refused("POST", f"{path}/steps")[0] == 403
    assert coordinator.ask("DELETE", path).json()["app_id"] == ""
    told = {one["step"]: one["told"] for one in coordinator.post(f"{path}/steps")["items"]}
    assert (told["keys"], told["publish"]) == ("not_yet", "unknown")
