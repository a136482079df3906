"""The pages about people: added with a link, given roles, closed, and out of sight for a sibling branch."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.domain.roles import Actor
from app.foundation.database import Database
from app.foundation.mail import Postman
from app.models.notices import Mail
from app.models.people import Person
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
NEW = {
    "name": "Uusi Ihminen",
    "email": "uusi@library.example",
    "roles": ["editor", "contributor"],
    "locale": "",
}


def test_a_person_is_added_and_their_link_works(cast: Cast, visit: Visit, visitor: Visitor) -> None:
    boss = visit(cast.coordinator)
    page = boss.send("/people/new", "/people/new", unit_id=cast.koivuranta.id, **NEW)
    assert page.status_code == 200
    link = re.search(r"http://testserver(/link/[\w-]+)", page.text)
    assert link is not None
    assert visitor.send(link[1], link[1], password="three words together").status_code == 303
    assert "Toimittaja" in visitor.get("/people").text  # the unit speaks Finnish


def test_a_form_sent_twice_is_done_once(database: Database, cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    form = boss.get("/people/new").text
    assert "Nothing is sent: you get a link to hand on." in form
    hidden = dict(re.findall(r'<input type="hidden" name="(csrf|once)" value="([^"]*)"', form))
    data = {**hidden, "unit_id": cast.koivuranta.id, **NEW}
    assert boss.post("/people/new", data).status_code == 200
    again = boss.post("/people/new", data)
    assert again.status_code == 303
    assert re.fullmatch(r"/people/\d+\?done=person_added", again.headers["location"])
    with database.reads() as session:
        assert session.scalar(select(func.count()).where(Person.email == NEW["email"])) == 1
    other = boss.post("/people/new", {**data, "email": "other@library.example"})
    assert other.status_code == 200, "the same page with other words is another form"


def test_faults_keep_what_was_typed(cast: Cast, visit: Visit) -> None:
    boss = visit(cast.coordinator)
    page = boss.send("/people/new", "/people/new", unit_id=cast.koivuranta.id, name="Uusi", email="uusi")
    assert page.status_code == 422
    assert 'value="Uusi"' in page.text
    assert '<a href="#email">' in page.text
    assert '<a href="#roles">' in page.text
    page = boss.send("/people/new", "/people/new", unit_id=cast.library.id, **NEW)
    assert "Choose a unit that you work for." in page.text


def test_roles_are_changed_on_their_page(cast: Cast, visit: Visit) -> None:
    boss, path = visit(cast.coordinator), f"/people/{cast.editor.person_id}/roles"
    page = f"{path}?unit={cast.koivuranta.id}"
    answer = boss.send(page, path, unit_id=cast.koivuranta.id, roles=["approver"])
    assert answer.headers["location"] == f"/people/{cast.editor.person_id}?done=saved"
    assert "Approver" in boss.get(answer.headers["location"]).text
    gone = boss.send(page, path, unit_id=cast.koivuranta.id)
    assert gone.headers["location"] == "/people?done=saved"


@pytest.mark.parametrize("unit", ["9" * 5000, "x", "-1", ""], ids=["long", "word", "minus", "nothing"])
def test_roles_in_what_is_no_unit_change_nothing(cast: Cast, visit: Visit, unit: str) -> None:
    boss, page = visit(cast.coordinator), f"/people/{cast.editor.person_id}/roles"
    assert boss.send(page, page, unit_id=unit, roles=["approver"]).status_code == 422
    assert "Approver" not in boss.get(f"/people/{cast.editor.person_id}").text


def test_an_account_is_closed_and_opened(cast: Cast, visit: Visit) -> None:
    boss, editor = visit(cast.coordinator), visit(cast.editor)
    page = f"/people/{cast.editor.person_id}"
    assert editor.get("/people").status_code == 200
    assert boss.send(page, f"{page}/deactivate").status_code == 303
    assert editor.get("/people").status_code == 303
    assert "This account is closed." in boss.get(page).text
    assert boss.send(page, f"{page}/activate").status_code == 303
    linked = boss.send(page, f"{page}/link")
    assert "/link/" in linked.text


def test_the_last_administrator_is_told_why(cast: Cast, visit: Visit) -> None:
    boss, page = visit(cast.administrator), f"/people/{cast.administrator.person_id}"
    answer = boss.send(page, f"{page}/deactivate")
    assert answer.status_code == 409
    assert "Somebody must stay administrator." in answer.text


def test_a_sibling_sees_and_changes_nothing(cast: Cast, visit: Visit) -> None:
    for outsider in (cast.sibling_editor, cast.stranger):
        seen = visit(outsider)
        assert "Sara Niemi" not in seen.get("/people").text
        page = f"/people/{cast.editor.person_id}"
        assert seen.get(page).status_code == 404
        for path in (f"{page}/roles", f"{page}/deactivate", f"{page}/activate", f"{page}/link"):
            answer = seen.send("/people", path, unit_id=cast.koivuranta.id, roles=["editor"])
            assert answer.status_code == 404, path


def test_who_may_only_read_gets_no_forms(cast: Cast, visit: Visit) -> None:
    reader = visit(cast.contributor)
    assert "/people/new" not in reader.get("/people").text
    assert "/roles" not in reader.get(f"/people/{cast.editor.person_id}").text
    answer = reader.send("/people", f"/people/{cast.editor.person_id}/deactivate")
    assert answer.status_code == 403


def test_an_invitation_is_sent_again_where_mail_is_sent(
    database: Database, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = visit(cast.coordinator)
    boss.send("/people/new", "/people/new", unit_id=cast.koivuranta.id, **NEW)
    with database.reads() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == NEW["email"])).one()
    page = f"/people/{person_id}"
    path = f"{page}/invite"
    assert "Send the invitation again" not in boss.get(page).text
    assert boss.send(page, path).status_code == 404, "no mail is sent here"
    postman = Postman("mail.example", 25, "none", "", "", "kuliss@example.org", "kuliss")
    monkeypatch.setattr("app.web.people.postman_of", lambda _settings: postman)
    assert "Send the invitation again" in boss.get(page).text
    assert "Send the invitation again" not in visit(cast.editor).get(page).text
    assert visit(cast.editor).send("/account", path).status_code == 403
    assert visit(cast.stranger).send("/account", path).status_code == 404
    assert boss.send(page, path).headers["location"] == f"{page}?done=invited"
    again = boss.send(page, path)
    assert again.status_code == 409
    assert "An invitation to Uusi Ihminen went out a moment ago." in again.text
    with database.reads() as session:
        assert session.scalar(select(func.count()).where(Mail.person_id == person_id)) == 1
    assert "Send the invitation again" not in boss.get(f"/people/{cast.editor.person_id}").text
