"""The tests' own tools: isolation really isolates, and the browser checks really find."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from app.foundation.database import Database, make_engine
from tests.support.browser import axe, check_page, on_a_phone, overflow, unlabelled
from tests.support.server import served

GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1>
<form><label for="a">Name</label><input id="a" autocomplete="name">
<fieldset><legend>Tone</legend><label><input type="radio" name="t"> Human</label></fieldset>
</form></main></body></html>"""
BAD = (
    """<!doctype html><html lang="en"><head><title>Bad</title></head><body><main><h1>Bad</h1>
<input placeholder="Name"><label><input type="radio" name="t"> Human</label><img src="data:,">
<pre>"""
    + ("wide " * 400)
    + "</pre></main></body></html>"
)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_session_commits_is_taken_back(session: Session, turn: int) -> None:
    assert not inspect(session.connection()).has_table("left_behind")
    session.execute(text("CREATE TABLE left_behind (turn INTEGER)"))
    session.commit()
    session.rollback()
    session.execute(text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM left_behind")) == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_of_ones_own_is_new_and_migrated(database: Database, turn: int) -> None:
    names = inspect(database.engine).get_table_names()
    assert "alembic_version" in names
    assert "left_behind" not in names
    with database.writes() as session:
        session.execute(text("CREATE TABLE left_behind (turn INTEGER)"))


def test_a_fresh_database_takes_several_connections(fresh_database: str, engine: Engine) -> None:
    one, other = make_engine(fresh_database), make_engine(fresh_database)
    with one.begin() as connection:
        connection.execute(text("CREATE TABLE shared (n INTEGER)"))
    assert inspect(other).has_table("shared")
    assert not inspect(engine).has_table("shared")
    one.dispose()
    other.dispose()


@on_a_phone
def test_a_good_page_passes(page: Page) -> None:
    page.set_content(GOOD)
    check_page(page)


def test_a_bad_page_is_found_out(page: Page) -> None:
    page.set_content(BAD)
    assert any("image-alt" in line for line in axe(page))
    assert len(unlabelled(page)) == 2
    assert overflow(page) > 0


@on_a_phone
def test_a_pale_text_is_found_each_time_and_beside_fine_ones(page: Page) -> None:
    page.set_content(GOOD)
    assert axe(page) == []
    for pale in ("color: #ccc", "background: #333"):
        page.set_content(GOOD.replace("<form>", f'<form><div style="{pale}"><p>Pale</p></div>'))
        for _ in range(2):
            assert [line.split()[0] for line in axe(page)] == ["color-contrast"]


@on_a_phone
def test_a_served_app_answers(page: Page) -> None:
    with served(_hello) as address:
        response = page.goto(address)
        assert response is not None
        assert response.text() == GOOD


async def _hello(scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """The smallest ASGI app: the good page for every request, and the two moments of a lifespan."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    head = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": GOOD.encode()})
