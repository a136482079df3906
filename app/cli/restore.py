"""`kuliss restore`: a backup put into an empty installation, or with `--replace` into one that is not."""

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.cli import lock
from app.cli.telling import progress
from app.errands import leases, restores
from app.errands.restores import Backup, InUse
from app.foundation import retired
from app.foundation.archives import Damaged, DiskFull, Reader
from app.foundation.database import open_database
from app.foundation.fresh import kept_of_before, rows_in
from app.foundation.rows import NotTheSame
from app.foundation.settings import Settings

WORD = "replace"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, and whether it may take the place of something."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup that `kuliss backup` made")
    parser.add_argument(
        "--replace", action="store_true",
        help=f"also where there is something already; asks for the word {WORD!r}",
    )  # fmt: skip


def run(given: argparse.Namespace, settings: Settings) -> int:
    """0 when everything of the backup is in its place; 1 with the reason when nothing was changed."""
    trouble = ""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with lock.held(settings.data_dir), Reader(given.file) as reader:
            trouble = _restored(reader, given, settings)
    except (Damaged, NotTheSame) as wrong:
        trouble = f"{given.file} can't be used: {wrong}."
    except (lock.Taken, InUse) as taken:
        trouble = str(taken)
    except KeyboardInterrupt:
        trouble = "Stopped."
    except DiskFull:
        trouble = "The disk is full."
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        trouble = f"The database said: {reason}."
    except OSError as error:
        trouble = f"{error.filename or given.file}: {error.strerror}."
    if trouble:
        print(f"{trouble} Nothing was changed.", file=sys.stderr)
    return 1 if trouble else 0


def _restored(reader: Reader, given: argparse.Namespace, settings: Settings) -> str:
    backup = restores.read(reader)
    trouble = in_use(settings.database) if settings.database_url else ""
    if trouble:
        return trouble
    full = rows_in(settings.database)
    if full and not given.replace:
        return (
            "There is an installation here already. Give an empty DATA_DIR (and DATABASE_URL), or add"
            " --replace to put the backup in its place."
        )
    restores.check(reader, backup)
    if full and not _agreed(settings, backup):
        return "The word was not given."
    restores.restore(reader, backup, settings.database, settings.data_dir, full, progress())
    if not settings.database_url:
        # What is in use now is the backup, not the installation that was moved away from here.
        retired.forget(settings.data_dir)
    _say(backup, settings, full)
    return ""


def in_use(url: str) -> str:
    """An empty text, or that a clock works on this PostgreSQL just now."""
    database = open_database(url)
    try:
        with database.reads() as session:
            living = leases.living(session, database)
    finally:
        database.engine.dispose()
    return str(InUse()) if living else ""


def _agreed(settings: Settings, backup: Backup) -> bool:
    where = "DATABASE_URL" if settings.database_url else str(settings.data_dir)
    print(
        f"This takes the database of {where} out of use and puts {backup.at:%Y-%m-%d %H:%M} UTC in its place."
    )
    before = kept_of_before(settings.database)
    if before:
        print(f"What an earlier restore kept in {before} is deleted: put it elsewhere first if you need it.")
    try:
        return input(f"Type {WORD} to go on: ").strip().lower() == WORD
    except EOFError:
        return False


def _say(backup: Backup, settings: Settings, full: bool) -> None:
    print(f"\nEverything is back as of {backup.at:%Y-%m-%d %H:%M:%S} UTC: {backup.rows} rows, each compared.")
    if backup.pictures is None:
        print(
            "The backup has no pictures: put the folders media and quarantine back into"
            f" {settings.data_dir} yourself."
        )
    if full:
        kept = "the schema kuliss_replaced" if settings.database_url else "the file kuliss.db.replaced"
        print(f"What was there before is kept in {kept}; take it away when you don't need it.")
    if restores.tokens_open(settings.database, settings.data_dir, settings.secret_keys) is False:
        print(
            "The keys that open the channels' sign-ins are not here. Put your copy at"
            f" {settings.data_dir / 'keys'} (or in SECRET_KEYS)\n"
            "before Kuliss starts, or connect every channel again."
        )
    print(
        "Everybody signs in anew. Posts that had not gone out then are held: Kuliss looks on each page\n"
        "whether they are out already, and a person releases them. Whoever was shut out since the backup\n"
        "can come in again: look through People and API tokens before you open the doors."
    )
