"""SQLite moved to PostgreSQL: every value compared; a difference keeps nothing; the old one is retired."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.errands import installations, moves
from app.errands.ground import Ground
from app.errands.installations import Found
from app.foundation import retired, rows
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine, open_database
from app.foundation.fresh import Fresh, rows_in
from app.foundation.rows import NotTheSame
from app.foundation.settings import Settings
from tests.errands.test_backups import content, quiet
from tests.support import everything
from tests.support.databases import PostgresDatabases, SQLiteDatabases


@pytest.fixture
def old(sqlite_databases: SQLiteDatabases, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database in a data folder of its own, with rows in every table."""
    with sqlite_databases.fresh() as url:
        shutil.move(url.removeprefix("sqlite:///"), tmp_path / "kuliss.db")
    database = Database(make_engine(f"sqlite:///{tmp_path / 'kuliss.db'}"))
    with database.engine.begin() as connection:
        everything.fill(connection, 3)
    yield database
    database.engine.dispose()


@pytest.fixture
def new(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """An empty PostgreSQL."""
    with postgres_databases.empty() as url:
        yield url


def test_all_of_it_is_moved_and_the_old_one_does_not_start(
    old: Database,
    new: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    installations.begin(Ground(settings, old, keyring(tmp_path)))
    before = content(str(old.engine.url))
    assert moves.move(old, tmp_path, new, quiet) == sum(map(len, before.values()))
    after = content(new)
    assert {name: lines for name, lines in after.items() if name != "installations"} == {
        name: lines for name, lines in before.items() if name != "installations"
    }
    other = open_database(new)
    assert installations.begin(Ground(settings, other, keyring(tmp_path))) is Found.COPIED
    other.engine.dispose()
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    assert main(["serve"]) == 1
    assert "kuliss move-to-postgresql --undo" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="was moved to postgresql://"):
        main(["backup"])
    assert main(["move-to-postgresql", new]) == 1
    monkeypatch.setattr("builtins.input", lambda _: "go back")
    assert main(["move-to-postgresql", "--undo"]) == 0
    assert retired.moved(tmp_path / "kuliss.db", tmp_path) is None
    assert installations.begin(Ground(settings, old, keyring(tmp_path))) is Found.COPIED


def test_a_copy_of_the_file_knows_that_it_was_moved(old: Database, tmp_path: Path) -> None:
    old.engine.dispose()
    retired.retire(tmp_path / "kuliss.db", tmp_path, "2026-11-23", "postgresql://database/kuliss")
    other = tmp_path / "other"
    other.mkdir()
    (other / "kuliss.db").write_bytes((tmp_path / "kuliss.db").read_bytes())
    assert retired.moved(other / "kuliss.db", other) == retired.Moved(str(other / "kuliss.db"))
    # An older copy put in its place bears no mark; the folder remembers.
    retired.revive(other / "kuliss.db", other)
    (other / "kuliss.db").replace(tmp_path / "kuliss.db")
    found = retired.moved(tmp_path / "kuliss.db", tmp_path)
    assert found is not None
    assert found.to == "postgresql://database/kuliss"


def test_a_difference_keeps_nothing(
    old: Database, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = rows.fill

    def less(connection: object, shape: rows.Shape, lines: object) -> None:
        cut = [tuple(row) for row in lines]  # type: ignore[attr-defined]
        if shape.name == "posts":
            cut[1] = tuple("other" if name == "title" else value
                           for name, value in zip(shape.columns, cut[1], strict=True))  # fmt: skip
        fill(connection, shape, cut)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "fill", less)
    with pytest.raises(NotTheSame, match=r"posts, row 2: title"):
        moves.move(old, tmp_path, new, quiet)
    assert content(new) == {}
    assert retired.moved(tmp_path / "kuliss.db", tmp_path) is None


def test_a_full_disk_leaves_the_old_one_in_use(
    old: Database, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the mark in the file itself was made, and the one in the folder was not."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            moves.move(old, tmp_path, new, quiet)
    assert retired.moved(tmp_path / "kuliss.db", tmp_path) is None
    assert content(new) == {}


def test_a_move_killed_in_its_last_step_is_made_anew(
    old: Database,
    new: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The old one is marked and the new one is empty: nothing is lost, and the same command goes on."""
    old.engine.dispose()
    retired.retire(tmp_path / "kuliss.db", tmp_path, "2026-11-23", moves.name_of(new))
    Fresh(new).begin("head")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    assert main(["move-to-postgresql", "postgresql://user@elsewhere/kuliss"]) == 1
    assert "was moved to" in capsys.readouterr().err
    assert main(["move-to-postgresql", new]) == 0
    assert "broken off" in capsys.readouterr().out
    assert rows_in(new)


def test_no_password_is_written_down() -> None:
    """The server stays in it, for another one of the same name is another place."""
    told = moves.name_of("postgresql://u:secret@/d?host=h&password=secret")
    assert told == "postgresql://u:***@/d?host=h"


def test_what_postgresql_can_not_hold_is_named(old: Database, new: str, tmp_path: Path) -> None:
    with old.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE units SET country = 'Finland' WHERE id = 2")
    with pytest.raises(NotTheSame, match=r"units: value too long.*country"):
        moves.move(old, tmp_path, new, quiet)
    assert content(new) == {}


def test_into_an_empty_one_only(
    old: Database,
    new: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old.engine.dispose()
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    assert main(["move-to-postgresql", "sqlite:///x.db"]) == 1
    assert main(["move-to-postgresql", "postgresql://user:half/secret@host/name"]) == 1
    assert "secret" not in "".join(capsys.readouterr())
    assert main(["move-to-postgresql", new]) == 0
    retired.revive(tmp_path / "kuliss.db", tmp_path)
    assert rows_in(new)
    capsys.readouterr()
    assert main(["move-to-postgresql", new]) == 1
    assert "The new database is not empty" in capsys.readouterr().err
