"""What a post serves: the pillar and the goal of the strategy that its writer names, or none."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Id
from app.domain.errors import Fault, Invalid
from app.domain.roles import Actor
from app.domain.strategies import Kind
from app.foundation import clock
from app.models.posts import Post
from app.queries import strategies

_COLUMNS = {Kind.PILLAR: "pillar", Kind.GOAL: "goal"}


class Aims(BaseModel):
    """Ids of points of the strategy that is in force for the post's unit; null: none of them.

    What is not sent stays as it is. They are no part of what is approved.
    """

    pillar: Id | None = None
    goal: Id | None = None


def choose(session: Session, actor: Actor, post: Post, data: Aims) -> bool:
    """Let a post name what is sent; whether that changed anything.

    Raises Invalid for a point that is not in the strategy in force there. One that the post names already
    may have been retired since.
    """
    wanted = {kind: getattr(data, name) for kind, name in _COLUMNS.items() if name in data.model_fields_set}
    changed = {kind: one for kind, one in wanted.items() if one != getattr(post, f"{_COLUMNS[kind]}_id")}
    if not changed:
        return False
    named = {kind: one for kind, one in changed.items() if one is not None}
    _check(session, actor, post, named)
    for kind, one in changed.items():
        setattr(post, f"{_COLUMNS[kind]}_id", one)
    session.flush()
    history.record(session, actor, "post", post.id, "aimed", unit_id=post.unit_id, now=clock.now())
    return True


def _check(session: Session, actor: Actor, post: Post, named: dict[Kind, int]) -> None:
    if not named:
        return
    holds = strategies.in_force(session, actor.scope, post.unit_id)
    wrong = [kind for kind, one in named.items() if one not in {point.id for point in holds.points(kind)}]
    if wrong:
        raise Invalid.of([Fault(f"{_COLUMNS[kind]}_not_here", _COLUMNS[kind]) for kind in wrong])
