"""One app per address for all tests of a worker: its routes are worked out at the first request, and once.

FastAPI reads the signatures of some hundred routes for that, which takes longer than most tests.
"""

from contextlib import ExitStack

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from app.foundation.database import Database
from app.foundation.settings import Settings
from app.main import create_app, furnish

_APPS: dict[str, FastAPI] = {}


def lent_app(settings: Settings, database: Database) -> FastAPI:
    """The app with these settings and this database, and nothing of the test before. One at a time."""
    app = _APPS.get(settings.address)
    if app is None:
        app = _APPS[settings.address] = create_app(settings, database)
    app.dependency_overrides.clear()
    furnish(app, settings, database)
    return app


_LOOPS: list[BlockingPortal] = []
_open = ExitStack()


def loop() -> BlockingPortal:
    """The event loop of visitors and programs: to start one takes as long as to answer a request."""
    if not _LOOPS:
        _LOOPS.append(_open.enter_context(start_blocking_portal()))
    return _LOOPS[0]


def end_loop() -> None:
    """End it, if it was ever begun."""
    _LOOPS.clear()
    _open.close()
