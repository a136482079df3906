"""CSV files as people have them: from Excel or by hand, with semicolons, commas or tabs, in usual letters.

The other way round from `spreadsheets.csv_lines`: what that wrote reads back as it was.
"""

import csv
import io
from collections.abc import Callable

from app.foundation.spreadsheets import is_formula

_DELIMITERS = (";", ",", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CELL_MOST = 10_000  # characters


class Unreadable(ValueError):
    """No table can be made of it."""


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252. Raises
    Unreadable."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def table(text: str, knows: Callable[[str], bool]) -> list[list[str]]:
    """The rows of a table, each cell with single blanks and none around. Empty rows are kept, as they count.

    `knows`: whether a cell is the heading of a column; what makes most of them out of the first row is the
    sign between cells. Raises Unreadable.
    """
    text = text.removeprefix("\ufeff")
    try:
        sign = max(_DELIMITERS, key=lambda one: sum(map(knows, _heads(text, one))))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        raise Unreadable from None
    if any(len(cell) > _CELL_MOST or "\x00" in cell for row in rows for cell in row):
        raise Unreadable
    return [[_plain(cell) for cell in row] for row in rows]


def _heads(text: str, sign: str) -> list[str]:
    first = next(csv.reader(io.StringIO(text, newline=""), delimiter=sign), [])
    return [_plain(cell) for cell in first]


def _plain(cell: str) -> str:
    words = " ".join(cell.split())
    return words[1:].lstrip() if words.startswith("'") and is_formula(words[1:]) else words
