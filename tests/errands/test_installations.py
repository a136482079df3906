"""A database starts its clock freely only where it last ran; a copy or an old backup holds everything."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.actions import publications
from app.domain.errors import Conflict
from app.domain.publications import HoldReason, Status
from app.errands import installations, leases, restores
from app.errands.ground import Ground
from app.errands.installations import Found
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine, open_database
from app.foundation.settings import Settings
from app.models.holds import Hold
from app.models.installations import Installation
from app.models.publications import Publication
from app.worker.clock import PublishingClock
from tests.support.databases import PostgresDatabases, SQLiteDatabases, migrate
from tests.support.postgres import in_database, statement
from tests.support.stand import Stand


@pytest.fixture(autouse=True)
def own_folder(stand: Stand, tmp_path: Path) -> Ground:
    """A data folder of this test's own."""
    settings = Settings(data_dir=tmp_path, _env_file=None)
    stand.ground = Ground(settings, stand.database, stand.ground.keyring)
    return stand.ground


def test_first_then_the_same(stand: Stand) -> None:
    assert installations.begin(stand.ground) is Found.FIRST
    planned = stand.plan()
    installations.beat(stand.ground)
    assert installations.begin(stand.ground) is Found.SAME
    assert stand.read(planned).status is Status.PLANNED


@pytest.mark.parametrize("how", ["another folder", "an older backup"])
def test_a_copy_holds_what_is_not_settled(stand: Stand, tmp_path: Path, how: str) -> None:
    installations.begin(stand.ground)
    planned = stand.plan()
    place = tmp_path / "installation.json"
    if how == "another folder":
        place.unlink()
    else:
        kept = json.loads(place.read_text())
        place.write_text(json.dumps({**kept, "beats": kept["beats"] + 5}))
    assert installations.begin(stand.ground) is Found.COPIED
    held = stand.read(planned)
    assert (held.status, held.step_at) == (Status.HELD, None)
    with stand.database.reads() as session:
        assert [hold.reason for hold in session.query(Hold)] == [HoldReason.RESTORED]
    assert installations.begin(stand.ground) is Found.SAME


def test_what_was_missed_may_have_been_published_since(stand: Stand, tmp_path: Path) -> None:
    """Nobody is offered to publish it now before a look; released it is missed as before."""
    installations.begin(stand.ground)
    planned = stand.plan()
    late = {"status": Status.MISSED, "step_at": None, "due_at": clock.now() - timedelta(hours=3)}
    with stand.database.writes() as session:
        session.execute(update(Publication).where(Publication.id == planned).values(late))
    (tmp_path / "installation.json").unlink()
    assert installations.begin(stand.ground) is Found.COPIED
    assert (stand.read(planned).status, stand.read(planned).step_at) == (Status.HELD, None)
    with pytest.raises(Conflict), stand.database.writes() as session:
        publications.publish_now(session, stand.approver, planned)
    with stand.database.writes() as session:
        publications.release(session, stand.approver, planned)
    assert stand.read(planned).status is Status.MISSED


def test_a_copied_file_beside_its_copied_folder(
    sqlite_databases: SQLiteDatabases, stand: Stand, tmp_path: Path
) -> None:
    with sqlite_databases.fresh() as url:
        first = Database(make_engine(url))
        settings = Settings(data_dir=tmp_path, _env_file=None)
        installations.begin(Ground(settings, first, stand.ground.keyring))
        first.engine.dispose()
        copy = tmp_path / "copy.db"
        shutil.copy(str(first.engine.url.database), copy)
        second = Database(make_engine(f"sqlite:///{copy}"))
        found = installations.begin(Ground(settings, second, stand.ground.keyring))
        second.engine.dispose()
    assert found is Found.COPIED


def test_a_copied_database_of_postgresql_beside_its_copied_folder(
    postgres_databases: PostgresDatabases, tmp_path: Path
) -> None:
    """Made with CREATE DATABASE ... TEMPLATE, or put back elsewhere from a dump: another number."""
    keys = keyring(tmp_path)
    settings = Settings(data_dir=tmp_path, _env_file=None)
    with postgres_databases.empty() as url:
        migrate(url)
        first = open_database(url)
        installations.begin(Ground(settings, first, keys))
        assert installations.begin(Ground(settings, first, keys)) is Found.SAME
        first.engine.dispose()
        name, server = f"{first.engine.url.database}_copy", in_database(url, "postgres")
        statement(server, f"CREATE DATABASE {name} TEMPLATE {first.engine.url.database}")
        second = open_database(in_database(url, name))
        assert installations.begin(Ground(settings, second, keys)) is Found.COPIED
        second.engine.dispose()
        statement(server, f"DROP DATABASE {name}")


@pytest.mark.parametrize("left", ["", "{", "[]", "{}"])
def test_a_file_cut_short_holds_and_stops_nothing(stand: Stand, tmp_path: Path, left: str) -> None:
    installations.begin(stand.ground)
    (tmp_path / "installation.json").write_text(left)
    assert installations.begin(stand.ground) is Found.COPIED
    assert installations.begin(stand.ground) is Found.SAME


def test_one_more_worker_with_a_new_folder_holds_nothing(stand: Stand, tmp_path: Path) -> None:
    """Where a clock lives on this very database it is no copy. SQLite knows no second worker."""
    installations.begin(stand.ground)
    planned = stand.plan()
    life = leases.begin(stand.database)
    settings = Settings(data_dir=tmp_path / "other", _env_file=None)
    settings.data_dir.mkdir()
    found = installations.begin(Ground(settings, stand.database, stand.ground.keyring))
    leases.end(stand.database, life)
    assert found is (Found.COPIED if stand.database.is_sqlite else Found.JOINED)
    assert stand.read(planned).status is (Status.HELD if stand.database.is_sqlite else Status.PLANNED)


def test_a_database_exchanged_beneath_a_clock_is_held(stand: Stand, tmp_path: Path) -> None:
    """By a restore between its look at the database and its first step, or while the server was away."""
    installations.begin(stand.ground)
    planned = stand.plan()
    with stand.database.engine.begin() as connection:
        restores.is_a_copy(connection)
    leases.end(stand.database, PublishingClock(stand.ground).begin())
    assert stand.read(planned).status is Status.HELD
    assert installations.begin(stand.ground) is Found.SAME
    with stand.database.engine.begin() as connection:
        restores.is_a_copy(connection)
    installations.beat(stand.ground)
    with stand.database.reads() as session:
        hold = session.query(Hold).one()
        key = session.scalar(select(Installation.key))
    assert (hold.looked_at, hold.ended_at) == (None, None)
    assert json.loads((tmp_path / "installation.json").read_text())["key"] == key


def test_workers_that_share_a_folder_start_on_a_restored_database_at_once(
    stand: Stand, tmp_path: Path
) -> None:
    installations.begin(stand.ground)
    stand.plan()
    with stand.database.engine.begin() as connection:
        restores.is_a_copy(connection)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: installations.begin(stand.ground), range(4)))
    assert sorted(found) == [Found.COPIED, Found.SAME, Found.SAME, Found.SAME]
    with stand.database.reads() as session:
        assert len(session.query(Hold).all()) == 1
