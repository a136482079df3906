"""A backup taken while people work, put back on either database; a damaged one is refused; no half files."""

import errno
import fcntl
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from app.errands import backups, installations, leases, restores
from app.errands.ground import Ground
from app.errands.installations import Found
from app.errands.restores import InUse
from app.foundation import migrations, rows
from app.foundation.archives import Damaged, DiskFull, Reader, Writer
from app.foundation.crypto import keyring
from app.foundation.database import Database, open_database
from app.foundation.fresh import Fresh, kept_of_before, rows_in
from app.foundation.settings import Settings
from app.models.people import Failure
from app.models.units import Unit
from tests.support import everything
from tests.support.databases import Databases, SQLiteDatabases

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ANEW = {"sign_ins", "one_time_links", "installations"}  # these are not put back as they were
Content = dict[str, list[str]]
only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database to put a backup into: both kinds for each kind that the backup comes from."""
    others: Databases = request.getfixturevalue(f"{request.param}_databases")
    with others.empty() as url:
        yield url


@pytest.fixture
def full(database: Database) -> Database:
    """A database with rows in every table."""
    with database.engine.begin() as connection:
        everything.fill(connection)
    return database


@pytest.fixture
def made(full: Database, tmp_path: Path) -> Path:
    """A backup of it, with one picture."""
    picture(tmp_path, "a")
    backups.make(full, tmp_path, tmp_path / "b.tar", True, quiet)
    return tmp_path / "b.tar"


def quiet(_part: str, _count: int) -> None:
    """Says nothing."""


def content(url: str) -> Content:
    """Everything in a database, as lines by table."""
    database = open_database(url)
    try:
        with backups.snapshot(database) as connection:
            shapes = rows.shapes(connection)
            return {name: list(rows.lines(connection, shape)) for name, shape in shapes.items()}
    finally:
        database.engine.dispose()


def url_of(database: Database) -> str:
    """Its address, as settings have it."""
    return database.engine.url.render_as_string(hide_password=False)


def put_back(path: Path, url: str, data_dir: Path, keep_old: bool = False) -> None:
    """What `kuliss restore` does."""
    with Reader(path) as reader:
        backup = restores.read(reader)
        restores.check(reader, backup)
        restores.restore(reader, backup, url, data_dir, keep_old, quiet)


def picture(data_dir: Path, letter: str, suffix: str = ".jpg") -> None:
    """A file of a picture in a data folder."""
    path = data_dir / "media" / (letter * 2) / (letter * 2) / (letter * 64 + suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(letter.encode() * 1000)


@contextmanager
def meanwhile(work: Callable[[int], None]) -> Iterator[list[int]]:
    """Work done again and again by a thread, from before the block until after it."""
    stop, begun, done = threading.Event(), threading.Event(), list[int]()

    def run() -> None:
        while not stop.is_set():
            work(len(done))
            done.append(1)
            begun.set()
            stop.wait(0.002)  # so that the other side comes to work too

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(60)
    try:
        yield done
    finally:
        stop.set()
        thread.join()


def test_everything_comes_back_on_either_database(full: Database, place: str, tmp_path: Path) -> None:
    """Each writer's transaction adds to two tables: never is one in the backup without the other."""
    here, there = tmp_path / "here", tmp_path / "there"
    picture(here, "a")
    picture(here, "b", ".cut.1.jpg")
    (here / "keys").write_text("a secret of ours")

    def work(number: int) -> None:
        with full.writes() as session:
            session.add(Unit(path=f"/new/{number}/", kind="branch", name="New", zone="UTC", locale="fi",
                             country="FI", created_at=NOW))  # fmt: skip
            session.execute(insert(Failure).values(key=f"new {number}", window_at=NOW, count=1))

    with meanwhile(work) as added:
        result = backups.make(full, here, tmp_path / "b.tar", True, quiet)
    before = content(url_of(full))
    put_back(tmp_path / "b.tar", place, there)
    after = content(place)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name] and name not in ANEW] in (
        [], ["failures", "units"],
    )  # fmt: skip
    assert len(after["units"]) == len(after["failures"])
    assert 2 < len(after["units"]) <= 2 + len(added)
    assert set(after["units"]) <= set(before["units"])
    assert after["sign_ins"] == after["one_time_links"] == []
    assert [path.name for path in backups.pictures_in(there / "media")] == ["a" * 64 + ".jpg"]
    assert result.pictures == 1
    assert b"a secret of ours" not in (tmp_path / "b.tar").read_bytes()
    assert not (there / "keys").exists()
    assert backups.last_in(here) == result.at
    its = open_database(place)
    with its.writes() as session:  # numbers go on after those that came back
        session.add(
            Unit(path="/x/", kind="branch", name="X", zone="UTC", locale="fi", country="FI", created_at=NOW)
        )
    its.engine.dispose()


def test_a_restored_one_is_held_in_the_same_place_too(full: Database, made: Path, tmp_path: Path) -> None:
    """On the same machine, into the same folder and database, before the clock there beat once more."""
    settings = Settings(data_dir=tmp_path, _env_file=None)
    ground = Ground(settings, full, keyring(tmp_path))
    installations.begin(ground)
    assert installations.begin(ground) is Found.SAME
    url = url_of(full)
    full.engine.dispose()
    put_back(made, url, tmp_path, keep_old=True)
    again = open_database(url)
    try:
        ground = Ground(settings, again, ground.keyring)
        assert installations.begin(ground) is Found.COPIED
        assert installations.begin(ground) is Found.SAME
    finally:
        again.engine.dispose()


def test_one_taken_before_any_clock_ran_is_held(database: Database, place: str, tmp_path: Path) -> None:
    backups.make(database, tmp_path, tmp_path / "b.tar", False, quiet)
    put_back(tmp_path / "b.tar", place, tmp_path / "other")
    again = open_database(place)
    try:
        settings = Settings(data_dir=tmp_path / "third", _env_file=None)
        settings.data_dir.mkdir()
        assert installations.begin(Ground(settings, again, keyring(tmp_path))) is Found.COPIED
    finally:
        again.engine.dispose()


def test_one_of_an_older_version_is_brought_up_to_date(databases: Databases, tmp_path: Path) -> None:
    with databases.empty() as old, databases.empty() as place:
        migrations.upgrade(old, "0001")
        database = open_database(old)
        with database.writes() as session:
            session.connection().exec_driver_sql(
                "INSERT INTO units (path, kind, name, zone, locale, country, created_at)"
                " VALUES ('/1/', 'library', 'Old', 'UTC', 'fi', 'FI', '2026-01-01 00:00:00')"
            )
        backups.make(database, tmp_path, tmp_path / "b.tar", False, quiet)
        database.engine.dispose()
        put_back(tmp_path / "b.tar", place, tmp_path)
        assert "assets" in content(place)
        assert '"Old"' in content(place)["units"][0]


def test_damage_is_found_wherever_it_is(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    with tarfile.open(made) as tar:
        places = {name: tar.getmember(name).offset_data for name in tar.getnames()}
    for name in ("tables/units.jsonl.gz", "manifest.json", f"media/aa/aa/{'a' * 64}.jpg"):
        made.write_bytes(changed(whole, places[name] + 40))
        with pytest.raises(Damaged), Reader(made) as reader:
            restores.check(reader, restores.read(reader))
    for size in (0, 100, len(whole) // 2, places["manifest.sha256"] - 512):
        made.write_bytes(whole[:size])
        with pytest.raises(Damaged), Reader(made) as reader:
            restores.check(reader, restores.read(reader))


def changed(whole: bytes, at: int) -> bytes:
    """The same with one byte changed."""
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize("part", ["media/../../keys", "/etc/passwd", "keys", "media/aa/aa/.hidden"])
def test_no_file_is_written_outside_the_pictures(tmp_path: Path, part: str) -> None:
    told: dict[str, object] = {
        "kuliss": "1",
        "revision": migrations.known()[-1],
        "at": NOW.isoformat(),
        "tables": {},
    }
    with Writer(tmp_path / "b.tar") as writer:
        writer.finish({**told, "pictures": [{"part": part, "bytes": 1, "sha256": ""}]})
    with Reader(tmp_path / "b.tar") as reader, pytest.raises(Damaged, match="no pictures"):
        restores.read(reader)


def test_one_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    told: dict[str, object] = {
        "kuliss": "9",
        "revision": "9999",
        "at": NOW.isoformat(),
        "tables": {},
        "pictures": None,
    }
    with Writer(tmp_path / "b.tar") as writer:
        writer.finish(told)
    with Reader(tmp_path / "b.tar") as reader, pytest.raises(Damaged, match="newer Kuliss"):
        restores.read(reader)


def test_nothing_is_left_of_a_backup_that_failed(
    full: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.tar"

    def full_disk(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full_disk)
        with pytest.raises(DiskFull):
            backups.make(full, tmp_path, path, False, quiet)
    assert list(tmp_path.iterdir()) == []
    killed, alive = tmp_path / ".b.tar.1.part", tmp_path / ".b.tar.2.part"
    for left in (killed, alive):
        left.write_text("half")
    with alive.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        backups.make(full, tmp_path, path, False, quiet)
    assert (killed.exists(), alive.exists()) == (False, True)
    with pytest.raises(FileExistsError):
        backups.make(full, tmp_path, path, False, quiet)
    assert backups.last_in(tmp_path) is not None


@pytest.mark.parametrize("when", ["filling", "upgrading", "placing"])
def test_a_restore_that_fails_changes_nothing(
    full: Database, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    before, url = content(url_of(full)), url_of(full)

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    target = {"filling": (rows, "digest"), "upgrading": (Fresh, "upgrade"), "placing": (Reader, "copy_out")}
    monkeypatch.setattr(*target[when], fails)
    with pytest.raises(OSError, match="Input/output"):
        put_back(made, url, tmp_path / "other", keep_old=True)
    assert content(url) == before
    if full.is_sqlite:
        assert [path.name for path in Path(str(full.engine.url.database)).parent.glob("*.fresh*")] == []


@only_postgresql  # there the data folder is locked
def test_no_clock_goes_on_with_another_plan(
    full: Database, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that starts after the first look, while the backup is being put back, is not overlooked."""
    before, url, lives = content(url_of(full)), url_of(full), list[leases.Life]()
    put = Reader.copy_out

    def meanwhile_begun(*given: Any) -> None:
        lives.append(leases.begin(full))
        put(*given)

    monkeypatch.setattr(Reader, "copy_out", meanwhile_begun)
    with pytest.raises(InUse, match="Stop every"):
        put_back(made, url, tmp_path / "other", keep_old=True)
    leases.end(full, lives[0])
    after = content(url)
    assert [name for name in after if after[name] != before[name]] in (["runs"], ["channel_leases", "runs"])


@only_sqlite  # there it is one transaction
@pytest.mark.parametrize("step", ["hardlink_to", "replace", "chmod"])
def test_there_is_a_whole_database_in_the_place_whenever_a_restore_dies(
    database: Database, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before and after each step of the exchange what is there can be opened, and nothing of it is lost."""
    with database.writes() as session:
        session.execute(insert(Failure).values(key="later", window_at=NOW, count=1))
    url, path = url_of(database), Path(str(database.engine.url.database))
    database.engine.dispose()
    old, does, died = content(url), getattr(Path, step), list[str]()

    def dies(one: Path, *given: Any) -> None:
        if one.name.startswith(path.name):
            if len(died) % 2:
                does(one, *given)
            died.append(one.name)
            raise KeyboardInterrupt
        does(one, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Path, step, dies)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                put_back(made, url, tmp_path, keep_old=True)
            assert content(url) == old
    put_back(made, url, tmp_path, keep_old=True)
    assert "later" not in str(content(url)["failures"])
    assert content(f"sqlite:///{path}.replaced") == old
    assert sorted(one.name for one in path.parent.glob(f"{path.name}*") if one.suffix == ".part") == []


def test_a_broken_file_is_replaced_and_kept(
    sqlite_databases: SQLiteDatabases, made: Path, tmp_path: Path
) -> None:
    with sqlite_databases.empty() as url:
        path = Path(url.removeprefix("sqlite:///"))
        path.write_bytes(b"no database at all" * 1000)
        path.chmod(0o600)
        assert rows_in(url)
        put_back(made, url, tmp_path, keep_old=True)
        assert len(content(url)["units"]) == 2
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.with_name(f"{path.name}.replaced").read_bytes().startswith(b"no database")
        assert kept_of_before(url) == f"the file {path.name}.replaced"


@only_sqlite  # there readers are waited for
def test_a_file_that_somebody_reads_stays(
    database: Database, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies beside it could not be brought into it, and would be lost."""
    monkeypatch.setattr("app.foundation.fresh._PATIENCE", 0.05)
    url = url_of(database)
    with backups.snapshot(database) as reading:
        before = {name: list(rows.lines(reading, shape)) for name, shape in rows.shapes(reading).items()}
        with database.writes() as session:
            session.execute(insert(Failure).values(key="later", window_at=NOW, count=1))
        with pytest.raises(BlockingIOError):
            put_back(made, url, tmp_path, keep_old=True)
    assert len(content(url)["failures"]) == len(before["failures"]) + 1


def test_a_backup_that_can_not_be_remembered_is_one(
    full: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(backups, "remember", refused)
    made = backups.make(full, tmp_path, tmp_path / "b.tar", False, quiet)
    assert (made.remembered, made.path.exists()) == (False, True)


def test_what_was_there_is_kept_aside(database: Database, made: Path, tmp_path: Path) -> None:
    """`database` is the full one, which gets a row that the backup has not."""
    with database.writes() as session:
        session.execute(insert(Failure).values(key="later", window_at=NOW, count=1))
    database.engine.dispose()
    url = url_of(database)
    Fresh(url).begin("0001")  # left by a process that was killed
    put_back(made, url, tmp_path, keep_old=True)
    put_back(made, url, tmp_path, keep_old=True)
    assert "later" not in str(content(url)["failures"])
    if database.is_sqlite:
        kept = f"{database.engine.url.database}.replaced"
        assert len(content(f"sqlite:///{kept}")["units"]) == 2
