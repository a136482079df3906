"""My settings: name and language, password, devices, tokens."""

import re
from collections.abc import Callable

from sqlalchemy import update

from app.domain.roles import Actor
from app.foundation.crypto import hash_password
from app.foundation.database import Database
from app.models.people import Person
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
OLD, NEW = "three words together", "other words instead"


def test_name_and_language(cast: Cast, visit: Visit) -> None:
    editor = visit(cast.editor)
    answer = editor.send("/account", "/account", name="Sara N.", locale="sv")
    assert answer.headers["location"] == "/account?done=saved"
    page = editor.get("/account").text
    assert '<html lang="sv">' in page
    assert "Sara N." in page
    assert '<a href="#locale">' in editor.send("/account", "/account", name="Sara", locale="xx").text


def test_a_new_password_ends_other_sign_ins(database: Database, cast: Cast, visit: Visit) -> None:
    with database.writes() as session:
        stored = hash_password(OLD, 8)
        session.execute(update(Person).where(Person.id == cast.editor.person_id).values(password_hash=stored))
    here, there = visit(cast.editor), visit(cast.editor)
    page = "/account/password"
    wrong = here.send(page, page, current="not this one", password=NEW)
    assert "This is not your password." in wrong.text
    assert '<a href="#password">' in here.send(page, page, current=OLD, password="short").text
    assert there.get("/account").status_code == 200
    assert here.send(page, page, current=OLD, password=NEW).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_strangers_who_guess_keep_nobody_out_who_is_in(
    database: Database, cast: Cast, visit: Visit, visitor: Visitor
) -> None:
    with database.writes() as session:
        editor = session.get_one(Person, cast.editor.person_id)
        editor.password_hash, email = hash_password(OLD, 8), editor.email
    for _ in range(10):
        visitor.send("/sign-in", "/sign-in", email=email, password="guess")
    assert visitor.send("/sign-in", "/sign-in", email=email, password=OLD).status_code == 429
    here, page = visit(cast.editor), "/account/password"
    for _ in range(9):
        assert here.send(page, page, current="guess", password=NEW).status_code == 422
    assert here.send(page, page, current=OLD, password=NEW).status_code == 303
    for _ in range(10):
        assert here.send(page, page, current="guess", password=NEW).status_code == 422
    assert here.send(page, page, current=NEW, password=OLD).status_code == 409


def test_ones_own_address_is_no_password(database: Database, cast: Cast, visit: Visit) -> None:
    with database.writes() as session:
        editor = session.get_one(Person, cast.editor.person_id)
        editor.password_hash, email = hash_password(OLD, 8), editor.email
    here, page = visit(cast.editor), "/account/password"
    for guess in (email, f"{cast.network.name}-1"):
        refused = here.send(page, page, current=OLD, password=guess)
        assert refused.status_code == 422
        assert "would be guessed soon" in refused.text


def test_devices_are_signed_out_one_by_one(cast: Cast, visit: Visit) -> None:
    here, there, other = visit(cast.editor), visit(cast.editor), visit(cast.approver)
    found = re.findall(r"/account/devices/(\d+)/end", here.get("/account").text)
    assert len(found) == 1
    path = f"/account/devices/{found[0]}/end"
    assert other.send("/account", path).status_code == 404
    assert here.send("/account", path).headers["location"] == "/account?done=device"
    assert there.get("/account").status_code == 303


def test_all_other_devices_are_signed_out_at_once(cast: Cast, visit: Visit) -> None:
    here, there, phone, other = (
        visit(cast.editor),
        visit(cast.editor),
        visit(cast.editor),
        visit(cast.approver),
    )
    assert "Sign out everywhere else" not in other.get("/account").text
    assert here.send("/account", "/account/devices/end").headers["location"] == "/account?done=devices"
    assert [each.get("/account").status_code for each in (here, there, phone, other)] == [200, 303, 303, 200]


def test_a_token_is_shown_once(cast: Cast, visit: Visit) -> None:
    editor, page = visit(cast.editor), "/account/tokens"
    shown = editor.send(page, page, name="Script", scope="write")
    assert shown.status_code == 200
    token = re.search(r"kuliss_[\w-]+", shown.text)
    assert token is not None
    listed = editor.get(page).text
    assert "Script" in listed
    assert token[0] not in listed
    revoke = re.search(r"/account/tokens/\d+/revoke", listed)
    assert revoke is not None
    assert visit(cast.approver).send(page, revoke[0]).status_code == 404
    assert editor.send(page, revoke[0]).status_code == 303
    assert "Script" not in editor.get(page).text
    assert '<a href="#name">' in editor.send(page, page, scope="read").text
