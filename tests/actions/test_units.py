"""The tree of units grows, changes and closes by those who may."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.actions import units
from app.actions.units import NewUnit, UnitClosing, UnitEdit
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.units import UnitKind
from app.words.validation import invalid
from tests.cast import Cast, gather


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def test_a_branch_takes_after_its_library(session: Session, cast: Cast) -> None:
    data = NewUnit(parent_id=cast.library.id, name="Bookmobile", kind=UnitKind.BOOKMOBILE)
    made = units.add(session, cast.administrator, data)
    assert made.path == f"{cast.library.path}{made.id}/"
    assert (made.zone, made.locale, made.country) == ("Europe/Helsinki", "fi", "FI")


def test_only_those_who_may(session: Session, cast: Cast) -> None:
    data = NewUnit(parent_id=cast.koivuranta.id, name="Kiosk")
    for who in (cast.coordinator, cast.editor, cast.sibling_editor, cast.stranger):
        with pytest.raises(Invalid, match="unit_not_yours"):
            units.add(session, who, data)
    with pytest.raises(Forbidden):
        units.edit(session, cast.coordinator, cast.koivuranta.id, UnitEdit(name="Ours"))
    with pytest.raises(NotFound):
        units.edit(session, cast.stranger, cast.koivuranta.id, UnitEdit(name="Theirs"))


def test_changes_and_the_last_day(session: Session, cast: Cast) -> None:
    unit = units.edit(
        session, cast.administrator, cast.koivuranta.id, UnitEdit(name="Birch Shore", zone="Europe/Oslo")
    )
    assert (unit.name, unit.zone, unit.locale) == ("Birch Shore", "Europe/Oslo", "fi")
    closing = UnitClosing(closes_on=date(2031, 5, 31))
    assert units.close(session, cast.administrator, unit.id, closing).closes_on == date(2031, 5, 31)
    assert units.close(session, cast.administrator, unit.id, UnitClosing()).closes_on is None
    with pytest.raises(Conflict, match="root_stays"):
        units.close(session, cast.administrator, cast.network.id, closing)


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"parent_id": 1, "name": " "}, "missing", "name"),
        ({"parent_id": 1}, "missing", "name"),
        ({"parent_id": 1, "name": "x" * 201}, "too_long", "name"),
        ({"parent_id": 1, "name": "x\0y"}, "unwritable", "name"),
        ({"parent_id": "one", "name": "x"}, "not_a_number", "parent_id"),
        ({"parent_id": 10**30, "name": "x"}, "too_large", "parent_id"),
        ({"parent_id": 1, "name": "x", "zone": "Mars/Base"}, "not_in_list", "zone"),
        ({"parent_id": 1, "name": "x", "kind": "castle"}, "not_in_list", "kind"),
        ({"parent_id": 1, "name": "x", "opens_on": "soon"}, "not_a_day", "opens_on"),
        ({"parent_id": 1, "name": "x", "color": "red"}, "unknown_field", "color"),
    ],
)
def test_faults_stand_at_their_fields(sent: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        NewUnit.model_validate(sent)
    assert [(fault.code, fault.field) for fault in invalid(error.value).faults] == [(code, field)]
