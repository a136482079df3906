"""Names in the order of an alphabet: å, ä and ö stand after z, and Norwegian begins with æ."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

# What the letters are counted as; "{" is the next sign after z.
_ORDERS = {
    "nb": str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"}),
    "sv": str.maketrans({"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"}),
}
_ORDERS["fi"] = _ORDERS["sv"]
_OTHERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "ø": "o", "æ": "ae"})


def in_order(things: Iterable[T], name: Callable[[T], str], locale: str) -> list[T]:
    """The things sorted by their names as a reader of this locale expects it."""
    letters = _ORDERS.get(locale, _OTHERS)
    return sorted(things, key=lambda thing: (name(thing).casefold().translate(letters), name(thing)))
