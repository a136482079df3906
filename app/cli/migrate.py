"""`kuliss migrate`: make the data folder and bring the database up to date."""

import argparse
import logging
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.foundation.settings import Settings

ROOT = Path(__file__).parents[2]


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the settings say which database."""
    parser.set_defaults(command="migrate")


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """0 when the database is up to date; 1 with the reason in plain words."""
    trouble = migrate(settings)
    print(trouble or "The database is up to date.", file=sys.stderr if trouble else sys.stdout)
    return 1 if trouble else 0


def migrate(settings: Settings) -> str:
    """Make the data folder and migrate; an empty text, or what is wrong and what to do about it."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command
    from alembic.config import Config

    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The data folder {settings.data_dir} can't be made: {error.strerror}. Set DATA_DIR anew."
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = settings.database
    try:
        command.upgrade(config, "head")
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        where = "DATABASE_URL" if settings.database_url else f"the folder {settings.data_dir}"
        return f"The database can't be brought up to date: {reason}. Look at {where}; nothing was half done."
    return ""
