"""Fixtures for programs: the app on a database of its own, the cast, their channels and tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.domain.roles import Actor
from app.foundation.database import Database
from app.foundation.settings import Settings
from tests.api.program import Program, channel
from tests.cast import Cast, gathered
from tests.support.apps import lent_app


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    """The app on a migrated database."""
    settings = Settings(_env_file=None, data_dir=tmp_path, public_url="http://testserver")
    return lent_app(settings, database)


@pytest.fixture
def cast(database: Database) -> Cast:
    """The standing cast, in the app's database."""
    return gathered(database)


@dataclass(frozen=True)
class Channels:
    """Ids of channels: of Koivuranta, of Myllymäki, and of the library above for all below it."""

    own: int
    sibling: int
    shared: int


@pytest.fixture
def channels(database: Database, cast: Cast) -> Channels:
    """The cast's channels."""
    with database.writes() as session:
        return Channels(
            channel(session, cast.koivuranta, "Koivuranta"),
            channel(session, cast.myllymaki, "Myllymäki"),
            channel(session, cast.library, "All of Saarivesi", "subtree"),
        )


@pytest.fixture
def program(app: FastAPI) -> Callable[..., Program]:
    """`program(cast.editor)`: a program of one of the cast."""
    return lambda who, scope="write": Program(app, who, scope)


@pytest.fixture
def editor(app: FastAPI, cast: Cast) -> Program:
    """The program of Koivuranta's editor."""
    return Program(app, cast.editor)


@pytest.fixture
def approver(app: FastAPI, cast: Cast) -> Program:
    """The program of Koivuranta's approver."""
    return Program(app, cast.approver)


@pytest.fixture
def sibling(app: FastAPI, cast: Cast) -> Program:
    """The program of Myllymäki's editor."""
    return Program(app, cast.sibling_editor)


@dataclass(frozen=True)
class Planned:
    """A post and its publication, far from its time."""

    post: int
    publication: int


@pytest.fixture
def draft(editor: Program, cast: Cast) -> int:
    """The id of a draft in Koivuranta, with everything that a review needs."""
    body = {"unit_id": cast.koivuranta.id, "title": "Quiet hours", "tone": "human", "text": "Why we whisper."}
    made: int = editor.post("posts", body)["id"]
    return made


@pytest.fixture
def approved(editor: Program, approver: Program, draft: int) -> int:
    """The id of a post that has its yes."""
    editor.post(f"posts/{draft}/submit")
    approver.post(f"posts/{draft}/approve", {"revision": 1})
    return draft


@pytest.fixture
def planned(editor: Program, approved: int, channels: Channels, in_a_week: str) -> Planned:
    """An approved post with a time on Koivuranta's channel."""
    made = editor.post(f"posts/{approved}/publications", {"channel_id": channels.own, "local_due": in_a_week})
    return Planned(approved, made["id"])


@pytest.fixture
def in_a_week() -> str:
    """A wall time at noon some days ahead, away from the nights of clock changes."""
    from datetime import timedelta

    from app.foundation import clock

    return f"{clock.now() + timedelta(days=7):%Y-%m-%d}T12:00"


Programs = Callable[[Actor], Program]
