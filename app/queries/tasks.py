"""Questions about what is posted by hand: the places, who does it, and what waits for a hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.domain.errors import NotFound
from app.domain.publications import OUT, Status
from app.domain.roles import Right, Scope
from app.foundation.database import AnyRow
from app.models.channels import Channel
from app.models.people import Membership, Person, name_of
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.models.units import Unit
from app.models.wishes import PublicationWish


@dataclass(frozen=True)
class Doer:
    """Who posts a publication by hand, where and how. `assigned`: for this one, not only as usual."""

    person_id: int | None
    person: str
    assigned: bool
    address: str
    how: str


def place(session: Session, scope: Scope, channel_id: int) -> ManualPlace | None:
    """What is known about a manual channel of a unit in scope, None for other channels. Raises NotFound."""
    if session.scalar(select(Channel.unit_id).where(Channel.id == channel_id)) not in scope.units:
        raise NotFound
    return session.get(ManualPlace, channel_id)


def doer(session: Session, scope: Scope, publication_id: int) -> Doer | None:
    """Who posts a publication and how; None when its channel is none for hands, or it is out of sight."""
    return doers_of(session, scope, [publication_id]).get(publication_id)


def doers_of(session: Session, scope: Scope, publication_ids: Sequence[int]) -> dict[int, Doer]:
    """The same for many, those on channels for hands by id."""
    if not publication_ids:
        return {}
    asked = {"ids": list(publication_ids), "units": list(scope.units)}
    return {row.id: _read(row) for row in session.execute(_doer(), asked)}


def _read(row: AnyRow) -> Doer:
    person_id = row.own_id if row.assigned else row.usual_id
    name = row.own if row.assigned else row.usual
    return Doer(person_id, name or "", bool(row.assigned and row.own_id), row.address, row.how)


@cache
def _doer() -> Select[*tuple[Any, ...]]:
    own, usual = aliased(Person), aliased(Person)
    return (
        select(
            Publication.id,
            Assignment.publication_id.label("assigned"),
            own.id.label("own_id"),
            own.name.label("own"),
            usual.id.label("usual_id"),
            usual.name.label("usual"),
            ManualPlace.address,
            ManualPlace.how,
        )
        .select_from(Publication)
        .join(ManualPlace, ManualPlace.channel_id == Publication.channel_id)
        .outerjoin(Assignment, Assignment.publication_id == Publication.id)
        .outerjoin(own, own.id == Assignment.person_id)
        .outerjoin(usual, usual.id == ManualPlace.person_id)
        .where(
            Publication.id.in_(bindparam("ids", expanding=True)),
            Publication.unit_id.in_(bindparam("units", expanding=True)),
        )
    )


def doers(session: Session, scope: Scope, unit_id: int) -> dict[int, str]:
    """Id -> name of the people with a role that reaches a unit in scope, by name; active ones only."""
    if unit_id not in scope.units:
        return {}
    path = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    top = aliased(Unit)
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(top, top.id == Membership.unit_id)
        .where(func.substr(path, 1, func.length(top.path)) == top.path, Person.active)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return {row.id: row.name for row in rows}


def waiting(
    session: Session, scope: Scope, person_id: int, limit: int = 10, also: Collection[int] = ()
) -> Sequence[AnyRow]:
    """What waits for the asker's hand, the earliest time first. `also`: for whom they stand in just now.

    To post by hand: what is theirs to do, and for who may plan in a unit all of it there. And what is out,
    but must be changed or taken down at the network by a person, or its first comment written there. `wish`,
    `wish_reason`, `wish_tried_at`: of those.
    """
    asked = {
        "units": list(scope.units),
        "planning": list(scope.units_with(Right.SCHEDULE)),
        "people": [person_id, *also],
        "most": limit,
    }
    return session.execute(_waiting(), asked).all()


@cache
def _waiting() -> Select[*tuple[Any, ...]]:
    ids = union(_to_do(), _wished_by_hand()).subquery()
    wish = aliased(PublicationWish)
    open_wish = (wish.publication_id == Publication.id) & wish.ended_at.is_(None) & wish.by_hand
    return (
        select(*_COLUMNS, name_of(_DOING).label("person"), _DOING.label("person_id"))
        .add_columns(wish.kind.label("wish"), wish.reason.label("wish_reason"), wish.note.label("wish_note"))
        .add_columns(wish.tried_at.label("wish_tried_at"))
        .join(ids, ids.c.id == Publication.id)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .outerjoin(ManualPlace, ManualPlace.channel_id == Publication.channel_id)
        .outerjoin(Assignment, Assignment.publication_id == Publication.id)
        .outerjoin(wish, open_wish)
        .order_by(Publication.due_at, Publication.id)
        .limit(bindparam("most"))
    )


_COLUMNS = (
    Publication.id,
    Publication.status,
    Publication.due_at,
    Publication.zone,
    Publication.unit_id,
    Publication.channel_id,
    Post.title,
    Post.tone,
    Channel.name.label("channel"),
    Channel.network,
    Channel.realm,
)
# One that was chosen for nobody in particular has a row without a person: then it is not the usual one's.
_DOING = case((Assignment.publication_id.is_not(None), Assignment.person_id), else_=ManualPlace.person_id)


def _to_do() -> Select[int]:
    mine = or_(_planned_by_asker(), _DOING.in_(bindparam("people", expanding=True)))
    return (
        select(Publication.id)
        .join(ManualPlace, ManualPlace.channel_id == Publication.channel_id)
        .outerjoin(Assignment, Assignment.publication_id == Publication.id)
        .where(
            Publication.status == Status.TO_DO,
            Publication.unit_id.in_(bindparam("units", expanding=True)),
            mine,
        )
    )


def _wished_by_hand() -> Select[int]:
    return (
        select(Publication.id)
        .join(PublicationWish, PublicationWish.publication_id == Publication.id)
        .where(
            PublicationWish.ended_at.is_(None),
            PublicationWish.by_hand,
            Publication.status.in_(OUT),
            _planned_by_asker(),
        )
    )


def _planned_by_asker() -> ColumnElement[bool]:
    return Publication.unit_id.in_(bindparam("planning", expanding=True))
