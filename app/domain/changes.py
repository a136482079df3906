"""What changed between two texts, word by word; between two lists of pictures; on each channel."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from app.domain.contents import Contents, Shot
from app.domain.networks import Format

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


class PictureChange(StrEnum):
    """What happened to a picture in a list. `ALT_TEXT`: also when it became decorative, or no longer is."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    ALT_TEXT = "alt_text"
    CROP = "crop"
    COVER = "cover"


class PictureStep(NamedTuple):
    """One change of one picture. `place`: from 1, in the new list; of one removed, in the old."""

    change: PictureChange
    place: int
    before: Shot | None
    after: Shot | None


class Difference(NamedTuple):
    """What changed on one channel, or (None) on all without their own. Empty or None: the same as before.

    `format`: the form before and the one now.
    """

    channel_id: int | None
    text: list[Piece]
    pictures: list[PictureStep]
    format: tuple[Format, Format] | None = None
    comment: Sequence[Piece] = ()


def compare_pictures(old: Sequence[Shot], new: Sequence[Shot]) -> list[PictureStep]:
    """What changed between two lists, removed ones first, then in the new order; a picture may change twice.

    Moved are only those that passed another one, as few as explain the new order.
    """
    before = {key: (place, shot) for place, (key, shot) in enumerate(_keyed(old))}
    kept = [(key, shot) for key, shot in _keyed(new) if key in before]
    still = _longest_rise([before[key][0] for key, _ in kept])
    moved = {key for at, (key, _) in enumerate(kept) if at not in still}
    new_keys = {key for key, _ in _keyed(new)}
    gone = [(place, shot) for key, (place, shot) in before.items() if key not in new_keys]
    steps = [PictureStep(PictureChange.REMOVED, place + 1, shot, None) for place, shot in gone]
    for place, (key, shot) in enumerate(_keyed(new), start=1):
        was = before[key][1] if key in before else None
        steps += (PictureStep(change, place, was, shot) for change in _fates(was, shot, key in moved))
    return steps


def compare_contents(old: Contents, new: Contents) -> list[Difference]:
    """What changed: on all channels first, then on each where what is its own is not what it was."""
    told: list[int | None] = [None]
    for channel_id in sorted({*old.variants, *new.variants}):
        before, after = old.variants.get(channel_id), new.variants.get(channel_id)
        if (before and before.said) != (after and after.said):
            told.append(channel_id)
    found = [_difference(channel_id, old, new) for channel_id in told]
    return [one for one in found if any(one[1:])]


def _difference(channel_id: int | None, old: Contents, new: Contents) -> Difference:
    before, after = old.on(channel_id), new.on(channel_id)
    text = compare(before.text, after.text) if before.text != after.text else []
    forms = (before.format, after.format) if before.format is not after.format else None
    same = before.first_comment == after.first_comment
    comment = [] if same else compare(before.first_comment, after.first_comment)
    pictures = compare_pictures(before.pictures, after.pictures)
    return Difference(channel_id, text, pictures, forms, comment)


def _keyed(shots: Sequence[Shot]) -> Iterator[tuple[tuple[int, int], Shot]]:
    """Each picture under its id and how often it stood before it in the list."""
    times: Counter[int] = Counter()
    for shot in shots:
        yield (shot.asset_id, times[shot.asset_id]), shot
        times[shot.asset_id] += 1


def _fates(before: Shot | None, after: Shot, moved: bool) -> Iterator[PictureChange]:
    if before is None:
        yield PictureChange.ADDED
        return
    if moved:
        yield PictureChange.MOVED
    if (before.alt_text, before.decorative) != (after.alt_text, after.decorative):
        yield PictureChange.ALT_TEXT
    if before.crops != after.crops:
        yield PictureChange.CROP
    if after.video and before.sha256 != after.sha256:
        yield PictureChange.COVER


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Indexes of the most numbers that stand in rising order already."""
    ends: list[int] = []  # the least number that a rise of each length ends with
    last: list[int] = []
    back: list[int | None] = []
    for at, place in enumerate(places):
        length = bisect_left(ends, place)
        back.append(last[length - 1] if length else None)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [at]
    found: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        found.add(step)
        step = back[step]
    return found
