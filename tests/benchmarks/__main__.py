"""`python -m tests.benchmarks [part …]`: all figures, or those of the parts named (see PARTS).

Prints Markdown, so that a run can be kept in RESULTS.md; ends with 1 when a figure is short of its target.
Take figures on a machine that does nothing else: the load before is printed beside them.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC
from pathlib import Path

import psycopg

from app.foundation import clock, logs
from tests.benchmarks import (
    crowds,
    faults,
    going_out,
    ideas,
    library,
    pages,
    publishing,
    questions,
    starting,
    uploads,
)
from tests.benchmarks.tables import machine
from tests.support.apps import end_loop
from tests.support.databases import Databases, PostgresDatabases, SQLiteDatabases
from tests.support.postgres import postgres

PARTS: dict[str, Callable[[str, Databases], bool]] = {
    "pages": pages.run,
    "starting": starting.run,
    "publishing": publishing.run,
    "crowds": crowds.run,
    "faults": faults.run,
    "uploads": uploads.run,
    "library": library.run,
    "going_out": going_out.run,
    "questions": questions.run,
    "ideas": ideas.run,
}


def main(wanted: list[str]) -> int:
    """Run the parts on both databases. 0 when every target is reached, 2 for a part that is not known."""
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        print(f"Known parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    logs.set_up("warning", "text")
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        version = psycopg.connect(server).execute("SHOW server_version").fetchone()
        print(f"## {clock.now().astimezone(UTC):%Y-%m-%d %H:%M} UTC\n")
        print(machine(version[0] if version else "?"))
        with closing(PostgresDatabases(server)) as on_server:
            kinds: dict[str, Databases] = {"SQLite": SQLiteDatabases(Path(folder)), "PostgreSQL": on_server}
            good = _measured(wanted, kinds)
    print(f"\n{'Every target is reached.' if all(good) else 'Some figures are short of their target.'}")
    return 0 if all(good) else 1


def _measured(wanted: list[str], kinds: Mapping[str, Databases]) -> list[bool]:
    """For each part and kind of database whether all its figures reach their targets."""
    parts = [run for part, run in PARTS.items() if part in wanted or not wanted]
    return [run(name, databases) for run in parts for name, databases in kinds.items()]


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    finally:
        end_loop()  # else the process would wait for it for ever
    sys.exit(code)
