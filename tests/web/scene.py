"""A branch with two channels and a post, and counted questions: how the tests of the spine's pages begin."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.publications import Status
from app.foundation.crypto import Keyring
from app.foundation.database import Database
from app.models.publications import Publication
from tests import plans
from tests.cast import Cast

T = TypeVar("T")
_NO_QUESTIONS = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SET TRANSACTION", "SAVEPOINT", "RELEASE")


class Scene:
    """Koivuranta's channel and posts; `plan` adds a publication in any state and gives its id."""

    def __init__(self, app: FastAPI, cast: Cast) -> None:
        self.database: Database = app.state.database
        self.keyring: Keyring = app.state.keyring
        self.cast = cast
        self.channel_id = self.write(
            lambda session: plans.channel(session, cast.koivuranta, self.keyring, "Koivuranta page").id
        )

    def write(self, work: Callable[[Session], T]) -> T:
        """Work in a transaction of its own."""
        with self.database.writes() as session:
            return work(session)

    def plan(
        self, status: Status = Status.PLANNED, minutes: float = 120, title: str = "Reading dogs", **more: Any
    ) -> int:
        """A publication of an approved post of Koivuranta's."""

        def work(session: Session) -> int:
            post = plans.post(
                session, self.cast.koivuranta, self.cast.editor, title, approver=self.cast.approver
            )
            on = plans.load_channel(session, self.channel_id)
            if status in (Status.STAGED, Status.UNSURE, Status.PUBLISHED):
                more.setdefault("revision_id", post.revision_id)
                more.setdefault("remote_id", "501_1")
            return plans.publication(session, post, on, status, minutes, **more).id

        return self.write(work)

    def read(self, publication_id: int) -> Publication:
        """A publication as it is now."""
        with self.database.reads() as session:
            return session.get_one(Publication, publication_id)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The questions that a block asks the database."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(_NO_QUESTIONS):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
