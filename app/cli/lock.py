"""The lock of a data folder: one `serve` at a time, because SQLite knows no other way to tell who lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Another process holds the data folder; the text says what to do."""


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Hold the folder for the block. The system lets go of it by itself when the process dies."""
    path = data_dir / "serve.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            other = file.read().strip() or "?"
            raise Taken(
                f"Kuliss is already running on {data_dir} (process {other}). Stop that one first,"
                " or give another DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
