"""When the last backup was made: kept in the data folder, read by whoever warns that it is too old."""

import json
import os
from datetime import datetime
from pathlib import Path

from app.errands.ground import Ground


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
