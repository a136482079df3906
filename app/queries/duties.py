"""What somebody has in hand: posts, publications, tasks, channels, ideas, keys; and who could take over."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, literal, or_, select, type_coerce, union_all
from sqlalchemy import String as Text
from sqlalchemy.orm import Session, aliased

from app.domain.duties import Kind, Taker, Thing
from app.domain.ideas import OPEN as UNANSWERED
from app.domain.naming import in_order
from app.domain.networks import ChannelState
from app.domain.posts import PostStatus
from app.domain.publications import NEEDS_PERSON, OPEN, OUT, Status
from app.domain.roles import RIGHTS, Right, Scope
from app.models.channels import Channel
from app.models.duties import ChannelKeeper
from app.models.ideas import Idea
from app.models.people import Membership, Person
from app.models.posts import Post
from app.models.publications import Publication
from app.models.tasks import Assignment, ManualPlace
from app.models.units import Unit

_GOES_OUT = sorted(OPEN - NEEDS_PERSON)
_EDITED = (PostStatus.DRAFT, PostStatus.CHANGES_REQUESTED, PostStatus.IN_REVIEW, PostStatus.APPROVED)


def things_of(session: Session, scope: Scope, person_id: int) -> list[Thing]:
    """What a person has in hand in the units of the asker, by kind, then by unit, then by name."""
    asked = {"person_id": person_id, "units": list(scope.units)}
    found = [Thing(Kind(row[0]), *row[1:]) for row in session.execute(_things(), asked)]
    kinds = list(Kind)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.unit, one.name.casefold(), one.id))


@cache
def _things() -> Select[*tuple[Any, ...]]:
    parts = union_all(_posts(), _planned(), _tasks(), _places(), _channels(), _ideas()).subquery()
    return select(
        parts.c.kind, parts.c.id, parts.c.unit_id, Unit.name, parts.c.name, parts.c.state, parts.c.channel
    ).join(Unit, Unit.id == parts.c.unit_id)


def _word(column: Any) -> Any:
    return type_coerce(column, Text).label("state")


def _posts() -> Select[*tuple[Any, ...]]:
    kind = case(
        (Post.status == PostStatus.IN_REVIEW, Kind.REVIEWS.value),
        (Post.status == PostStatus.APPROVED, Kind.APPROVED.value),
        else_=Kind.DRAFTS.value,
    )
    over = [*OUT, Status.REMOVED]
    is_out = exists().where(Publication.post_id == Post.id, Publication.status.in_(over))
    return select(
        type_coerce(kind, Text).label("kind"), Post.id, Post.unit_id, Post.title.label("name"),
        _word(Post.status), literal("").label("channel"),
    ).where(
        Post.author_id == bindparam("person_id"),
        Post.status.in_(_EDITED),
        Post.unit_id.in_(bindparam("units", expanding=True)),
        or_(Post.status != PostStatus.APPROVED, ~is_out),
    )  # fmt: skip


def _of_publications(kind: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            type_coerce(kind, Text).label("kind"), Publication.id, Publication.unit_id,
            Post.title.label("name"), _word(Publication.status), Channel.name.label("channel"),
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(Publication.unit_id.in_(bindparam("units", expanding=True)))
    )  # fmt: skip


def _planned() -> Select[*tuple[Any, ...]]:
    asks = Publication.status.in_(sorted(NEEDS_PERSON))
    kind = case((asks, Kind.QUESTIONS.value), else_=Kind.PLANNED.value)
    mine = Publication.planned_by_id == bindparam("person_id")
    return _of_publications(kind).where(mine, Publication.status.in_(sorted(OPEN)))


def _tasks() -> Select[*tuple[Any, ...]]:
    mine = Assignment.person_id == bindparam("person_id")
    return (
        _of_publications(literal(Kind.TASKS.value))
        .join(Assignment, Assignment.publication_id == Publication.id)
        .where(mine, Publication.status.in_(sorted(OPEN)))
    )


def _of_channels(kind: Kind) -> Select[*tuple[Any, ...]]:
    return select(
        literal(kind.value).label("kind"), Channel.id, Channel.unit_id, Channel.name.label("name"),
        _word(Channel.state), literal("").label("channel"),
    ).where(
        Channel.unit_id.in_(bindparam("units", expanding=True)), Channel.state != ChannelState.CLOSED
    )  # fmt: skip


def _places() -> Select[*tuple[Any, ...]]:
    mine = ManualPlace.person_id == bindparam("person_id")
    return _of_channels(Kind.PLACES).join(ManualPlace, ManualPlace.channel_id == Channel.id).where(mine)


def _channels() -> Select[*tuple[Any, ...]]:
    mine = bindparam("person_id").in_([ChannelKeeper.owner_id, ChannelKeeper.deputy_id])
    return _of_channels(Kind.CHANNELS).join(ChannelKeeper, ChannelKeeper.channel_id == Channel.id).where(mine)


def _ideas() -> Select[*tuple[Any, ...]]:
    return select(
        literal(Kind.IDEAS.value).label("kind"), Idea.id, Idea.unit_id, Idea.title.label("name"),
        _word(Idea.state), literal("").label("channel"),
    ).where(
        Idea.unit_id.in_(bindparam("units", expanding=True)),
        Idea.assigned_id == bindparam("person_id"),
        Idea.state.in_(sorted(UNANSWERED)),
    )  # fmt: skip


def takers(
    session: Session, scope: Scope, unit_ids: Collection[int], besides: int = 0, locale: str = "en"
) -> list[Taker]:
    """Everybody active whose roles reach one of these units of the asker's, by name; not `besides`."""
    asked = [unit_id for unit_id in unit_ids if unit_id in scope.units]
    rights: dict[int, dict[int, frozenset[Right]]] = defaultdict(dict)
    names: dict[int, str] = {}
    for person_id, name, role, unit_id in session.execute(_reaching(), {"units": asked}) if asked else ():
        if person_id != besides:
            names[person_id] = name
            held = rights[person_id].get(unit_id, frozenset())
            rights[person_id][unit_id] = held | RIGHTS[role]
    found = [Taker(person_id, name, rights[person_id]) for person_id, name in names.items()]
    return in_order(found, lambda taker: taker.name, locale)


@cache
def _reaching() -> Select[*tuple[Any, ...]]:
    """Every role of an active person that reaches one of the parameter `units`."""
    top = aliased(Unit)
    return (
        select(Person.id, Person.name, Membership.role, Unit.id)
        .select_from(Unit)
        .join(top, Unit.path.startswith(top.path))
        .join(Membership, Membership.unit_id == top.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Unit.id.in_(bindparam("units", expanding=True)), Person.active)
    )


def names(session: Session, scope: Scope, things: Mapping[str, Sequence[int]]) -> list[Thing]:
    """Things by kind and id as they are now, those that the asker sees; whoever has them in hand."""
    found: list[Thing] = []
    units = Unit.id.in_(scope.units)
    for kind, ids in things.items():
        question = _by_id(Kind(kind)).where(units)
        rows = session.execute(question, {"ids": list(ids)})
        found += [Thing(Kind(kind), *row) for row in rows]
    return found


def _by_id(kind: Kind) -> Select[*tuple[Any, ...]]:
    ids: Any = bindparam("ids", expanding=True)
    if kind in (Kind.PLACES, Kind.CHANNELS):
        return (
            select(Channel.id, Unit.id, Unit.name, Channel.name, _word(Channel.state), literal(""))
            .join(Unit, Unit.id == Channel.unit_id)
            .where(Channel.id.in_(ids))
        )
    if kind in (Kind.DRAFTS, Kind.REVIEWS, Kind.APPROVED):
        return (
            select(Post.id, Unit.id, Unit.name, Post.title, _word(Post.status), literal(""))
            .join(Unit, Unit.id == Post.unit_id)
            .where(Post.id.in_(ids))
        )
    if kind is Kind.IDEAS:
        return (
            select(Idea.id, Unit.id, Unit.name, Idea.title, _word(Idea.state), literal(""))
            .join(Unit, Unit.id == Idea.unit_id)
            .where(Idea.id.in_(ids))
        )
    return (
        select(Publication.id, Unit.id, Unit.name, Post.title, _word(Publication.status), Channel.name)
        .join(Unit, Unit.id == Publication.unit_id)
        .join(Post, Post.id == Publication.post_id)
        .join(Channel, Channel.id == Publication.channel_id)
        .where(Publication.id.in_(ids))
    )
