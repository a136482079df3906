"""What a file of units would do to a tree, row by row, before anything is written.

A unit is known by its name below its parent. So a file never moves nor renames one; it makes those that are
not there, and changes what is told differently of those that are. An empty cell changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.errors import Fault
from app.domain.unit_places import BETWEEN, Known, Line, Node, Tree, Wrong, folded
from app.domain.units import UnitKind

COLUMNS = ("name", "kind", "parent", "zone", "locale", "country", "population", "opens_on", "closes_on")
NAME_MOST = 200
POPULATION_MOST = 2_000_000_000
_VALUES = ("kind", "zone", "locale", "country", "population", "opens_on", "closes_on")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Fate(StrEnum):
    """What becomes of a row."""

    MADE = "made"
    CHANGED = "changed"
    LEFT = "left"
    WRONG = "wrong"


@dataclass(frozen=True)
class Vocabulary:
    """How words in cells are understood: plain word -> value. `zones`: names of time zones."""

    kinds: Mapping[str, UnitKind]
    locales: Mapping[str, str]
    countries: Mapping[str, str]
    zones: frozenset[str]


@dataclass(frozen=True)
class Planned:
    """What becomes of one row. `changes`: column -> (before, after). `faults`: each at its column.

    `looks`: nothing wrong, but worth a look. `parent`: where a new unit goes; `where`: the same in words.
    """

    number: int
    name: str
    fate: Fate
    unit_id: int | None = None
    parent: Node | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    looks: Sequence[Fault] = ()
    where: str = ""


def plan(known: Iterable[Known], lines: Sequence[Line], vocabulary: Vocabulary) -> list[Planned]:
    """What becomes of every row, in the file's order."""
    tree = Tree(known, lines)
    seen: dict[tuple[Node | None, str], int] = {}
    return [_planned(tree, line, vocabulary, seen) for line in lines]


def in_order(rows: Iterable[Planned]) -> list[Planned]:
    """The rows that make a unit, parents before children."""
    made = {row.number: row for row in rows if row.fate is Fate.MADE}
    found: dict[int, Planned] = {}
    for row in made.values():
        line: list[Planned] = []
        one: Planned | None = row
        while one is not None and one.number not in found:
            line.append(one)
            one = made.get(one.parent.row) if one.parent and one.parent.row else None
        found |= {each.number: each for each in reversed(line)}
    return list(found.values())


def _planned(
    tree: Tree, line: Line, vocabulary: Vocabulary, seen: dict[tuple[Node | None, str], int]
) -> Planned:
    name = line.cells.get("name", "")
    values, faults = _values(line.cells, vocabulary)
    if not name:
        faults.insert(0, Fault("missing", "name"))
    elif len(name) > NAME_MOST:
        faults.insert(0, Fault("too_long", "name", {"most": NAME_MOST}))
    try:
        above = tree.parent_of(line.number)
        above = tree.identity(above) if above else None
        place = tree.identity(Node(row=line.number))
    except Wrong as wrong:
        column = "name" if wrong.code == "known_twice" else "parent"
        faults.append(Fault(wrong.code, column, {"parent": line.cells.get("parent", "")}))
        return Planned(line.number, name, Fate.WRONG, faults=faults)
    first = seen.setdefault((above, folded(name)), line.number)
    if first != line.number and name:
        faults.append(Fault("twice_in_file", "name", {"row": first}))
    there = tree.known[place.unit_id] if place.unit_id is not None else None
    if there is not None:
        return _changed(tree, line, there, values, faults)
    return _made(tree, line, above, values, faults)


def _made(tree: Tree, line: Line, above: Node | None, values: dict[str, Any], faults: list[Fault]) -> Planned:
    name = line.cells.get("name", "")
    if above is None:
        faults.append(Fault("parent_missing", "parent"))
    elif above.unit_id is not None and not tree.known[above.unit_id].mine:
        faults.append(Fault("unit_not_yours", "parent"))
    faults += _days(values.get("opens_on"), values.get("closes_on"))
    elsewhere = [node for node in tree.named.get(folded(name), ()) if node.unit_id is not None]
    looks = (
        [Fault("name_elsewhere", "name", {"path": BETWEEN.join(_path(tree, elsewhere[0]))})]
        if elsewhere
        else []
    )
    fate = Fate.WRONG if faults else Fate.MADE
    where = BETWEEN.join(tree.names_of(above)) if above else ""
    return Planned(line.number, name, fate, None, above, values, {}, faults, looks, where)


def _path(tree: Tree, node: Node) -> list[str]:
    return tree.path_of(node.unit_id or 0)


def _changed(tree: Tree, line: Line, there: Known, values: dict[str, Any], faults: list[Fault]) -> Planned:
    changes = {
        name: (there.values.get(name), value)
        for name, value in values.items()
        if there.values.get(name) != value
    }
    if changes and not there.mine:
        faults.append(Fault("units_not_yours", "name"))
    if there.parent_id is None and "closes_on" in changes:
        faults.append(Fault("root_stays", "closes_on"))
    whole = {**there.values, **values}
    if {"opens_on", "closes_on"} & changes.keys():
        faults += _days(whole.get("opens_on"), whole.get("closes_on"))
    fate = Fate.WRONG if faults else Fate.CHANGED if changes else Fate.LEFT
    where = BETWEEN.join(tree.path_of(there.id)[:-1])
    return Planned(line.number, there.name, fate, there.id, None, values, changes, faults, (), where)


def _days(opens_on: date | None, closes_on: date | None) -> list[Fault]:
    if opens_on and closes_on and closes_on < opens_on:
        return [Fault("closes_before_opening", "closes_on", {"opens_on": opens_on})]
    return []


def _values(cells: Mapping[str, str], vocabulary: Vocabulary) -> tuple[dict[str, Any], list[Fault]]:
    """What the cells say, by column, and what can't be understood; empty ones say nothing."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in _VALUES:
        words = cells.get(column, "")
        if not words:
            continue
        value = _value(column, words, vocabulary)
        if value is None:
            faults.append(Fault(f"{_STEMS.get(column, column)}_unknown", column, {"words": words[:60]}))
        else:
            values[column] = value
    return values, faults


_STEMS = {"opens_on": "day", "closes_on": "day"}


def _value(column: str, words: str, vocabulary: Vocabulary) -> Any:
    key = "".join(sign for sign in words.casefold() if sign not in " -_")
    if column == "kind":
        return vocabulary.kinds.get(key)
    if column == "locale":
        return vocabulary.locales.get(key)
    if column == "country":
        return vocabulary.countries.get(key)
    if column == "zone":
        return _zone(words, vocabulary.zones)
    return _population(words) if column == "population" else _day(words)


def _zone(words: str, zones: frozenset[str]) -> str | None:
    key = words.replace(" ", "_")
    return key if key in zones else None


def _population(words: str) -> int | None:
    digits = words.replace(" ", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 10:
        return None
    return int(digits) if int(digits) <= POPULATION_MOST else None


def _day(words: str) -> date | None:
    """A day as 2027-01-31 or 31.1.2027; which month 1/2/2027 is in depends on who wrote it."""
    found = _DAY.fullmatch(words)
    if not found or not words.isascii():
        return None
    year, month, day = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
