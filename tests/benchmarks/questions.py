"""The three questions over many posts: 20,000 on SQLite, 200,000 with their readings on PostgreSQL."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from app.domain.results import Period, offered_periods
from app.domain.roles import Role, Scope
from app.errands import results as errand
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.crypto import keyring
from app.foundation.database import Database, make_engine
from app.foundation.settings import Settings
from app.models.readings import Reading
from app.queries import results
from app.queries.scopes import scope_of
from tests.benchmarks.filling import HOME, fill, person_in
from tests.benchmarks.tables import Figure, median, show
from tests.support.databases import Databases

POSTS = {"SQLite": 20_000, "PostgreSQL": 200_000}
MOST = {"SQLite": 80.0, "PostgreSQL": 150.0}  # milliseconds, median
TIMES = 11


def run(name: str, databases: Databases) -> bool:
    """On one kind of database (`name`); prints as it goes."""
    runs = f"{POSTS[name]:,} posts over two years in 40 units, asked {TIMES} times each in one process."
    return show(f"The three questions on {name}", runs, ("value",), _figures(name, databases))


def _figures(name: str, databases: Databases) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, databases.fresh() as url:
        database = Database(make_engine(url))
        keys = keyring(Path(folder), "")
        fill(database, keys, POSTS[name])
        ground = Ground(Settings(data_dir=Path(folder), _env_file=None), database, keys)
        yield Figure("first round: every row and answer worked out, s", [(_took(ground), None)], ".1f")
        yield Figure("a round with nothing new, s", [(_took(ground), None)], ".2f")
        yield from _asked(database, MOST[name])
        _one_more_reading(database)
        yield _figure("right after a new reading, the last 365 days, ms", _year(database), None)
        yield Figure("the round that counts it in, s", [(_took(ground), None)], ".2f")
        database.engine.dispose()


def _asked(database: Database, most: float) -> Iterator[Figure]:
    today = clock.now().date()
    whole, branch = _scope(database, 1), _scope(database, HOME)
    for what, scope, unit_id in (("all units", whole, 1), ("a branch", branch, HOME)):
        for period in offered_periods(today):
            days = f"{period.from_on} to {period.to_on}"
            yield _figure(f"{what}, {days}, ms", _question(database, scope, unit_id, period), most)
    own = Period(today - timedelta(days=60), today - timedelta(days=3))
    yield _figure("a branch, 57 days of one's own choice, ms", _question(database, branch, HOME, own), None)
    yield _figure("all units, the same, ms", _question(database, whole, 1, own), None)
    yield _figure("all units, a page of 50 posts, ms", _posts(database, whole, today), None)


def _scope(database: Database, unit_id: int) -> Scope:
    with database.reads() as session:
        return scope_of(session, person_in(unit_id, Role.MANAGER))


def _question(database: Database, scope: Scope, unit_id: int, period: Period) -> Callable[[], object]:
    def ask() -> object:
        with database.reads() as session:
            return results.answers(session, scope, unit_id, period, clock.now())

    return ask


def _posts(database: Database, scope: Scope, today: date) -> Callable[[], object]:
    def ask() -> object:
        with database.reads() as session:
            return results.posts(session, scope, 1, Period(today - timedelta(days=364), today))

    return ask


def _year(database: Database) -> Callable[[], object]:
    today = clock.now().date()
    period = Period(today - timedelta(days=364), today)
    return _question(database, _scope(database, 1), 1, period)


def _one_more_reading(database: Database) -> None:
    """The newest figure at 7 days was read once more, a minute later and a little higher."""
    week = int(timedelta(days=7).total_seconds())
    with database.writes() as session:
        newest = session.scalars(
            select(Reading).where(Reading.age == week).order_by(Reading.id.desc())
        ).first()
        assert newest
        names = ("publication_id", "api_version", "views", "clicks", "reactions", "comments", "shares")
        values = {name: getattr(newest, name) for name in names}
        session.delete(newest)
        session.add(Reading(**values, age=week + 60, taken_at=clock.now(), reach=(newest.reach or 0) + 50))


def _figure(what: str, ask: Callable[[], object], most: float | None) -> Figure:
    ask()
    return Figure(what, [(median(_milliseconds(ask) for _ in range(TIMES)), most)], ".1f")


def _milliseconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _took(ground: Ground) -> float:
    return _milliseconds(lambda: errand.follow(ground)) / 1000
