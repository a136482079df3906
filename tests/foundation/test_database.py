"""Instants keep their zone, readers can't write, writers roll back."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from app.foundation.database import Database, among
from app.models.installations import Installation

MOMENT = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2)))


def _row(at: datetime) -> Installation:
    return Installation(id=1, key="k", beats=0, created_at=at)


def _write_by(way_in: AbstractContextManager[Session], then: Exception | None = None) -> None:
    with way_in as session:
        session.add(_row(MOMENT))
        session.flush()
        if then:
            raise then


def _read_and_fail(database: Database) -> None:
    with database.reads() as session:
        session.scalars(select(Installation.id)).all()
        raise RuntimeError


def test_an_instant_comes_back_as_the_same_instant(database: Database) -> None:
    with database.writes() as session:
        session.add(_row(MOMENT))
    with database.reads() as session:
        found = session.scalars(select(Installation.created_at)).one()
    assert found == MOMENT
    assert found.tzinfo is UTC


def test_an_instant_without_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs its zone"), database.writes() as session:
        session.add(_row(MOMENT.replace(tzinfo=None)))


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        _write_by(database.reads())
    with database.writes() as session:
        session.add(_row(MOMENT))


def test_what_raises_while_reading_keeps_nobody_from_writing(database: Database) -> None:
    with database.reads() as one, database.reads() as other:  # so that the pool holds several connections
        assert one.scalars(select(Installation.id)).all() == other.scalars(select(Installation.id)).all()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            _read_and_fail(database)
    for number in range(1, 5):
        with database.writes() as session:
            session.add(Installation(id=number, key=str(number), beats=0, created_at=MOMENT))


def test_what_raises_is_rolled_back(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _write_by(database.writes(), then=RuntimeError())
    with database.reads() as session:
        assert session.scalars(select(Installation.id)).all() == []


def test_hundreds_of_numbers_are_one_parameter(database: Database) -> None:
    with database.writes() as session:
        session.add(_row(MOMENT))
    with database.reads() as session:

        def found(numbers: Sequence[int]) -> Sequence[int]:
            return session.scalars(select(Installation.id).where(among(Installation.id, numbers))).all()

        assert found(range(1, 1001)) == [1]
        assert found(range(2, 1001)) == found([]) == []
        question = select(Installation.id).where(among(Installation.id, range(1000)))
        assert len(question.compile(database.engine).params) == 1


def test_a_sqlite_file_is_safe_against_power_loss(database: Database) -> None:
    if not database.is_sqlite:
        return
    with database.engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert found == ["wal", 2]


def test_a_server_compiles_no_question_and_knows_no_turning_discs(database: Database) -> None:
    if database.is_sqlite:
        return
    with database.reads() as session:
        shown = session.connection().exec_driver_sql
        assert (shown("SHOW jit").scalar(), shown("SHOW random_page_cost").scalar()) == ("off", "1.1")
