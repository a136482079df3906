"""A unit moves with everything below it; what would change is told before, and no publication changes."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions import queue, unit_moves, units
from app.actions.unit_moves import UnitMove
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.domain.networks import Realm
from app.domain.posts import PostStatus
from app.domain.publications import Status
from app.domain.roles import Actor, Role
from app.foundation import clock
from app.foundation.crypto import Keyring, keyring
from app.foundation.database import Database
from app.models.channels import ChannelUnit
from app.models.history import Event
from app.models.meta_apps import MetaApp
from app.models.people import Membership
from app.models.publications import Publication
from app.models.slots import Slot
from app.models.units import Unit
from app.queries import unit_moves as questions
from app.queries.scopes import scope_of
from app.queries.unit_moves import Outlook, Sight
from tests import plans
from tests.builders import actor, an_asset, person, unit, with_pictures
from tests.cast import Cast, gather
from tests.web.scene import counted


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return keyring(tmp_path, "")


@pytest.fixture
def other(session: Session, cast: Cast) -> Unit:
    """A second library of the network."""
    return unit(session, "Other City Library", cast.network)


@pytest.fixture
def boss(session: Session, cast: Cast, other: Unit) -> Actor:
    """The network's administrator, now that the other library is there."""
    return Actor(cast.administrator.person_id, scope_of(session, cast.administrator.person_id or 0))


def look(session: Session, who: Actor, what: Unit, where: Unit | None) -> Outlook:
    return questions.look(session, who.scope, what.id, where.id if where else None, "1")


def move(session: Session, who: Actor, what: Unit, where: Unit | None, **more: Any) -> Unit:
    data = UnitMove(parent_id=where.id if where else None, **more)
    return unit_moves.move(session, who, what.id, data, "1")


def seat(person_id: int, at: Unit, role: Role = Role.EDITOR) -> Membership:
    return Membership(person_id=person_id, unit_id=at.id, role=role)


def named(rows: Iterable[Sight]) -> list[tuple[str, bool]]:
    return [(row.name, row.keeps) for row in rows]


def test_everything_below_moves_with_it_and_back(
    session: Session, cast: Cast, other: Unit, boss: Actor
) -> None:
    corner = unit(session, "Children's corner", cast.koivuranta)
    boss = Actor(boss.person_id, scope_of(session, boss.person_id or 0))
    paths = cast.koivuranta.path, corner.path
    moved = move(session, boss, cast.koivuranta, other, from_id=cast.library.id)
    assert moved.path == f"{other.path}{moved.id}/"
    assert session.get_one(Unit, corner.id).path == f"{moved.path}{corner.id}/"
    assert cast.library.id not in scope_of(session, cast.editor.person_id or 0).shared
    assert other.id in scope_of(session, cast.editor.person_id or 0).shared
    session.flush()
    told = session.execute(select(Event.thing_id, Event.verb).where(Event.thing == "unit")).all()
    assert {tuple(row) for row in told} == {
        (moved.id, "moved_below"), (cast.library.id, "unit_left"), (other.id, "unit_came"),
    }  # fmt: skip
    move(session, boss, cast.koivuranta, cast.library)
    assert (moved.path, session.get_one(Unit, corner.id).path) == paths


def test_who_sees_it_is_told_before(session: Session, cast: Cast, other: Unit, boss: Actor) -> None:
    person(session, "Library head", cast.library, Role.APPROVER, Role.MANAGER)
    person(session, "Other head", other, Role.EDITOR)
    both = person(session, "Both", cast.library, Role.EDITOR)
    session.add(seat(both.id, other))
    person(session, "Gone", other, Role.EDITOR).active = False
    session.flush()
    outlook = look(session, boss, cast.koivuranta, other)
    assert named(outlook.gains) == [("Both", True), ("Other head", False)]
    assert named(outlook.loses) == [("Both", True), ("Library head", False)]
    assert outlook.loses[1].roles == {Role.APPROVER, Role.MANAGER}
    assert (outlook.hidden, outlook.approver, outlook.units) == ((0, 0), True, 1)
    assert not look(session, boss, cast.myllymaki, other).approver, "their approver was of the library above"


def test_what_it_may_use_is_told_before(
    session: Session, cast: Cast, other: Unit, boss: Actor, keys: Keyring
) -> None:
    lost = plans.channel(session, cast.library, keys, "Lost")
    by_name = plans.channel(session, cast.library, keys, "By name", used_by="units")
    plans.channel(session, cast.library, keys, "Not theirs", used_by="unit")
    plans.channel(session, cast.network, keys, "Both")
    plans.channel(session, other, keys, "Gained")
    session.add(ChannelUnit(channel_id=by_name.id, unit_id=cast.koivuranta.id))
    session.add(Slot(channel_id=lost.id, weekday=1, local_time=clock.now().time().replace(microsecond=0)))
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    plans.publication(session, post, lost)
    waiting = plans.post(session, cast.koivuranta, cast.editor, status=PostStatus.IN_REVIEW)
    plans.publication(session, waiting, lost, Status.PROPOSED)
    picture = an_asset(session, cast.library, shared=True)
    an_asset(session, cast.library)
    an_asset(session, other, shared=True)
    with_pictures(session, post.revision_id or 0, [picture])
    outlook = look(session, boss, cast.koivuranta, other)
    assert [one.name for one in outlook.channels_lost] == ["By name", "Lost"]
    assert [one.name for one in outlook.channels_gained] == ["Gained"]
    told = outlook.channels_lost[1]
    assert (told.planned, told.proposed, told.hours) == (1, 1, 1)
    assert (outlook.media, outlook.waiting, outlook.publishing) == ((1, 1, 1), 2, 0)


def test_no_publication_changes_and_what_is_on_its_way_is_waited_for(
    session: Session, cast: Cast, other: Unit, boss: Actor, keys: Keyring
) -> None:
    place = plans.channel(session, cast.library, keys)
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    row = plans.publication(session, post, place, Status.PUBLISHING)
    assert look(session, boss, cast.koivuranta, other).publishing == 1
    with pytest.raises(Conflict, match="unit_on_its_way"):
        move(session, boss, cast.koivuranta, other)
    with pytest.raises(Conflict, match="unit_on_its_way"):
        move(session, boss, cast.library, other)  # it is of a unit below
    row.status = Status.PLANNED
    stopped = plans.publication(session, post, plans.channel(session, cast.koivuranta, keys))
    editor = Actor(cast.editor.person_id, cast.editor.scope)
    queue.hold_all(session, editor, queue.StopInput(unit_id=cast.koivuranta.id))
    session.flush()
    before = [dict(one) for one in session.execute(select(Publication.__table__)).mappings()]
    assert look(session, boss, cast.koivuranta, other).stopped == 2
    move(session, boss, cast.koivuranta, other)
    session.expire_all()
    assert [dict(one) for one in session.execute(select(Publication.__table__)).mappings()] == before
    assert stopped.status is Status.HELD


def test_another_meta_app_is_told_and_asked_for(
    session: Session, cast: Cast, other: Unit, boss: Actor, keys: Keyring
) -> None:
    plans.channel(session, cast.koivuranta, keys, "Real", realm=Realm.META)
    session.add(MetaApp(unit_id=other.id, app_id="77", secret_sealed="x", changed_at=clock.now()))
    session.flush()
    app = look(session, boss, cast.koivuranta, other).app
    assert app is not None
    assert (app.before, app.after, [row.name for row in app.parted]) == ("1", "77", ["Real"])
    with pytest.raises(Invalid, match="app_parts_channels"):
        move(session, boss, cast.koivuranta, other)
    move(session, boss, cast.koivuranta, other, sure=True)
    assert look(session, boss, cast.koivuranta, cast.library).app is not None


def test_both_ends_must_be_ones_own(session: Session, cast: Cast, other: Unit, boss: Actor) -> None:
    local = person(session, "Local", cast.koivuranta, Role.ADMINISTRATOR)
    session.add(seat(local.id, other, Role.ADMINISTRATOR))
    session.flush()
    refused: list[tuple[Actor, Unit, Unit | None, type[Refusal], str]] = [
        (cast.editor, cast.koivuranta, other, Invalid, "unit_not_yours"),
        (cast.coordinator, cast.koivuranta, cast.network, Invalid, "unit_not_yours"),
        (cast.stranger, cast.koivuranta, cast.elsewhere, NotFound, "not_found"),
        (boss, cast.elsewhere, cast.library, NotFound, "not_found"),
        (boss, cast.koivuranta, cast.elsewhere, Invalid, "unit_not_yours"),
        (boss, cast.library, cast.koivuranta, Invalid, "unit_into_itself"),
        (boss, cast.library, cast.library, Invalid, "unit_into_itself"),
        (boss, cast.koivuranta, cast.library, Invalid, "unit_there_already"),
        (boss, cast.myllymaki, None, Conflict, "top_needs_administrator"),
        (actor(session, local), cast.koivuranta, other, Forbidden, "unit_above_not_yours"),
        (actor(session, local), cast.koivuranta, None, Forbidden, "unit_above_not_yours"),
    ]
    for who, what, where, kind, code in refused:
        with pytest.raises(kind, match=code):
            move(session, who, what, where)
    with pytest.raises(Conflict, match="unit_moved_meanwhile"):
        move(session, boss, cast.koivuranta, other, from_id=other.id)
    unit(session, "koivuranta", other)
    with pytest.raises(Invalid, match="unit_name_taken"):
        move(session, boss, cast.koivuranta, other)


def test_a_tree_of_its_own_and_back(session: Session, cast: Cast, boss: Actor) -> None:
    own = person(session, "Own administrator", cast.library, Role.ADMINISTRATOR)
    path = cast.library.path
    moved = move(session, boss, cast.library, None)
    assert moved.path == f"/{moved.id}/"
    assert session.get_one(Unit, cast.koivuranta.id).path == f"/{moved.id}/{cast.koivuranta.id}/"
    mine = actor(session, own)
    with pytest.raises(Invalid, match="unit_not_yours"):  # the network is out of their sight now
        move(session, mine, cast.library, cast.network)
    session.add(seat(own.id, cast.network, Role.ADMINISTRATOR))
    session.flush()
    assert move(session, actor(session, own), cast.library, cast.network).path == path


def test_the_last_day_tells_of_posts_after_it(session: Session, cast: Cast, keys: Keyring) -> None:
    place = plans.channel(session, cast.koivuranta, keys)
    post = plans.post(session, cast.koivuranta, cast.editor, approver=cast.approver)
    row = plans.publication(session, post, place, minutes=3 * 24 * 60)
    library, last = session.get_one(Unit, cast.library.id), row.local_due.date()
    for day, after in ((last, 0), (last - timedelta(days=1), 1)):
        units.close(session, cast.administrator, library.id, units.UnitClosing(closes_on=day))
        assert questions.due_after(session, cast.administrator.scope, library) == after
    assert row.status is Status.PLANNED


def test_a_look_asks_few_questions(database: Database) -> None:
    with database.writes() as session:
        cast = gather(session)
        other = unit(session, "Other City Library", cast.network)
        for number in range(20):
            unit(session, f"Corner {number}", cast.koivuranta)
            person(session, f"Person {number}", other, Role.EDITOR)
        scope = scope_of(session, cast.administrator.person_id or 0)
    with database.reads() as session, counted(database) as asked:
        questions.look(session, scope, cast.koivuranta.id, other.id, "1")
    assert len(asked) <= 14
