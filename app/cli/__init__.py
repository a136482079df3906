"""The command `kuliss`. Each sub-command is a file beside this one, read only when it is asked for."""

import argparse
import sys
from typing import Protocol, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.foundation.modules import read
from app.foundation.settings import Settings

# name of the sub-command -> (file, what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "pages, API and clock in one process"),
    "worker": ("worker", "a clock alone, beside `serve --no-clock`, over PostgreSQL"),
    "practice": ("practice", "the practice network alone"),
    "migrate": ("migrate", "bring the database up to date"),
    "create-admin": ("create_admin", "print a one-time link for somebody who can't get in"),
    "token": ("token", "make, list and revoke API tokens"),
    "example": ("example", "make an example library to look around in, or remove it"),
    "backup": ("backup", "put everything of this moment into one file, while Kuliss runs"),
    "restore": ("restore", "put a backup into an empty installation"),
    "move-to-postgresql": ("move_to_postgresql", "move a stopped SQLite installation to an empty PostgreSQL"),
    "check": ("check", "say what is wrong with settings, database, clock and channels"),
}


class Command(Protocol):
    """What a sub-command's file holds."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""

    def run(self, given: argparse.Namespace, settings: Settings) -> int:
        """Do it; returns the exit code."""


def main(argv: list[str] | None = None) -> int:
    """Run a command line; returns its exit code. Faults in the settings are told, not raised."""
    words = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        "kuliss", description="Kuliss, an editorial planner for public libraries."
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    wanted = next((word for word in words if word in COMMANDS), "")
    for name, (_, words_of) in COMMANDS.items():
        sub = commands.add_parser(name, help=words_of, description=words_of)
        if name == wanted:
            _load(name).arguments(sub)
    given = parser.parse_args(words)
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            print(_wrong(fault), file=sys.stderr)
        return 2
    return _load(given.command).run(given, settings)


def _wrong(fault: ErrorDetails) -> str:
    """What is wrong with a setting, in words: our own rules name what is wanted, or what belongs together."""
    name, own = ".".join(map(str, fault["loc"])).upper(), fault["type"] == "value_error"
    words = fault["msg"].removeprefix("Value error, ")
    if not name:
        return f"Settings: {words}"
    return f"Setting {name}: it must be {words}" if own else f"Setting {name}: {words}"


def _load(name: str) -> Command:
    return cast(Command, read(f"{__name__}.{COMMANDS[name][0]}"))
