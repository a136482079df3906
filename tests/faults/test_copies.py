"""Yesterday's backup brought back, and a copy started beside the first: nothing goes out a second time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from app.actions import publications, restored
from app.domain.errors import Refusal
from app.domain.networks import Format
from app.domain.publications import Status
from app.errands import installations
from app.errands.installations import Found
from app.foundation.database import Base, Database, make_engine
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind
from tests.faults.scene import Scene, ids, make_empty
from tests.faults.worlds import WORLDS
from tests.support.databases import Databases

# When the copy is made, in seconds after planning; the time is at 600.
STEPS = (0, 310, 490, 575, 599.9, 640)
DAY = 86_400
Rows = dict[str, list[dict[str, Any]]]
pytestmark = pytest.mark.catalogue


def _backup(database: Database) -> Rows:
    """Every row as it is now."""
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def _bring_back(database: Database, rows: Rows) -> None:
    """These rows and no others, as a restored backup has them."""
    make_empty(database)
    with _unchecked(database) as connection:
        for table in Base.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
            if not database.is_sqlite and "id" in table.c and table.c.id.type.python_type is int:
                ids_from = max((row["id"] for row in rows[table.name]), default=0) + 1
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :first, false)"),
                    {"name": table.name, "first": ids_from},
                )


@contextmanager
def _unchecked(database: Database) -> Iterator[Connection]:
    """A transaction in which rows may come in any order."""
    engine = database.engine
    if not database.is_sqlite:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        return
    engine.dispose()
    with engine.connect().execution_options(reads_only=True) as connection:
        connection.rollback()
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            yield connection
    engine.dispose()


def _end_all(scene: Scene) -> None:
    for worker in scene.workers:
        worker.end()
        worker.die()
    scene.workers.clear()


@pytest.mark.parametrize("urge", [False, True])
@pytest.mark.parametrize("away", [600, DAY], ids=["soon", "a day later"])
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_backup_is_brought_back(
    scene: Scene, kind: Kind, step: float, away: float, world: str, urge: bool
) -> None:
    """Everything is held; a person releases it, and if that is refused for the time, sends it out at once."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id = scene.plan(kind, lateness=120)
    scene.advance(step)
    rows = _backup(scene.database)
    scene.advance(1200)
    installations.beat(scene.ground)
    assert judge.once(scene, publication_id)
    _end_all(scene)
    _bring_back(scene.database, rows)
    scene.passage.wait(away)
    assert scene.start().found is Found.COPIED
    scene.advance(600)
    _release(scene, publication_id, urge)
    scene.advance(6 * 3600)
    assert len(scene.seen(publication_id)) == 1
    found = scene.read(publication_id)
    if found.status is Status.PUBLISHED and found.remote_id:
        assert found.remote_id in scene.seen(publication_id)[0]["ids"]
    elif found.status is not Status.PUBLISHED:
        assert found.status in (Status.MISSED, Status.UNSURE, Status.HELD, Status.CANCELLED)


def _release(scene: Scene, publication_id: int, urge: bool) -> None:
    """What a person does about it: answers the question truly if there is one, else lets it go.

    A story has no words by which we could ask: whoever sees it on the page calls ours off.
    """
    with scene.database.reads() as session:
        asked = restored.question(session, publication_id)
    if asked:
        its_own = asked.found_id in ids(scene.seen(publication_id))
        scene.act(publications.settle, publication_id, publications.SettleInput(public=its_own))
        return
    if scene.kinds[publication_id].format is Format.STORY and scene.seen(publication_id):
        with suppress(Refusal):
            scene.act(publications.cancel, publication_id)
        return
    for deed in (publications.release, publications.publish_now) if urge else (publications.release,):
        with suppress(Refusal):
            scene.act(deed, publication_id)
        scene.advance(1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_copy_runs_beside_the_first(
    scene: Scene, databases: Databases, kind: Kind, step: float, tmp_path: Path
) -> None:
    """The copy has its own folder, copied too; it holds everything, and the first goes on."""
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.advance(step)
    kept = json.loads((scene.ground.settings.data_dir / "installation.json").read_text())
    (tmp_path / "installation.json").write_text(json.dumps(kept))
    with databases.fresh() as url:
        engine = make_engine(url)
        copied = Database(engine)
        _bring_back(copied, _backup(scene.database))
        with scene.beside_it(copied, tmp_path) as copy:
            assert copy.found is Found.COPIED
            scene.advance(1800)
        engine.dispose()
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)
