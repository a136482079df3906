"""People, their roles and links, through the API."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.actions import links
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.mail import Postman
from app.models.identities import Identity
from app.models.notices import Mail
from app.models.second_factors import SecondFactor
from tests.api.program import Program
from tests.cast import Cast


@pytest.fixture
def coordinator(program: Callable[..., Program], cast: Cast) -> Program:
    """The program of Koivuranta's coordinator."""
    return program(cast.coordinator)


def test_a_person_comes_in_by_the_link(coordinator: Program, cast: Cast, database: Database) -> None:
    body = {
        "unit_id": cast.koivuranta.id,
        "name": "Ida Hill",
        "email": "Ida@library.example",
        "roles": ["editor"],
    }
    made = coordinator.post("people", body)
    assert made["person"]["email"] == "ida@library.example"
    assert made["person"]["seats"] == [
        {"unit_id": cast.koivuranta.id, "unit_name": "Koivuranta", "roles": ["editor"]}
    ]
    address, _, token = made["link"].rpartition("/")
    assert address == "http://testserver/link"
    with database.writes() as session:
        assert links.spend(session, token, clock.now()) == made["person"]["id"]


def test_a_new_link_makes_the_old_one_void(coordinator: Program, cast: Cast, database: Database) -> None:
    person_id = cast.editor.person_id
    first = coordinator.post("invitations", {"person_id": person_id})
    second = coordinator.post("invitations", {"person_id": person_id})
    assert first["person_id"] == second["person_id"] == person_id
    assert first["link"] != second["link"]


def test_an_invitation_is_mailed_again(
    coordinator: Program, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"unit_id": cast.koivuranta.id, "name": "Ida", "email": "ida@library.example", "roles": ["editor"]}
    path = f"people/{coordinator.post('people', body)['person']['id']}/invitation"
    assert coordinator.refused("POST", path)[0] == 404, "no mail is sent here"
    postman = Postman("mail.example", 25, "none", "", "", "kuliss@example.org", "kuliss")
    monkeypatch.setattr("app.api.people_doors.postman_of", lambda _settings: postman)
    assert coordinator.post(path) == {"id": int(path.split("/")[1])}
    assert coordinator.refused("POST", path) == (409, [(None, "invited_just_now")])
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 1


def test_roles_and_account_are_changed(coordinator: Program, cast: Cast) -> None:
    path, unit_id = f"people/{cast.editor.person_id}", cast.koivuranta.id
    told = coordinator.patch(path, {"unit_id": unit_id, "roles": ["approver", "editor"]})
    assert told["seats"][0]["roles"] == ["approver", "editor"]
    assert coordinator.patch(path, {"active": False})["active"] is False
    assert coordinator.patch(path, {"active": True})["active"] is True
    assert coordinator.patch(path, {"unit_id": unit_id, "roles": []})["seats"] == []
    assert coordinator.refused("GET", path) == (404, [(None, "not_found")])


def test_nobody_gives_more_than_they_may(coordinator: Program, editor: Program, cast: Cast) -> None:
    path, unit_id = f"people/{cast.editor.person_id}", cast.koivuranta.id
    edit = {"unit_id": unit_id, "roles": ["administrator"]}
    assert coordinator.refused("PATCH", path, edit) == (422, [("roles", "role_not_yours")])
    assert coordinator.refused("PATCH", path, {"roles": []}) == (422, [("unit_id", "missing")])
    assert editor.refused("PATCH", path, {"unit_id": unit_id, "roles": []}) == (
        422,
        [("unit_id", "unit_not_yours")],
    )
    assert editor.refused("PATCH", path, {"active": False}) == (403, [(None, "person_out_of_reach")])


def test_the_list_comes_in_pages(coordinator: Program) -> None:
    seen, after = [], None
    while True:
        page = coordinator.get("people", limit=2, **({"after": after} if after else {}))
        seen += [person["name"] for person in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ["Mikael Berg", "Olli Laine", "Pirjo Koski", "Sara Niemi", "Veera Salo"]


def test_a_token_is_shown_once_and_revoked(
    editor: Program, cast: Cast, program: Callable[..., Program]
) -> None:
    made = editor.post("tokens", {"name": "Robot"})
    assert made["scope"] == "read"
    assert made["token"].startswith("kuliss_")
    assert {"name": "Robot", "id": made["id"]}.items() <= editor.items("tokens")[0].items()
    assert "token" not in editor.items("tokens")[0]
    assert program(cast.approver).refused("DELETE", f"tokens/{made['id']}") == (404, [(None, "not_found")])
    assert editor.ask("DELETE", f"tokens/{made['id']}").status_code == 204
    assert made["id"] not in [token["id"] for token in editor.items("tokens")]


def test_a_lost_second_factor_is_removed(
    coordinator: Program, editor: Program, cast: Cast, database: Database
) -> None:
    person_id, now = cast.editor.person_id, clock.now()
    path = f"people/{person_id}"
    with database.writes() as session:
        mine = {"person_id": person_id, "sealed": "", "salt": "x", "created_at": now, "used_at": now}
        session.add(SecondFactor(**mine, confirmed_at=now))
        session.add(
            Identity(person_id=person_id, issuer="https://id", subject="1", linked_at=now, used_at=now)
        )
    assert coordinator.get(f"{path}/doors") == {"second_factor": True, "work_account": True}
    assert editor.get(f"people/{cast.approver.person_id}/doors") == {
        "second_factor": False,
        "work_account": False,
    }
    assert editor.refused("DELETE", f"{path}/second-factor") == (403, [(None, "second_factor_own")])
    for what in ("second-factor", "work-account"):
        assert coordinator.ask("DELETE", f"{path}/{what}").status_code == 204
        assert coordinator.refused("DELETE", f"{path}/{what}") == (404, [(None, "not_found")])


def test_a_library_wants_a_second_factor(program: Callable[..., Program], cast: Cast) -> None:
    administrator, path = program(cast.administrator), f"units/{cast.network.id}"
    assert administrator.get(path)["second_factor"] is False
    told = administrator.refused("PATCH", f"units/{cast.library.id}", {"second_factor": True})
    assert told == (409, [("wanted", "second_factor_at_top")])
    assert administrator.patch(path, {"second_factor": True})["second_factor"] is True
