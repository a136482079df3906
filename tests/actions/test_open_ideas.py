"""Two who answer at once, what a day takes, and who is counted: the rules beneath the pages of ideas."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from time_machine import travel

from app.actions import assets, idea_doors, ideas, open_ideas
from app.actions.idea_doors import DoorInput
from app.actions.ideas import Accepting, Answer, CommentInput, IdeaInput, Parking
from app.actions.open_ideas import Held, OpenIdeaInput
from app.domain.errors import Conflict, Forbidden, Invalid, Refusal
from app.domain.idea_numbers import last_months
from app.domain.ideas import COMMENTS_A_DAY, IdeaState
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.crypto import Keyring
from app.foundation.database import Database
from app.models.idea_doors import GuestPicture
from app.models.ideas import Idea
from app.models.people import Membership, Person
from app.models.posts import Post
from app.queries import idea_numbers, search
from app.queries import ideas as questions
from app.queries.ideas import Shelf, Unanswered, Wanted
from tests import plans
from tests.builders import LONG_AGO, actor, an_asset
from tests.cast import Cast, gather, gathered

KEYS = Keyring([b"k" * 32])


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def sent(session: Session, who: Actor, unit_id: int, title: str = "Herons") -> Idea:
    return ideas.send(session, who, IdeaInput(unit_id=unit_id, title=title))


def test_of_two_who_accept_at_once_one_makes_a_draft(database: Database) -> None:
    cast = gathered(database)
    with database.writes() as session:
        both = [cast.editor, _another(session, cast)]
        idea_id = sent(session, cast.contributor, cast.koivuranta.id).id
    ready = Barrier(2)

    def accept(who: Actor) -> str:
        ready.wait(10)
        try:
            with database.writes() as session:
                ideas.accept(session, who, idea_id, Accepting())
        except Refusal as refusal:
            return refusal.code
        return "made"

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(accept, both)) == ["idea_move", "made"]
    with database.writes() as session:
        assert session.execute(select(func.count(Post.id))).scalar_one() == 1
        ideas.accept(session, cast.editor, idea_id, Accepting(again=True))  # said so, there may be two


def _another(session: Session, cast: Cast) -> Actor:
    session.add(Membership(person_id=cast.approver.person_id, unit_id=cast.koivuranta.id, role=Role.EDITOR))
    session.flush()
    return actor(session, session.get_one(Person, cast.approver.person_id))


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Helsinki", 22), ("America/Nuuk", 26)])
def test_what_was_kept_comes_back_at_its_units_midnight(
    session: Session, cast: Cast, zone: str, hour: int
) -> None:
    cast.koivuranta.zone = zone
    idea = sent(session, cast.contributor, cast.koivuranta.id)
    until = (LONG_AGO + timedelta(days=40)).date()
    with travel(LONG_AGO, tick=False):
        ideas.park(session, cast.editor, idea.id, Parking(until=until))
    midnight = LONG_AGO.replace(hour=0) + timedelta(days=39, hours=hour)
    for moment, waits in ((midnight - timedelta(seconds=1), 0), (midnight, 1)):
        asked = Unanswered.asked(cast.editor.scope, moment)
        assert session.execute(Unanswered.question(), asked).one() == (waits, 0)
        parts = questions.board(session, cast.editor.scope, Wanted(), moment, 5)
        assert (len(parts[Shelf.WAITING]), len(parts[Shelf.LATER])) == (waits, 1 - waits)


def test_a_draft_that_nobody_touched_goes_with_the_answer(session: Session, cast: Cast) -> None:
    idea = sent(session, cast.contributor, cast.koivuranta.id)
    post = ideas.accept(session, cast.editor, idea.id, Accepting())
    channel = plans.channel(session, cast.koivuranta, KEYS, "Page")
    planned = plans.publication(session, post, channel, Status.PROPOSED, 60)
    with pytest.raises(Conflict, match="idea_has_post"):
        ideas.reopen(session, cast.editor, idea.id)
    session.delete(planned)
    session.flush()
    assert ideas.reopen(session, cast.editor, idea.id).state is IdeaState.NEW
    assert post.status == "withdrawn"


def test_nobody_says_or_sends_without_end(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = sent(session, cast.contributor, cast.koivuranta.id)
    for number in range(COMMENTS_A_DAY):
        ideas.comment(session, cast.contributor, idea.id, CommentInput(text=f"Herons {number}"))
    with pytest.raises(Conflict, match="too_many_comments"):
        ideas.comment(session, cast.contributor, idea.id, CommentInput(text="More herons"))
    page = questions.comments(session, cast.editor.scope, idea.id, limit=10)
    assert [row.text for row in page] == [f"Herons {number}" for number in range(50, 60)]
    earlier = questions.comments(session, cast.editor.scope, idea.id, page[0].id, 10)
    assert earlier[-1].text == "Herons 49"
    monkeypatch.setattr(assets, "FILES_A_DAY", 2)
    for _ in range(2):
        assets.check_quota(session, cast.contributor, cast.koivuranta.id)
        an_asset(session, cast.koivuranta, added_by_id=cast.contributor.person_id).created_at = clock.now()
    session.flush()
    with pytest.raises(Invalid, match="too_many_uploads_today"):
        assets.check_quota(session, cast.contributor, cast.koivuranta.id)
    assets.check_quota(session, cast.editor, cast.koivuranta.id)


def test_doors_are_kept_by_who_answers_or_looks_after_people(session: Session, cast: Cast) -> None:
    data = DoorInput(unit_id=cast.koivuranta.id, name="Desk")
    for who in (cast.editor, cast.coordinator, cast.administrator):
        idea_doors.make(session, who, KEYS, data)
    for who in (cast.contributor, cast.manager, cast.approver):
        with pytest.raises(Forbidden):
            idea_doors.make(session, who, KEYS, data)
    with pytest.raises(Invalid, match="unit_not_yours"):
        idea_doors.make(session, cast.sibling_editor, KEYS, data)


@pytest.fixture
def through(session: Session, cast: Cast) -> Callable[[str], Idea]:
    """An idea that came through a door of Koivuranta's."""
    door = idea_doors.make(session, cast.editor, KEYS, DoorInput(unit_id=cast.koivuranta.id, name="Desk"))
    return lambda title: open_ideas.send(session, door, OpenIdeaInput(title=title), [], f"s{title}", "fi")


def test_what_became_part_of_a_deleted_idea_waits_again(
    session: Session, cast: Cast, through: Callable[[str], Idea]
) -> None:
    other, own = through("Herons"), sent(session, cast.contributor, cast.koivuranta.id)
    ideas.merge(session, cast.editor, own.id, ideas.Merging(into_id=other.id))
    looked = partial(search.found, session, cast.editor.scope, "herons", ("ideas",), 5)
    assert looked()[0].total == 2
    open_ideas.take_back(session, "sHerons")
    session.refresh(own)
    assert (own.state, own.merged_into_id) == (IdeaState.NEW, None)
    assert looked()[0].total == 1, "it is not found any more either"


def test_photos_of_a_part_come_back_with_it(session: Session, cast: Cast) -> None:
    door = idea_doors.make(session, cast.editor, KEYS, DoorInput(unit_id=cast.koivuranta.id, name="Desk"))

    def through(title: str) -> Idea:
        photo = Held(f"k{title}", "a" * 64, "b" * 64, "jpeg", 4, 3, 12)
        return open_ideas.send(session, door, OpenIdeaInput(title=title), [photo], f"s{title}", "fi")

    small, part, whole = through("Chicks"), through("Nests"), through("Herons")
    for one, other in ((small, part), (part, whole)):
        ideas.merge(session, cast.editor, one.id, ideas.Merging(into_id=other.id))
    assert kept(session) == {"kChicks": whole.id, "kNests": whole.id, "kHerons": whole.id}
    assert open_ideas.take_back(session, "sHerons") == ["kHerons"], "no one's else are thrown away"
    assert kept(session) == {"kChicks": part.id, "kNests": part.id}
    ideas.reopen(session, cast.editor, small.id)
    assert kept(session) == {"kChicks": small.id, "kNests": part.id}


def kept(session: Session) -> dict[str, int]:
    """Where each photo in quarantine belongs: its key -> id of an idea."""
    rows = session.scalars(select(GuestPicture).execution_options(populate_existing=True))
    return {row.key: row.idea_id for row in rows}


def test_who_takes_part_is_counted_and_siblings_are_not_seen(
    session: Session, cast: Cast, through: Callable[[str], Idea]
) -> None:
    here, there = cast.koivuranta.id, cast.myllymaki.id
    channel = plans.channel(session, cast.koivuranta, KEYS, "Page")
    now = clock.now()
    origins = [sent(session, cast.contributor, here), sent(session, cast.contributor, here),
               sent(session, cast.editor, here), through("Foxes")]  # fmt: skip
    sent(session, cast.sibling_editor, there)
    ideas.decline(session, cast.editor, origins[1].id, Answer(answer="Had it already."))
    for idea in (origins[0], origins[2], origins[3]):
        post = ideas.accept(session, cast.editor, idea.id, Accepting())
        more = {"revision_id": post.revision_id, "remote_id": f"1_{post.id}", "published_at": now}
        plans.publication(session, post, channel, Status.PUBLISHED, -5, **more)
    months = last_months(now.date())
    found = idea_numbers.numbers(session, cast.editor.scope, here, months)
    last = found.months[-1].counted
    assert (last.people, last.ideas, last.open, last.posts, last.outside) == (2, 3, 1, 3, 2)
    assert [one.counted.ideas for one in found.months[:-1]] == [0] * 11
    whole = idea_numbers.numbers(session, cast.administrator.scope, cast.library.id, months)
    assert whole.months[-1].counted.people == 3
    assert {unit_id: one.people for unit_id, one in whole.units}[there] == 1
    with pytest.raises(Refusal, match="not_found"):
        idea_numbers.numbers(session, cast.editor.scope, there, months)
