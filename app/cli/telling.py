"""How far long work has come, and sizes, in words."""

import sys

from app.errands.backups import Told


def progress(quiet: bool = False) -> Told:
    """Prints each part as it is done, one line each; nothing when quiet."""

    def told(part: str, count: int) -> None:
        if not quiet:
            print(f"  {part:<24}{count:>12}", file=sys.stderr, flush=True)

    return told


def size_of(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count} bytes"
