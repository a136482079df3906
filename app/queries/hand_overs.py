"""What was handed over to the asker and is not looked at yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.duties import Thing
from app.domain.errors import NotFound
from app.domain.roles import Scope
from app.foundation.database import AnyRow, is_id
from app.models.duties import HandOver
from app.models.people import Person
from app.queries import duties


@dataclass(frozen=True)
class Came:
    """One hand-over: from whom, by whom (empty: by Kuliss), how many of each kind."""

    id: int
    who: str
    by: str
    at: datetime
    seen_at: datetime | None
    counts: dict[str, int]


def waiting(session: Session, scope: Scope, person_id: int) -> Sequence[Came]:  # noqa: ARG001 - one's own are asked for by id
    """What came to a person and was not noted, the latest first. Ask it for the asker themselves alone."""
    rows = session.execute(_rows().where(HandOver.seen_at.is_(None)), {"to": person_id})
    return [_came(row) for row in rows]


def one(session: Session, scope: Scope, person_id: int, hand_over_id: int) -> tuple[Came, list[Thing]]:
    """One that came to the asker, with its things as they are now, those in sight. Raises NotFound."""
    question = _rows().where(HandOver.id == (hand_over_id if is_id(hand_over_id) else 0))
    row = session.execute(question, {"to": person_id}).one_or_none()
    if row is None:
        raise NotFound
    return _came(row), duties.names(session, scope, row.things)


def _came(row: AnyRow) -> Came:
    counts = {kind: len(ids) for kind, ids in row.things.items()}
    return Came(row.id, row.who, row.by, row.at, row.seen_at, counts)


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    who, by = aliased(Person), aliased(Person)
    return (
        select(
            HandOver.id, HandOver.at, HandOver.seen_at, HandOver.things, who.name.label("who"),
            func.coalesce(by.name, "").label("by"),
        )
        .join(who, who.id == HandOver.from_id)
        .outerjoin(by, by.id == HandOver.by_id)
        .where(HandOver.to_id == bindparam("to"))
        .order_by(HandOver.id.desc())
    )  # fmt: skip
