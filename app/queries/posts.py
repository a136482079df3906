"""Questions about posts, their revisions and the talk about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.errors import NotFound
from app.domain.posts import ASKING, PostStatus, Tone
from app.domain.publications import Status
from app.domain.roles import APPROVERS, Right, Scope
from app.foundation.database import AnyRow, Aside, is_id
from app.models.channels import Channel
from app.models.ideas import Idea, IdeaPost
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision
from app.models.publications import Publication
from app.models.strategies import StrategyPoint
from app.models.units import Unit
from app.queries.scopes import are_few, within
from app.queries.strategy_uses import Outings


@dataclass(frozen=True)
class PostFilter:
    """What a list of posts is narrowed to; None means no narrowing. `words` must all be in title or text.

    `goal_id`, `pillar_id`: 0 for posts that name none. `out`: those alone that went out there.
    """

    status: PostStatus | None = None
    tone: Tone | None = None
    unit_id: int | None = None
    words: str = ""
    goal_id: int | None = None
    pillar_id: int | None = None
    out: Outings | None = None


def post(session: Session, scope: Scope, post_id: int) -> Post:
    """One post of a unit in scope. Raises NotFound."""
    found = session.get(Post, post_id) if is_id(post_id) else None
    if found is None or found.unit_id not in scope.units:
        raise NotFound
    return found


def headline(session: Session, scope: Scope, post_id: int) -> AnyRow:
    """What stands on top of a post's page: its own values, unit, zone, author, the names of the pillar and
    the goal that it serves, retired ones too, and the idea that it came from (`idea_id`, `idea`, `idea_of`:
    its sender). None for what there is not. Raises NotFound."""
    found = None
    if is_id(post_id):
        seen = sorted(scope.units | scope.shared)
        asked = {"post_id": post_id, "units": list(scope.units), "seen": seen}
        found = session.execute(_headline(), asked).one_or_none()
    if found is None:
        raise NotFound
    return found


@cache  # to build a question takes longer than to answer it
def _headline() -> Select[*tuple[Any, ...]]:
    sender, pillar, goal = aliased(Person), aliased(StrategyPoint), aliased(StrategyPoint)
    return (
        select(
            Post.id,
            Post.title,
            Post.tone,
            Post.status,
            Post.unit_id,
            Unit.name.label("unit"),
            Unit.zone,
            Post.revision_id,
            Post.author_id,
            Person.name.label("author"),
            Post.created_at,
            Post.changed_at,
            Post.pillar_id,
            Post.goal_id,
            pillar.name.label("pillar"),
            goal.name.label("goal"),
            Idea.id.label("idea_id"),
            Idea.title.label("idea"),
            sender.name.label("idea_of"),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Post.author_id)
        .outerjoin(pillar, (pillar.id == Post.pillar_id) & _is_seen(pillar))
        .outerjoin(goal, (goal.id == Post.goal_id) & _is_seen(goal))
        .outerjoin(IdeaPost, IdeaPost.post_id == Post.id)
        .outerjoin(Idea, (Idea.id == IdeaPost.idea_id) & (Idea.unit_id == Post.unit_id))
        .outerjoin(sender, sender.id == Idea.sender_id)
        .where(Post.id == bindparam("post_id"), _within_units())
    )


def _is_seen(point: type[StrategyPoint]) -> ColumnElement[bool]:
    return point.unit_id.in_(bindparam("seen", expanding=True))


def _within_units() -> ColumnElement[bool]:
    return Post.unit_id.in_(bindparam("units", expanding=True))


def revision(session: Session, scope: Scope, post_id: int, number: int | None = None) -> Revision:
    """A revision of a post in scope, the newest without a number. Raises NotFound."""
    wanted = select(Revision).where(Revision.post_id == post(session, scope, post_id).id)
    if number is not None:
        if not is_id(number):
            raise NotFound
        wanted = wanted.where(Revision.number == number)
    found = session.scalar(wanted.order_by(Revision.number.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def revisions(session: Session, scope: Scope, post_id: int) -> Sequence[AnyRow]:
    """All revisions of a post, the newest first: id, number, title, tone, text, link, author, at."""
    asked = {"post_id": post_id, "units": list(scope.units)}
    return session.execute(_revisions(), asked).all()


@cache
def _revisions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Revision.id,
            Revision.number,
            Revision.title,
            Revision.tone,
            Revision.text,
            Revision.link,
            Revision.author_id,
            Person.name.label("author"),
            Revision.created_at.label("at"),
        )
        .join(Person, Person.id == Revision.author_id)
        .join(Post, Post.id == Revision.post_id)
        .where(Revision.post_id == bindparam("post_id"), _within_units())
        .order_by(Revision.number.desc())
    )


def reviews(session: Session, scope: Scope, post_id: int) -> Sequence[AnyRow]:
    """The talk about a post, the newest first: kind, revision number, person, comment, own, at."""
    asked = {"post_id": post_id, "units": list(scope.units)}
    return session.execute(_reviews(), asked).all()


@cache
def _reviews() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Review.id,
            Review.kind,
            Review.revision_id,
            Revision.number,
            Review.person_id,
            Person.name.label("person"),
            Review.comment,
            Review.own,
            Review.approver_id,
            Review.at,
        )
        .join(Person, Person.id == Review.person_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Post, Post.id == Review.post_id)
        .where(Review.post_id == bindparam("post_id"), _within_units())
        .order_by(Review.id.desc())
    )


def listed(
    session: Session,
    scope: Scope,
    wanted: PostFilter,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[AnyRow]:
    """Posts in scope, the latest changed first: id, title, tone, status, unit, author, times, revision_id.

    `after` is the (changed_at, id) of the last row of the page before.
    """
    found_by_unit = wanted.unit_id is not None or are_few(scope.units)
    rows = _narrowed(_listed(found_by_unit), wanted).limit(limit)
    if after:
        rows = rows.where(
            (Post.changed_at < after[0]) | ((Post.changed_at == after[0]) & (Post.id < after[1]))
        )
    asked = {"units": list(scope.units)}
    return session.execute(rows, asked | wanted.out.asked if wanted.out else asked).all()


@cache
def _listed(few: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id,
            Post.title,
            Post.tone,
            Post.status,
            Post.unit_id,
            Unit.name.label("unit"),
            Person.name.label("author"),
            Post.changed_at,
            Post.created_at,
            Post.revision_id,
            Post.pillar_id.label("pillar"),
            Post.goal_id.label("goal"),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == Post.author_id)
        .where(within(Post.unit_id, few))
        .order_by(Post.changed_at.desc(), Post.id.desc())
    )


def _narrowed(rows: Select[*tuple[Any, ...]], wanted: PostFilter) -> Select[*tuple[Any, ...]]:
    kept = ((Post.status, wanted.status), (Post.tone, wanted.tone), (Post.unit_id, wanted.unit_id))
    rows = rows.where(*(column == value for column, value in kept if value))
    for point, named in ((Post.goal_id, wanted.goal_id), (Post.pillar_id, wanted.pillar_id)):
        if named is not None:
            rows = rows.where(point == named if named else point.is_(None))
    if wanted.out:
        rows = rows.where(Post.id.in_(wanted.out.post_ids))
    words = wanted.words.split()[:5]
    if words:
        rows = rows.join(Revision, Revision.id == Post.revision_id)
    for word in words:
        rows = rows.where(_holds(Post.title, word) | _holds(Revision.text, word))
    return rows


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Whether a text holds a word, small letters or big; SQLite alone would know that only of A to Z."""
    written = {word} if word.isascii() else {word, word.lower(), word.capitalize()}
    return or_(*(column.icontains(form, autoescape=True) for form in sorted(written)))


def publications_of(session: Session, scope: Scope, post_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """For each post its publications, in order of time."""
    found: dict[int, list[AnyRow]] = {post_id: [] for post_id in post_ids}
    if not post_ids:
        return found
    asked = {"post_ids": list(post_ids), "units": list(scope.units)}
    rows = session.execute(_publications_of(), asked)
    for row in rows:
        found[row.post_id].append(row)
    return found


@cache
def _publications_of() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Publication.id,
            Publication.post_id,
            Publication.status,
            Publication.due_at,
            Publication.local_due,
            Publication.zone,
            Publication.permalink,
            Publication.revision_id,
            Publication.channel_id,
            Channel.name.label("channel"),
            Channel.network,
            Channel.realm,
        )
        .join(Channel, Channel.id == Publication.channel_id)
        .where(
            Publication.post_id.in_(bindparam("post_ids", expanding=True)),
            Aside(Publication.unit_id).in_(bindparam("units", expanding=True)),
        )
        .order_by(Publication.due_at, Publication.id)
    )


def to_review(session: Session, scope: Scope, person_id: int, limit: int = 20) -> Sequence[AnyRow]:
    """Posts in review that a person may say yes to, the longest waiting first: id, title, tone, unit, sender,
    since. `kind`: whether the sender handed it in or corrected it.

    Those of units where they approve; and those that they wrote where they write, and an approver corrected.
    """
    deciding, writing = scope.units_with(Right.APPROVE), scope.units_with(Right.WRITE)
    asked = {"deciding": list(deciding), "writing": list(writing), "person_id": person_id, "most": limit}
    return session.execute(_to_review(), asked | {"units": list(deciding | writing)}).all()


@cache
def _to_review() -> Select[*tuple[Any, ...]]:
    """Names are asked of those that are shown alone."""
    first = _first_to_review().subquery()
    return (
        select(
            Post.id,
            Post.title,
            Post.tone,
            Unit.name.label("unit"),
            Person.name.label("sender"),
            first.c.person_id.label("sender_id"),
            first.c.at.label("since_at"),
            first.c.kind,
        )
        .select_from(first)
        .join(Post, Post.id == first.c.id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Person, Person.id == first.c.person_id)
        .order_by(first.c.at, Post.id)
    )


def _first_to_review() -> Select[*tuple[Any, ...]]:
    sent = aliased(Review)
    latest = (
        select(func.max(Review.id))
        .where(Review.post_id == Post.id, Review.kind.in_(ASKING))
        .correlate(Post)
        .scalar_subquery()
    )
    deciding: BindParameter[int] = bindparam("deciding", expanding=True)
    writing: BindParameter[int] = bindparam("writing", expanding=True)
    units: BindParameter[int] = bindparam("units", expanding=True)
    return (
        select(Post.id, sent.person_id, sent.at, sent.kind)
        .join(sent, (sent.post_id == Post.id) & (sent.id == latest))
        .where(
            Post.status == PostStatus.IN_REVIEW,
            Post.unit_id.in_(units),
            Post.unit_id.in_(deciding) | (Post.unit_id.in_(writing) & _corrected_by_an_approver(sent)),
        )
        .order_by(sent.at, Post.id)
        .limit(bindparam("most"))
    )


def _corrected_by_an_approver(sent: type[Review]) -> ColumnElement[bool]:
    """Whether a post's newest revision is by an approver of its unit, and the writer before was `person_id`.

    `sent`: the step that asked for the yes; it must be the approver's own.

    The same as `actions.reviews.agrees_with` says of one post.
    """
    newest, before = aliased(Revision), aliased(Revision)
    top, its = aliased(Unit), aliased(Unit)
    person_id: BindParameter[int] = bindparam("person_id")
    previous = (
        select(before.author_id)
        .where(before.post_id == Post.id, before.author_id != newest.author_id)
        .order_by(before.number.desc())
        .limit(1)
        .correlate(Post, newest)
        .scalar_subquery()
    )
    approver = (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .join(top, top.id == Membership.unit_id)
        .join(its, its.path.startswith(top.path))
        .where(
            Membership.person_id == newest.author_id,
            Membership.role.in_(APPROVERS),
            Person.active,
            its.id == Post.unit_id,
        )
        .correlate(newest, Post)
        .exists()
    )
    return (
        select(newest.id)
        .where(newest.id == Post.revision_id, newest.author_id != person_id, previous == person_id, approver)
        .where(newest.author_id == sent.person_id)
        .correlate(Post, sent)
        .exists()
    )


def has_been_out(session: Session, scope: Scope, post_id: int) -> bool:
    """Whether any publication of the post is or was public."""
    return bool(
        session.scalar(
            select(Publication.id)
            .where(
                Publication.post_id == post_id,
                Aside(Publication.unit_id).in_(scope.units),
                Publication.status.in_([Status.PUBLISHED, Status.DONE, Status.REMOVED]),
            )
            .limit(1)
        )
    )
