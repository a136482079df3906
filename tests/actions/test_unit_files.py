"""Units from a file: what it would do, said at row and column; then all of it, or nothing."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import product

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions import unit_files, units
from app.actions.unit_files import Outlook, UnitFile
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.roles import Actor, Role
from app.domain.unit_files import Fate
from app.domain.units import UnitKind
from app.foundation.spreadsheets import Sheet, csv_lines
from app.models.history import Event
from app.models.people import Person
from app.models.units import Unit
from app.queries import unit_files as questions
from app.words import unit_files as words
from app.words.roles import kind_name
from tests.builders import actor, person, unit
from tests.cast import Cast, gather

HEAD = "name;kind;parent;time zone;locale;country;population;opens-on;closes-on\n"


@pytest.fixture
def cast(session: Session) -> Cast:
    return gather(session)


def look(session: Session, who: Actor, rows: str, head: str = HEAD) -> Outlook:
    return unit_files.look(session, who, UnitFile(csv=head + rows))


def bring_in(session: Session, who: Actor, rows: str, seen: str | None = None) -> Outlook:
    return unit_files.bring_in(session, actor_again(session, who), UnitFile(csv=HEAD + rows, seen=seen))


def actor_again(session: Session, who: Actor) -> Actor:
    """Somebody with their scope as it is now: new units are theirs too."""
    return actor(session, session.get_one(Person, who.person_id))


def faults(outlook: Outlook) -> list[tuple[int, str | None, str]]:
    return [(row.number, fault.field, fault.code) for row in outlook.rows for fault in row.faults]


TREE = """\
Children's corner;service;Rantakylä;;;;;;
Rantakylä;branch;Saarivesi City Library;Europe/Oslo;nb;NO;8 400;2031-01-07;31.12.2040
Koivuranta;branch;Saarivesi City Library;;;;1200;;
Myllymäki;branch;Saarivesi City Library;;;;;;
"""


def test_what_is_new_is_made_and_what_differs_changed(session: Session, cast: Cast) -> None:
    before = session.scalar(select(func.count()).select_from(Unit))
    outlook = look(session, cast.administrator, TREE)
    assert [row.fate for row in outlook.rows] == [Fate.MADE, Fate.MADE, Fate.CHANGED, Fate.LEFT]
    assert outlook.rows[2].changes == {"population": (None, 1200)}
    assert session.scalar(select(func.count()).select_from(Unit)) == before, "a dry run writes nothing"
    bring_in(session, cast.administrator, TREE, outlook.seen)
    made = session.scalars(select(Unit).where(Unit.name == "Rantakylä")).one()
    corner = session.scalars(select(Unit).where(Unit.name == "Children's corner")).one()
    assert (made.zone, made.locale, made.country, made.population) == ("Europe/Oslo", "nb", "NO", 8400)
    assert (made.opens_on, made.closes_on) == (date(2031, 1, 7), date(2040, 12, 31))
    assert (corner.path, corner.kind) == (f"{cast.library.path}{made.id}/{corner.id}/", UnitKind.SERVICE)
    assert (corner.zone, corner.locale) == ("Europe/Oslo", "nb"), "as the one above, that the same file makes"
    assert session.get_one(Unit, cast.koivuranta.id).population == 1200
    session.flush()
    verbs = session.scalars(select(Event.verb).where(Event.thing == "unit").order_by(Event.id)).all()
    assert verbs == ["made", "made", "changed"]
    again = bring_in(session, cast.administrator, TREE)
    assert {row.fate for row in again.rows} == {Fate.LEFT}
    session.flush()
    assert session.scalar(select(func.count()).select_from(Event).where(Event.thing == "unit")) == 3


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("A;castle;Koivuranta;;;;;;", [(2, "kind", "kind_unknown")]),
        ("A;;Nowhere;;;;;;", [(2, "parent", "parent_not_found")]),
        ("A;;;;;;;;", [(2, "parent", "parent_missing")]),
        (";;Koivuranta;;;;;;", [(2, "name", "missing")]),
        (f"{'x' * 201};;Koivuranta;;;;;;", [(2, "name", "too_long")]),
        ("A;;Koivuranta;Mars/Base;xx;Atlantis;many;soon;1/2/2031", [
            (2, "zone", "zone_unknown"), (2, "locale", "locale_unknown"), (2, "country", "country_unknown"),
            (2, "population", "population_unknown"), (2, "opens_on", "day_unknown"),
            (2, "closes_on", "day_unknown")]),
        ("A;;B;;;;;;\nB;;A;;;;;;\nC;;B;;;;;;", [
            (2, "parent", "units_circle"), (3, "parent", "units_circle"), (4, "parent", "units_circle")]),
        ("A;;A;;;;;;", [(2, "parent", "units_circle")]),
        ("A;;Koivuranta;;;;;;\n\na;;koivuranta;;;;;;", [(4, "name", "twice_in_file")]),
        ("Hall;;Koivuranta;;;;;;\nHall;;Myllymäki;;;;;;\nA;;Hall;;;;;;", [(4, "parent", "parent_ambiguous")]),
        ("Hall;;Koivuranta;;;;;;\nHall;;Myllymäki;;;;;;\nA;;Myllymäki / Hall;;;;;;", []),
        ("Koivuranta;;Koivuranta;;;;;;", []),
        ("A;;Another Library;;;;;;", [(2, "parent", "parent_not_found")]),
        ("A;;Koivuranta;;;;;2031-02-01;2031-01-01", [(2, "closes_on", "closes_before_opening")]),
        ("Saaristo Libraries;;;;;;;;2031-01-01", [(2, "closes_on", "root_stays")]),
        ("A;;Nowhere;;;;;;\nB;;A;;;;;;", [(2, "parent", "parent_not_found"), (3, "parent", "parent_wrong")]),
    ],
)  # fmt: skip
def test_every_fault_stands_at_its_row_and_column(
    session: Session, cast: Cast, rows: str, found: Sequence[tuple[int, str, str]]
) -> None:
    assert faults(look(session, cast.administrator, rows)) == list(found)


def test_one_fault_and_nothing_is_written(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        bring_in(session, cast.administrator, TREE + "A;castle;Rantakylä;;;;;;\n")
    assert [(fault.code, fault.field) for fault in refused.value.faults] == [("kind_unknown", "rows.6.kind")]
    assert session.scalar(select(Unit.id).where(Unit.name == "Rantakylä")) is None


def test_a_tree_that_changed_meanwhile_is_not_touched(session: Session, cast: Cast) -> None:
    seen = look(session, cast.administrator, TREE).seen
    units.edit(session, cast.administrator, cast.myllymaki.id, units.UnitEdit(name="Millhill"))
    session.flush()
    with pytest.raises(Conflict, match="tree_changed"):
        bring_in(session, cast.administrator, TREE, seen)


def test_only_those_who_may_and_only_where(session: Session, cast: Cast) -> None:
    for who in (cast.editor, cast.coordinator, cast.manager):
        with pytest.raises(Forbidden):
            look(session, who, TREE)
    head = actor(session, person(session, "Head", cast.koivuranta, Role.ADMINISTRATOR))
    rows = "A;;Koivuranta;;;;;;\nB;;Saarivesi City Library;;;;;;\nC;;Myllymäki;;;;;;\n"
    assert faults(look(session, head, rows)) == [
        (3, "parent", "unit_not_yours"), (4, "parent", "parent_not_found"),
    ]  # fmt: skip
    assert faults(look(session, head, "Saarivesi City Library;;Saaristo Libraries;;;;5;;\n")) == [
        (2, "name", "units_not_yours")
    ]


@pytest.mark.parametrize("locale", ["en", "sv", "fi", "nb"])
def test_files_come_in_four_languages_and_every_usual_shape(
    session: Session, cast: Cast, locale: str
) -> None:
    rows = [words.heads(locale), *words.examples(locale, "Koivuranta")]
    for sign, encoding in product(";,\t", ("utf-8", "utf-8-sig", "cp1252", "utf-16")):
        text = "\r\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in rows)
        told = unit_files.text_of(text.encode(encoding))
        outlook = unit_files.look(session, cast.administrator, UnitFile(csv=told))
        assert faults(outlook) == []
        assert [row.fate for row in outlook.rows] == [Fate.MADE] * 3
        assert outlook.rows[1].values["opens_on"] == date(2027, 1, 11)
        assert outlook.rows[0].values["kind"] is UnitKind.AREA


@pytest.mark.parametrize(
    "above", ["Unit above", "Enheten ovanför", "Enhet ovanför", "Ylempi yksikkö", "Enheten over"]
)
def test_the_unit_above_may_be_called_what_the_page_calls_it(
    session: Session, cast: Cast, above: str
) -> None:
    outlook = look(session, cast.administrator, "Rantakylä;Koivuranta", f"Name;{above}\n")
    assert [row.fate for row in outlook.rows] == [Fate.MADE]
    assert outlook.rows[0].where.endswith("/ Koivuranta")


def test_what_is_no_file_of_units(session: Session, cast: Cast) -> None:
    for text, code in (
        ("x", "columns_missing"), ("name;kind\nA;branch", "columns_missing"),
        ("name;parent;colour\nA;B;red", "column_unknown"), ("name;parent;nimi\nA;B;C", "column_twice"),
        ("name;parent\n\n;\n", "file_empty"), ("name;parent\nA;B;C", "row_too_long"),
        (f"name;parent\n{'x' * 20_000};B", "file_unreadable"),
        ("name;parent\n" + "A;B\n" * 2001, "file_too_long"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            look(session, cast.administrator, "", text)
    with pytest.raises(Invalid, match="file_unreadable"):
        unit_files.text_of(b"name;parent\n\x81;B")


def test_what_is_written_out_comes_in_and_changes_nothing(session: Session, cast: Cast) -> None:
    evil = unit(session, "=1+1", cast.koivuranta)
    unit(session, "Hall", cast.koivuranta)
    unit(session, "Hall", cast.myllymaki)
    unit(session, "Below", evil)
    unit(session, "A / B", cast.koivuranta)
    who = actor_again(session, cast.administrator)
    for locale in ("en", "fi"):
        rows = questions.rows(session, who.scope, partial(kind_name, locale=locale), locale)
        data = b"".join(csv_lines([Sheet("units", words.heads(locale), rows)]))
        assert b"'=1+1" in data
        outlook = unit_files.look(session, who, UnitFile(csv=unit_files.text_of(data)))
        assert faults(outlook) == []
        assert {row.fate for row in outlook.rows} == {Fate.LEFT}
        assert len(outlook.rows) == len(who.scope.units)


def test_five_hundred_rows_ask_little(session: Session, cast: Cast) -> None:
    rows = "".join(f"Branch {n};branch;{'Area' if n else 'Koivuranta'};;;;;;\n" for n in range(500))
    outlook = bring_in(session, cast.administrator, f"Area;area;Koivuranta;;;;;;\n{rows}")
    assert outlook.count(Fate.MADE) == 501
    area = session.scalars(select(Unit).where(Unit.name == "Area")).one()
    below = select(func.count()).select_from(Unit).where(Unit.path.startswith(area.path))
    assert session.scalar(below) == 500


def test_of_units_above_a_file_learns_nothing_but_their_names(session: Session, cast: Cast) -> None:
    cast.library.population, cast.library.zone = 25_000, "Europe/Oslo"
    session.flush()
    own = actor(session, person(session, "Of the branch", cast.koivuranta, Role.ADMINISTRATOR))
    for guess in ("25000", "1"):
        outlook = look(session, own, f"{cast.library.name};;{cast.network.name};;;;{guess};;\n")
        assert faults(outlook) == [(2, "name", "units_not_yours")]
        assert outlook.rows[0].changes["population"][0] is None


def test_both_days_change_at_once(session: Session, cast: Cast) -> None:
    cast.koivuranta.opens_on = date(2035, 1, 1)
    session.flush()
    bring_in(session, cast.administrator, f"Koivuranta;;{cast.library.name};;;;;2030-01-01;2031-01-01\n")
    assert (cast.koivuranta.opens_on, cast.koivuranta.closes_on) == (date(2030, 1, 1), date(2031, 1, 1))
