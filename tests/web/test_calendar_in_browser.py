"""The calendar in a real browser: a drag, the keyboard, the way back, and every page for everybody."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from app.actions import sign_ins, slots
from app.actions.slots import RhythmInput
from app.dependencies.viewers import SIGN_IN_COOKIE
from app.domain.publications import Status
from app.domain.roles import Actor
from app.domain.slots import monday_of
from app.foundation import clock
from app.foundation.database import Database
from app.models.publications import Publication
from app.web.calendar_days import key
from app.web.formats import day_name
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.databases import SQLiteDatabases
from tests.support.days import today
from tests.support.server import served
from tests.web.scene import Scene

ZONE = ZoneInfo("Europe/Helsinki")
TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def monday() -> date:
    """The Monday of the week after next: no day of it is past, whichever day it is."""
    return monday_of(today()) + timedelta(days=14)


def enter(page: Page, database: Database, address: str, who: Actor) -> None:
    """Be one of the cast from here on."""
    assert who.person_id is not None
    with database.writes() as session:
        token = sign_ins.begin(session, who.person_id, "Test", clock.now())
    page.context.clear_cookies()
    page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": token, "url": address}])


def planned(
    scene: Scene, monday: date, weekday: int, title: str = "Reading dogs", status: Status = Status.PLANNED
) -> int:
    """A publication at ten o'clock of a day of the week."""
    number = scene.plan(status, title=title)
    wall = datetime.combine(monday + timedelta(days=weekday), time(10))

    def put(session: Session) -> None:
        row = session.get_one(Publication, number)
        row.local_due, row.due_at = wall, wall.replace(tzinfo=ZONE).astimezone(UTC)

    scene.write(put)
    return number


def on(page: Page, monday: date, weekday: int) -> Locator:
    """What stands on a day."""
    return page.locator(f"[data-day='{monday + timedelta(days=weekday)}']")


def drag(page: Page, number: int, day: date) -> None:
    """Take a post by its title and let it go over another day."""
    start = page.locator(f"[data-id='{number}'] .title").bounding_box()
    end = page.locator(f"[data-day='{day}'] h2").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 20)
    page.mouse.move(end["x"] + 5, end["y"] + 5, steps=3)
    page.mouse.up()


@on_a_desk
def test_a_post_is_dragged_put_back_and_carried_by_keyboard(
    page: Page, app: FastAPI, database: Database, cast: Cast, address: str, monday: date
) -> None:
    scene = Scene(app, cast)
    number = planned(scene, monday, TUESDAY)
    enter(page, database, address, cast.editor)
    week = f"{address}/calendar/week/{key('week', monday)}"
    page.goto(week)
    thursday = monday + timedelta(days=THURSDAY)
    drag(page, number, thursday)
    told = page.locator("[data-said]")
    expect(told).to_contain_text(f"“Reading dogs” moved to {day_name(thursday, 'en')} 10.00.")
    expect(page).to_have_url(week)
    expect(on(page, monday, THURSDAY)).to_contain_text("Reading dogs")
    page.get_by_role("button", name="Undo").click()
    expect(told).to_contain_text("is back on Tuesday")
    expect(on(page, monday, TUESDAY)).to_contain_text("Reading dogs")

    title = page.get_by_role("link", name="Reading dogs", exact=True)
    title.focus()
    page.keyboard.press("m")
    expect(page.locator("#say")).to_contain_text("Lifted: Reading dogs.")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#say")).to_have_text(day_name(monday + timedelta(days=WEDNESDAY), "en"))
    page.keyboard.press("Escape")
    expect(page.locator("#say")).to_have_text("It stays where it was.")
    title.focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("moved to Wednesday")
    assert scene.read(number).local_due.date() == monday + timedelta(days=WEDNESDAY)
    scene.write(lambda session: _away(session, number))
    drag(page, number, thursday)
    expect(page.locator(".slot .error")).to_contain_text("It is on its way already")


def _away(session: Session, number: int) -> None:
    session.get_one(Publication, number).status = Status.PUBLISHING


@pytest.fixture
def full(app: FastAPI, cast: Cast, monday: date) -> Scene:
    """A week with posts in several states, a promise and free hours."""
    scene = Scene(app, cast)
    for weekday, status in enumerate((Status.PROPOSED, Status.PLANNED, Status.HELD, Status.PUBLISHED)):
        planned(scene, monday, weekday, f"Story {weekday} with a rather long working title", status=status)
    for number in range(4):
        planned(scene, monday, 4, f"Friday {number}")
    hours = [{"weekday": on, "local_time": at} for on in (1, 6) for at in ("09:00", "15:00")]
    data = RhythmInput.model_validate({"at_least": 9, "slots": hours})
    scene.write(lambda session: slots.promise(session, cast.coordinator, scene.channel_id, data))
    return scene


def looked_at(page: Page, address: str, *paths: str) -> list[str]:
    """Every page, wide and narrow; returns what each is called."""
    names = []
    for path in paths:
        answer = page.goto(f"{address}/{path}")
        assert answer is not None
        assert answer.ok, path
        check_both(page, path)
        names.append(page.locator("h1").inner_text())
    return names


@on_a_desk
def test_week_month_and_paper_are_for_everybody(
    page: Page, full: Scene, database: Database, cast: Cast, address: str, monday: date
) -> None:
    enter(page, database, address, cast.editor)
    week = key("week", monday)
    flash = f"moved=1&was={monday - timedelta(days=3):%Y%m%d}T120000"
    looked_at(page, address, f"calendar/week/{week}?{flash}", f"calendar/month/{monday:%Y-%m}")
    looked_at(page, address, f"calendar/print/{week}")
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, "a normal week fits on one page"
    page.goto(f"{address}/search")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


@on_a_desk
def test_what_leads_there_is_for_everybody(
    page: Page, full: Scene, database: Database, cast: Cast, address: str, monday: date
) -> None:
    enter(page, database, address, cast.editor)
    friday = monday + timedelta(days=4)
    names = looked_at(page, address, f"calendar/day/{friday}", "search?q=story", "account/feed")
    names += looked_at(page, address, f"calendar/plan?channel={full.channel_id}&day={monday}&hour=15.00")
    enter(page, database, address, cast.coordinator)
    names += looked_at(page, address, f"channels/{full.channel_id}/rhythm")
    assert names[0].startswith("Friday")
    assert names[2] == "Calendar feed"
    assert len(set(names)) == 5


def test_without_a_script_the_form_moves_it(
    page_without_script: Page, app: FastAPI, database: Database, cast: Cast, address: str, monday: date
) -> None:
    page = page_without_script
    scene = Scene(app, cast)
    number = planned(scene, monday, TUESDAY)
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/calendar/week/{key('week', monday)}")
    page.get_by_role("link", name="Move Reading dogs").click()
    page.locator("#day").fill((monday + timedelta(days=THURSDAY)).isoformat())
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("[data-said]")).to_contain_text("moved to Thursday")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-said]")).to_contain_text("is back on Tuesday")
    assert scene.read(number).local_due.date() == monday + timedelta(days=TUESDAY)
