"""Questions about ideas: the board, one with what was said about it, what waits, what became of one's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.finding import asked
from app.domain.ideas import ANSWER_WITHIN, OPEN, IdeaState
from app.domain.publications import OUT
from app.domain.roles import Right, Scope
from app.foundation.database import AnyRow, is_id
from app.models.assets import Asset
from app.models.idea_doors import GuestPicture, IdeaDoor, IdeaGuest
from app.models.ideas import Idea, IdeaComment, IdeaPicture, IdeaPost, IdeaVote
from app.models.people import Person, name_of
from app.models.posts import Post, Revision
from app.models.publications import Publication
from app.models.search import IDEA, holds
from app.models.units import Unit
from app.queries.scopes import are_few, within

# What is answered leaves the board after so long; the lists keep it.
ON_THE_BOARD = timedelta(days=30)
# Who sent it is thanked so long after the post went out.
THANKED_FOR = timedelta(days=14)
THANKED_MOST = 5
COMMENTS_A_PAGE = 30
MOST_COUNTED = 1000


class Shelf(StrEnum):
    """A part of the board."""

    WAITING = "waiting"
    BECOMING = "becoming"
    LATER = "later"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None means no narrowing. `of`: sent by that person (id)."""

    shelf: Shelf | None = None
    state: IdeaState | None = None
    unit_id: int | None = None
    of: int | None = None
    words: str = ""


def idea(session: Session, scope: Scope, idea_id: int) -> Idea:
    """One idea of a unit in scope. Raises NotFound."""
    found = session.get(Idea, idea_id) if is_id(idea_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def headline(session: Session, scope: Scope, idea_id: int) -> AnyRow:
    """One idea with its unit's name and zone, its people's names and how many liked it. Raises NotFound.

    Of one that came through a door: `door`, its name, and `guest`, what its sender is called, if they said
    so and are still known. `held`: how many pictures of it lie in quarantine.
    """
    found = None
    if is_id(idea_id):
        found = session.execute(_rows().where(Idea.id == idea_id), _asked(scope)).one_or_none()
    if found is None:
        raise NotFound
    return found


def board(
    session: Session, scope: Scope, wanted: Wanted, now: datetime, most: int
) -> dict[Shelf, list[AnyRow]]:
    """Of each part of the board the first ones; of what is answered only what was so lately.

    What waits stands with the longest waiting first, the rest with the latest first.
    """
    found = {}
    for shelf in Shelf:
        first = _narrowed(_ids(few=True), wanted).where(_on(shelf, now))
        if shelf in (Shelf.BECOMING, Shelf.ANSWERED):
            first = first.where(Idea.since_at >= now - ON_THE_BOARD)
        order = (Idea.since_at, Idea.id) if shelf is Shelf.WAITING else (Idea.since_at.desc(), Idea.id.desc())
        found[shelf] = list(session.execute(_whole(first.order_by(*order).limit(most), order), _asked(scope)))
    return found


def listed(
    session: Session,
    scope: Scope,
    wanted: Wanted,
    now: datetime,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[AnyRow]:
    """Ideas in scope, the latest sent first. `after`: (sent_at, id) of the last row of the page before."""
    # Of one sender there are fewer than of one unit.
    found_by_unit = wanted.of is None and (wanted.unit_id is not None or are_few(scope.units))
    order = Idea.sent_at.desc(), Idea.id.desc()
    first = _narrowed(_ids(found_by_unit), wanted).order_by(*order).limit(limit)
    if wanted.shelf:
        first = first.where(_on(wanted.shelf, now))
    if after:
        first = first.where((Idea.sent_at < after[0]) | ((Idea.sent_at == after[0]) & (Idea.id < after[1])))
    return session.execute(_whole(first, order), _asked(scope)).all()


@cache
def _ids(few: bool) -> Select[int]:
    return select(Idea.id).where(within(Idea.unit_id, few))


def _whole(first: Select[int], order: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """The rows of ideas that were found, of which there are few: names and counts are asked of no others."""
    return _rows().where(Idea.id.in_(first.correlate(None))).order_by(*order)


def _asked(scope: Scope) -> dict[str, list[int]]:
    return {"units": list(scope.units)}


@cache  # to build a question takes longer than to answer it
def _rows() -> Select[*tuple[Any, ...]]:
    votes = select(func.count(IdeaVote.person_id)).where(IdeaVote.idea_id == Idea.id)
    comments = select(func.count(IdeaComment.id)).where(IdeaComment.idea_id == Idea.id)
    held = select(func.count(GuestPicture.id)).where(GuestPicture.idea_id == Idea.id)
    return (
        select(
            *(Idea.id, Idea.unit_id, Idea.title, Idea.why, Idea.last_on, Idea.state, Idea.since_at),
            *(Idea.answer, Idea.parked_until, Idea.wakes_at, Idea.merged_into_id, Idea.sent_at),
            *(Idea.sender_id, Idea.assigned_id, Idea.answered_by_id, Idea.door_id),
            Unit.name.label("unit"),
            Unit.zone,
            name_of(Idea.sender_id).label("sender"),
            IdeaDoor.name.label("door"),
            IdeaGuest.name.label("guest"),
            held.correlate(Idea).scalar_subquery().label("held"),
            name_of(Idea.answered_by_id).label("answered_by"),
            name_of(Idea.assigned_id).label("assigned"),
            votes.correlate(Idea).scalar_subquery().label("votes"),
            comments.correlate(Idea).scalar_subquery().label("comments"),
        )
        .join(Unit, Unit.id == Idea.unit_id)
        .outerjoin(IdeaDoor, IdeaDoor.id == Idea.door_id)
        .outerjoin(IdeaGuest, IdeaGuest.idea_id == Idea.id)
        .where(within(Idea.unit_id, few=False))
    )


def _on(shelf: Shelf, now: datetime) -> ColumnElement[bool]:
    parked = Idea.state == IdeaState.PARKED
    if shelf is Shelf.WAITING:
        return _waits(now)
    if shelf is Shelf.LATER:
        return parked & (Idea.wakes_at > now)
    if shelf is Shelf.BECOMING:
        return Idea.state == IdeaState.ACCEPTED
    return Idea.state.in_([IdeaState.DECLINED, IdeaState.MERGED])


def _waits(now: Any) -> ColumnElement[bool]:
    """The same as `domain.ideas.waits` says of one."""
    # In two parts, so that those of other states are not even looked at.
    return and_(Idea.state.in_(OPEN), or_(Idea.state == IdeaState.NEW, Idea.wakes_at <= now))


def _narrowed(rows: Select[int], wanted: Wanted) -> Select[int]:
    if wanted.state:
        rows = rows.where(Idea.state == wanted.state)
    if wanted.unit_id:
        rows = rows.where(Idea.unit_id == wanted.unit_id)
    if wanted.of:
        rows = rows.where(Idea.sender_id == wanted.of)
    if words := asked(wanted.words):
        rows = rows.where(holds(IDEA, Idea.id, words))
    return rows


def pictures_of(session: Session, scope: Scope, idea_ids: Iterable[int]) -> Mapping[int, list[AnyRow]]:
    """For each idea in scope its pictures in order: asset_id, sha256, alt_text, width, height."""
    found: dict[int, list[AnyRow]] = {idea_id: [] for idea_id in idea_ids}
    if found:
        for row in session.execute(_pictures(), {**_asked(scope), "ids": list(found)}):
            found[row.idea_id].append(row)
    return found


@cache
def _pictures() -> Select[*tuple[Any, ...]]:
    return (
        select(
            IdeaPicture.idea_id, IdeaPicture.asset_id, Asset.sha256, Asset.alt_text, Asset.width,
            Asset.height, Asset.shown,
        )
        .join(Idea, Idea.id == IdeaPicture.idea_id)
        .join(Asset, Asset.id == IdeaPicture.asset_id)
        .where(
            IdeaPicture.idea_id.in_(bindparam("ids", expanding=True)),
            within(Idea.unit_id, few=False),
            Asset.removed_at.is_(None),
        )
        .order_by(IdeaPicture.idea_id, IdeaPicture.position)
    )  # fmt: skip


def posts_of(session: Session, scope: Scope, idea_ids: Iterable[int]) -> Mapping[int, list[AnyRow]]:
    """For each idea in scope the posts that it became: post_id, title, tone, status, `published_at` of the
    first that went out (None: none yet) and its `permalink`, and what tells whether somebody touched it."""
    found: dict[int, list[AnyRow]] = {idea_id: [] for idea_id in idea_ids}
    if found:
        for row in session.execute(_posts(), {**_asked(scope), "ids": list(found)}):
            found[row.idea_id].append(row)
    return found


@cache
def _posts() -> Select[*tuple[Any, ...]]:
    out = select(func.min(Publication.published_at, type_=Publication.published_at.type)).where(
        Publication.post_id == Post.id, Publication.status.in_(OUT)
    )
    link = (
        select(Publication.permalink)
        .where(Publication.post_id == Post.id, Publication.status.in_(OUT), Publication.permalink != "")
        .order_by(Publication.published_at, Publication.id)
        .limit(1)
    )
    return (
        select(
            IdeaPost.idea_id, Post.id.label("post_id"), Post.title, Post.tone, Post.status,
            out.correlate(Post).scalar_subquery().label("published_at"),
            link.correlate(Post).scalar_subquery().label("permalink"),
            Revision.number.label("revision"),
            select(Publication.id).where(Publication.post_id == Post.id).correlate(Post).exists()
            .label("has_time"),
        )
        .select_from(IdeaPost)
        .join(Post, Post.id == IdeaPost.post_id)
        .outerjoin(Revision, Revision.id == Post.revision_id)
        .join(Idea, Idea.id == IdeaPost.idea_id)
        .where(
            IdeaPost.idea_id.in_(bindparam("ids", expanding=True)),
            within(Idea.unit_id, few=False),
        )
        .order_by(Post.id)
    )  # fmt: skip


def comments(
    session: Session, scope: Scope, idea_id: int, before: int | None = None, limit: int = COMMENTS_A_PAGE
) -> Sequence[AnyRow]:
    """The latest of what was said about an idea in scope, the earliest first: id, person, text, at.

    `before`: the id of the first one on the page after.
    """
    rows = (
        select(IdeaComment.id, Person.name.label("person"), IdeaComment.text, IdeaComment.at)
        .join(Person, Person.id == IdeaComment.person_id)
        .join(Idea, Idea.id == IdeaComment.idea_id)
        .where(IdeaComment.idea_id == idea_id, Idea.unit_id.in_(scope.units))
        .order_by(IdeaComment.id.desc())
        .limit(limit)
    )
    if before is not None:
        rows = rows.where(IdeaComment.id < before)
    return list(reversed(session.execute(rows).all()))


def thanks(session: Session, scope: Scope, person_id: int, now: datetime) -> Sequence[AnyRow]:
    """A person's ideas of which something was published lately, the latest first: id, title, published_at."""
    asked = {"person_id": person_id, "units": list(scope.units), "since": now - THANKED_FOR}
    return session.execute(_thanks(), asked).all()


@cache
def _thanks() -> Select[*tuple[Any, ...]]:
    first = func.min(Publication.published_at, type_=Publication.published_at.type)
    return (
        select(Idea.id, Idea.title, first.label("published_at"))
        .join(IdeaPost, IdeaPost.idea_id == Idea.id)
        .join(Publication, Publication.post_id == IdeaPost.post_id)
        .where(
            Idea.sender_id == bindparam("person_id"),
            within(Idea.unit_id, few=False),
            Publication.status.in_(OUT),
        )
        .group_by(Idea.id, Idea.title)
        .having(first >= bindparam("since", type_=Publication.published_at.type))
        .order_by(first.desc(), Idea.id.desc())
        .limit(THANKED_MOST)
    )


def liked(session: Session, scope: Scope, idea_id: int, person_id: int) -> bool:
    """Whether a person said that they would like to see an idea in scope."""
    row = session.get(IdeaVote, (idea_id, person_id))
    return row is not None and idea(session, scope, idea_id) is not None


def to_merge_with(session: Session, scope: Scope, of: Idea | AnyRow, most: int = 50) -> Sequence[AnyRow]:
    """Others that an idea could become a part of: of its unit, not merged themselves, the latest first."""
    return session.execute(
        select(Idea.id, Idea.title)
        .where(
            Idea.unit_id == of.unit_id,
            Idea.unit_id.in_(scope.units),
            Idea.id != of.id,
            Idea.state.in_([IdeaState.NEW, IdeaState.PARKED, IdeaState.ACCEPTED]),
        )
        .order_by(Idea.sent_at.desc(), Idea.id.desc())
        .limit(most)
    ).all()


@dataclass(frozen=True)
class Unanswered:
    """How many ideas wait for an answer that the asker may give, and how many of them too long."""

    waiting: int = 0
    late: int = 0

    @staticmethod
    def asked(scope: Scope, now: datetime) -> dict[str, Any]:
        """What `question` asks for: those of units in which the asker writes posts."""
        return {"units": sorted(scope.units_with(Right.WRITE)), "awake": now, "late": now - ANSWER_WITHIN}

    @staticmethod
    @cache
    def question() -> Select[int, int]:
        """Both counts, up to `MOST_COUNTED`: for others to put into theirs, with `asked`."""
        waiting = (
            select(func.coalesce(Idea.wakes_at, Idea.since_at, type_=Idea.since_at.type).label("since_at"))
            .where(
                Idea.unit_id.in_(bindparam("units", expanding=True)),
                _waits(bindparam("awake", type_=Idea.since_at.type)),
            )
            .limit(MOST_COUNTED)
            .subquery()
        )
        late = waiting.c.since_at < bindparam("late", type_=Idea.since_at.type)
        counts = func.count().label("waiting"), func.count().filter(late).label("late")
        return select(*counts).select_from(waiting)
