"""The chain of seals: nothing forgotten, never forked, and every damage found."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.actions.history import record
from app.cli import check_history
from app.domain.roles import Actor, Scope
from app.domain.seals import BEGIN, SEALED, seal
from app.errands import history, installations
from app.errands.ground import Ground
from app.errands.history_check import PATIENCE, Break, Kind, Walk, breaks
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database
from app.foundation.settings import Settings
from app.models.history import Event, Seal
from app.models.installations import Installation
from app.models.people import Person
from tests.builders import person
from tests.support.databases import PostgresDatabases


@pytest.fixture
def ground(database: Database, tmp_path: Path) -> Ground:
    """An installation with six entries of history, by a person, all sealed."""
    return sealed_ground(database, tmp_path)


@pytest.fixture
def postgresql(postgres_databases: PostgresDatabases, tmp_path: Path) -> Iterator[Ground]:
    """The same on PostgreSQL, where many write at once."""
    with postgres_databases.fresh() as url, postgres_databases.opened(url) as engine:
        yield sealed_ground(Database(engine), tmp_path)


def sealed_ground(database: Database, tmp_path: Path) -> Ground:
    ground = Ground(Settings(_env_file=None, data_dir=tmp_path), database, keyring(tmp_path, ""))
    installations.begin(ground)
    with database.writes() as session:
        who = person(session, "Sara Niemi").id
    for number in range(1, 7):
        write(database, number, who)
    assert history.seal_new(ground) == 6
    return ground


def write(database: Database, number: int, who: int | None = None) -> None:
    """One entry, about the post of this number."""
    with database.writes() as session:
        add(session, number, who)


def add(session: Session, number: int, who: int | None = None) -> None:
    actor = Actor(who, Scope(), via="web")
    record(session, actor, "post", number, "edited", now=clock.now(), note="å “quoted”", share=0.1, none=None)


def seals(database: Database) -> list[tuple[int, int, str]]:
    with database.reads() as session:
        rows = session.execute(select(Seal.place, Seal.history_id, Seal.hash).order_by(Seal.place))
        return [(row.place, row.history_id, row.hash) for row in rows]


def ids(database: Database) -> list[int]:
    with database.reads() as session:
        return list(session.scalars(select(Event.id).order_by(Event.id)))


def found(ground: Ground) -> list[Break]:
    return list(breaks(ground, Walk()))


def damage(ground: Ground, *statements: str, **values: Any) -> None:
    """What somebody does who has the whole database in their hands: the guards are switched off first."""
    with ground.database.engine.connect() as connection:
        if ground.database.is_sqlite:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                driver.execute(f"DROP TRIGGER {name}")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        connection.invalidate()


def test_each_entry_carries_the_seal_of_the_one_before(ground: Ground) -> None:
    before = BEGIN
    with ground.database.reads() as session:
        rows = {row.id: row for row in session.scalars(select(Event))}
    for place, (number, history_id, hash_) in enumerate(seals(ground.database), 1):
        entry = {name: getattr(rows[history_id], name) for name in SEALED}
        before = seal(before, entry)
        assert (number, hash_) == (place, before)
    assert found(ground) == []
    [told] = check_history.findings(ground)
    assert told.well
    assert told.words.startswith("History is whole: 6 entries")
    assert before in told.words


def test_the_name_of_a_person_can_be_erased(ground: Ground) -> None:
    with ground.database.writes() as session:
        for one in session.scalars(select(Person)):
            one.name = ""
    assert found(ground) == []


@pytest.mark.parametrize("statement", ["UPDATE history_seals SET hash = ''", "DELETE FROM history_seals"])
def test_seals_stay_as_they_are(ground: Ground, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only be added"), ground.database.writes() as session:
        session.execute(text(statement))


CHANGES = [
    "UPDATE history SET person_id = NULL WHERE id = :id",
    "UPDATE history SET verb = 'deleted' WHERE id = :id",
    "UPDATE history SET facts = '{}' WHERE id = :id",
    "UPDATE history SET at = '2020-01-01 00:00:00.000000' WHERE id = :id",
    "UPDATE history SET new_state = 'approved' WHERE id = :id",
    "UPDATE history_seals SET hash = 'x' WHERE history_id = :id",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_a_changed_entry_is_found(ground: Ground, statement: str) -> None:
    third = ids(ground.database)[2]
    damage(ground, statement, id=third)
    told = found(ground)
    assert (told[0].kind, told[0].entry) == (Kind.CHANGED, third)
    assert len(told) == (2 if "seals" in statement else 1)  # the one after hangs on the seal as it was
    words = [finding.words for finding in check_history.findings(ground)]
    assert words[0].startswith(f"History: Entry {third} (post 3, ")


def test_an_entry_sealed_anew_does_not_fit_the_next(ground: Ground) -> None:
    """Somebody who knows how seals are made has to make all that follow; the kept one tells those apart."""
    third = ids(ground.database)[2]
    before = seals(ground.database)[1][2]
    with ground.database.reads() as session:
        row = session.get_one(Event, third)
        entry = {name: getattr(row, name) for name in SEALED}
    forged = seal(before, {**entry, "verb": "deleted"})
    damage(
        ground,
        "UPDATE history SET verb = 'deleted' WHERE id = :id",
        "UPDATE history_seals SET hash = :forged WHERE history_id = :id",
        id=third,
        forged=forged,
    )
    assert [(one.kind, one.entry) for one in found(ground)] == [(Kind.CHANGED, ids(ground.database)[3])]


def test_an_entry_that_was_taken_out_is_found(ground: Ground) -> None:
    third = ids(ground.database)[2]
    damage(ground, "DELETE FROM history WHERE id = :id", id=third)
    assert [(one.kind, one.entry) for one in found(ground)] == [(Kind.MISSING, third)]
    damage(ground, "DELETE FROM history_seals WHERE history_id = :id", id=third)
    told = found(ground)
    assert [(one.kind, one.place, one.count) for one in told] == [(Kind.SEALS_MISSING, 2, 1)]
    words = [finding.words for finding in check_history.findings(ground)]
    assert words[0].startswith("History: After seal 2 1 seals are missing")


def test_an_end_that_was_cut_off_is_found_and_the_proof_is_kept(ground: Ground) -> None:
    last = ids(ground.database)[-2:]
    cut = ("DELETE FROM history_seals WHERE history_id >= :id", "DELETE FROM history WHERE id >= :id")
    damage(ground, *cut, id=last[0])
    assert [(one.kind, one.place) for one in found(ground)] == [(Kind.CUT, 6)]
    write(ground.database, 9)
    write(ground.database, 10)
    assert history.seal_new(ground) == 2
    assert history.mark(ground.settings.data_dir) is not None
    assert [one.kind for one in found(ground)] == [Kind.CUT]


def test_a_backup_put_back_is_no_cut(ground: Ground) -> None:
    """It gives the database a key that the folder does not know; the folder follows it from then on."""
    damage(ground, "DELETE FROM history_seals WHERE place > 4", "DELETE FROM history WHERE id > :id",
           id=ids(ground.database)[3])  # fmt: skip
    with ground.database.writes() as session:
        session.get_one(Installation, 1).key = "another"
    assert found(ground) == []
    write(ground.database, 9)
    history.seal_new(ground)
    kept = history.mark(ground.settings.data_dir)
    assert kept is not None
    assert (kept.key, kept.place) == ("another", 5)


def test_old_entries_without_a_seal_are_told(ground: Ground) -> None:
    with ground.database.writes() as session:
        long_ago = clock.now() - 2 * PATIENCE
        record(session, Actor(None, Scope()), "post", 7, "edited", now=long_ago)
    [told] = found(ground)
    assert (told.kind, told.entry, told.count) == (Kind.UNSEALED, ids(ground.database)[-1], 1)
    assert history.seal_new(ground) == 1
    assert found(ground) == []


def test_what_commits_late_gets_a_later_place_and_holds_nobody_up(postgresql: Ground) -> None:
    database = postgresql.database
    with Session(database.engine) as slow:
        add(slow, 100)
        write(database, 101)
        with Session(database.engine) as lost:
            add(lost, 102)
            lost.rollback()
        write(database, 103)
        assert history.seal_new(postgresql) == 2
        slow.commit()
    assert history.seal_new(postgresql) == 1
    sealed = [history_id for _, history_id, _ in seals(database)]
    assert sorted(sealed) == ids(database)
    assert sealed[-1] < sealed[-2], "its number is older than its place"
    assert found(postgresql) == []


def test_what_commits_very_late_is_found_in_the_hour(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LATE", 0)
    damage(ground, "DELETE FROM history_seals WHERE place = 6",
           "UPDATE history SET id = id + 10 WHERE id = :id", id=ids(ground.database)[4])  # fmt: skip
    # The sixth is older than the newest that is sealed now: only a look far back finds it.
    damage(ground, "UPDATE history_seals SET history_id = history_id + 10 WHERE place = 5")
    assert history.seal_new(ground) == 0
    assert history.seal_new(ground, everything=True) == 1


def test_many_who_write_and_many_who_seal_make_one_chain(ground: Ground) -> None:
    start = Barrier(6)

    def writes(who: int) -> None:
        start.wait()
        for number in range(8):
            write(ground.database, who * 100 + number)

    def seal_on() -> None:
        start.wait()
        for _ in range(8):
            history.seal_new(ground)

    _together([lambda: writes(1), lambda: writes(2), lambda: writes(3), lambda: writes(4), seal_on, seal_on])
    history.seal_new(ground)
    sealed = seals(ground.database)
    assert [place for place, _, _ in sealed] == list(range(1, 39))
    assert sorted(history_id for _, history_id, _ in sealed) == ids(ground.database)
    assert found(ground) == []


def _together(work: list[Callable[[], None]]) -> None:
    threads = [Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
