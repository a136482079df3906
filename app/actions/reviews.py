"""The answer to a revision: yes to exactly this one, or changes asked with a comment."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import posts, publication_moves
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.posts import PostStatus, ReviewKind
from app.domain.roles import RIGHTS, Actor, Right, Role
from app.domain.texts import COMMENT_MOST, normalise
from app.domain.units import ancestors
from app.foundation import clock
from app.foundation.database import lock
from app.models.people import Membership, Person
from app.models.posts import Post, Revision
from app.models.units import Unit
from app.queries import posts as questions

_APPROVERS = tuple(role for role in Role if Right.APPROVE in RIGHTS[role])


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
    Raises NotFound, Forbidden, Conflict ("stale_approval" when it is not the newest any more).
    """
    post, revision = _answering(session, actor, post_id, data.revision)
    own = revision.author_id == actor.person_id
    if own and others_could(session, actor, post.unit_id):
        raise Forbidden("own_revision")
    posts.step(session, actor, post, revision, PostStatus.APPROVED, ReviewKind.APPROVED, own=own)
    publication_moves.plan_approved(session, actor, post, clock.now())
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


def may_answer(session: Session, actor: Actor, post_id: int, unit_id: int) -> bool:
    """Whether the actor may say yes or no to a unit's post: there, or for a channel that it is planned on."""
    if actor.scope.may(Right.APPROVE, unit_id):
        return True
    return bool(publication_moves.channel_units(session, post_id) & actor.scope.units_with(Right.APPROVE))


def _answering(session: Session, actor: Actor, post_id: int, number: int) -> tuple[Post, Revision]:
    post = questions.post(session, actor.scope, post_id)
    if not may_answer(session, actor, post.id, post.unit_id):
        raise Forbidden("not_allowed")
    lock(session, post)
    revision = posts.newest(session, post)
    if revision.number != number:
        raise Conflict("stale_approval", "revision", number=revision.number)
    return post, revision


def others_could(session: Session, actor: Actor, unit_id: int) -> bool:
    """Whether somebody else may say yes to posts of this unit; then nobody approves their own words."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    found = session.scalar(
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role.in_(_APPROVERS),
            Membership.unit_id.in_([*ancestors(path), unit_id]),
            Membership.person_id != actor.person_id,
            Person.active,
        )
        .limit(1)
    )
    return found is not None
