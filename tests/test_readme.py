"""The README tells the truth: settings, commands and make targets are those that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.foundation.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
KULISS = Path(sys.executable).with_name("kuliss")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, cells without their marks."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def commands() -> list[str]:
    """The names of `kuliss`'s commands, from its own help."""
    said = subprocess.run([KULISS, "--help"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^ {4}([a-z-]+)(?: |$)", said, re.MULTILINE)


def test_every_setting_is_told_and_every_told_setting_exists() -> None:
    assert [row[0] for row in table("Settings")] == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_settings_default_is_the_one_told(name: str) -> None:
    told = {row[0]: row[1] for row in table("Settings")}
    assert told[name.upper()] == str(Settings.model_fields[name].default)


def test_every_command_is_told_and_every_told_command_exists() -> None:
    assert [row[0].removeprefix("kuliss ") for row in table("Commands")] == commands()


def test_every_command_helps(capsys: pytest.CaptureFixture[str]) -> None:
    for name in commands():
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: kuliss {name}")


def test_every_told_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = set(re.findall(r"(?:`|^ {4}|=folder )make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test", "check", "bench", "lock", "catalogues"} <= told
    assert told <= targets
