"""The first visit: one form makes the library and signs its administrator in."""

from app.actions import links
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.database import Database
from tests.web.visitor import Visitor

FORM = {
    "library": "Saarivesi City Library",
    "kind": "library",
    "country": "FI",
    "zone": "Europe/Helsinki",
    "locale": "en",
    "name": "Aino Lehtinen",
    "email": "aino@library.example",
    "password": "three words together",
    "roles": ["editor", "approver"],
}


def first_link(database: Database) -> str:
    with database.writes() as session:
        return f"/first/{links.make_first(session, Actor(None, Scope(), via='cli'), clock.now())}"


def test_one_form_and_the_library_is_there(database: Database, visitor: Visitor) -> None:
    link = first_link(database)
    page = visitor.get(link, headers={"accept-language": "nb"})
    assert '<option value="Europe/Oslo" selected>' in page.text
    assert page.text.count('type="checkbox" name="roles"') == page.text.count(" checked")
    answer = visitor.send(link, link, **FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?done=begun")
    people = visitor.get("/people").text
    assert "Aino Lehtinen" in people
    assert "Editor, Approver, Administrator" in people
    assert visitor.get(link).status_code == 404
    assert visitor.get("/sign-in").status_code == 303


def test_what_was_typed_comes_back_with_its_faults(database: Database, visitor: Visitor) -> None:
    link = first_link(database)
    faulty = {
        **FORM,
        "library": "  ",
        "email": "aino",
        "password": "aaaaaaaaaaaa",
        "zone": "Mars",
        "roles": [],
    }
    answer = visitor.send(link, link, **faulty)
    assert answer.status_code == 422
    for field in ("library", "email", "password", "zone"):
        assert f'<a href="#{field}">' in answer.text, field
    assert 'value="Aino Lehtinen"' in answer.text
    assert "aaaaaaaaaaaa" not in answer.text
    assert visitor.send(link, link, **FORM).status_code == 303


def test_a_wrong_link_is_no_link(visitor: Visitor, database: Database) -> None:
    for path in ("/first/wrong", "/link/wrong"):
        assert visitor.get(path).status_code == 404
    link = first_link(database)
    assert visitor.get(link.replace("/first/", "/link/")).status_code == 404
