"""History can only be added to: the database itself refuses anything else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.actions import history
from app.domain.roles import Actor, Scope
from app.foundation import clock
from app.foundation.database import Database


@pytest.mark.parametrize("statement", ["UPDATE history SET verb = 'nothing'", "DELETE FROM history"])
def test_rows_stay_as_they_are(database: Database, statement: str) -> None:
    with database.writes() as session:
        history.record(session, Actor(None, Scope()), "post", 1, "created", now=clock.now(), title="One")
    with pytest.raises(DBAPIError, match="only be added"), database.writes() as session:
        session.execute(text(statement))
    with database.reads() as session:
        assert session.execute(text("SELECT verb FROM history")).scalars().all() == ["created"]
