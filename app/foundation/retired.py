"""A SQLite database that was moved elsewhere says so, in its own file and in the data folder beside it.

In the file it is the number `PRAGMA user_version` (sqlite.org), which goes along with every copy of it.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_MOVED = 1


@dataclass(frozen=True)
class Moved:
    """Which file was moved, when (UTC, RFC 3339), and where to, without a password. Empty: not told."""

    file: str
    at: str = ""
    to: str = ""


def retire(file: Path, data_dir: Path, at: str, to: str) -> None:
    """Mark a database as moved; the file first."""
    with _open(file) as connection:
        connection.execute(f"PRAGMA user_version={_MOVED}")
    _place(data_dir).write_text(json.dumps(asdict(Moved(str(file.absolute()), at, to))))


def revive(file: Path, data_dir: Path) -> None:
    """Take the mark away; none there is no error."""
    with _open(file) as connection:
        connection.execute("PRAGMA user_version=0")
    forget(data_dir)


def forget(data_dir: Path) -> None:
    """Take the data folder's mark away alone: another database has taken the file's place."""
    _place(data_dir).unlink(missing_ok=True)


def moved(file: Path, data_dir: Path) -> Moved | None:
    """Where a database was moved to; None when it was not."""
    if not file.exists():
        return None
    with _open(file) as connection:
        marked = connection.execute("PRAGMA user_version").fetchone()[0] == _MOVED
    told = _read(data_dir)
    if told and told.file == str(file.absolute()):
        return told
    return Moved(str(file)) if marked else None


def _place(data_dir: Path) -> Path:
    return data_dir / "moved.json"


def _read(data_dir: Path) -> Moved | None:
    try:
        return Moved(**json.loads(_place(data_dir).read_text()))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _open(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=5)) as connection:
        yield connection
