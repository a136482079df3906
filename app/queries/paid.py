"""What people said about money behind publications."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain.results import Paid
from app.domain.roles import Scope
from app.models.publications import Publication
from app.models.results import PaidMark


def marks(session: Session, scope: Scope, publication_ids: Collection[int]) -> dict[int, Paid]:
    """For each of some publications in scope of which somebody said something, what they said."""
    if not publication_ids:
        return {}
    asked = {"ids": sorted(publication_ids), "units": list(scope.units)}
    return {row.publication_id: row.paid for row in session.execute(_marks(), asked)}


@cache
def _marks() -> Select[int, Paid]:
    return (
        select(PaidMark.publication_id, PaidMark.paid)
        .join(Publication, Publication.id == PaidMark.publication_id)
        .where(
            PaidMark.publication_id.in_(bindparam("ids", expanding=True)),
            Publication.unit_id.in_(bindparam("units", expanding=True)),
        )
    )
