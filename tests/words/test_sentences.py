"""Codes become sentences; none is missing, none stands twice, none breaks for want of a word."""

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from app.domain.errors import Conflict, Fault, Invalid
from app.domain.roles import Role
from app.foundation.i18n import LOCALES
from app.words import sentences
from app.words.sentences import faults, sentence, table

APP = Path(__file__).parents[2] / "app"
RAISED = re.compile(r'\b(?:Invalid|Conflict|Forbidden|NotFound|Refusal|Fault)\(\s*"([a-z_0-9]+)"')


def test_every_code_that_is_raised_has_a_sentence() -> None:
    missing = {
        f"{path.relative_to(APP)}: {code}"
        for path in APP.rglob("*.py")
        if "practice" not in path.parts
        for code in RAISED.findall(path.read_text(encoding="utf-8"))
        if code not in table()
    }
    assert missing == set()


def test_a_code_stands_in_one_file() -> None:
    seen: dict[str, str] = {}
    for module in iter_modules(sentences.__path__):
        for code in import_module(f"{sentences.__name__}.{module.name}").SENTENCES:
            assert code not in seen, f"{code}: in {seen[code]} and in {module.name}"
            seen[code] = module.name


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_can_be_said(locale: str) -> None:
    for code in table():
        assert sentence(code, locale).strip()


def test_params_are_written_for_the_reader() -> None:
    at = datetime(2030, 3, 31, 6, 5, tzinfo=UTC)
    refusal = Invalid.of(
        [
            Fault("too_long", "name", {"most": 63206}),
            Fault("role_not_yours", "roles", {"role": Role.EDITOR}),
        ]
    )
    said = faults(refusal, "en")
    assert [(fault.field, fault.sentence) for fault in said] == [
        ("name", "This is too long: at most 63,206 characters."),
        ("roles", "You can't give or take this role: Editor."),
    ]
    assert faults(Conflict("no_such_code", when=at), "en")[0].sentence.startswith("That can't be done")
