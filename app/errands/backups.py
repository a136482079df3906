"""Backups: everything of one moment in one file, made while people work and posts go out.

The database is read in one transaction, so all tables are of the same instant, and nobody waits for it. Keys
are never in it: who finds a backup can't post in the library's name.
"""

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.errands.ground import Ground
from app.foundation import clock, rows
from app.foundation.archives import Writer
from app.foundation.database import Database, table_of
from app.models.idea_doors import GuestPicture

Told = Callable[[str, int], None]  # which part was done, and how many rows or files it had
_FILES = "[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/[0-9a-f]*"
HELD = re.compile(r"quarantine/[A-Za-z0-9_-]{20,64}/(master\.jpg|view\.jpg|thumb\.webp)")  # part and place


@dataclass(frozen=True)
class Made:
    """A backup: its file and bytes, the instant that it shows (UTC), rows, and files of pictures, those in
    quarantine too (None: left out).

    `remembered` False: the data folder could not be written, so that warnings know nothing of it.
    """

    path: Path
    size: int
    at: datetime
    rows: int
    pictures: int | None
    remembered: bool = True


def name_for(at: datetime) -> str:
    """The name of a backup's file, by its instant (UTC): names sort by age."""
    return f"kuliss-{at:%Y%m%d-%H%M%S}.tar"


def make(database: Database, data_dir: Path, path: Path, with_pictures: bool, told: Told) -> Made:
    """Write a backup to `path`, and remember that it was made.

    Raises FileExistsError, DiskFull, OSError and SQLAlchemyError; then nothing is left at `path`.
    """
    with Writer(path) as writer, snapshot(database) as connection:
        at = clock.now()
        manifest: dict[str, Any] = {
            "kuliss": version("kuliss"),
            "revision": rows.revision(connection),
            "at": at.isoformat(),
            "database": connection.dialect.name,
            "tables": _add_tables(writer, connection, told),
            "pictures": None,
            "quarantine": [],
        }
        if with_pictures:
            # First what may be taken in or thrown out any moment: it is gone from its place then.
            held = held_in(data_dir, _keys(connection, manifest["tables"]))
            manifest["quarantine"] = _add_files(writer, data_dir, held)
            told("quarantine", len(manifest["quarantine"]))
            manifest["pictures"] = _add_files(writer, data_dir, pictures_in(data_dir / "media"))
            told("pictures", len(manifest["pictures"]))
        size = writer.finish(manifest)
    remembered = True
    try:
        remember(data_dir, at, path, size)
    except OSError:
        remembered = False
    counted = sum(table["rows"] for table in manifest["tables"].values())
    files = len(manifest["pictures"]) + len(manifest["quarantine"]) if with_pictures else None
    return Made(path, size, at, counted, files, remembered)


def snapshot(database: Database) -> Connection:
    """A connection that sees the database of one instant as long as it is open, and keeps nobody waiting."""
    if database.is_sqlite:
        return database.engine.connect().execution_options(reads_only=True)
    return database.engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def _add_tables(writer: Writer, connection: Connection, told: Told) -> dict[str, dict[str, Any]]:
    tables = {}
    for name, shape in rows.shapes(connection).items():
        part = f"tables/{name}.jsonl.gz"
        digest = writer.add_lines(part, rows.lines(connection, shape))
        tables[name] = {
            "part": part, "columns": shape.columns, "rows": digest.rows, "sha256": digest.sha256
        }  # fmt: skip
        told(name, digest.rows)
    return tables


def _add_files(writer: Writer, data_dir: Path, paths: Iterable[Path]) -> list[dict[str, Any]]:
    files = []
    for path in paths:
        name = path.relative_to(data_dir).as_posix()
        try:
            size, digest = writer.add_file(name, path)
        except FileNotFoundError:  # cleared away meanwhile
            continue
        files.append({"part": name, "bytes": size, "sha256": digest})
    return files


def pictures_in(media: Path) -> Iterator[Path]:
    """The files of pictures and videos, in order of their names; not what was cut from them for a network,
    which is cut anew when it is needed.
    """
    for path in sorted(media.glob(_FILES)):
        if ".cut." not in path.name and path.is_file():
            yield path


def held_in(data_dir: Path, keys: Iterable[str]) -> Iterator[Path]:
    """The files of pictures in quarantine, by the keys of their folders; what is lost is left out."""
    for key in keys:
        for path in sorted((data_dir / "quarantine" / key).glob("*")):
            if HELD.fullmatch(path.relative_to(data_dir).as_posix()) and path.is_file():
                yield path


def _keys(connection: Connection, tables: Collection[str]) -> list[str]:
    """The keys of what waits in quarantine. An older version has no such table."""
    table = table_of(GuestPicture)
    if table.name not in tables:
        return []
    return list(connection.scalars(select(table.c.key).order_by(table.c.id)))


def last(ground: Ground) -> datetime | None:
    """When the last backup succeeded (UTC); None when none did, as far as this data folder knows."""
    return last_in(ground.settings.data_dir)


def last_in(data_dir: Path) -> datetime | None:
    """The same for a data folder."""
    try:
        told = json.loads(_place(data_dir).read_text())
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(data_dir: Path, at: datetime, file: Path, size: int) -> None:
    """Write down that a backup succeeded: when (UTC), the file and its bytes."""
    fresh = _place(data_dir).with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps({"at": at.isoformat(), "file": str(file), "bytes": size}))
    fresh.replace(_place(data_dir))


def _place(data_dir: Path) -> Path:
    return data_dir / "last-backup.json"
