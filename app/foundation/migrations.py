"""The numbered migrations, run from within the program."""

import logging
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "migrations" / "versions"


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database at `url` to a migration's number, `head` for the newest. Raises SQLAlchemyError."""
    # Only who migrates pays for loading it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, to)


def known() -> list[str]:
    """The numbers of the migrations that this version brings, oldest first; files bear them in front."""
    return sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
