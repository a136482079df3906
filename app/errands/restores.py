"""A backup put back, on either database, whichever it came from.

Everything is built beside what is there and compared with the backup's own list before it takes the place.
Afterwards the clock takes it for a copy: what is not settled is held, looked up, and released by a person.
"""

import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.errands import leases
from app.errands.backups import HELD, Told
from app.foundation import clock, migrations, rows
from app.foundation.archives import Damaged, Reader
from app.foundation.crypto import CannotOpen, keyring
from app.foundation.database import open_database, table_of
from app.foundation.fresh import Fresh
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.installations import Installation
from app.models.people import OneTimeLink, SignIn

_MEDIA = re.compile(r"media/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9.]{1,40}")


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself. `at`: the instant that it shows (UTC). `pictures` None: left out.

    `held`: pictures in quarantine; versions before knew none.
    """

    at: datetime
    made_by: str
    revision: str
    tables: Mapping[str, Mapping[str, Any]]
    pictures: tuple[Mapping[str, Any], ...] | None
    held: tuple[Mapping[str, Any], ...] = ()

    @property
    def files(self) -> tuple[Mapping[str, Any], ...]:
        """All its files."""
        return (*(self.pictures or ()), *self.held)

    @property
    def rows(self) -> int:
        """All its rows."""
        return sum(int(table["rows"]) for table in self.tables.values())


class InUse(Exception):
    """A clock works on the database; the text says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "A clock works on this database. Stop every `kuliss serve` and `kuliss worker` first."
        )


def read(reader: Reader) -> Backup:
    """What is in an archive. Raises Damaged when it is no backup, or one that a newer version made."""
    try:
        told = reader.manifest
        pictures = None if told["pictures"] is None else tuple(told["pictures"])
        found = Backup(
            datetime.fromisoformat(told["at"]), told["kuliss"], told["revision"], told["tables"], pictures,
            tuple(told.get("quarantine", ())),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise Damaged("it is not a backup of Kuliss") from None
    if found.revision not in migrations.known():
        raise Damaged(f"a newer Kuliss made it ({found.made_by}): install that version first")
    wrong = [one for one in found.pictures or () if not _MEDIA.fullmatch(one["part"])]
    if wrong or any(not HELD.fullmatch(one["part"]) for one in found.held):
        raise Damaged("it names files that are no pictures")
    return found


def check(reader: Reader, backup: Backup) -> None:
    """Nothing, when every part is as its list says. Raises Damaged."""
    for name, table in backup.tables.items():
        if reader.digest(table["part"]) != _told(table):
            raise Damaged(f"the table {name} was changed or cut short")
    for file in backup.files:
        if reader.file_digest(file["part"]) != file["sha256"]:
            raise Damaged(f"{file['part']} was changed or cut short")


def restore(reader: Reader, backup: Backup, url: str, data_dir: Path, keep_old: bool, told: Told) -> None:
    """Put a backup that was checked into the place of the database at `url`, and its pictures beside.

    `keep_old`: what was there is kept aside (see `foundation.fresh`). Raises NotTheSame, Damaged, DiskFull,
    InUse, SQLAlchemyError and OSError; then the place is as it was.
    """
    fresh = Fresh(url)
    try:
        fresh.begin(backup.revision)
        with fresh.writes(tied=False) as connection:
            _fill(connection, reader, backup, told)
        fresh.upgrade()
        with fresh.writes() as connection:
            is_a_copy(connection)
            _end_sign_ins(connection)
        for file in backup.files:
            reader.copy_out(file["part"], data_dir / file["part"])
        told("pictures", len(backup.files))
        fresh.put_in_place(keep_old, unless=no_clock)
    except BaseException:
        with suppress(SQLAlchemyError, OSError):  # what went wrong first is what is told
            fresh.discard()
        raise


def no_clock(connection: Connection) -> None:
    """Nothing, unless a clock works there: it would go on with the other plan. Raises InUse."""
    if leases.clocks_on(connection):
        raise InUse


def is_a_copy(connection: Connection) -> None:
    """Give a database a key that no data folder knows: its clock takes it for a copy and holds everything,
    also where no clock had run yet when it was taken.
    """
    anew = str(uuid.uuid4())
    installation = table_of(Installation)
    if not connection.execute(update(installation).values(key=anew)).rowcount:
        values = {"id": 1, "key": anew, "beats": 0, "created_at": clock.now()}
        connection.execute(installation.insert().values(values))


def _end_sign_ins(connection: Connection) -> None:
    """Whoever signed out or used a link after the backup was made must not find either open again."""
    connection.execute(delete(table_of(SignIn)))
    connection.execute(delete(table_of(OneTimeLink)))


def tokens_open(url: str, data_dir: Path, secret_keys: str) -> bool | None:
    """Whether the keys that are here open the channels' sign-ins; None when there is none to try."""
    database = open_database(url)
    try:
        with database.reads() as session:
            tokens = session.execute(
                select(ChannelToken.sealed, Channel).join(Channel, Channel.id == ChannelToken.channel_id)
            ).all()
    finally:
        database.engine.dispose()
    if not tokens:
        return None
    if not secret_keys and not (data_dir / "keys").exists():
        return False
    keys = keyring(data_dir, secret_keys)
    try:
        for token in tokens:
            keys.open(token.sealed, token.Channel.place)
    except CannotOpen:
        return False
    return True


def _fill(connection: Connection, reader: Reader, backup: Backup, told: Told) -> None:
    shapes = rows.shapes(connection)
    if shapes.keys() != backup.tables.keys():
        raise rows.NotTheSame(f"tables: {', '.join(sorted(shapes.keys() ^ backup.tables.keys()))}")
    ordered = {name: shape.in_order(backup.tables[name]["columns"]) for name, shape in shapes.items()}

    def fill() -> None:
        for name, shape in ordered.items():
            table = backup.tables[name]
            rows.fill(connection, shape, (rows.of_line(line) for line in reader.lines(table["part"])))
            if rows.digest(connection, shape) != _told(table):
                raise rows.NotTheSame(f"{name}: what was written is not what was in the backup")
            told(name, int(table["rows"]))

    rows.without_ties(connection, fill)


def _told(table: Mapping[str, Any]) -> rows.Digest:
    return rows.Digest(int(table["rows"]), str(table["sha256"]))
