"""Posts in a real browser: every page for everybody, and the way from a draft to a yes without a script."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.actions import posts, reviews
from app.domain.posts import Tone
from app.domain.publications import Status
from app.foundation import clock
from app.foundation.database import Database
from app.models.publications import Publication
from app.models.readings import Reading
from tests import plans
from tests.cast import Cast
from tests.support.browser import check_both, on_a_desk
from tests.support.databases import SQLiteDatabases
from tests.support.server import served
from tests.web.visitor import enter


@pytest.fixture
def database(sqlite_databases: SQLiteDatabases) -> Iterator[Database]:
    """On SQLite alone: what a browser makes of a page does not depend on the database."""
    with sqlite_databases.fresh() as url, sqlite_databases.opened(url) as engine:
        yield Database(engine)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def told(app: FastAPI, database: Database, cast: Cast) -> int:
    """A post that has seen everything: changed after a wish, sent again, out in one place with numbers."""
    with database.writes() as session:
        place = plans.channel(session, cast.koivuranta, app.state.keyring, "Koivuranta Library")
        first = posts.PostInput(
            unit_id=cast.koivuranta.id, title="Wet books", tone=Tone.HUMAN, text="Bring it."
        )
        post = posts.create(session, cast.editor, first)
        posts.submit(session, cast.editor, post.id)
        wish = reviews.ChangeRequest(revision=1, comment="Say the price.")
        reviews.request_changes(session, cast.approver, post.id, wish)
        second = posts.PostEdit(
            revision=1, title="Wet books", tone=Tone.INFORMATIVE, text="Bring it today.",
            link="https://library.example/books",
        )  # fmt: skip
        posts.edit(session, cast.editor, post.id, second)
        posts.submit(session, cast.editor, post.id)
        out = plans.publication(session, post, place, Status.PUBLISHED)
        session.add(
            Reading(publication_id=out.id, taken_at=clock.now(), age=3700, api_version="v25.0", reach=9)
        )
        return post.id


@on_a_desk
def test_pages_of_posts_are_for_everybody(
    page: Page, app: FastAPI, database: Database, cast: Cast, address: str
) -> None:
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/posts")
    check_both(page)
    post_id = told(app, database, cast)
    for path in (
        "",
        "/new",
        f"/{post_id}",
        f"/{post_id}/edit",
        f"/{post_id}/withdraw",
        f"/{post_id}/revisions/2",
    ):
        page.goto(f"{address}/posts{path}")
        check_both(page)
    page.goto(f"{address}/posts/new")
    page.get_by_role("button", name="Send to review").first.click()
    expect(page.locator(".errors")).to_be_focused()
    check_both(page)
    enter(page, database, address, cast.approver)
    page.goto(f"{address}/posts/{post_id}/review")
    check_both(page)


def test_from_a_draft_to_a_time_without_a_script(
    page_without_script: Page, app: FastAPI, database: Database, cast: Cast, address: str
) -> None:
    page = page_without_script
    with database.writes() as session:
        plans.channel(session, cast.koivuranta, app.state.keyring, "Koivuranta Library")
    enter(page, database, address, cast.editor)
    page.goto(f"{address}/posts/new")
    page.get_by_label("Human").check()
    page.get_by_label("Working title").fill("Ten books")
    page.get_by_label("Text", exact=True).fill("Sari chooses ten books.")
    page.get_by_role("button", name="Draw it anew").click()
    expect(page.locator(".frame .said")).to_have_text("Sari chooses ten books.")
    page.get_by_role("button", name="Send to review").first.click()
    page.locator("#day").fill(f"{clock.now() + timedelta(days=30):%Y-%m-%d}")
    page.locator("#hour").fill("12.00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("#notices")).to_contain_text("It has its time.")
    post = page.url.split("?")[0]
    enter(page, database, address, cast.approver)
    page.goto(f"{post}/review")
    page.get_by_role("button", name="Approve revision 1").click()
    expect(page.locator("#notices")).to_contain_text("Approved.")
    with database.reads() as session:
        assert session.scalars(select(Publication.status)).one() is Status.PLANNED
