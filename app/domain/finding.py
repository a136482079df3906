"""Words as the search compares them: small letters, å ä ö ø æ kept apart, other accents dropped.

Both databases are handed the same folded text and look for the same letters in it, so that a search finds the
same on each; neither knows a Finnish or a Norwegian alphabet by itself.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MOST_WORDS = 6
INSIDE_FROM = 4  # letters: so long a part is also found inside of a word, "bussen" in "bokbussen"
_SIGNS = 4096  # letters whose form is kept in mind: more than four languages write
_KEPT = frozenset("åäöøæ")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The words of a text between single spaces, with one before the first and one after the last."""
    words = _WORD.findall(_plain(text))
    return f" {' '.join(words)} " if words else " "


def fold_once(text: str) -> str:
    """The same with each word once: all that a search needs, and a quarter less to look through."""
    words = dict.fromkeys(_WORD.findall(_plain(text)))
    return f" {' '.join(words)} " if words else " "


def asked(query: str) -> list[str]:
    """The words that somebody looks for, folded, each once, at most six."""
    return list(dict.fromkeys(_WORD.findall(_plain(query))))[:MOST_WORDS]


def part_of(word: str) -> str:
    """What a folded text must hold of a folded word; a short one is found only where a word begins."""
    return word if len(word) >= INSIDE_FROM else f" {word}"


def is_found(words: Iterable[str], folded: str) -> bool:
    """Whether every word begins some word of a folded text, or stands inside of one when it is long."""
    return all(part_of(word) in folded for word in words)


def begins(words: Iterable[str], folded: str) -> bool:
    """Whether every word begins some word of a folded text."""
    return all(f" {word}" in folded for word in words)


def _plain(text: str) -> str:
    small = unicodedata.normalize("NFC", text).casefold()
    return small if small.isascii() else "".join(map(_letter, unicodedata.normalize("NFC", small)))


@lru_cache(_SIGNS)
def _letter(sign: str) -> str:
    if sign.isascii() or sign in _KEPT:
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
    return bare or ("" if unicodedata.combining(sign) else " ")


def spots(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where the words stand in a text as it was written: pairs of the first sign and behind the last one."""
    plain = text.casefold() if text.isascii() else "".join(map(_sign, text))
    found: list[tuple[int, int]] = []
    for word in words:
        pattern = re.escape(word) if len(word) >= INSIDE_FROM else rf"(?<![^\W_]){re.escape(word)}"
        found += [(hit.start(), hit.end()) for hit in re.finditer(pattern, plain)]
    return _apart(sorted(found))


@lru_cache(_SIGNS)
def _sign(sign: str) -> str:
    """One sign for one sign, so that places stay what they are."""
    small = sign.casefold()
    return (_letter(small)[:1] or " ") if len(small) == 1 else sign


def _apart(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlaps."""
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept
