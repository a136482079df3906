"""What a test asks of the composer in a browser, and of what it saved."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.foundation.database import Database
from app.models.posts import Post, RevisionPicture
from tests.support.waiting import comes

ORDER = "[...document.querySelectorAll('[name=pictures]')].map(one => one.value)"


def order(page: Page) -> list[int]:
    """The pictures of the post as they stand in the form, once the whole of it is there."""
    page.wait_for_load_state("domcontentloaded")
    return [int(key) for key in page.evaluate(ORDER)]


@contextmanager
def drawn(page: Page) -> Iterator[None]:
    """What is done in the block is drawn by the server after it: the script asks for it a moment later."""
    with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/edit")):
        yield
    settled(page)


def settled(page: Page) -> None:
    """Until the server has drawn what it was asked for already."""
    expect(page.locator("#composer[aria-busy]")).to_have_count(0)


def nothing_kept(page: Page) -> None:
    """Until the script has forgotten what was typed; our policy keeps `wait_for_function` from asking."""
    assert comes(lambda: page.evaluate("Object.keys(localStorage).length") == 0)


def saved(database: Database) -> list[int]:
    with database.reads() as session:
        newest = select(Post.revision_id).order_by(Post.id.desc()).limit(1).scalar_subquery()
        rows = select(RevisionPicture.asset_id).where(
            RevisionPicture.revision_id == newest, RevisionPicture.channel_id.is_(None)
        )
        return list(session.scalars(rows.order_by(RevisionPicture.position)))
