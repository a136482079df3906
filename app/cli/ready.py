"""Before anything runs: the data folder is there, the database answers and has this version's tables."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.migrate import migrate
from app.cli.moved import refusal
from app.foundation.bucket import BucketMissing, bucket_of
from app.foundation.database import open_database
from app.foundation.settings import Settings
from app.web.health import newest


def prepared(settings: Settings) -> str:
    """Make what can be made: the folder, and on SQLite the tables. An empty text, or what is wrong."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The data folder {settings.data_dir} can't be made: {error.strerror}. Set DATA_DIR anew."
    try:
        bucket_of(settings)
    except BucketMissing as missing:
        return f"{missing}."
    moved = refusal(settings)
    if moved:
        return moved
    if _version(settings) == newest():
        return ""
    if not settings.database_url:
        return migrate(settings)
    trouble = answers(settings)
    return trouble or "The database has not this version's tables yet. Run: kuliss migrate"


def answers(settings: Settings) -> str:
    """An empty text when the database answers, else why not, in plain words."""
    database = open_database(settings.database)
    try:
        with database.reads() as session:
            session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return f"The database does not answer: {reason}. Is it running, and is DATABASE_URL right?"
    finally:
        database.engine.dispose()
    return ""


def _version(settings: Settings) -> str:
    database = open_database(settings.database)
    try:
        with database.reads() as session:
            return str(session.scalar(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        return ""
    finally:
        database.engine.dispose()
