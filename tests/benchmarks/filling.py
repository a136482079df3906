"""Fills a migrated, empty database: a tree of 40 units, people in every role, and posts over two years.

A quarter of all posts belongs to one branch, that of the editor whose pages are measured; the rest is spread
over the others. Nothing is drawn by lot: the same number of posts makes the same rows, but for today's date.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.networks import ChannelState, NetworkKind, Realm
from app.domain.roles import Role
from app.domain.units import UnitKind
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.foundation.database import Base, Database
from app.models.attempts import Attempt
from app.models.channel_tokens import ChannelToken
from app.models.channels import Channel
from app.models.history import Event
from app.models.holds import Hold
from app.models.leases import ChannelLease
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.search import SearchEntry
from app.models.units import Unit
from tests.benchmarks.lives import SPAN, Life, lives
from tests.benchmarks.pouring import pour, tidy

LIBRARIES, BRANCHES, CHANNELS = 3, 36, 20
HOME = 1 + LIBRARIES + 1  # the id of the editor's branch, the first of all
ZONE = "Europe/Helsinki"
CHUNK = 2000  # posts per transaction
# In this order each row finds what it points at.
TABLES: tuple[type[Base], ...] = (
    Post,
    Revision,
    Review,
    Publication,
    Hold,
    Attempt,
    Reading,
    Event,
    SearchEntry,
)


@dataclass(frozen=True)
class Filled:
    """Whose pages are measured, and which: ids. publication: one that went out and was read at every age."""

    posts: int
    editor: int
    approver: int
    post: int
    publication: int


def fill(
    database: Database, keys: Keyring, posts: int, now: datetime | None = None, span: timedelta = SPAN
) -> Filled:
    """Fill it with so many posts and what belongs to them. Returns the ids that the pages are asked with.

    They are of the `span` before an instant (UTC; None: this moment), and some have their time after it.
    """
    now = now or clock.now().replace(microsecond=0)
    with database.writes() as session:
        _units(session, now)
        _people(session, now)
        _channels(session, keys, now)
    found: Life | None = None
    rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    for life in lives(posts, now, HOME, _channel_of, span):
        for model, row in life.rows:
            rows[model].append(row)
        if life.unit_id == HOME and (life.is_whole or (found is None and life.publication_id)):
            found = life
        if life.number % CHUNK == 0 or life.number == posts:
            _write(database, rows)
    tidy(database, (Unit, Person, Membership, Channel, *TABLES))
    assert found is not None
    return Filled(posts, _person_id(HOME, 1), _person_id(1, 2), found.post_id, found.publication_id)


def _write(database: Database, rows: dict[type[Base], list[dict[str, Any]]]) -> None:
    with database.writes() as session:
        for model in TABLES:
            pour(session, model, rows[model])
    rows.clear()


def _units(session: Session, now: datetime) -> None:
    for unit_id, path, kind, name in _tree():
        parts = path.strip("/").split("/")
        session.add(
            Unit(
                id=unit_id, parent_id=int(parts[-2]) if len(parts) > 1 else None, path=path, kind=kind,
                name=name, zone=ZONE, locale="fi", country="FI", created_at=now - timedelta(days=800),
            )
        )  # fmt: skip
        session.flush()


def _tree() -> Iterator[tuple[int, str, UnitKind, str]]:
    yield 1, "/1/", UnitKind.NETWORK, "Saaristo Libraries"
    for number in range(LIBRARIES):
        yield 2 + number, f"/1/{2 + number}/", UnitKind.LIBRARY, f"Library {number + 1}"
    for number in range(BRANCHES):
        unit_id = HOME + number
        yield unit_id, f"/1/{2 + number % LIBRARIES}/{unit_id}/", UnitKind.BRANCH, f"Branch {number + 1}"


def _people(session: Session, now: datetime) -> None:
    made = now - timedelta(days=790)
    for unit_id, *_ in _tree():
        for place, role in enumerate(Role):
            row_id = _person_id(unit_id, place)
            session.add(
                Person(
                    id=row_id, email=f"person{row_id}@library.example", name=f"Person {row_id}", locale="en",
                    password_hash="x", created_at=made,
                )
            )  # fmt: skip
            session.flush()
            session.add(Membership(person_id=row_id, unit_id=unit_id, role=role))
    session.flush()


def person_in(unit_id: int, role: Role) -> int:
    """The id of the person in a unit who has a role there."""
    return _person_id(unit_id, list(Role).index(role))


def _person_id(unit_id: int, place: int) -> int:
    """The person in a unit with the role at that place of `Role`."""
    return (unit_id - 1) * len(Role) + place + 1


def _channels(session: Session, keys: Keyring, now: datetime) -> None:
    """The first CHANNELS units of the tree have a page each; the other branches use that of their library."""
    for unit_id, _path, _kind, name in list(_tree())[:CHANNELS]:
        remote_id = str(100_200_300_500_000 + unit_id)
        channel = Channel(
            id=unit_id, unit_id=unit_id, network=NetworkKind.FACEBOOK, realm=Realm.PRACTICE,
            remote_id=remote_id, name=name, state=ChannelState.ACTIVE, app_id="1",
            connected_at=now - timedelta(days=780),
        )  # fmt: skip
        session.add(channel)
        session.flush()
        session.add(ChannelLease(channel_id=unit_id))
        session.add(
            ChannelToken(
                channel_id=unit_id, app_id="1", sealed=keys.seal("no token", channel.place), in_use=True,
                given_at=channel.connected_at,
            )
        )  # fmt: skip


def _channel_of(unit_id: int, turn: int) -> int:
    """The unit's own channel, else its library's; the second (`turn` 1) is that of the whole network."""
    if turn:
        return 1
    return unit_id if unit_id <= CHANNELS else 2 + (unit_id - HOME) % LIBRARIES
