"""Rows for tests, made with as few words as possible. Each builder flushes and returns its row."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.actions.units import add_root
from app.domain.roles import Actor, Role
from app.domain.units import UnitKind, path_of
from app.foundation.crypto import new_token
from app.models.assets import Asset
from app.models.people import Membership, Person
from app.models.posts import RevisionPicture, RevisionVariant
from app.models.units import Unit
from app.queries.scopes import scope_of

LONG_AGO = datetime(2030, 1, 1, 12, tzinfo=UTC)
_numbers = count(1)


def unit(
    session: Session, name: str = "Library", parent: Unit | None = None, kind: UnitKind | None = None
) -> Unit:
    """A unit, below `parent` or at the top; Finnish."""
    row = Unit(
        parent_id=parent.id if parent else None,
        kind=kind or (UnitKind.BRANCH if parent else UnitKind.LIBRARY),
        name=name,
        zone="Europe/Helsinki",
        locale="fi",
        country="FI",
        created_at=LONG_AGO,
    )
    if parent is None:
        return add_root(session, row)
    row.path = new_token()
    session.add(row)
    session.flush()
    row.path = path_of(parent.path, row.id)
    session.flush()
    return row


def person(
    session: Session,
    name: str = "Person",
    at: Unit | None = None,
    *roles: Role,
    email: str = "",
    password_hash: str | None = "x",  # noqa: S107 - no password has this hash
) -> Person:
    """A person with roles in one unit, who reads English; "x" is the hash of no password."""
    row = _person(name, email, password_hash)
    session.add(row)
    session.flush()
    if at is not None:
        session.add_all(Membership(person_id=row.id, unit_id=at.id, role=role) for role in roles)
        session.flush()
    return row


def people(session: Session, places: Mapping[str, tuple[Unit, Role]]) -> list[Person]:
    """Several at once, by name, each with a role in one unit."""
    rows = [_person(name, "", "x") for name in places]
    session.add_all(rows)
    session.flush()
    seats = zip(rows, places.values(), strict=True)
    session.add_all(Membership(person_id=row.id, unit_id=at.id, role=role) for row, (at, role) in seats)
    session.flush()
    return rows


def _person(name: str, email: str, password_hash: str | None) -> Person:
    return Person(
        email=email or f"person{next(_numbers)}@library.example",
        name=name,
        locale="en",
        password_hash=password_hash,
        created_at=LONG_AGO,
    )


def an_asset(session: Session, unit: Unit, name: str = "dogs.jpg", **more: Any) -> Asset:
    """A picture of a unit, described, of 1200 by 900 pixels; a row only, without any file."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "alt_text": "Three dogs on a red carpet",
        "width": 1200,
        "height": 900,
        "sha256": f"{number:064x}",
        **more,
    }
    row = Asset(
        unit_id=unit.id,
        source_sha256=f"{number:064x}",
        source_kind="jpeg",
        name=name,
        size=100_000,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
        **values,
    )
    session.add(row)
    session.flush()
    return row


def with_pictures(
    session: Session, revision_id: int, pictures: Iterable[Asset], channel_id: int | None = None
) -> None:
    """Put pictures into a revision, in order, as they describe themselves; with a channel as its own."""
    if channel_id is not None:
        session.add(RevisionVariant(revision_id=revision_id, channel_id=channel_id, own_pictures=True))
    session.add_all(
        RevisionPicture(
            revision_id=revision_id,
            channel_id=channel_id,
            position=position,
            asset_id=one.id,
            alt_text=one.alt_text,
            decorative=one.decorative,
            focal_x=one.focal_x,
            focal_y=one.focal_y,
        )
        for position, one in enumerate(pictures)
    )
    session.flush()


def actor(session: Session, who: Person) -> Actor:
    """Somebody as the one who acts, with their scope as it is now."""
    return Actor(who.id, scope_of(session, who.id), who.name, who.locale)
