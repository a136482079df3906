"""Ideas: sent by anybody on staff, talked about, and answered by those who write posts.

Every answer goes through `_decide`, and `_record` writes it down: who is told of it hangs on history.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.actions import history, open_ideas, posts, tellings
from app.actions.inputs import Id, Input
from app.domain import timing
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.ideas import (
    ANSWER_MOST,
    COMMENTS_A_DAY,
    GOES_ON,
    OPEN,
    PICTURES_MOST,
    TITLE_MOST,
    WHY_MOST,
    IdeaState,
    check_move,
    is_untouched,
    wakes_at,
)
from app.domain.mails import MailKind, Verb
from app.domain.pictures import Shown
from app.domain.posts import PostStatus
from app.domain.roles import Actor, Right
from app.domain.texts import normalise
from app.domain.units import ancestors
from app.foundation import clock
from app.foundation.database import lock
from app.models.ideas import Idea, IdeaComment, IdeaPicture, IdeaPost, IdeaVote
from app.models.posts import Post
from app.models.units import Unit
from app.queries import assets, tasks
from app.queries import ideas as questions

Title = Annotated[str, Field(min_length=1, max_length=TITLE_MOST)]


class IdeaInput(Input):
    """What somebody sends. `shown`: who can be recognised in the pictures; `last_on`: the last useful day."""

    unit_id: Id
    title: Title
    why: Annotated[str, Field(max_length=WHY_MOST)] = ""
    last_on: date | None = None
    asset_ids: Annotated[tuple[Id, ...], Field(max_length=PICTURES_MOST)] = ()
    shown: Shown | None = None


class Answer(Input):
    """What its sender is told. Needed where the answer is no."""

    answer: Annotated[str, Field(max_length=ANSWER_MOST)] = ""


class Accepting(Answer):
    """`again`: another post of one that a post was made of already; else that is refused."""

    again: bool = False


class Parking(Answer):
    """Kept until a day (in the unit's calendar), on which it comes back by itself."""

    until: date


class Merging(Answer):
    """It goes on as a part of another idea."""

    into_id: Id


class Assigning(Input):
    """Who looks after it; nobody in particular with None."""

    person_id: Id | None = None


class CommentInput(Input):
    """What somebody says about it."""

    text: Annotated[str, Field(min_length=1, max_length=ANSWER_MOST)]


def send(session: Session, actor: Actor, data: IdeaInput) -> Idea:
    """A new idea of the actor's. Raises Forbidden, and Invalid for another's unit or picture.

    Whoever sees the idea must see its pictures: they are of its unit, of one below, or shared from above.
    """
    if data.unit_id not in actor.scope.units:
        raise Invalid("unit_not_yours", "unit_id")
    if not actor.scope.may(Right.SUGGEST, data.unit_id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    now = clock.now()
    idea = Idea(
        unit_id=data.unit_id, sender_id=actor.person_id, sent_at=now, since_at=now,
        title=normalise(data.title), why=normalise(data.why), last_on=data.last_on,
    )  # fmt: skip
    session.add(idea)
    session.flush()
    _show(session, actor, idea, data)
    history.record(session, actor, "idea", idea.id, "sent", unit_id=idea.unit_id, new=IdeaState.NEW, now=now)
    return idea


def _show(session: Session, actor: Actor, idea: Idea, data: IdeaInput) -> None:
    wanted = list(dict.fromkeys(data.asset_ids))
    found = assets.usable(session, actor.scope, idea.unit_id, wanted)
    path = session.get_one(Unit, idea.unit_id).path
    below = set(session.scalars(select(Unit.id).where(Unit.path.startswith(path)))) if wanted else set()
    above = set(ancestors(path))
    seen = [one for one in found.values() if one.unit_id in below or (one.shared and one.unit_id in above)]
    if len(seen) < len(wanted):
        raise Invalid("picture_not_here", "asset_ids")
    for position, asset_id in enumerate(wanted):
        session.add(IdeaPicture(idea_id=idea.id, asset_id=asset_id, position=position))
        asset = found[asset_id]
        # Whoever took the picture knows who is in it; what an editor has said already stands.
        if data.shown and asset.shown is None and asset.added_by_id == actor.person_id:
            asset.shown = data.shown
    session.flush()


def accept(session: Session, actor: Actor, idea_id: int, data: Accepting) -> Post:
    """Make a draft of it that names its origin; the actor is its author.

    Of two who do it at once the second is told so. Pictures that came through a door are the unit's from here
    on; their files must be in the store. Raises NotFound, Forbidden, Conflict.
    """
    idea = _to_answer(session, actor, idea_id)
    if idea.state not in (OPEN if not data.again else GOES_ON):
        raise Conflict("idea_move")
    old = _decide(session, actor, idea, IdeaState.ACCEPTED, data.answer)
    open_ideas.welcome(session, actor, idea)
    shots = [shot.asset_id for shot in questions.pictures_of(session, actor.scope, [idea.id])[idea.id]]
    # A unit may have moved since, and what was shared with it may not be any more.
    usable = assets.usable(session, actor.scope, idea.unit_id, shots)
    draft = posts.PostInput(
        unit_id=idea.unit_id, title=idea.title, text=idea.why,
        asset_ids=[asset_id for asset_id in shots if asset_id in usable],
    )  # fmt: skip
    post = posts.create(session, actor, draft)
    session.add(IdeaPost(post_id=post.id, idea_id=idea.id))
    session.flush()
    _record(session, actor, idea, "accepted", old, post=post.id)
    return post


def park(session: Session, actor: Actor, idea_id: int, data: Parking) -> Idea:
    """Keep it until a day. Raises NotFound, Forbidden, Conflict, Invalid for a day that is not to come."""
    idea = _to_answer(session, actor, idea_id)
    zone = session.get_one(Unit, idea.unit_id).zone
    if data.until <= timing.to_local(clock.now(), zone).date():
        raise Invalid("day_not_to_come", "until")
    wakes = wakes_at(data.until, zone)
    _answer(session, actor, idea, IdeaState.PARKED, "parked", data.answer)
    idea.parked_until, idea.wakes_at = data.until, wakes
    return idea


def decline(session: Session, actor: Actor, idea_id: int, data: Answer) -> Idea:
    """Say no to it, with a reason. Raises NotFound, Forbidden, Conflict, Invalid without a reason."""
    idea = _to_answer(session, actor, idea_id)
    if not normalise(data.answer):
        raise Invalid("reason_missing", "answer")
    _answer(session, actor, idea, IdeaState.DECLINED, "declined", data.answer)
    return idea


def merge(session: Session, actor: Actor, idea_id: int, data: Merging) -> Idea:
    """Let it go on as a part of another idea, which gets its pictures and those who liked it.

    Raises NotFound, Forbidden, Conflict, and Invalid for one that is itself, of another unit, or of which
    nothing becomes any more.
    """
    both = [questions.idea(session, actor.scope, one) for one in sorted({idea_id, data.into_id})]
    for one in both:  # in one order, so that of two who put the same ones together none blocks the other
        lock(session, one)
    idea, other = _to_answer(session, actor, idea_id), next(one for one in both if one.id == data.into_id)
    if other.id == idea.id or other.unit_id != idea.unit_id or other.state not in GOES_ON:
        raise Invalid("idea_not_to_merge", "into_id")
    _take_over(session, idea, other)
    _answer(session, actor, idea, IdeaState.MERGED, "merged", data.answer, into=other.id)
    idea.merged_into_id = other.id
    return other


def reopen(session: Session, actor: Actor, idea_id: int) -> Idea:
    """Take an answer back: it waits again. A draft that nobody has touched since is withdrawn with it.

    Raises NotFound, Forbidden, Conflict ("idea_has_post": somebody has worked on one).
    """
    idea = _to_answer(session, actor, idea_id)
    check_move(idea.state, IdeaState.NEW)
    if idea.state is IdeaState.ACCEPTED:
        of_it = questions.posts_of(session, actor.scope, [idea.id])[idea.id]
        living = [post for post in of_it if post.status is not PostStatus.WITHDRAWN]
        if not all(is_untouched(post.status, post.revision, post.has_time) for post in living):
            raise Conflict("idea_has_post")
        for post in living:
            posts.withdraw(session, actor, post.post_id)
    _answer(session, actor, idea, IdeaState.NEW, "reopened", "")
    idea.merged_into_id = None
    open_ideas.bring_back(session, idea)
    return idea


def assign(session: Session, actor: Actor, idea_id: int, person_id: int | None) -> Idea:
    """Say who looks after it. Raises NotFound, Forbidden, Invalid for somebody who is not there."""
    idea = _to_answer(session, actor, idea_id)
    if person_id is not None and person_id not in tasks.doers(session, actor.scope, idea.unit_id):
        raise Invalid("person_not_here", "person_id")
    if person_id != idea.assigned_id:
        idea.assigned_id = person_id
        _record(session, actor, idea, "assigned", person=person_id)
    return idea


def vote(session: Session, actor: Actor, idea_id: int, wanted: bool) -> Idea:
    """Say that one would like to see it too, or no longer. Twice is as good as once.

    Raises NotFound, Forbidden, and Conflict ("own_idea").
    """
    idea = _seen(session, actor, idea_id)
    if idea.sender_id == actor.person_id:
        raise Conflict("own_idea")
    assert actor.person_id is not None
    lock(session, idea)
    row = session.get(IdeaVote, (idea.id, actor.person_id))
    if wanted and row is None:
        session.add(IdeaVote(idea_id=idea.id, person_id=actor.person_id, at=clock.now()))
    elif not wanted and row is not None:
        session.delete(row)
    session.flush()
    return idea


def comment(session: Session, actor: Actor, idea_id: int, data: CommentInput) -> IdeaComment:
    """Say something about it, for everybody who sees it.

    Raises NotFound, Forbidden, and Conflict ("too_many_comments") from who said very much today.
    """
    idea, now = _seen(session, actor, idea_id), clock.now()
    assert actor.person_id is not None
    said = select(func.count(IdeaComment.id)).where(
        IdeaComment.idea_id == idea.id,
        IdeaComment.person_id == actor.person_id,
        IdeaComment.at > now - timedelta(days=1),
    )
    if session.execute(said).scalar_one() >= COMMENTS_A_DAY:
        raise Conflict("too_many_comments", most=COMMENTS_A_DAY)
    row = IdeaComment(idea_id=idea.id, person_id=actor.person_id, text=normalise(data.text), at=now)
    session.add(row)
    session.flush()
    tellings.add(session, MailKind.TALK, Verb.COMMENTED, row.id, idea.unit_id, actor.person_id, row.at)
    return row


def _seen(session: Session, actor: Actor, idea_id: int) -> Idea:
    idea = questions.idea(session, actor.scope, idea_id)
    if not actor.scope.may(Right.SUGGEST, idea.unit_id) or actor.person_id is None:
        raise Forbidden("not_allowed")
    return idea


def _to_answer(session: Session, actor: Actor, idea_id: int) -> Idea:
    idea = questions.idea(session, actor.scope, idea_id)
    if not actor.scope.may(Right.WRITE, idea.unit_id):
        raise Forbidden("not_allowed")
    lock(session, idea)
    return idea


def _answer(
    session: Session, actor: Actor, idea: Idea, state: IdeaState, verb: str, answer: str, **facts: int
) -> None:
    old = _decide(session, actor, idea, state, answer)
    _record(session, actor, idea, verb, old, **facts)
    open_ideas.tell(session, idea, verb, clock.now())


def _decide(session: Session, actor: Actor, idea: Idea, state: IdeaState, answer: str) -> IdeaState:
    """What becomes of it, from the state in which the actor saw it; returns that. Raises Conflict.

    The state is asked for by the change itself: whoever else answered it a moment before came first.
    """
    old = idea.state
    check_move(old, state)
    session.flush()
    decided = (
        update(Idea)
        .where(Idea.id == idea.id, Idea.state == old)
        .values(
            state=state, since_at=clock.now(), answer=normalise(answer), parked_until=None, wakes_at=None,
            answered_by_id=None if state is IdeaState.NEW else actor.person_id,
        )
        .returning(Idea.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if session.execute(decided).scalar_one_or_none() is None:
        raise Conflict("idea_move")
    session.refresh(idea)
    return old


def _record(
    session: Session, actor: Actor, idea: Idea, verb: str, old: IdeaState | None = None, **facts: int | None
) -> None:
    history.record(
        session, actor, "idea", idea.id, verb,
        unit_id=idea.unit_id, old=old, new=idea.state if old else None, now=clock.now(), **facts,
    )  # fmt: skip


def _take_over(session: Session, idea: Idea, other: Idea) -> None:
    """Pictures, and the people who liked it, its sender among them: they see what becomes of the other."""
    open_ideas.hand_on(session, idea, other)
    shown = set(_column(session, IdeaPicture.asset_id, other.id))
    for asset_id in _column(session, IdeaPicture.asset_id, idea.id):
        if asset_id not in shown and len(shown) < PICTURES_MOST:
            session.add(IdeaPicture(idea_id=other.id, asset_id=asset_id, position=len(shown)))
            shown.add(asset_id)
    liked = set(_column(session, IdeaVote.person_id, idea.id))
    if idea.sender_id is not None:
        liked.add(idea.sender_id)
    now = clock.now()
    session.execute(delete(IdeaVote).where(IdeaVote.idea_id == idea.id))
    if other.sender_id is not None:
        liked.discard(other.sender_id)
    for person_id in sorted(liked.difference(_column(session, IdeaVote.person_id, other.id))):
        session.add(IdeaVote(idea_id=other.id, person_id=person_id, at=now))
    session.flush()


def _column(session: Session, column: InstrumentedAttribute[int], idea_id: int) -> Sequence[int]:
    rows = select(column).where(column.class_.idea_id == idea_id)
    return session.scalars(rows.order_by(column)).all()
