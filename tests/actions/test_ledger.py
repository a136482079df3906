"""Minutes are one's own: nobody else reads, takes back or sums them where it would tell what one did."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from app.actions import erasures, ideas, ledger
from app.actions.ideas import IdeaInput
from app.actions.ledger import EntryInput
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.ledger import LedgerKind
from app.domain.roles import Actor
from app.foundation import clock
from app.models.history import Event
from app.models.ledger import LedgerEntry
from app.models.people import Person
from app.queries.ledger import Course, course, own
from tests.cast import Cast, gather

THERE = ZoneInfo("Europe/Helsinki")
SUNDAY_NIGHT = datetime(2030, 2, 24, 23, 30, tzinfo=THERE)


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def wrote(session: Session, who: Actor, minutes: int = 15, kind: str = "post", **more: object) -> LedgerEntry:
    data = {"kind": kind, "minutes": minutes, **({} if "idea_id" in more else {"unit_id": None}), **more}
    return ledger.write(session, who, EntryInput.model_validate(data))


def asked(session: Session, who: Actor, unit_id: int | None = None) -> Course:
    return course(session, who.scope, who.person_id or 0, clock.now(), unit_id)


@travel(SUNDAY_NIGHT, tick=False)
def test_the_day_is_that_of_the_unit_and_the_thing_gives_the_unit(session: Session, cast: Cast) -> None:
    idea = ideas.send(session, cast.contributor, IdeaInput(unit_id=cast.koivuranta.id, title="Foxes"))
    row = wrote(session, cast.editor, 5, "idea", idea_id=idea.id)
    assert (row.unit_id, row.day, row.minutes) == (cast.koivuranta.id, date(2030, 2, 24), 5)
    assert own(session, cast.editor.scope, cast.editor.person_id or 0)[0].about == "Foxes"
    with pytest.raises(NotFound):
        wrote(session, cast.sibling_editor, idea_id=idea.id)
    for unit_id, code in ((None, "missing"), (cast.myllymaki.id, "unit_not_yours")):
        with pytest.raises(Invalid, match=code):
            wrote(session, cast.editor, unit_id=unit_id)
    for day, code in ((date(2030, 2, 25), "day_is_to_come"), (date(2030, 2, 10), "day_long_ago")):
        with pytest.raises(Invalid, match=code):
            wrote(session, cast.editor, unit_id=cast.koivuranta.id, day=day)
    for minutes in (0, 721):
        with pytest.raises(ValidationError):
            wrote(session, cast.editor, minutes, unit_id=cast.koivuranta.id)


def test_taken_back_by_its_person_within_the_week(session: Session, cast: Cast) -> None:
    with travel(SUNDAY_NIGHT, tick=False) as moved:
        row = wrote(session, cast.editor, unit_id=cast.koivuranta.id)
        for other in (cast.approver, cast.coordinator, cast.sibling_editor):
            with pytest.raises(NotFound):
                ledger.undo(session, other, row.id)
        moved.move_to(datetime(2030, 2, 25, 0, 1, tzinfo=THERE))
        with pytest.raises(Conflict, match="ledger_week_over"):
            ledger.undo(session, cast.editor, row.id)
        fresh = wrote(session, cast.editor, unit_id=cast.koivuranta.id, day=date(2030, 2, 24))
        ledger.undo(session, cast.editor, fresh.id)
    assert session.scalars(select(LedgerEntry.id)).all() == [row.id]
    told = select(Event.id).where(Event.thing == "ledger")
    assert session.scalars(told).all() == [], "history would tell who did how much"


@travel(SUNDAY_NIGHT, tick=False)
def test_loads_are_for_the_person_and_the_coordinator(session: Session, cast: Cast) -> None:
    here = cast.koivuranta.id
    wrote(session, cast.editor, 60, "reply", unit_id=here)
    wrote(session, cast.contributor, 30, "post", unit_id=here)
    for who in (cast.approver, cast.manager, cast.editor, cast.administrator):
        seen = asked(session, who)
        assert (seen.now, list(seen.loads)) == (None, [])
    assert [week.minutes for week in asked(session, cast.editor).own][-1] == 60
    boss = asked(session, cast.coordinator)
    assert [(load.name, load.week.minutes) for load in boss.loads] == [("Sara Niemi", 60), ("Veera Salo", 30)]
    assert boss.now is not None
    assert (boss.now.interacting, boss.now.publishing) == (60, 30)
    assert asked(session, cast.coordinator, here).now == boss.now
    with pytest.raises(NotFound):
        asked(session, cast.manager, here)
    wrote(session, cast.approver, 10, "question", unit_id=here)
    seen = asked(session, cast.manager)
    assert seen.now is not None
    assert (seen.now.interacting, seen.now.people, list(seen.loads)) == (70, 3, [])
    assert asked(session, cast.sibling_editor).now is not None, "nothing there is told as nothing"
    assert asked(session, cast.stranger).weeks[-1] == asked(session, cast.sibling_editor).weeks[-1]


@travel(SUNDAY_NIGHT, tick=False)
def test_an_erased_name_keeps_the_sums(session: Session, cast: Cast) -> None:
    here = cast.koivuranta.id
    for who in (cast.editor, cast.contributor, cast.approver):
        wrote(session, who, 20, LedgerKind.REPLY, unit_id=here, note="Long talk")
    before = asked(session, cast.manager).now
    gone = cast.contributor.person_id or 0
    session.get_one(Person, gone).active = False
    session.flush()
    erasures.erase(session, cast.administrator, gone)
    assert asked(session, cast.manager).now == before
    assert [load.name for load in asked(session, cast.coordinator).loads] == ["Olli Laine", "Sara Niemi"]
    noted = select(LedgerEntry.note).where(LedgerEntry.person_id == gone)
    assert session.scalars(noted).all() == [""]
