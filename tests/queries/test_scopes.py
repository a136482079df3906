"""What each of the cast may see, and what it costs to know."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.roles import Right, Role, Scope
from app.queries import history, people, units
from app.queries.scopes import scope_of
from app.queries.surroundings import around
from tests.builders import person
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def test_a_role_reaches_down_and_not_sideways(session: Session, cast: Cast) -> None:
    scope = cast.editor.scope
    assert scope.units == {cast.koivuranta.id}
    assert scope.shared == {cast.network.id, cast.library.id}
    assert scope.may(Right.WRITE, cast.koivuranta.id)
    assert not scope.may(Right.WRITE, cast.myllymaki.id)
    everywhere = {cast.network.id, cast.library.id, cast.koivuranta.id, cast.myllymaki.id}
    assert cast.administrator.scope.units == everywhere
    assert cast.administrator.scope.shared == frozenset()


def test_roles_of_several_units_add_up(session: Session, cast: Cast) -> None:
    both = person(session, "Both", cast.library, Role.CONTRIBUTOR)
    from app.models.people import Membership

    session.add(Membership(person_id=both.id, unit_id=cast.myllymaki.id, role=Role.EDITOR))
    session.flush()
    scope = scope_of(session, both.id)
    assert scope.units_with(Right.WRITE) == {cast.myllymaki.id}
    assert scope.roles[cast.myllymaki.id] == {Role.CONTRIBUTOR, Role.EDITOR}
    assert scope.shared == {cast.network.id}


def test_nobody_has_nothing(session: Session) -> None:
    assert scope_of(session, 999_999) == Scope()


def test_a_scope_takes_one_question(session: Session, cast: Cast) -> None:
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    scope_of(session, cast.administrator.person_id or 0)
    assert len(asked) == 1


def test_surroundings_name_the_highest_unit(session: Session, cast: Cast) -> None:
    found = around(session, cast.administrator.scope)
    assert (found.unit_name, found.zone, found.practice) == ("Saaristo Libraries", "Europe/Helsinki", False)
    assert around(session, Scope()).unit_name == ""


def test_siblings_do_not_see_each_others_people(session: Session, cast: Cast) -> None:
    seen = {row.name for row in people.people(session, cast.editor.scope)}
    assert seen == {"Mikael Berg", "Sara Niemi", "Olli Laine", "Veera Salo", "Pirjo Koski"}
    for hidden in (cast.sibling_editor, cast.stranger, cast.administrator):
        with pytest.raises(NotFound):
            people.person(session, cast.editor.scope, hidden.person_id or 0)


def test_the_tree_shows_the_way_up_closed(session: Session, cast: Cast) -> None:
    rows = units.tree(session, cast.editor.scope)
    assert [(row.name, row.depth, row.open) for row in rows] == [
        ("Saaristo Libraries", 0, False),
        ("Saarivesi City Library", 1, False),
        ("Koivuranta", 2, True),
    ]
    with pytest.raises(NotFound):
        units.unit(session, cast.editor.scope, cast.library.id)


def test_history_stays_in_the_unit(session: Session, cast: Cast) -> None:
    from app.actions.history import record
    from tests.builders import LONG_AGO

    record(session, cast.sibling_editor, "unit", 1, "made", unit_id=cast.myllymaki.id, now=LONG_AGO)
    record(session, cast.editor, "unit", 1, "made", unit_id=cast.koivuranta.id, now=LONG_AGO, why="test")
    session.flush()
    rows = history.events(session, cast.coordinator.scope, history.Wanted())
    assert [(row.person_name, row.facts) for row in rows] == [("Sara Niemi", {"why": "test"})]
