"""Tables as files that Excel and LibreOffice open: CSV as Nordic computers expect it, and XLSX workbooks.

Text that a program would take for a formula is kept from being one (OWASP, "CSV Injection"). Cells: text,
numbers, shares, days, naive wall times (spreadsheets know no zones); None is an empty cell, never 0.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import IO, Any

Cell = str | int | float | date | datetime | None
BOM = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as the machine's old character set
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NAME_MOST = 31  # characters of a sheet's name ("Worksheet names", XlsxWriter)
_CELL_MOST = 32_767  # characters of a cell ("Excel specifications and limits", Microsoft)
_UNTITLED = "[]:*?/\\'"
_BLOCK = 200  # rows written at once
_PLACES = 4  # behind the comma; more would say what nobody counted


class Share(float):
    """A share of 1. In workbooks it shows as percent; in CSV it stays the number, to go on counting with."""


def share(value: float | None) -> Share | None:
    """A share for a cell; None for None."""
    return None if value is None else Share(value)


@dataclass(frozen=True)
class Sheet:
    """One table. widths: of the columns, in characters; those without one are as wide as their heading."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def csv_lines(tables: Iterable[Sheet]) -> Iterator[bytes]:
    """The bytes of a CSV file, in pieces: UTF-8 with its mark, semicolons, decimal commas, CRLF.

    Several tables stand one below the other, each under its name, with an empty line between.
    """
    yield BOM
    tables = list(tables)
    for number, table in enumerate(tables):
        lines: list[Sequence[Cell]] = []
        if len(tables) > 1:
            lines = [*([[]] if number else []), [table.name]]
        if table.heads:
            lines.append(table.heads)
        yield from _written(lines)
        yield from _in_blocks(table.rows)


def _in_blocks(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    block: list[Sequence[Cell]] = []
    for row in rows:
        block.append(row)
        if len(block) == _BLOCK:
            yield from _written(block)
            block = []
    yield from _written(block)


def _written(rows: Sequence[Sequence[Cell]]) -> Iterator[bytes]:
    if rows:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(map(_csv_row, rows))
        yield text.getvalue().encode("utf-8")


def _csv_row(row: Sequence[Cell]) -> list[str]:
    return [_csv_cell(cell) for cell in row]


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if is_formula(cell) else cell
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return _short(cell) if isinstance(cell, float) else str(cell)


def _short(value: float) -> str:
    """ "0,0432": a decimal comma, no places that are nothing, and no minus before nothing."""
    return f"{value:z.{_PLACES}f}".rstrip("0").rstrip(".").replace(".", ",")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for something to work out."""
    return text.lstrip(" ").startswith(_FORMULA)


def write_workbook(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write an XLSX workbook. Rows go to the disk one by one, as they are read; text is never a formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only exports need it, and it takes long to load

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"strings_to_numbers": False, "nan_inf_to_errors": False}
    # XlsxWriter dates its parts back to 1980: among other files they would be cleared away as left over.
    with TemporaryDirectory() as folder, Workbook(file, {**options, "tmpdir": folder}) as book:
        looks = _Looks(book)
        for sheet in sheets:
            _fill(book.add_worksheet(sheet_name(sheet.name)), sheet, looks)


class _Looks:
    """How cells of each kind look."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        # Shown as it is, and kept as text also when somebody edits the cell.
        self.quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.number = book.add_format({"valign": "top"})
        self.share = book.add_format({"num_format": "0.0%", "valign": "top"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})


def _fill(page: Any, sheet: Sheet, looks: _Looks) -> None:
    for place, head in enumerate(sheet.heads):
        width = sheet.widths[place] if place < len(sheet.widths) else max(10, len(head) + 2)
        page.set_column(place, place, width)
    start = 0
    if sheet.heads:
        for place, head in enumerate(sheet.heads):
            page.write_string(0, place, head, looks.head)
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        start = 1
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for number, row in enumerate(sheet.rows, start):
        for place, cell in enumerate(row):
            _put(page, number, place, cell, looks)


def _put(page: Any, row: int, place: int, cell: Cell, looks: _Looks) -> None:
    if isinstance(cell, str):
        look = looks.quoted if is_formula(cell) else looks.text
        page.write_string(row, place, cell[:_CELL_MOST], look)
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, cell, looks.moment)
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, looks.day)
    elif cell is not None:
        page.write_number(row, place, round(cell, _PLACES), _number_look(cell, looks))


def _number_look(cell: float, looks: _Looks) -> Any:
    return looks.share if isinstance(cell, Share) else looks.number


def sheet_name(name: str) -> str:
    """A name that workbooks take for a sheet."""
    return "".join(" " if sign in _UNTITLED else sign for sign in name)[:_NAME_MOST].strip() or "1"
