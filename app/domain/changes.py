"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_TOKEN = re.compile(r"[^\S\n]*[^\s]+|\n|[^\S\n]+")
# Comparing takes time by the square of the length; beyond this a text is shown as written anew.
_MOST_TOKENS = 2000


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A run of words with one fate."""

    change: Change
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The pieces that both texts are made of, in order; what went stands before what replaced it."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    middle = _differing(before[start : len(before) - end], after[start : len(after) - end])
    pieces = [
        Piece(Change.SAME, "".join(after[:start])),
        *middle,
        Piece(Change.SAME, "".join(after[len(after) - end :])),
    ]
    return [piece for piece in pieces if piece.text]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens two lists have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))


def _differing(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if max(len(before), len(after)) > _MOST_TOKENS:
        yield Piece(Change.REMOVED, "".join(before))
        yield Piece(Change.ADDED, "".join(after))
        return
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(Change.SAME, "".join(after[k:m]))
            continue
        yield Piece(Change.REMOVED, "".join(before[i:j]))
        yield Piece(Change.ADDED, "".join(after[k:m]))
