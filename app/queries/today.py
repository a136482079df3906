"""Questions of the first screen: what is in work, and how far a library is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Function,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.domain import timing
from app.domain.ledger import INTERACTING, LedgerKind, week_of
from app.domain.posts import PostStatus
from app.domain.publications import OPEN, OUT, Status
from app.domain.roles import Scope
from app.foundation.database import AnyRow, Instant
from app.models.channels import Channel
from app.models.duties import HandOver, StandIn
from app.models.leases import Run
from app.models.ledger import LedgerEntry
from app.models.people import Membership
from app.models.posts import Post
from app.models.publications import Publication
from app.models.readings import Reading
from app.models.units import Unit
from app.queries import found
from app.queries.ideas import Unanswered

WRITING = (PostStatus.DRAFT, PostStatus.IN_REVIEW, PostStatus.CHANGES_REQUESTED)
LATELY = timedelta(days=7)
MOST_APPROVED = 200  # so many of a person's newest approved posts are asked whether they have a time


@dataclass(frozen=True)
class Begun:
    """Whether there is a channel in sight, a second person, and a post; and what waits, as numbers.

    `covers`: the asker stands in for somebody just now; `came`: something was handed over to them. Both are
    rare, so that it is worth knowing before they are asked for. `found`: how many posts found on a page wait
    for a tone that the asker may say; `ideas`: those that wait for an answer which they may give.

    `home`: the asker's highest unit. `comments`: that networks counted on posts of the last week, None where
    none was read yet. `beat_at`, `asked_at`: when the clock last ran, and when a network was last asked.
    `interacting`, `publishing`: the asker's own minutes since Monday.
    """

    channels: bool
    people: bool
    posts: bool
    covers: bool = False
    came: bool = False
    found: int = 0
    ideas: Unanswered = field(default_factory=Unanswered)
    home: int = 0
    comments: int | None = None
    beat_at: datetime | None = None
    asked_at: datetime | None = None
    interacting: int = 0
    publishing: int = 0


def begun(session: Session, scope: Scope, person_id: int, now: datetime, zone: str = "UTC") -> Begun:
    """How far the asker's units have come and what waits there, in one question. `zone`: of their week."""
    monday = week_of(timing.to_local(now, zone).date())
    asked = {"seen": list(scope.units | scope.shared), "inside": list(scope.units), "person_id": person_id}
    given = {**asked, "now": now, "lately": now - LATELY, "monday": monday, **Unanswered.asked(scope, now)}
    channels, people, posts, covers, came, tones, waiting, late, *more = session.execute(
        _begun(), given
    ).one()
    return Begun(channels, people > 1, posts, covers, came, tones, Unanswered(waiting, late), *more)


@cache  # the first screen is asked for most of all: to build a question takes longer than to answer it
def _begun() -> Select[*tuple[Any, ...]]:
    # `units` are those where the asker writes, as the questions of `found` and `ideas` call them.
    inside: BindParameter[int] = bindparam("inside", expanding=True)
    me: BindParameter[int] = bindparam("person_id")
    people = select(func.count(Membership.person_id.distinct())).where(Membership.unit_id.in_(inside))
    answers = Unanswered.question().subquery()
    return select(
        select(Channel.id).where(Channel.unit_id.in_(bindparam("seen", expanding=True))).exists(),
        people.scalar_subquery(),
        select(Post.id).where(Post.unit_id.in_(inside)).exists(),
        _stands_in(),
        select(HandOver.id).where(HandOver.to_id == me, HandOver.seen_at.is_(None)).exists(),
        found.Counting.question().scalar_subquery(),
        answers.c.waiting,
        answers.c.late,
        func.coalesce(_home(inside), 0),
        _comments(inside),
        select(func.max(Run.seen_at)).where(Run.ended_at.is_(None)).scalar_subquery(),
        select(func.max(Channel.checked_at)).where(Channel.unit_id.in_(inside)).scalar_subquery(),
        *(_minutes(me, kinds) for kinds in (INTERACTING, frozenset(LedgerKind) - INTERACTING)),
    ).select_from(answers)


def home(session: Session, scope: Scope) -> int | None:
    """The asker's highest unit; None for somebody without a role."""
    return session.scalar(select(_home(list(scope.units))))


def _home(inside: Any) -> ScalarSelect[int]:
    highest = select(Unit.id).where(Unit.id.in_(inside)).order_by(func.length(Unit.path), Unit.id)
    return highest.limit(1).scalar_subquery()


def _comments(inside: Any) -> ScalarSelect[Any]:
    """Of each post the most that a reading told: they only grow."""
    each = (
        select(func.max(Reading.comments).label("comments"))
        .join(Publication, Publication.id == Reading.publication_id)
        .where(
            Publication.unit_id.in_(inside),
            Publication.published_at >= bindparam("lately", type_=Publication.published_at.type),
            Publication.status.in_(OUT),
        )
        .group_by(Publication.id)
        .subquery()
    )
    return select(func.sum(each.c.comments)).scalar_subquery()


def _minutes(me: Any, kinds: Collection[LedgerKind]) -> Function[Any]:
    mine = LedgerEntry.person_id == me, LedgerEntry.day >= bindparam("monday")
    summed = select(func.sum(LedgerEntry.minutes)).where(*mine, LedgerEntry.kind.in_(sorted(kinds)))
    return func.coalesce(summed.scalar_subquery(), 0)


def _stands_in() -> ColumnElement[bool]:
    now = bindparam("now", type_=Instant())
    mine = StandIn.deputy_id == bindparam("person_id")
    holds = StandIn.ended_at.is_(None), StandIn.from_at <= now, StandIn.until_at > now
    return select(StandIn.id).where(mine, *holds).exists()


def in_work(
    session: Session, scope: Scope, person_id: int, limit: int = 10, also: Collection[int] = ()
) -> Sequence[AnyRow]:
    """A person's posts that somebody still has to do something about, the latest changed first.

    `also`: those of people for whom they stand in just now; `author_id` tells whose each is.
    """
    asked = {"people": [person_id, *also], "units": list(scope.units), "most": limit}
    return session.execute(_in_work(), asked).all()


@cache
def _in_work() -> Select[*tuple[Any, ...]]:
    most: BindParameter[int] = bindparam("most")
    theirs = select(Post.id).where(
        Post.author_id.in_(bindparam("people", expanding=True)),
        Post.unit_id.in_(bindparam("units", expanding=True)),
    )
    writing = _latest(theirs.where(Post.status.in_(WRITING)), most)
    approved = _latest(theirs.where(Post.status == PostStatus.APPROVED), literal(MOST_APPROVED))
    waiting = select(approved.c.id).where(~_has_time(approved.c.id))
    return (
        select(
            Post.id,
            Post.title,
            Post.tone,
            Post.status,
            Post.changed_at,
            Post.author_id,
            Unit.name.label("unit"),
        )
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.id.in_(union_all(select(writing.c.id), waiting)))
        .order_by(Post.changed_at.desc(), Post.id.desc())
        .limit(most)
    )


def _latest(posts: Select[int], limit: ColumnElement[int]) -> Subquery:
    return posts.order_by(Post.changed_at.desc(), Post.id.desc()).limit(limit).subquery()


def _has_time(post_id: ColumnElement[int]) -> ColumnElement[bool]:
    statuses = OPEN | OUT | {Status.REMOVED}
    return (
        select(Publication.id)
        .where(Publication.post_id == post_id, Publication.status.in_(statuses))
        .exists()
    )
