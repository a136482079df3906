"""The first screen with everything that can be the matter, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from app.domain.publications import Status
from app.domain.warnings import OF_A_PUBLICATION, OF_THE_HOUSE, Code, Light, Severity
from app.errands.warnings import new_notice
from app.foundation import clock
from app.foundation.database import Database
from app.foundation.i18n import LOCALES
from app.models.leases import Run
from app.models.people import Person
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.web.scene import Scene
from tests.web.visitor import enter

FACTS: dict[Code, dict[str, object]] = {
    Code.SIGN_IN_DEAD: {"reason": "token_expired", "waiting": 3},
    Code.PERMISSION_MISSING: {"missing": ["pages_manage_posts"], "waiting": 1},
    Code.NOT_CHECKED: {"at": None},
    Code.NOT_REACHED: {"reason": "picture_not_fetched"},
    Code.QUOTA: {"used": 48, "of": 50},
    Code.USAGE: {"percent": 81},
    Code.VERSION_ENDS: {"version": "v21.0"},
    Code.VERSION_UNKNOWN: {"version": "v99.0"},
    Code.VERSION_GONE: {"version": "v21.0", "served": "v22.0"},
    Code.CLOCK_OFF: {"ahead": -75},
    Code.DISK_FILLS: {"name": "store", "megabytes": 812},
    Code.BACKUP_OLD: {"at": "2026-11-01T03:00:00+00:00"},
    Code.MAIL_FAILS: {"waiting": 4, "reason": "mail_sign_in"},
    Code.MAIL_GIVEN_UP: {"given_up": 2, "reason": "mail_address_refused"},
    Code.KEYS_MISSING: {"count": 5},
    Code.SIGN_IN_TAKEN_OVER: {"by": "Sara Niemi", "was": "Mikael Saari"},
    Code.METRIC_GONE: {"network": "facebook", "name": "post_clicks", "ours": "clicks", "version": "v25.0"},
}
ENDING = {Code.SIGN_IN_ENDS, Code.DATA_ACCESS_ENDS, Code.VERSION_ENDS, Code.DISK_FILLS, Code.PAUSED}


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def everything(scene: Scene) -> None:
    """One warning of each kind that the first screen can show."""
    proposed = scene.plan(Status.PROPOSED, 90, title="The bookmobile has a new driver")
    with scene.database.writes() as session:
        for number, code in enumerate(Code):
            if code in (Code.STUCK, Code.CLOCK_STOPPED):
                continue
            of_house, of_post = code in OF_THE_HOUSE, code in OF_A_PUBLICATION
            ends = clock.now() + timedelta(days=number % 16, hours=2)
            session.add(
                new_notice(
                    Light(
                        code, Severity(number % 3 + 1), str(number),
                        None if of_house else scene.cast.koivuranta.id,
                        None if of_house else scene.channel_id,
                        proposed if of_post else None,
                        ends if of_post or code in ENDING else None,
                        FACTS.get(code, {}),
                    ),
                    clock.now(),
                )
            )  # fmt: skip


@on_a_desk
def test_everything_that_can_be_the_matter(
    page: Page, app: FastAPI, database: Database, cast: Cast, address: str
) -> None:
    scene = Scene(app, cast)
    everything(scene)
    for name, who in {"boss": cast.administrator, "editor": cast.editor}.items():
        enter(page, database, address, who)
        page.goto(address)
        check_both(page, f"today-lights-{name}")
    text = page.locator("#lights").locator("..").inner_text()
    assert "…" not in text
    assert "%(" not in text


@on_a_desk
def test_a_good_day(page: Page, app: FastAPI, database: Database, cast: Cast, address: str) -> None:
    Scene(app, cast)
    with database.writes() as session:
        session.add(Run(pid=1, started_at=clock.now(), seen_at=clock.now()))
    enter(page, database, address, cast.editor)
    page.goto(address)
    check_both(page)
    expect(page.get_by_role("main")).to_contain_text("Nothing to worry about")


@on_a_desk
def test_no_word_touches_a_ring(
    page: Page, app: FastAPI, database: Database, cast: Cast, address: str
) -> None:
    Scene(app, cast)
    enter(page, database, address, cast.manager)
    for language in LOCALES:
        with database.writes() as session:
            session.get_one(Person, cast.manager.person_id).locale = language
        page.goto(f"{address}/health-check")
        nearest = page.evaluate(NEAREST)
        assert len(nearest) == 3
        assert min(nearest) > 4, language


# Of each word between the rings: how near its box comes to any ring's line, in units of the drawing.
NEAREST = """() => [...document.querySelectorAll(".rings text")].map(text => {
  const box = text.getBBox(), sides = [0, 0.25, 0.5, 0.75, 1];
  const points = sides.flatMap(across => sides.map(down =>
    [box.x + across * box.width, box.y + down * box.height]));
  return Math.min(...[...document.querySelectorAll(".rings circle")].map(ring => Math.min(...points.map(at =>
    Math.abs(Math.hypot(at[0] - ring.cx.baseVal.value, at[1] - ring.cy.baseVal.value) - ring.r.baseVal.value)
  ))));
})"""
