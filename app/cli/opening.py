"""The database for a command, with plain words when it isn't there."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.cli.moved import refusal
from app.foundation.database import Database, open_database
from app.foundation.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The settings' database; closed after the block. Ends the program when it can't be used."""
    if not settings.database_url and not (settings.data_dir / "kuliss.db").exists():
        raise SystemExit(f"There is no database in {settings.data_dir} yet. First run: kuliss migrate")
    moved = refusal(settings)
    if moved:
        raise SystemExit(moved)
    database = open_database(settings.database)
    try:
        yield database
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SystemExit(f"The database can't be used: {reason}. Perhaps it needs: kuliss migrate") from None
    finally:
        database.engine.dispose()
