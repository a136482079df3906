"""The table of security is whole and true: every number once, and what it names exists."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "tests" / "security" / "ASVS.md").read_text(encoding="utf-8")
STATES = {"met", "partly", "not met", "none"}
# Sections of ASVS 5.0.0 and how many requirements of level 1 and 2 each begins with.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2
8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4
11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
""".split()


def rows() -> list[list[str]]:
    """Number, words, state, where, shown by."""
    lines = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def test_every_requirement_stands_there_once() -> None:
    wanted = [
        f"{section}.{number}"
        for section, count in (each.split(":") for each in SECTIONS)
        for number in range(1, int(count) + 1)
    ]
    assert [row[0] for row in rows()] == wanted
    assert len(wanted) == 253
    assert {row[2] for row in rows()} == STATES


def test_what_is_met_is_shown_and_what_is_not_is_listed() -> None:
    for number, words, state, where, shown in rows():
        assert words, number
        if state == "met":
            assert shown, f"{number} is met: which test shows it?"
            assert where, number
        if state == "partly":
            assert where, f"{number}: what is missing?"
    listed = TEXT.split("## What is not met", 1)[1]
    missing = {row[0] for row in rows() if row[2] == "not met"}
    assert set(re.findall(r"\d+\.\d+\.\d+", listed)) == missing


def test_files_and_tests_that_are_named_exist() -> None:
    for name, count in Counter(re.findall(r"`([^`\s]*[/.][^`\s]*)`", TEXT)).items():
        path, _, test = name.partition("::")
        if path.startswith("/"):
            continue
        assert (ROOT / path).exists(), f"{path} ({count} times)"
        if test:
            assert test in _tests(ROOT / path), name


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
