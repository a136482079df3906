"""Questions about what people ask of posts that are out."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain.publications import Wish
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Aside
from app.models.people import Person
from app.models.posts import Revision
from app.models.publications import Publication
from app.models.wishes import PublicationWish


def open_of(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, AnyRow]:
    """For each publication that has one, its open wish: kind, note, by_hand, reason, person, revision.

    A first comment is none of these, see `comments_of`.
    """
    rows = _rows(session, scope, publication_ids)
    return {row.publication_id: row for row in rows if row.kind is not Wish.COMMENT}


def comments_of(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, AnyRow]:
    """For each publication below which a first comment is still to be written, that wish; also `tried_at`."""
    rows = _rows(session, scope, publication_ids)
    return {row.publication_id: row for row in rows if row.kind is Wish.COMMENT}


def all_of(session: Session, scope: Scope, publication_ids: Sequence[int]) -> list[AnyRow]:
    """All open wishes of publications, first comments too, in one question."""
    return list(_rows(session, scope, publication_ids))


def _rows(session: Session, scope: Scope, publication_ids: Sequence[int]) -> Sequence[AnyRow]:
    if not publication_ids:
        return []
    return session.execute(_open(), {"ids": list(publication_ids), "units": list(scope.units)}).all()


@cache
def _open() -> Select[*tuple[Any, ...]]:
    return (
        select(
            PublicationWish.id,
            PublicationWish.publication_id,
            PublicationWish.kind,
            PublicationWish.note,
            PublicationWish.by_hand,
            PublicationWish.reason,
            PublicationWish.tries,
            PublicationWish.tried_at,
            PublicationWish.asked_at,
            PublicationWish.revision_id,
            Revision.number.label("revision"),
            Person.name.label("person"),
        )
        .join(Publication, Publication.id == PublicationWish.publication_id)
        .outerjoin(Revision, Revision.id == PublicationWish.revision_id)
        .outerjoin(Person, Person.id == PublicationWish.person_id)
        .where(
            PublicationWish.publication_id.in_(bindparam("ids", expanding=True)),
            PublicationWish.ended_at.is_(None),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(PublicationWish.id)
    )
