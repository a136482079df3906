"""What survives a restart: one small SQLite file. Written through, but never synced: it is only practice."""

import sqlite3
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS things (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (n INTEGER PRIMARY KEY, body TEXT);
"""


class Store:
    """Things by kind and key as JSON text, and the log of what the public saw."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_TABLES)

    def put(self, kind: str, key: str, body: str) -> None:
        """Keep one thing."""
        self._db.execute("INSERT OR REPLACE INTO things VALUES (?, ?, ?)", (kind, key, body))

    def all(self, kind: str) -> list[str]:
        """Every thing of a kind, as JSON texts, by key."""
        rows = self._db.execute("SELECT body FROM things WHERE kind = ? ORDER BY key", (kind,))
        return [body for (body,) in rows]

    def drop(self, kind: str, key: str) -> None:
        """Forget one thing."""
        self._db.execute("DELETE FROM things WHERE kind = ? AND key = ?", (kind, key))

    def saw(self, number: int, body: str) -> None:
        """Add a line to the log of what the public saw."""
        self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (number, body))

    def seen(self) -> list[str]:
        """That log, oldest first."""
        return [body for (body,) in self._db.execute("SELECT body FROM seen ORDER BY n")]

    def clear(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM things")
        self._db.execute("DELETE FROM seen")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
