"""The answer to a revision: yes to exactly this one, or changes asked with a comment."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, publication_moves
from app.actions.publication_moves import approves, holds
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.posts import ASKING, PostStatus, ReviewKind, written_before
from app.domain.roles import APPROVERS, Actor, Right
from app.domain.texts import COMMENT_MOST, normalise
from app.domain.units import ancestors
from app.foundation import clock
from app.foundation.database import lock
from app.models.people import Membership, Person
from app.models.posts import Post, Review, Revision
from app.models.units import Unit
from app.queries import posts as questions


class Approval(BaseModel):
    """A yes to one revision, by its number."""

    model_config = ConfigDict(extra="forbid")

    revision: int


class ChangeRequest(BaseModel):
    """A wish for changes in one revision."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    comment: Annotated[str, Field(max_length=COMMENT_MOST)]


def approve(session: Session, actor: Actor, post_id: int, data: Approval) -> Post:
    """Say yes to a revision. Planned are then those publications whose channel the approver answers for.

    Nobody approves what they wrote, unless no other person could: then it is allowed and written down.
    To what an approver corrected, whoever wrote before may say the yes: it stands on that approver's right.
    Raises NotFound, Forbidden, Conflict ("stale_approval" when it is not the newest any more).
    """
    post, revision = _answering(session, actor, post_id, data.revision)
    writers = writers_of(session, post.id)
    own = revision.author_id == actor.person_id
    if own and waits_for_another(session, actor, post.id, post.unit_id, writers):
        raise Forbidden("own_revision")
    approver_id = agrees_with(session, actor, post.id, post.unit_id, writers)
    facts: dict[str, Any] = {"right_of": approver_id} if approver_id else {}
    posts.step(
        session, actor, post, revision, PostStatus.APPROVED, ReviewKind.APPROVED,
        own=own, approver_id=approver_id, **facts,
    )  # fmt: skip
    publication_moves.plan_approved(session, actor, post, clock.now(), approver_id)
    return post


def request_changes(session: Session, actor: Actor, post_id: int, data: ChangeRequest) -> Post:
    """Ask for changes, with words. What was planned on an earlier yes waits again. Raises as `approve`."""
    post, revision = _answering(session, actor, post_id, data.revision)
    comment = normalise(data.comment)
    if not comment:
        raise Invalid("comment_missing", "comment")
    posts.step(
        session, actor, post, revision, PostStatus.CHANGES_REQUESTED, ReviewKind.CHANGES_REQUESTED, comment
    )
    publication_moves.back_to_proposed(session, actor, post, clock.now())
    return post


def may_answer(session: Session, actor: Actor, post_id: int, unit_id: int, writers: Sequence[int]) -> bool:
    """Whether the actor may say yes or no to a unit's post: there, for a channel that it is planned on, or
    because an approver corrected what they wrote. `writers`: of its revisions, the newest first."""
    if actor.scope.may(Right.APPROVE, unit_id):
        return True
    approving = actor.scope.units_with(Right.APPROVE)
    if approving and publication_moves.channel_units(session, post_id) & approving:
        return True
    return agrees_with(session, actor, post_id, unit_id, writers) is not None


def agrees_with(
    session: Session, actor: Actor, post_id: int, unit_id: int, writers: Sequence[int]
) -> int | None:
    """The approver who wrote the newest revision over the actor's own, and on whose right their yes counts.

    None for everybody else, also for somebody who may not write there any more, when the one who corrected is
    no approver there any more, and when it is not they who asked for the yes.
    """
    if written_before(writers) != actor.person_id or not actor.scope.may(Right.WRITE, unit_id):
        return None
    asked = _asked_by_its_writer(session, post_id, writers)
    return writers[0] if asked and approves(session, writers[0], unit_id) else None


def waits_for_another(
    session: Session, actor: Actor, post_id: int, unit_id: int, writers: Sequence[int]
) -> bool:
    """Whether somebody else can say yes to the newest revision, which the actor wrote: another approver, or
    whoever wrote the post before and may still write there."""
    before = written_before(writers)
    can_agree = before is not None and _asked_by_its_writer(session, post_id, writers)
    if before is not None and can_agree and holds(session, {before}, Right.WRITE, unit_id):
        return True
    return others_could(session, actor, post_id, unit_id)


def _asked_by_its_writer(session: Session, post_id: int, writers: Sequence[int]) -> bool:
    """Whether the last step was that the newest revision's writer handed it in, or corrected.

    What an approver only saved stands on nobody's right: others may hand it in, but not agree for them.
    """
    steps = select(Review.kind, Review.person_id).where(Review.post_id == post_id)
    last = session.execute(steps.order_by(Review.id.desc()).limit(1)).one_or_none()
    return last is not None and last.kind in ASKING and last.person_id == writers[0]


def writers_of(session: Session, post_id: int) -> Sequence[int]:
    """Ids of who wrote each revision of a post, the newest first."""
    rows = select(Revision.author_id).where(Revision.post_id == post_id).order_by(Revision.number.desc())
    return session.scalars(rows).all()


def _answering(session: Session, actor: Actor, post_id: int, number: int) -> tuple[Post, Revision]:
    post = questions.post(session, actor.scope, post_id)
    lock(session, post)
    if not may_answer(session, actor, post.id, post.unit_id, writers_of(session, post.id)):
        raise Forbidden("not_allowed")
    revision = posts.newest(session, post)
    if revision.number != number:
        raise Conflict("stale_approval", "revision", number=revision.number)
    return post, revision


def others_could(session: Session, actor: Actor, post_id: int, unit_id: int) -> bool:
    """Whether somebody else may say yes to this post; then nobody approves their own words.

    There, or for a channel that it is planned on if they see the post.
    """
    here = [*ancestors(session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""), unit_id]
    owners = publication_moves.channel_units(session, post_id)
    paths = session.scalars(select(Unit.path).where(Unit.id.in_(owners))).all()
    answering = {*here, *owners, *(above for path in paths for above in ancestors(path))}
    sees = select(Membership.person_id).where(Membership.unit_id.in_(here))
    found = session.scalar(
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role.in_(APPROVERS),
            Membership.unit_id.in_(answering),
            Membership.person_id != actor.person_id,
            Membership.person_id.in_(sees),
            Person.active,
        )
        .limit(1)
    )
    return found is not None
