"""`kuliss move-to-postgresql`: a stopped SQLite installation moved to an empty PostgreSQL, row by row."""

import argparse
import sys

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.cli import lock
from app.cli.migrate import migrate
from app.cli.moved import file_of, refusal
from app.cli.restore import in_use
from app.cli.telling import progress
from app.errands import moves
from app.errands.restores import InUse
from app.foundation import retired
from app.foundation.database import open_database
from app.foundation.fresh import rows_in
from app.foundation.rows import NotTheSame
from app.foundation.settings import Settings

WORD = "go back"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, or the way back."""
    parser.add_argument(
        "to", nargs="?", metavar="URL", default="",
        help="the empty database: postgresql://user:password@host/name",
    )  # fmt: skip
    parser.add_argument(
        "--undo", action="store_true",
        help=f"put the SQLite installation back into use as it was then; asks for the words {WORD!r}",
    )  # fmt: skip


def run(given: argparse.Namespace, settings: Settings) -> int:
    """0 when it was moved (or put back); 1 with the reason when everything is as it was."""
    try:
        trouble = _unfit(given, settings)
        if not trouble:
            with lock.held(settings.data_dir):
                trouble = _undone(settings) if given.undo else _moved(given.to, settings)
    except NotTheSame as difference:
        trouble = f"A difference was found: {difference}. Nothing was kept in the new database."
    except SQLAlchemyError as error:
        trouble = f"The database said: {str(getattr(error, 'orig', None) or error).strip().splitlines()[0]}."
    except KeyboardInterrupt:
        trouble = "Stopped."
    except (lock.Taken, InUse) as taken:
        trouble = str(taken)
    except OSError as error:
        trouble = f"{error.filename or settings.data_dir}: {error.strerror}."
    if trouble:
        print(f"{trouble} The installation in {settings.data_dir} is as it was.", file=sys.stderr)
    return 1 if trouble else 0


def _unfit(given: argparse.Namespace, settings: Settings) -> str:
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        return "DATABASE_URL is set: leave it empty, so that it is known which installation to move from."
    if not file_of(settings).exists():
        return f"There is no database {file_of(settings)}."
    try:
        kind = make_url(given.to).get_backend_name() if given.to else ""
    except (ArgumentError, ValueError):  # a port that is no number; its text may be part of a password
        kind = ""
    if not given.undo and kind != "postgresql":
        return "Say where to: kuliss move-to-postgresql postgresql://user:password@host/name"
    return ""


def _moved(url: str, settings: Settings) -> str:
    before = retired.moved(file_of(settings), settings.data_dir)
    if before and before.to != moves.name_of(url):
        return refusal(settings)
    trouble = migrate(settings) or in_use(url)
    if trouble:
        return trouble
    if rows_in(url):
        return refusal(settings) or "The new database is not empty. Give an empty one."
    if before:
        print("The move there was broken off in its last step. It is made anew.")
    source = open_database(settings.database)
    try:
        count = moves.move(source, settings.data_dir, url, progress())
    finally:
        source.engine.dispose()
    print(
        f"\n{count} rows were copied and every value was compared. This SQLite database is out of use now.\n"
        f"Set DATABASE_URL to the new one and keep DATA_DIR={settings.data_dir}:"
        " keys and pictures stay there.\n"
        "What had not gone out is held: Kuliss looks whether it is out already, and a person releases it.\n"
        "When all is well, kuliss.db may be deleted. To go back: kuliss move-to-postgresql --undo"
    )
    return ""


def _undone(settings: Settings) -> str:
    if not retired.moved(file_of(settings), settings.data_dir):
        return "This installation was not moved."
    print("Stop Kuliss on PostgreSQL first. What was done there since is not here and will not come along.")
    try:
        agreed = input(f"Type {WORD} to use the SQLite database again: ").strip().lower() == WORD
    except EOFError:
        agreed = False
    if not agreed:
        return "The words were not given."
    source = open_database(settings.database)
    try:
        moves.undo(source, settings.data_dir)
    finally:
        source.engine.dispose()
    print(
        "The SQLite database is in use again. What it had not published is held until a person releases it."
    )
    return ""
