"""A SQLite installation moved to PostgreSQL: copied, compared row by row, and the old one retired."""

from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.errands import restores
from app.errands.backups import Told, snapshot
from app.foundation import clock, retired, rows
from app.foundation.database import Database
from app.foundation.fresh import Fresh
from app.foundation.rows import NotTheSame, Shape


def move(source: Database, data_dir: Path, url: str, told: Told) -> int:
    """Move everything to the empty PostgreSQL at `url`; returns how many rows, each of them compared.

    `source` must be stopped and have this version's tables. Raises NotTheSame, InUse, SQLAlchemyError and
    OSError; then nothing is at `url` and the source is in use as before.
    """
    file = Path(source.engine.url.database or "")
    fresh = Fresh(url)
    try:
        fresh.begin("head")
        with snapshot(source) as ours, fresh.writes(tied=False) as theirs:
            count = _copy(ours, theirs, told)
            restores.is_a_copy(theirs)
        # First the mark: whatever happens now, two clocks never work from the same plan.
        try:
            retired.retire(file, data_dir, clock.now().isoformat(), name_of(url))
            fresh.put_in_place(keep_old=False, unless=restores.no_clock)
        except BaseException:
            retired.revive(file, data_dir)
            raise
    except BaseException:
        with suppress(SQLAlchemyError, OSError):  # what went wrong first is what is told
            fresh.discard()
        raise
    return count


def name_of(url: str) -> str:
    """An address without its password, wherever it stands in it."""
    return make_url(url).difference_update_query(["password", "sslpassword"]).render_as_string()


def undo(source: Database, data_dir: Path) -> None:
    """Put the old installation back into use. Its clock takes it for a copy and holds everything."""
    retired.revive(Path(source.engine.url.database or ""), data_dir)
    with source.writes() as session:
        restores.is_a_copy(session.connection())


def _copy(ours: Connection, theirs: Connection, told: Told) -> int:
    shapes, places = rows.shapes(ours), rows.shapes(theirs)
    if shapes.keys() != places.keys() or rows.revision(ours) != rows.revision(theirs):
        raise NotTheSame("the two databases have not the same tables")
    pairs = [(shape, places[name].in_order(shape.columns)) for name, shape in shapes.items()]
    count = 0

    def fill() -> None:
        nonlocal count
        for shape, place in pairs:
            rows.fill(theirs, place, rows.values(ours, shape))
            done = compare(ours, shape, theirs, place)
            told(shape.name, done)
            count += done

    rows.without_ties(theirs, fill)
    return count


def compare(ours: Connection, shape: Shape, theirs: Connection, place: Shape) -> int:
    """Read a table on both sides and compare every value; returns the rows. Raises NotTheSame."""
    count = 0
    pairs = zip_longest(rows.values(ours, shape), rows.values(theirs, place))
    for count, (one, other) in enumerate(pairs, 1):
        if one != other:
            raise NotTheSame(f"{shape.name}, row {count}: {_difference(shape, one, other)}")
    return count


def _difference(
    shape: Shape, one: tuple[rows.Value, ...] | None, other: tuple[rows.Value, ...] | None
) -> str:
    if one is None or other is None:
        return "it is on one side only"
    return ", ".join(
        name for name, left, right in zip(shape.columns, one, other, strict=True) if left != right
    )
