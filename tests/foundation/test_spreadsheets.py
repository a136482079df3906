"""Files that Excel opens: text stays text, numbers stay numbers, and nothing is worked out."""

import io
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from app.foundation.spreadsheets import BOM, Cell, Share, Sheet, csv_lines, share, sheet_name, write_workbook

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]
WALL = datetime.fromisoformat("2026-03-29T09:05")  # spreadsheets know no zones
ROW: list[Cell] = ['Böcker; och "hundar"', 3, 0.5, date(2026, 2, 28), WALL, None, ""]


def csv_of(*tables: Sheet) -> str:
    whole = b"".join(csv_lines(tables))
    assert whole.startswith(BOM)
    return whole[len(BOM) :].decode()


def test_csv_as_nordic_computers_expect_it() -> None:
    written = csv_of(Sheet("x", ["Post", "n"], [ROW]))
    assert written == ('Post;n\r\n"Böcker; och ""hundar""";3;0,5;2026-02-28;2026-03-29 09:05;;\r\n')


def test_nobody_reads_more_places_than_were_counted() -> None:
    row: list[Cell] = [Share(0.04318273), 1.23456789, 334.5, 1200.0, share(None)]
    assert csv_of(Sheet("x", [], [row])) == "0,0432;1,2346;334,5;1200;\r\n"
    assert csv_of(Sheet("x", [], [[-0.00001, -0.25]])) == "0;-0,25\r\n"
    file = io.BytesIO()
    write_workbook(file, [Sheet("x", [], [row])])
    first, second, *_ = load_workbook(file).active[1]
    assert (first.value, first.number_format) == (0.0432, "0.0%")
    assert (second.value, second.number_format) == (1.2346, "General")


def test_several_tables_stand_below_each_other() -> None:
    written = csv_of(Sheet("One", ["a"], [["1"]]), Sheet("Two", ["b"], []))
    assert written.split("\r\n") == ["One", "a", "1", "", "Two", "b", ""]


def test_long_tables_are_written_in_pieces() -> None:
    pieces = list(csv_lines([Sheet("x", [], ([number] for number in range(1000)))]))
    assert len(pieces) > 4
    assert b"".join(pieces).count(b"\r\n") == 1000


@pytest.mark.parametrize("evil", EVIL)
def test_text_is_no_formula_in_either(evil: str) -> None:
    assert csv_of(Sheet("x", [], [[evil]])).lstrip('"').startswith("'")
    file = io.BytesIO()
    write_workbook(file, [Sheet("x", ["head"], [[evil]])])
    cell = load_workbook(file).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").strip() == evil.strip()
    assert cell.quotePrefix


def test_a_workbook_keeps_the_kinds_of_cells() -> None:
    file = io.BytesIO()
    write_workbook(
        file, [Sheet("Räckvidd: [x]", ["a", "b", "c", "d", "e", "f"], iter([ROW[:6]])), Sheet("2", [], [])]
    )
    book = load_workbook(file)
    assert book.sheetnames == ["Räckvidd   x", "2"]
    page = book.active
    assert [cell.value for cell in page[1]] == ["a", "b", "c", "d", "e", "f"]
    assert [cell.value for cell in page[2]][:3] == ROW[:3]
    assert page["D2"].value == datetime.fromisoformat("2026-02-28")
    assert page["E2"].value == ROW[4]
    assert page["F2"].value is None
    assert page.freeze_panes == "A2"


def test_whoever_clears_old_files_away_meanwhile_takes_no_part_of_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    packed = ZipFile.write

    def pack(self: ZipFile, name: str, *more: Any) -> None:
        packed(self, name, *more)
        for each in tmp_path.iterdir():
            if each.stat().st_mtime < 1_000_000_000:  # XlsxWriter's parts are of 1980
                each.unlink()

    monkeypatch.setattr(ZipFile, "write", pack)
    file = io.BytesIO()
    write_workbook(file, [Sheet("x", ["a"], [["1"]])])
    assert load_workbook(file).active["A2"].value == "1"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "kept"), [("a/b", "a b"), ("x" * 40, "x" * 31), ("[]", "1"), ("'q'", "q")])
def test_names_of_sheets_are_taken(name: str, kept: str) -> None:
    assert sheet_name(name) == kept
