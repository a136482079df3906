"""Posts name a pillar and a goal of the strategy in force there; a retired one stays on old posts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.actions import posts, strategies
from app.actions.posts import PostEdit, PostInput
from app.actions.strategies import Adoption, NewStrategy, PointInput, StrategyEdit
from app.domain.errors import Invalid
from app.domain.posts import PostStatus
from app.models.posts import Post
from app.models.units import Unit
from app.queries import strategies as questions
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def adopted(session: Session, cast: Cast, unit: Unit, **more: Any) -> int:
    """A strategy of the library or elsewhere, in force from today."""
    who = cast.stranger if unit is cast.elsewhere else cast.administrator
    data = NewStrategy(
        unit_id=unit.id, purpose="For everybody", review_on=date(2999, 1, 1),
        goals=(PointInput(name="Reading", note="1.1"),), pillars=(PointInput(name="Books"),), **more,
    )  # fmt: skip
    draft = strategies.begin(session, who, data)
    return strategies.adopt(session, who, draft.id, Adoption()).id


def test_a_post_names_what_holds_in_its_unit_and_keeps_its_yes(session: Session, cast: Cast) -> None:
    version = adopted(session, cast, cast.library)
    foreign = questions.version(session, cast.stranger.scope, adopted(session, cast, cast.elsewhere)).points[
        0
    ]
    goal, pillar = questions.version(session, cast.administrator.scope, version).points
    new = PostInput(unit_id=cast.koivuranta.id, title="Foxes", text="Here", goal=foreign.id, pillar=goal.id)
    with pytest.raises(Invalid) as refused:
        posts.create(session, cast.editor, new)
    assert {fault.field for fault in refused.value.faults} == {"goal", "pillar"}
    post = posts.create(session, cast.editor, new.model_copy(update={"goal": goal.id, "pillar": pillar.id}))
    assert (post.goal_id, post.pillar_id) == (goal.id, pillar.id)
    post.status = PostStatus.APPROVED
    same = PostEdit(revision=1, title="Foxes", text="Here", pillar=None)
    posts.edit(session, cast.editor, post.id, same)
    assert (post.goal_id, post.pillar_id, post.status) == (goal.id, None, PostStatus.APPROVED)


def test_a_retired_goal_stays_on_old_posts_alone(session: Session, cast: Cast) -> None:
    goal, _ = questions.version(
        session, cast.administrator.scope, adopted(session, cast, cast.library)
    ).points
    write: dict[str, Any] = {"unit_id": cast.koivuranta.id, "text": "Here", "goal": goal.id}
    post = posts.create(session, cast.editor, PostInput(title="Old", **write))
    new = strategies.begin(session, cast.administrator, NewStrategy(unit_id=cast.library.id))
    change = StrategyEdit(goals=(PointInput(name="Talk", note="2.1"),), review_on=date(2999, 1, 1))
    strategies.edit(session, cast.administrator, new.id, change)
    strategies.adopt(session, cast.administrator, new.id, Adoption())
    posts.edit(session, cast.editor, post.id, PostEdit(revision=1, title="Older", text="Here", goal=goal.id))
    assert session.get_one(Post, post.id).goal_id == goal.id
    with pytest.raises(Invalid, match="goal_not_here"):
        posts.create(session, cast.editor, PostInput(title="New", **write))
    throwaway = strategies.begin(session, cast.administrator, NewStrategy(unit_id=cast.library.id))
    strategies.discard(session, cast.administrator, throwaway.id)
    holds = questions.in_force(session, cast.editor.scope, cast.koivuranta.id)
    assert [point.name for point in holds.goals] == ["Talk"]
    assert [point.name for point in holds.pillars] == ["Books"]
