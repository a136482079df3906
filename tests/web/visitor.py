"""A visitor without a browser: gets pages, sends their forms with the hidden fields, stays signed in."""

import re
from html import unescape
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from playwright.sync_api import Page
from starlette.testclient import TestClient

from app.actions import sign_ins
from app.dependencies.viewers import SIGN_IN_COOKIE
from app.domain.roles import Actor
from app.foundation import clock
from app.foundation.database import Database
from tests.support.apps import loop

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def enter(page: Page, database: Database, address: str, who: Actor) -> None:
    """Let a real browser be one of the cast from here on; without the work of checking a password."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": SIGN_IN_COOKIE, "value": _begun(database, who), "url": address}])


def _begun(database: Database, who: Actor) -> str:
    assert who.person_id is not None
    with database.writes() as session:
        return sign_ins.begin(session, who.person_id, "Test", clock.now())


class Visitor:
    """One browser's worth of cookies. Redirects are not followed: tests look where they lead."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        self.client.portal = loop()

    def signed_in(self, who: Actor) -> "Visitor":
        """The same visitor, as one of the cast; without the work of checking a password."""
        self.client.cookies.set(SIGN_IN_COOKIE, _begun(self.app.state.database, who))
        return self

    def get(self, path: str, **options: Any) -> Response:
        """A page."""
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Response:
        """A form, exactly as given."""
        return self.client.post(path, data=data or {}, **options)

    def send(self, page: str, path: str, **fields: Any) -> Response:
        """The form that stands on `page`, sent to `path` with its hidden csrf and once, and these fields."""
        found = self.get(page)
        assert found.status_code == 200, (page, found.status_code, found.headers.get("location"))
        hidden = {
            name: unescape(value) for name, value in _HIDDEN.findall(found.text) if name in ("csrf", "once")
        }
        return self.post(path, {**hidden, **fields})
