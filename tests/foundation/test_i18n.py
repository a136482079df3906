"""Which language a reader gets, and how times look in it."""

import io
import sys
from datetime import UTC, datetime
from decimal import Decimal
from gettext import GNUTranslations
from pathlib import Path

import pytest

from app.foundation import i18n

MOMENT = datetime(2026, 11, 25, 10, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("accept", "wanted", "locale"),
    [
        ("sv-FI,sv;q=0.9,en;q=0.8", None, "sv"),
        ("en;q=0.5,fi", None, "fi"),
        ("no", None, "nb"),
        ("nn-NO", None, "nb"),
        ("de,fr", None, "en"),
        ("", None, "en"),
        (None, None, "en"),
        ("fi;q=x,sv;q=0.1", None, "sv"),
        ("fi", "sv", "sv"),
        ("fi", "xx", "fi"),
    ],
)
def test_pick(accept: str | None, wanted: str | None, locale: str) -> None:
    assert i18n.pick(accept, wanted) == locale


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_times_in_every_language(locale: str) -> None:
    assert i18n.format_instant(MOMENT, "Europe/Helsinki", locale, "time") == "12.05"
    assert i18n.format_instant(MOMENT, "Europe/Helsinki", locale, "seconds") == "12.05.07"
    assert "2026" in i18n.format_instant(MOMENT, "Europe/Oslo", locale, "long")


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_catalogue_speaks(locale: str) -> None:
    assert i18n.translations(locale).gettext("Published") != ""
    assert i18n.format_number(12345.6, locale).replace("\xa0", " ").replace(",", ".").endswith("345.6")


def test_a_catalogue_is_compiled_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    source = tmp_path / "kuliss.po"
    for words in ("Ute", "Publicerat"):
        source.write_text(f'msgid "Out"\nmsgstr "{words}"\n')
        made = i18n.compiled(source)
        assert GNUTranslations(io.BytesIO(made)).gettext("Out") == words
        kept = tmp_path / "__pycache__" / "kuliss.mo"
        written = kept.stat().st_mtime_ns
        assert i18n.compiled(source) == made
        assert kept.stat().st_mtime_ns == written
    assert [path.name for path in kept.parent.iterdir()] == ["kuliss.mo"]


def test_a_catalogue_speaks_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    source = tmp_path / "kuliss.po"
    source.write_text('msgid "Out"\nmsgstr "Ute"\n')
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    assert GNUTranslations(io.BytesIO(i18n.compiled(source))).gettext("Out") == "Ute"


def test_a_number_in_a_field_has_the_readers_decimal_sign_and_no_gaps() -> None:
    typed = {locale: i18n.typed_number(Decimal("1234.50"), locale) for locale in i18n.LOCALES}
    assert typed == {"en": "1234.5", "sv": "1234,5", "fi": "1234,5", "nb": "1234,5"}
    assert i18n.typed_number(3.0, "fi") == "3"
