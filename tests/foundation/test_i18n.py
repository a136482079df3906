"""Which language a reader gets, and how times look in it."""

from datetime import UTC, datetime

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
