"""The ground of every table: base class, column types, engines and sessions for SQLite and PostgreSQL."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    create_engine,
    event,
    literal,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)
AnyRow = Row[*tuple[Any, ...]]
ID_MOST = 2**31 - 1  # what PostgreSQL's INTEGER holds
_ID_DIGITS = 12

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table. Constraint names are given from the start, so that any database can migrate them."""

    metadata = MetaData(naming_convention=NAMES)


def is_id(number: int) -> bool:
    """Whether a number that somebody sent can be a row's id at all; asking with others is an error."""
    return 0 < number <= ID_MOST


def read_id(text: str) -> int | None:
    """The id that stands in a text that somebody sent; None when it can be no row's."""
    # Not longer: int() refuses thousands of digits, and a database more than it can hold.
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS else 0
    return number if is_id(number) else None


def lock(session: Session, row: Base, others_name_it: bool = False) -> None:
    """Lock a row until the transaction ends, and read it anew. A refresh alone would drop what is pending.

    `others_name_it`: on PostgreSQL others may write rows meanwhile that refer to it.
    """
    session.flush()
    session.refresh(row, with_for_update={"key_share": others_name_it})


def table_of(model: type[Base]) -> Table:
    """A model's table, for statements that are built once and run often."""
    assert isinstance(model.__table__, Table)
    return model.__table__


class Aside(FunctionElement[int]):
    """A number's column that SQLite shall filter by but not search by: there it gets a unary plus.

    SQLite knows nothing of how often a value occurs and takes "of these units" for rare ("The SQLite Query
    Optimizer Overview", sqlite.org). PostgreSQL has counted, and sees the column as it is.
    """

    inherit_cache = True
    type = Integer()


@compiles(Aside)
def _as_it_is(element: Aside, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(Aside, "sqlite")
def _not_searched(element: Aside, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


class _Numbers(TypeDecorator[list[int]]):
    """Many numbers in one parameter: an array, and on SQLite their JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        array = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(Integer) if array else Text())

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[bool]):
    """No Boolean for SQLAlchemy: on SQLite it would add `= 1`, and that walks through the whole table."""

    inherit_cache = True
    type = cast(TypeEngine[bool], NullType())


@compiles(_Among)
def _any_of(element: _Among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY ({numbers}))"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({numbers})))"  # noqa: S608 - a column's name and a question mark


def among(column: Any, numbers: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column holds one of some numbers. For hundreds: `in_` writes a parameter for each, anew."""
    return _Among(column, literal(list(numbers), _Numbers()))


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC. SQLite would silently drop the zone, so naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - their signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - their signature
        if value is None:
            return None
        return cast(datetime, value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Word(TypeDecorator[E]):
    """A member of an enumeration, stored as its lower-case text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - their signature
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:  # noqa: ARG002 - their signature
        return None if value is None else self.kind(value)


def make_engine(url: str, pool_size: int = 10) -> Engine:
    """An engine for sqlite:///… or postgresql://…, with the settings that our promises need."""
    return _sqlite_engine(url, pool_size) if url.startswith("sqlite") else _server_engine(url, pool_size)


def _server_engine(url: str, pool_size: int) -> Engine:
    # The last connection used is taken first: it has our questions planned already.
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True, pool_timeout=30, hide_parameters=True,
        pool_use_lifo=True,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # Pages and clock ask some two hundred questions; the driver would keep plans of a hundred.
        connection.prepared_max = 256
        # Compiling a question pays when it takes seconds; ours take milliseconds, compiling a hundred.
        connection.execute("SET jit TO off")
        # Its usual 4 is for discs that turn: of 200,000 posts it would read all to find those of a month.
        connection.execute("SET random_page_cost TO 1.1")
        connection.commit()

    return engine


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=30,
        pool_use_lifo=True,  # each keeps pages and statements of its own: few that are warm, not all a little
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions begin too late for read-then-write; ours begin in _begin.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


class Database:
    """An engine with its two ways in: `reads()` can't write, `writes()` commits when its block ends well."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        reader = engine.execution_options(reads_only=True, postgresql_readonly=True)
        self._readers = sessionmaker(reader, expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(engine, expire_on_commit=False)
        # SQLite lets one writer in; those who wait would sleep and may starve. A queue is quick.
        self._turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-file database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reads(self) -> Iterator[Session]:
        """A session that only reads; nothing it does is kept."""
        with self._readers() as session:
            if not self.is_sqlite:
                yield session
                return
            # On the driver's connection itself: after a failure the session would take another from the pool,
            # and this one would refuse to write for ever.
            driver: Any = session.connection().connection.dbapi_connection
            driver.execute("PRAGMA query_only=ON")
            try:
                yield session
            finally:
                driver.execute("PRAGMA query_only=OFF")

    @contextmanager
    def writes(self) -> Iterator[Session]:
        """A session that commits at the end of its block, and rolls back when the block raises."""
        with self._turn, self._writers() as session, session.begin():
            yield session


def open_database(url: str, pool_size: int = 10) -> Database:
    """The database at a URL; nothing is connected yet."""
    return Database(make_engine(url, pool_size))
