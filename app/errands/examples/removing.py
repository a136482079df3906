"""Taking the example library away: every row that hangs on its units and people, its files, its Pages.

What hangs on what is read from the tables' own foreign keys, so that a table of tomorrow is not forgotten.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import ColumnElement, ForeignKey, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from app.actions import history
from app.domain.errors import Conflict, NotFound
from app.domain.examples import State
from app.domain.networks import NetworkKind, Realm
from app.domain.roles import Actor
from app.errands import reach
from app.errands.examples import network
from app.errands.ground import Ground
from app.foundation import clock
from app.foundation.database import Base, table_of
from app.models.assets import Asset, Lending
from app.models.channels import Channel
from app.models.examples import ONLY, Example, ExamplePerson
from app.models.people import Membership, Person
from app.models.posts import RevisionPicture
from app.models.publications import Publication
from app.models.units import Unit

AT_ONCE = 200  # rows that others hang on, in one transaction
Doomed = dict[str, set[int]]  # table -> ids of its rows that go
Went = Callable[[int], None]  # so many rows are gone


def to_nobody(_rows: int) -> None:
    """Where nobody wants to know how far it is."""


def remove(ground: Ground, actor: Actor, told: Went = to_nobody) -> int:
    """Take it away; returns how many rows went. Broken off, it goes on where it was when called again.

    Raises NotFound where there is none.
    """
    with ground.database.writes() as session:
        row = session.get(Example, ONLY)
        if row is None:
            raise NotFound
        row.state, row.beat_at = State.GOING, clock.now()
    with ground.database.reads() as session:
        doomed = _doomed(session)
        files = _files(session, doomed)
        places = _places(session, doomed)
    _stop(ground, doomed)
    gone = 0
    for rows in _emptied(ground, doomed):
        gone += rows
        told(gone)
    gone += _the_last(ground, doomed)
    _drop_files(ground, files)
    _clear_proof(ground)
    _leave(ground, places)
    with ground.database.writes() as session:
        by = actor if actor.person_id not in doomed["people"] else Actor(None, actor.scope, via=actor.via)
        history.record(session, by, "example", ONLY, "removed", now=clock.now())
    return gone


def _doomed(session: Session) -> Doomed:
    """Every row with an id that hangs on the example, by table; units and people first."""
    root = session.scalars(select(Unit.path).join(Example, Example.unit_id == Unit.id)).one()
    units = set(session.scalars(select(Unit.id).where(Unit.path.startswith(root))))
    found: Doomed = {"units": units, "people": _its_people(session, units)}
    for table in Base.metadata.sorted_tables:
        if table.name in found or table.name == "examples" or not _has_id(table):
            continue
        ids = {
            one
            for where in _hanging(table, found)
            for one in session.scalars(select(table.c.id).where(where))
        }
        if ids:
            found[table.name] = ids
    return found


def _its_people(session: Session, units: Collection[int]) -> set[int]:
    """Those who exist in the example alone; never somebody who has a role elsewhere."""
    elsewhere = select(Membership.id).where(
        Membership.person_id == ExamplePerson.person_id, Membership.unit_id.not_in(units)
    )
    return set(session.scalars(select(ExamplePerson.person_id).where(~elsewhere.exists())))


def _has_id(table: Table) -> bool:
    return list(table.primary_key.columns.keys()) == ["id"]


def _hanging(table: Table, doomed: Mapping[str, Collection[int]]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together name every row of a table that hangs on doomed ones, some at a time."""
    for key in _keys(table):
        left = iter(sorted(doomed.get(key.column.table.name, ())))
        while some := list(islice(left, AT_ONCE)):
            yield key.parent.in_(some)


def _keys(table: Table) -> Sequence[ForeignKey]:
    return sorted(table.foreign_keys, key=lambda key: key.parent.name)


def _stop(ground: Ground, doomed: Doomed) -> None:
    """Nothing of it goes out any more while it goes away."""
    for some in _parts(doomed.get("publications", set())):
        with ground.database.writes() as session:
            session.execute(
                update(Publication).where(Publication.id.in_(some)).values(step_at=None, reading_at=None),
                execution_options={"synchronize_session": False},
            )


def _emptied(ground: Ground, doomed: Doomed) -> Iterator[int]:
    """Delete children before parents, a part at a time; tells how many rows went."""
    kept = ("units", "people", "examples", "example_people", "memberships")
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in kept:
            continue
        _untie(ground, table, doomed)
        for where in _of_table(table, doomed):
            with ground.database.writes() as session:
                _beat(session)
                yield session.connection().execute(delete(table).where(where)).rowcount


def _of_table(table: Table, doomed: Doomed) -> Iterator[ColumnElement[bool]]:
    if table.name in doomed:
        for some in _parts(doomed[table.name]):
            yield table.c.id.in_(some)
    yield from _hanging(table, doomed)


def _untie(ground: Ground, table: Table, doomed: Doomed) -> None:
    """Rows of one table that name each other let go of each other first."""
    for key in _keys(table):
        if key.column.table is table and key.parent.nullable:
            for some in _parts(doomed.get(table.name, set())):
                with ground.database.writes() as session:
                    session.connection().execute(
                        update(table).where(table.c.id.in_(some)).values({key.parent: None})
                    )


def _the_last(ground: Ground, doomed: Doomed) -> int:
    """Units, people and the example itself, all at once: until then it is known whose they are."""
    units, people = doomed["units"], doomed["people"]
    statements = (
        delete(Membership).where(or_(Membership.unit_id.in_(units), Membership.person_id.in_(people))),
        delete(Example).where(Example.id == ONLY),
        delete(ExamplePerson),
        update(Unit).where(Unit.id.in_(units)).values(parent_id=None),
        delete(Unit).where(Unit.id.in_(units)),
        delete(Person).where(Person.id.in_(people)),
    )
    with ground.database.writes() as session:
        for table in _about_both():
            for where in _hanging(table, doomed):  # what came while the rest went
                session.connection().execute(delete(table).where(where))
        return sum(
            session.execute(one, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
            for one in statements
        )


def _about_both() -> list[Table]:
    """What a request may write beside all else: that somebody did something, or was there."""
    return [Base.metadata.tables[name] for name in ("history", "sign_ins", "one_time_links")]


def _beat(session: Session) -> None:
    table = table_of(Example)
    session.connection().execute(update(table).values(beat_at=clock.now()))


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    left = iter(sorted(ids))
    while some := list(islice(left, AT_ONCE)):
        yield some


def _files(session: Session, doomed: Doomed) -> set[str]:
    columns = select(Asset.sha256, Asset.video_sha256)
    found = set[str | None]()
    for some in _parts(doomed.get("assets", set())):
        for row in session.execute(columns.where(Asset.id.in_(some))):
            found |= set(row)
    return {one for one in found if one}


def _drop_files(ground: Ground, files: Collection[str]) -> None:
    """The bytes, unless another library has the very same."""
    needed = set[str | None]()
    with ground.database.reads() as session:
        for column in (Asset.sha256, Asset.video_sha256, RevisionPicture.cover_sha256, Lending.sha256):
            needed |= set(session.scalars(select(column).where(column.in_(files))))
    for sha256 in set(files) - needed:
        ground.store.drop(sha256)


def _clear_proof(ground: Ground) -> None:
    """What lay ready to prove that networks can fetch from us, when no channel is left that needs it."""
    with ground.database.writes() as session:
        if session.scalar(select(Channel.id).limit(1)) is not None:
            return
        proofs = delete(Lending).where(Lending.asset_id.is_(None), Lending.publication_id.is_(None))
        session.execute(proofs, execution_options={"synchronize_session": False})
    ground.store.drop(reach.sample_digest())


def _places(session: Session, doomed: Doomed) -> list[str]:
    """The ids of its Pages at the practice network."""
    return list(session.scalars(
        select(Channel.remote_id).where(
            Channel.id.in_(doomed.get("channels", set())), Channel.realm == Realm.PRACTICE,
            Channel.network == NetworkKind.FACEBOOK,
        )
    ))  # fmt: skip


def _leave(ground: Ground, places: Sequence[str]) -> None:
    """Take its Pages off the practice network, if that runs; else they stay there, and harm nobody."""
    if places:
        try:
            network.ask(ground, "pages/remove", {"pages": list(places)})
        except Conflict:
            return
