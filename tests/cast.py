"""The standing cast: a network with a library and two branches, who works there, and a stranger."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, exists, func, insert, select
from sqlalchemy.orm import Session

from app.domain.roles import Actor, Role
from app.domain.units import UnitKind
from app.foundation.database import Base, Database
from app.models.people import Person
from app.models.units import Unit
from app.queries.scopes import scope_of
from tests.builders import people, unit


@dataclass(frozen=True)
class Cast:
    """Units by name, and people as actors; where nothing else is said, people of Koivuranta."""

    network: Unit
    library: Unit
    koivuranta: Unit
    myllymaki: Unit
    elsewhere: Unit
    administrator: Actor  # of the whole network
    coordinator: Actor
    editor: Actor
    approver: Actor
    contributor: Actor
    manager: Actor
    sibling_editor: Actor  # of Myllymäki
    stranger: Actor  # administrator of another root


_ROWS: dict[Table, list[dict[str, Any]]] = {}  # what was written into an empty database, parents first
_ACTORS: list[Actor] = []


def gather(session: Session) -> Cast:
    """Everybody, in a database that may hold others already.

    Where nobody is yet, rows are written as they were the first time: to work them out anew takes ten times
    as long, and most tests begin with it.
    """
    empty = not session.scalar(select(exists(select(Unit.id)) | exists(select(Person.id))))
    if not empty or not _ROWS:
        before = _rows(session) if empty else {}
        cast = _worked_out(session)
        if empty:
            _ROWS.update({table: rows for table, rows in _rows(session).items() if table not in before})
            _ACTORS[:] = [value for value in vars(cast).values() if isinstance(value, Actor)]
        return cast
    for table, rows in _ROWS.items():
        session.execute(insert(table), rows)
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(*(_goes_on(*one) for one in _ROWS.items() if "id" in one[0].columns)))
    return Cast(*session.scalars(select(Unit).order_by(Unit.id)), *_ACTORS)


def gathered(database: Database) -> Cast:
    """The same in a database of its own."""
    with database.writes() as session:
        return gather(session)


def _worked_out(session: Session) -> Cast:
    network = unit(session, "Saaristo Libraries", kind=UnitKind.NETWORK)
    library = unit(session, "Saarivesi City Library", network, UnitKind.LIBRARY)
    koivuranta, myllymaki = unit(session, "Koivuranta", library), unit(session, "Myllymäki", library)
    elsewhere = unit(session, "Another Library")

    places = {
        "Aino Lehtinen": (network, Role.ADMINISTRATOR),
        "Mikael Berg": (koivuranta, Role.COORDINATOR),
        "Sara Niemi": (koivuranta, Role.EDITOR),
        "Olli Laine": (koivuranta, Role.APPROVER),
        "Veera Salo": (koivuranta, Role.CONTRIBUTOR),
        "Pirjo Koski": (koivuranta, Role.MANAGER),
        "Jonne Aalto": (myllymaki, Role.EDITOR),
        "Somebody Else": (elsewhere, Role.ADMINISTRATOR),
    }
    rows = people(session, places)
    actors = [Actor(row.id, scope_of(session, row.id), row.name, row.locale) for row in rows]
    return Cast(network, library, koivuranta, myllymaki, elsewhere, *actors)


def _rows(session: Session) -> dict[Table, list[dict[str, Any]]]:
    """All that is in a database, by table."""
    found = {table: session.execute(select(table)).mappings().all() for table in Base.metadata.sorted_tables}
    return {table: [dict(row) for row in rows] for table, rows in found.items() if rows}


def _goes_on(table: Table, rows: list[dict[str, Any]]) -> Any:
    """PostgreSQL's numbers go on after those that were given."""
    return func.setval(func.pg_get_serial_sequence(table.name, "id"), max(row["id"] for row in rows))
