"""`kuliss backup`: everything of this moment in one file, while Kuliss runs."""

import argparse
import signal
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.cli.opening import opened
from app.cli.telling import progress, size_of
from app.errands import backups
from app.foundation import clock
from app.foundation.archives import DiskFull
from app.foundation.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether pictures come along."""
    parser.add_argument(
        "to", nargs="?", type=Path, metavar="FILE|FOLDER",
        help="a new file, or a folder to put one in that is named by the time; DATA_DIR/backups if not given",
    )  # fmt: skip
    parser.add_argument("--without-pictures", action="store_true", help="the database alone")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless something is wrong")


def run(given: argparse.Namespace, settings: Settings) -> int:
    """0 when the backup is on the disk; 1 with the reason when there is none."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that half a file is taken away
    try:
        path = _file(given.to, settings)
        if not path.parent.is_dir():
            print(f"There is no folder {path.parent}. Make it first.", file=sys.stderr)
            return 1
        with opened(settings) as database:
            told = progress(given.quiet)
            made = backups.make(database, settings.data_dir, path, not given.without_pictures, told)
    except FileExistsError as there:
        print(
            f"{there.filename} is there already. Nothing was overwritten; choose another name.",
            file=sys.stderr,
        )
        return 1
    except DiskFull:
        print("The disk is full. No backup was made and nothing was left behind.", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        print(f"No backup was made: the database said: {reason}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"No backup was made: {error.filename or ''} {error.strerror}.", file=sys.stderr)
        return 1
    if not made.remembered:
        print(
            f"The backup {path} is whole, but {settings.data_dir} can't be written: Kuliss goes on to warn"
            " that there is none. Run the command as the user that Kuliss runs as.",
            file=sys.stderr,
        )
    if not given.quiet:
        _say(made, settings)
    return 0


def _file(to: Path | None, settings: Settings) -> Path:
    """The file to write. A folder that is not there yet is made for the default alone."""
    if to is None:
        to = settings.data_dir / "backups"
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (to / backups.name_for(clock.now()) if to.is_dir() else to).absolute()


def _say(made: backups.Made, settings: Settings) -> None:
    pictures = "no pictures" if made.pictures is None else f"{made.pictures} files of pictures"
    print(
        f"\n{made.path}\n{made.rows} rows, {pictures}, {size_of(made.size)},"
        f" as of {made.at:%Y-%m-%d %H:%M:%S} UTC."
    )
    keys = "SECRET_KEYS" if settings.secret_keys else str(settings.data_dir.absolute() / "keys")
    print(
        "Not in it, on purpose: the keys that open the channels' sign-ins. Keep them in another place,\n"
        f"once: {keys}. Without them every channel must be connected again.\n"
        "Not in it either: your settings (.env) and the practice network's own data."
    )
