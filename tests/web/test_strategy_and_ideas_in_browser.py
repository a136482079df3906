"""Strategy, register, ideas, time, mails and first screens in the states that they have, in a real browser.

Each state is looked at by axe in one width, and measured in the other one too: empty and refused ones on a
phone, where they are met first, full ones on a desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, expect

from app.actions import idea_doors, ideas, links, mail_links, strategies
from app.domain.mails import MailKind
from app.domain.publications import Status
from app.domain.roles import Actor, Scope
from app.errands.results import follow
from app.foundation import clock
from app.foundation.database import Database
from app.models.idea_doors import IdeaDoor
from app.models.people import Person
from tests import plans
from tests.cast import Cast
from tests.support.browser import NARROW, WIDE, check_page, on_a_desk, on_a_phone, overflow, picture
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.web.branch_life import Life, live
from tests.web.scene import Scene
from tests.web.test_examples import small_example
from tests.web.visitor import enter

BY_HAND = Actor(None, Scope(), via="cli")
# What the server says is looked at, not what the browser says before anything is sent; nothing is folded.
UNFOLDED = """() => {
    for (const form of document.forms) form.noValidate = true;
    for (const part of document.querySelectorAll('main details')) part.open = true;
}"""
EVERY_ROLE = ("administrator", "coordinator", "editor", "approver", "contributor", "manager")


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


class Walk:
    """Somebody who goes from page to page and looks at each."""

    def __init__(self, page: Page, app: FastAPI, address: str) -> None:
        self.page, self.address = page, address
        self.database: Database = app.state.database

    def enter(self, who: Actor) -> None:
        """Be one of the cast."""
        enter(self.page, self.database, self.address, who)

    def look(self, *paths: str) -> None:
        """Go there; each page is for everybody."""
        for path in paths:
            self.page.goto(f"{self.address}{path}")
            self.check(path)

    def check(self, name: str) -> None:
        """The page as it is now."""
        check_page(self.page)
        picture(self.page, f"{name} {self.page.title()}")
        size = self.page.viewport_size
        assert size
        self.page.set_viewport_size(NARROW if size == WIDE else WIDE)
        assert overflow(self.page) <= 0, name
        self.page.set_viewport_size(size)

    def refused(self, path: str, button: str, *choose: str, **typed: str) -> None:
        """A form that the server refuses: what is wrong is said on top, what was typed is there still.

        `choose`: selectors of what is ticked first.
        """
        self.page.goto(f"{self.address}{path}")
        self.page.evaluate(UNFOLDED)
        for one in choose:
            self.page.locator(one).check()
        for name, value in typed.items():
            self._field(name).fill(value)
        self.page.get_by_role("button", name=button, exact=True).first.click()
        expect(self.page.locator(".errors")).to_be_visible()
        for name, value in typed.items():
            expect(self._field(name)).to_have_value(value)
        self.check(f"{path} refused")

    def _field(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name.replace("__", ".")}"]').first


@pytest.fixture
def walk(page: Page, app: FastAPI) -> Iterator[Walk]:
    """Nobody yet."""
    with served(app) as address:
        yield Walk(page, app, address)


@on_a_phone
def test_with_nothing_there_yet(walk: Walk, cast: Cast) -> None:
    for role in EVERY_ROLE:
        walk.enter(getattr(cast, role))
        walk.look("/")
    walk.look("/strategy", "/ideas/numbers", "/health-check", "/account/mails")
    walk.enter(cast.coordinator)
    walk.look("/strategy", "/channels/register", "/ideas", "/ideas/doors", "/ledger")
    walk.enter(cast.contributor)
    walk.look("/ideas?show=mine")
    walk.enter(cast.administrator)
    walk.look("/example")


@dataclass(frozen=True)
class Full:
    """Koivuranta's life, a channel of it that nobody closes, and its contributor's idea."""

    life: Life
    channel_id: int
    idea_id: int


@pytest.fixture
def full(app: FastAPI, cast: Cast) -> Full:
    """Koivuranta with everything that people make and what comes by itself; its draft says other things."""
    scene = Scene(app, cast)
    shared = scene.write(lambda session: plans.channel(session, cast.library, scene.keyring, "All").id)
    scene.plan(Status.MISSED, -300, title="Missed one")
    life = live(scene, cast.koivuranta, cast.editor, "Heron", shared)
    goals = tuple(strategies.PointInput(name=name, note="2.1 Reading") for name in ("Herons read", "Talk"))
    wanted = strategies.StrategyEdit(
        purpose="For everybody\nat the shore", goals=goals, mix_low=40, mix_high=60
    )
    owls = ideas.IdeaInput(unit_id=cast.koivuranta.id, title="Owls")
    with scene.database.writes() as session:
        strategies.edit(session, cast.coordinator, life.strategy_id, wanted)
        mine = ideas.send(session, cast.contributor, owls).id
        ideas.decline(session, cast.editor, mine, ideas.Answer(answer="In the spring."))
        again = idea_doors.DoorInput(unit_id=cast.koivuranta.id, name="Heron desk")
        idea_doors.make(session, cast.editor, scene.keyring, again)
    follow(app.state.ground)
    return Full(life, scene.channel_id, mine)


@on_a_desk
def test_with_everything_there(walk: Walk, app: FastAPI, cast: Cast, full: Full) -> None:
    number = full.life.strategy_id
    draft, channel = f"/strategy/{number}", f"/channels/{full.life.channel_id}"
    for role in EVERY_ROLE:
        walk.enter(getattr(cast, role))
        walk.look("/")
    walk.look("/health-check")
    walk.enter(cast.coordinator)
    walk.look("/strategy", draft, f"{draft}/compare", "/strategy/print", f"/strategy/{number - 1}")
    walk.look("/ledger", "/ideas/numbers", "/ideas/doors", f"/ideas/doors/{full.life.door_id}/poster")
    walk.look(f"{draft}/edit", f"{draft}/lists/goals", f"{channel}/plan", f"{channel}/closing")
    walk.look(*(f"/channels/{name}" for name in ("register", "who", "accounts", "privacy-notice")))
    walk.enter(cast.editor)
    walk.look("/ideas", f"/ideas/{full.life.idea_id}", "/ideas?words=nothing+fits", "/ledger")
    walk.enter(cast.contributor)
    walk.look("/ideas?show=mine", f"/ideas/{full.idea_id}")
    _behind_links(walk, app, cast)


def _behind_links(walk: Walk, app: FastAPI, cast: Cast) -> None:
    """What strangers see: what became of their idea, a mail's switch, the door of the example library."""
    made = _example(walk.database)
    walk.enter(cast.administrator)
    walk.look("/example")
    walk.page.context.clear_cookies()
    off = mail_links.token(app.state.keyring, cast.editor.person_id or 0, MailKind.DIGEST)
    walk.look("/i/follow/Heron%20follows", f"/example/come-in/{made}", "/mails/off/none", f"/mails/off/{off}")
    walk.page.get_by_role("button", name="Switch them off").click()
    expect(walk.page.get_by_role("heading", name="These mails do not come any more.")).to_be_visible()
    walk.check("/mails/off done")


def _example(database: Database) -> str:
    """An example library; the link to its editor."""
    with database.writes() as session:
        editor = session.get_one(Person, small_example(session).editor.person_id)
        return links.make(session, BY_HAND, editor, clock.now())


@on_a_phone
def test_what_is_refused(walk: Walk, app: FastAPI, cast: Cast, full: Full) -> None:
    life, draft = full.life, f"/strategy/{full.life.strategy_id}"
    walk.enter(cast.coordinator)
    walk.refused("/strategy/new", "Make a draft of it", "#purpose-own", purpose_own="")
    walk.refused(f"{draft}/edit", "Save the draft", "#mix-own", mix_low="70", mix_high="30")
    walk.refused(f"{draft}/lists/goals", "Save the list", row__0__name="")
    walk.refused(draft, "Take it into force", from_on="2020-01-01")
    walk.refused("/channels/planned", "Go on to its plan", name="")
    walk.refused(f"/channels/{life.channel_id}/plan", "Save the plan", hours_a_week="many", at_least="4")
    walk.refused(f"/channels/{full.channel_id}/closing", "Begin to close it", elsewhere="The newsletter")
    walk.refused("/ideas/doors", "Make the link", name="")
    walk.enter(cast.editor)
    walk.refused(f"/ideas/{life.idea_id}", "Say no, kindly", answer="")
    walk.refused("/ledger", "Note it", minutes="some", note="On the phone")
    walk.enter(cast.contributor)
    walk.refused("/ideas/new", "Send the idea", why="It sings")
    walk.page.context.clear_cookies()
    keys = app.state.keyring
    with walk.database.reads() as session:
        sealed = session.get_one(IdeaDoor, life.door_id).token_sealed
    walk.refused(f"/i/{idea_doors.unsealed(keys, life.door_id, sealed)}", "Send the idea", why="It sings")
