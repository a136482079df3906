"""Looking things up in history: who may see what, and what fits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.actions.history import record
from app.domain.roles import RIGHTS, Actor, Right, Role, Scope
from app.models.ideas import Idea
from app.models.strategies import Strategy
from app.queries import history
from app.queries.history import NOBODY, Wanted
from tests import plans
from tests.builders import LONG_AGO
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def happened(session: Session, cast: Cast) -> None:
    """What eight people and the clock did, a minute apart; `why` names each."""
    minutes = iter(range(100))

    def did(who: Actor | None, thing: str, number: int | None, verb: str, at: Any, why: str) -> None:
        record(
            session, who or Actor(None, Scope(), via="clock"), thing, number or 0, verb,
            unit_id=at and at.id, now=LONG_AGO + timedelta(minutes=next(minutes)), why=why,
        )  # fmt: skip

    dogs = plans.post(session, cast.koivuranta, cast.editor, "Reading dogs")
    did(cast.editor, "post", dogs.id, "created", cast.koivuranta, "own post")
    did(None, "post", dogs.id, "held", cast.koivuranta, "own clock")
    did(cast.sibling_editor, "post", 999, "created", cast.myllymaki, "sibling post")
    did(cast.administrator, "unit", cast.library.id, "changed", cast.library, "library")
    did(cast.editor, "person", cast.editor.person_id, "password_changed", None, "own password")
    did(cast.sibling_editor, "token", 7, "made", None, "sibling token")
    did(cast.administrator, "person", cast.approver.person_id, "link_made", None, "link for own")
    did(None, "unit", 0, "made", None, "nobody's")
    did(cast.stranger, "unit", cast.elsewhere.id, "changed", cast.elsewhere, "elsewhere")
    session.flush()


def why(session: Session, who: Actor, wanted: Wanted = Wanted(), **more: Any) -> list[str]:  # noqa: B008 - frozen
    return [row.facts["why"] for row in history.events(session, who.scope, wanted, **more)]


def test_who_may_look_up_what(session: Session, cast: Cast, happened: None) -> None:
    own = ["own clock", "own post"]
    assert why(session, cast.manager) == own
    assert why(session, cast.coordinator) == ["link for own", "own password", *own]
    for who in (cast.editor, cast.approver, cast.contributor, cast.sibling_editor):
        assert why(session, who) == []
        assert not who.scope.units_with(Right.HISTORY)
    assert why(session, cast.administrator) == [
        "link for own", "sibling token", "own password", "library", "sibling post", *own,
    ]  # fmt: skip
    assert why(session, cast.stranger) == ["elsewhere"]


def test_who_looks_after_everything_sees_what_belongs_to_no_unit(
    session: Session, cast: Cast, happened: None
) -> None:
    rights = {unit.id: frozenset(Right) for unit in
              (cast.network, cast.library, cast.koivuranta, cast.myllymaki, cast.elsewhere)}  # fmt: skip
    everywhere = Actor(cast.administrator.person_id, Scope(rights))
    assert len(why(session, everywhere)) == 9


def test_a_role_at_the_top_alone_does_not_show_what_belongs_to_no_unit(
    session: Session, cast: Cast, happened: None
) -> None:
    units = cast.network, cast.library, cast.koivuranta, cast.myllymaki, cast.elsewhere
    password = Wanted(thing="person", thing_id=cast.editor.person_id)
    for role in (Role.CONTRIBUTOR, Role.EDITOR, Role.APPROVER, Role.MANAGER):
        whole = Actor(cast.contributor.person_id, Scope({unit.id: RIGHTS[role] for unit in units}))
        assert why(session, whole, password) == [], role
        assert why(session, whole, Wanted(thing="token", thing_id=7)) == [], role
        assert why(session, whole, Wanted(thing="post", thing_id=999)) == ["sibling post"], role
    above = Actor(cast.coordinator.person_id, Scope({unit.id: RIGHTS[Role.COORDINATOR] for unit in units}))
    assert why(session, above, password) == ["own password"]


def test_one_thing_is_read_by_everyone_who_sees_it(session: Session, cast: Cast, happened: None) -> None:
    [row] = history.events(session, cast.manager.scope, Wanted(verb="created"))
    dogs = Wanted(thing="post", thing_id=row.thing_id)
    assert why(session, cast.editor, dogs) == ["own clock", "own post"]
    assert why(session, cast.sibling_editor, dogs) == []
    assert why(session, cast.editor, Wanted(thing="post", thing_id=999)) == []
    assert history.names(session, cast.editor.scope, [row]) == {("post", row.thing_id): "Reading dogs"}
    assert history.names(session, cast.sibling_editor.scope, [row]) == {}


def test_everything_that_can_be_asked(session: Session, cast: Cast, happened: None) -> None:
    who, minute = cast.administrator, timedelta(minutes=1)
    for wanted, expected in (
        (Wanted(thing="person"), ["link for own", "own password"]),
        (Wanted(person_id=cast.editor.person_id), ["own password", "own post"]),
        (Wanted(person_id=NOBODY), ["own clock"]),
        (Wanted(verb="created"), ["sibling post", "own post"]),
        (Wanted(unit_id=cast.library.id), ["library"]),
        (Wanted(unit_id=cast.elsewhere.id), []),
        (Wanted(from_at=LONG_AGO + minute, to_at=LONG_AGO + 3 * minute), ["sibling post", "own clock"]),
        (Wanted(words="dogs"), ["own clock", "own post"]),
        (Wanted(words="Sara"), ["own password"]),
        (Wanted(words="%"), []),
        (Wanted(thing="unit", words="city"), ["library"]),
    ):
        assert why(session, who, wanted) == expected, wanted


def test_ideas_strategies_and_letters_with_dots_are_found_by_name(session: Session, cast: Cast) -> None:
    who = cast.administrator
    idea = Idea(unit_id=cast.koivuranta.id, title="Ärlig talat", sent_at=LONG_AGO, since_at=LONG_AGO, why="")
    strategy = Strategy(
        unit_id=cast.koivuranta.id, number=1, created_by_id=who.person_id, created_at=LONG_AGO,
        changed_at=LONG_AGO,
    )  # fmt: skip
    session.add_all([idea, strategy])
    session.flush()
    for thing, number in (("idea", idea.id), ("strategy", strategy.id)):
        record(session, who, thing, number, "sent", unit_id=cast.koivuranta.id, now=LONG_AGO, why=thing)
    session.flush()
    for words, expected in (("ärlig", ["idea"]), ("ÄRLIG TALAT", ["idea"]), ("koivu", ["strategy"])):
        assert why(session, who, Wanted(words=words)) == expected, words
    rows = history.events(session, who.scope, Wanted())
    named = {("idea", idea.id): "Ärlig talat", ("strategy", strategy.id): "Koivuranta"}
    assert history.names(session, who.scope, rows) == named
    assert history.names(session, cast.stranger.scope, rows) == {}


def test_it_is_read_page_by_page(session: Session, cast: Cast, happened: None) -> None:
    seen: list[str] = []
    after = None
    while rows := history.events(session, cast.administrator.scope, Wanted(), after=after, limit=2):
        seen += [row.facts["why"] for row in rows]
        after = rows[-1].at, rows[-1].id
    assert seen == why(session, cast.administrator)


def test_whom_one_can_look_for(session: Session, cast: Cast) -> None:
    assert [name for _, name in history.people(session, cast.manager.scope)] == [
        "Mikael Berg", "Olli Laine", "Pirjo Koski", "Sara Niemi", "Veera Salo",
    ]  # fmt: skip
    assert history.people(session, cast.editor.scope) == []
