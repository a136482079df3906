"""Photos of ideas without an account come back with a backup, to be seen and taken in by a yes."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions import idea_doors
from app.actions import open_ideas as actions
from app.actions.idea_doors import DoorInput
from app.actions.open_ideas import OpenIdeaInput
from app.errands import backups, open_ideas, restores
from app.errands.ground import Ground
from app.foundation import migrations
from app.foundation.archives import Damaged, Reader, Writer
from app.foundation.crypto import keyring
from app.foundation.database import Database, open_database
from app.foundation.settings import Settings
from tests.cast import gathered
from tests.errands.test_backups import NOW, put_back, quiet
from tests.support.databases import Databases
from tests.support.pictures import a_picture


@pytest.fixture
def ground(database: Database, tmp_path: Path) -> Iterator[Ground]:
    """What the installation stands on that is backed up."""
    found = Ground(Settings(data_dir=tmp_path / "here", _env_file=None), database, keyring(tmp_path))
    yield found
    found.close()


def test_what_waits_in_quarantine_comes_back(ground: Ground, databases: Databases, tmp_path: Path) -> None:
    """With what no idea names left behind, and nothing of it in a backup without pictures."""
    here, backup, cast = ground.settings.data_dir, tmp_path / "b.tar", gathered(ground.database)
    lost, held = (open_ideas.take_in(ground, io.BytesIO(a_picture("jpeg"))) for _ in range(2))
    with ground.database.writes() as session:
        data = DoorInput(unit_id=cast.koivuranta.id, name="Desk")
        door = idea_doors.make(session, cast.editor, ground.keyring, data)
        idea_id = actions.send(session, door, OpenIdeaInput(title="Herons"), [held], "s", "fi").id
    assert backups.make(ground.database, here, tmp_path / "bare.tar", False, quiet).pictures is None
    assert backups.make(ground.database, here, backup, True, quiet).pictures == 3
    with Reader(backup) as whole, Reader(tmp_path / "bare.tar") as bare:
        assert lost.key not in str(whole.manifest)
        assert bare.manifest["quarantine"] == []
    with databases.empty() as url:
        put_back(backup, url, tmp_path / "there")
        settings = Settings(data_dir=tmp_path / "there", _env_file=None)
        there = Ground(settings, open_database(url), ground.keyring)
        seen = [open_ideas.file_of(there, cast.editor, idea_id, 1, kind) for kind in ("view", "thumb")]
        assert all(path is not None and path.stat().st_size for path in seen)
        open_ideas.bring_in(there, cast.editor, idea_id)
        assert there.store.has("master", held.sha256)
        there.database.engine.dispose()


def test_what_is_taken_in_while_a_backup_is_made_is_in_it(ground: Ground, tmp_path: Path) -> None:
    """Packing the library's pictures may take an hour; the database in it is as it was at its beginning."""
    here, cast = ground.settings.data_dir, gathered(ground.database)
    held = open_ideas.take_in(ground, io.BytesIO(a_picture("jpeg")))
    with ground.database.writes() as session:
        data = DoorInput(unit_id=cast.koivuranta.id, name="Desk")
        door = idea_doors.make(session, cast.editor, ground.keyring, data)
        actions.send(session, door, OpenIdeaInput(title="Herons"), [held], "s", "fi")

    def meanwhile(part: str, _count: int) -> None:
        if part == "pictures":
            shutil.rmtree(here / "quarantine" / held.key)

    made = backups.make(ground.database, here, tmp_path / "b.tar", True, meanwhile)
    assert made.pictures == 3


@pytest.mark.parametrize("place", ["../keys", "keys", f"{'a' * 43}/keys", f"{'a' * 43}/../view.jpg"])
def test_nothing_else_is_written_there(tmp_path: Path, place: str) -> None:
    part = {"part": f"quarantine/{place}", "bytes": 1, "sha256": ""}
    told: dict[str, object] = {"kuliss": "1", "revision": migrations.known()[-1], "tables": {}}
    with Writer(tmp_path / "b.tar") as writer:
        writer.finish({**told, "at": NOW.isoformat(), "pictures": [], "quarantine": [part]})
    with Reader(tmp_path / "b.tar") as reader, pytest.raises(Damaged, match="no pictures"):
        restores.read(reader)
