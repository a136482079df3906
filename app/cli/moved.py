"""An installation that was moved to PostgreSQL is not started again by mistake."""

from pathlib import Path

from sqlalchemy.engine import make_url

from app.foundation import retired
from app.foundation.settings import Settings


def file_of(settings: Settings) -> Path:
    """The file of the settings' SQLite database."""
    return Path(make_url(settings.database).database or "")


def refusal(settings: Settings) -> str:
    """Why an installation that was moved is not used; empty when it was not moved."""
    if not settings.database.startswith("sqlite"):
        return ""
    moved = retired.moved(file_of(settings), settings.data_dir)
    if moved is None:
        return ""
    where = f" to {moved.to} on {moved.at[:10]}" if moved.to else " to PostgreSQL"
    return (
        f"This installation was moved{where}, so its SQLite database is not used any more. Set DATABASE_URL"
        " to the new one. To go back to this one: kuliss move-to-postgresql --undo"
    )
