"""What is typed and not saved: kept for its person alone, offered again, over once it was saved."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.actions import posts as actions
from app.domain.posts import Tone
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.database import Database
from app.models.kept_forms import KeptForm
from app.models.posts import Revision
from app.models.unsaved import UnsavedForm
from tests.builders import actor, person
from tests.cast import Cast
from tests.web.visitor import Visitor

Visit = Callable[[Actor], Visitor]
WORDS = "Sari is choosing ten books, and one more"


@pytest.fixture
def post_id(database: Database, cast: Cast) -> int:
    """A draft of Koivuranta."""
    with database.writes() as session:
        data = actions.PostInput(unit_id=cast.koivuranta.id, title="Ten books", tone=Tone.HUMAN, text="One")
        return actions.create(session, cast.editor, data).id


@pytest.fixture
def maarit(database: Database, cast: Cast) -> Actor:
    """Another editor of Koivuranta."""
    with database.writes() as session:
        return actor(session, person(session, "Maarit Aho", cast.koivuranta, Role.EDITOR))


class Writer:
    """Somebody's composer, open in one tab."""

    def __init__(self, browser: Visitor, path: str, **query: Any) -> None:
        self.browser, self.path = browser, path
        page = browser.get(path, params=query).text
        form = page[page.index('id="composer"') :]
        hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', form)
        self.fields = {name: unescape(value) for name, value in hidden}
        self.page = unescape(page).partition("<template")[0]

    def types(self, **fields: str) -> Any:
        """What the script sends while one types, and what it is answered."""
        self.fields = {**self.fields, "title": "Ten books", "tone": "human", **fields}
        return self.browser.post("/unsaved", {**self.fields, "form": self.path})

    def saves(self) -> Any:
        """The button."""
        return self.browser.post(self.path, {**self.fields, "do": "save"})


def count(database: Database, column: Any) -> int:
    with database.reads() as session:
        return session.scalar(select(func.count(column))) or 0


def test_typing_makes_no_revision_and_saving_makes_one(
    database: Database, cast: Cast, visit: Visit, post_id: int
) -> None:
    browser, path = visit(cast.editor), f"/posts/{post_id}/edit"
    tab = Writer(browser, path)
    for n in (5, 12, len(WORDS)):
        told = tab.types(text=WORDS[:n]).json()
    assert told["kept"]
    assert re.match(r"Draft saved \d", told["words"])
    assert (count(database, UnsavedForm.id), count(database, Revision.id)) == (1, 1)
    with database.reads() as session:
        assert WORDS not in session.scalars(select(UnsavedForm.sealed)).one()

    again = Writer(browser, path)
    assert "that was not saved" in again.page
    assert again.page.index(WORDS) < again.page.index('id="composer"'), "to be looked at"
    number = re.search(r"\?typed=(\d+)", again.page)
    assert number
    taken = Writer(browser, path, typed=number[1])
    assert taken.page.index(WORDS) > taken.page.index('id="composer"'), "in the form"
    assert "that was not saved" not in taken.page
    taken.types(text=WORDS)
    for _ in range(2):
        assert taken.saves().headers["location"] == f"/posts/{post_id}?done=post_saved"
    assert count(database, Revision.id) == 2
    assert "that was not saved" not in Writer(browser, path).page, "neither of the two is offered"
    late = tab.types(text="What was still on its way").json()
    assert not late["kept"]
    assert "another tab" in late["words"]


def test_each_tab_has_its_own_and_each_can_be_thrown_away(maarit: Actor, cast: Cast, visit: Visit) -> None:
    browser, path = visit(cast.editor), "/posts/new"
    one, other = Writer(browser, path), Writer(browser, path)
    one.types(unit_id=str(cast.koivuranta.id), text="The first tab")
    other.types(unit_id=str(cast.koivuranta.id), text="The second tab")
    page = Writer(browser, path).page
    assert ("The first tab" in page, "The second tab" in page) == (True, True)
    assert "The first tab" not in Writer(visit(maarit), path).page
    number = re.findall(r"\?typed=(\d+)", page)[0]
    for who, status in ((maarit, 404), (cast.editor, 303)):
        known = visit(who)
        assert known.get(f"{path}?typed={number}").status_code == (404 if status == 404 else 200)
        assert known.send(path, f"/unsaved/{number}/drop").status_code == status
    page = Writer(browser, path).page
    assert ("The first tab" in page, "The second tab" in page) == (True, False)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert "The first tab" not in Writer(visit(cast.editor), path).page


def test_a_form_that_says_what_is_stored_is_not_kept(
    database: Database, cast: Cast, visit: Visit, post_id: int
) -> None:
    tab = Writer(visit(cast.editor), f"/posts/{post_id}/edit")
    tab.types(text="Another")
    assert tab.types(text="One", same="yes").json() == {
        "key": tab.fields["once"], "kept": True, "words": "", "meanwhile": "",
    }  # fmt: skip
    assert count(database, UnsavedForm.id) == 0


def test_two_who_write_are_told_of_each_other(maarit: Actor, cast: Cast, visit: Visit, post_id: int) -> None:
    path = f"/posts/{post_id}/edit"
    mine, theirs = Writer(visit(cast.editor), path), Writer(visit(maarit), path)
    theirs.types(text="Hers")
    assert mine.types(text="Mine").json()["meanwhile"] == "Maarit Aho is writing here too."
    assert "Maarit Aho is writing here too." in Writer(visit(cast.editor), path).page
    assert "Hers" not in Writer(visit(cast.editor), path).page
    theirs.saves()
    assert "Maarit Aho saved revision 2 at " in mine.types(text="Mine").json()["meanwhile"]
    assert visit(cast.sibling_editor).post("/unsaved", {"form": path}).status_code == 403
    stranger = Writer(visit(cast.sibling_editor), "/posts/new")
    stranger.path = path
    assert stranger.types(text="Not hers to see").status_code == 404


def test_a_locked_browser_keeps_it_too_and_a_stranger_is_led_to_the_door(
    database: Database, cast: Cast, visit: Visit, visitor: Visitor, post_id: int
) -> None:
    tab = Writer(visit(cast.editor), f"/posts/{post_id}/edit")
    own = tab.browser.client.cookies.pop("kuliss")
    tab.browser.client.cookies.set("kuliss", own, domain="testserver.local", path="/")
    with time_machine.travel(clock.now() + timedelta(minutes=45), tick=False):
        told = tab.types(text=WORDS).json()
    assert told["kept"]
    assert "locked" in told["words"]
    assert (count(database, UnsavedForm.id), count(database, KeptForm.id)) == (1, 0)
    assert visitor.post("/unsaved", tab.fields).headers["location"].startswith("/sign-in?next=")
