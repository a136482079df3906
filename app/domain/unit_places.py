"""Which unit a name in a file means: one that is there, or one that another row makes.

A name that several have is told by the names above it: "Ekenäs / Children". Rows may stand in any order.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

BETWEEN = " / "  # stands between the names of a path
DEEPEST = 40


@dataclass(frozen=True)
class Known:
    """A unit that is there. `mine`: whether the asker may change it and make units below it."""

    id: int
    parent_id: int | None
    name: str
    mine: bool
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A row of the file. `number`: as a spreadsheet counts, the headings are row 1."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Node:
    """A place in the tree to be: a unit that is there (its id), or a row that makes one (its number)."""

    unit_id: int | None = None
    row: int | None = None


def folded(name: str) -> str:
    """A name as two are compared: neither case nor blanks make a difference."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def fingerprint(units: Iterable[Known]) -> str:
    """A mark of the tree as somebody saw it; another one when any of it has changed."""
    seen = [(one.id, one.parent_id, one.name, one.mine, sorted(one.values.items())) for one in units]
    return sha256(repr(seen).encode()).hexdigest()[:32]


def references(known: Iterable[Known]) -> dict[int, str]:
    """How a file names each unit: by its name if no other has it, else with as many names above as needed."""
    tree = Tree(known, ())
    return {unit_id: _reference(tree, unit_id) for unit_id in tree.known}


def _reference(tree: "Tree", unit_id: int) -> str:
    parts = tree.path_of(unit_id)
    for start in range(len(parts) - 1, 0, -1):
        name = BETWEEN.join(parts[start:])
        with suppress(Wrong):
            if tree.meant(name, None) == Node(unit_id):
                return name
    return BETWEEN.join(parts)


class Wrong(Exception):
    """A parent that can't be told. `code`: why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Tree:
    """Who is whose parent, in the tree as it is and in the file as it would make it."""

    def __init__(self, known: Iterable[Known], lines: Sequence[Line]) -> None:
        self.known = {one.id: one for one in known}
        self.lines = {line.number: line for line in lines}
        self.children: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        self.named: dict[str, list[Node]] = defaultdict(list)
        self.paths: dict[str, list[int]] = defaultdict(list)
        self._found: dict[int, Node | Wrong | None] = {}
        self._same: dict[int, Node] = {}
        self._going: list[int] = []
        self._circle: set[int] = set()
        for one in self.known.values():
            above = one.parent_id if one.parent_id in self.known else None
            self.children[above, folded(one.name)].append(one.id)
            self.named[folded(one.name)].append(Node(one.id))
            self.paths[folded(BETWEEN.join(self.path_of(one.id)))].append(one.id)
        for line in lines:
            self.named[folded(line.cells.get("name", ""))].append(Node(row=line.number))

    def path_of(self, unit_id: int) -> list[str]:
        """The names from the highest unit in sight down to this one."""
        found: list[str] = []
        one = self.known.get(unit_id)
        while one is not None:
            found.append(one.name)
            one = self.known.get(one.parent_id) if one.parent_id is not None else None
        return found[::-1]

    def parent_of(self, number: int) -> Node | None:
        """Where a row stands; None: at the top. Raises Wrong."""
        if number not in self._found:
            if number in self._going:
                self._circle.update(self._going[self._going.index(number) :])
                raise Wrong("units_circle")
            if len(self._going) > DEEPEST:
                raise Wrong("unit_too_deep")
            self._going.append(number)
            self._found[number] = self._looked_up(number)
            self._going.pop()
        found = self._found[number]
        if isinstance(found, Wrong):
            raise found
        return found

    def _looked_up(self, number: int) -> Node | Wrong | None:
        words = self.lines[number].cells.get("parent", "")
        if not words:
            return None
        try:
            return self.meant(words, number)
        except Wrong as wrong:
            return Wrong("units_circle") if number in self._circle else wrong

    def meant(self, words: str, number: int | None) -> Node:
        """The one place that words name, read in row `number`. Raises Wrong."""
        whole = folded(words)
        exact = self.paths.get(whole, [])
        if exact:
            return self._only({Node(one) for one in exact})
        candidates = [node for name in _ends(whole) for node in self.named.get(name, ())]
        others = [node for node in candidates if node.row is None or node.row != number]
        if candidates and not others:
            raise Wrong("units_circle" if number is not None else "parent_not_found")
        try:
            found = {self.identity(node) for node in others if self._leads(node, whole)}
        except Wrong as wrong:
            raise Wrong(_NESTED.get(wrong.code, "parent_wrong")) from None
        return self._only(found)

    @staticmethod
    def _only(found: set[Node]) -> Node:
        if len(found) == 1:
            return next(iter(found))
        raise Wrong("parent_ambiguous" if found else "parent_not_found")

    def _leads(self, node: Node, whole: str) -> bool:
        """Whether the names above a place, and its own, are those that were written."""
        if BETWEEN not in whole:
            return True
        path = folded(BETWEEN.join(self.names_of(node)))
        return path == whole or path.endswith(f"{BETWEEN}{whole}")

    def names_of(self, node: Node) -> list[str]:
        """The names from the highest unit in sight down to a place. Raises Wrong."""
        names: list[str] = []
        one: Node | None = node
        while one is not None and one.row is not None:
            if len(names) > DEEPEST:
                raise Wrong("unit_too_deep")
            names.insert(0, self.lines[one.row].cells.get("name", ""))
            one = self.parent_of(one.row)
        return [*(self.path_of(one.unit_id) if one and one.unit_id else ()), *names]

    def identity(self, node: Node) -> Node:
        """The unit that is there, for a row that tells of one; else the row. Raises Wrong."""
        if node.row is None:
            return node
        if node.row not in self._same:
            self._same[node.row] = self._identified(node, node.row)
        return self._same[node.row]

    def _identified(self, node: Node, number: int) -> Node:
        above = self.parent_of(number)
        above = self.identity(above) if above else None
        if above is not None and above.unit_id is None:
            return node
        here = (above.unit_id if above else None, folded(self.lines[number].cells.get("name", "")))
        there = self.children.get(here, [])
        if len(there) > 1:
            raise Wrong("known_twice")
        return Node(there[0]) if there else node


# What a fault of the row that was meant is for the row that names it.
_NESTED = {
    "units_circle": "units_circle",
    "known_twice": "parent_ambiguous",
    "unit_too_deep": "unit_too_deep",
}


def _ends(whole: str) -> list[str]:
    """The last name of a path, for every way of reading it: a name may hold the sign itself."""
    parts = whole.split(BETWEEN)
    return [BETWEEN.join(parts[start:]) for start in range(len(parts))]
