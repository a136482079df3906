"""Secrets that the app and the practice network share; both run beside the same data folder."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class PracticeKeys:
    """The practice network's one Meta-like app, and the token of its control page."""

    app_id: str
    app_secret: str
    control_token: str


def load(data_dir: Path) -> PracticeKeys:
    """Read DATA_DIR/practice-keys.json; make it, readable by its owner alone, the first time."""
    path = data_dir / "practice-keys.json"
    try:
        return PracticeKeys(**json.loads(path.read_text()))
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    keys = PracticeKeys("1000200030004000", secrets.token_hex(16), secrets.token_urlsafe(24))
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(keys)))
    try:
        os.link(fresh, path)
    except FileExistsError:
        return load(data_dir)
    finally:
        fresh.unlink()
    return keys
