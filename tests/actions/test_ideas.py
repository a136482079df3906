"""Ideas stay within their unit: whoever sees one sees all of it, and nobody else any of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import ideas
from app.actions.ideas import Accepting, Answer, IdeaInput, Merging
from app.domain.errors import Invalid
from app.domain.roles import Actor, Role
from app.models.ideas import Idea, IdeaPicture
from app.models.people import Membership, Person
from app.models.posts import RevisionPicture
from app.models.units import Unit
from tests.builders import actor, an_asset
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def both(session: Session, cast: Cast) -> Actor:
    """The editor of Koivuranta, who sends ideas at Myllymäki too."""
    session.add(Membership(person_id=cast.editor.person_id, unit_id=cast.myllymaki.id, role=Role.CONTRIBUTOR))
    session.flush()
    return actor(session, session.get_one(Person, cast.editor.person_id))


def sent(session: Session, who: Actor, unit: Unit, *asset_ids: int) -> Idea:
    return ideas.send(session, who, IdeaInput(unit_id=unit.id, title="Foxes", asset_ids=asset_ids))


def test_a_picture_of_another_branch_is_not_shown(session: Session, cast: Cast, both: Actor) -> None:
    theirs = an_asset(session, cast.myllymaki).id
    with pytest.raises(Invalid, match="picture_not_here"):
        sent(session, both, cast.koivuranta, theirs)
    shared = an_asset(session, cast.library, "logo.jpg", shared=True).id
    idea = sent(session, both, cast.koivuranta, shared)
    assert session.scalars(select(IdeaPicture.asset_id)).all() == [shared]
    assert sent(session, cast.administrator, cast.library, theirs).id > idea.id


def test_an_idea_becomes_no_part_of_one_elsewhere(session: Session, cast: Cast, both: Actor) -> None:
    here, there = sent(session, both, cast.koivuranta), sent(session, both, cast.myllymaki)
    with pytest.raises(Invalid, match="idea_not_to_merge"):
        ideas.merge(session, both, here.id, Merging(into_id=there.id))
    declined = sent(session, both, cast.koivuranta)
    ideas.decline(session, both, declined.id, Answer(answer="Not now"))
    with pytest.raises(Invalid, match="idea_not_to_merge"):
        ideas.merge(session, both, here.id, Merging(into_id=declined.id))


def test_what_may_not_be_used_any_more_keeps_no_idea_from_a_post(session: Session, cast: Cast) -> None:
    own, above = an_asset(session, cast.koivuranta), an_asset(session, cast.library, "logo.jpg", shared=True)
    idea = sent(session, cast.contributor, cast.koivuranta, own.id, above.id)
    above.shared = False
    session.flush()
    post = ideas.accept(session, cast.editor, idea.id, Accepting())
    used = select(RevisionPicture.asset_id).where(RevisionPicture.revision_id == post.revision_id)
    assert session.scalars(used).all() == [own.id]
