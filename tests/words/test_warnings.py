"""Every warning can be said in every language, with all that it knows, and says what to do."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.warnings import Code, Severity
from app.foundation.i18n import LOCALES
from app.queries.warnings import Lit
from app.words import mails
from app.words.mails import Point
from app.words.warnings import WORDS, left_words, said

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FACTS = {
    "reason": "token_expired", "missing": [], "waiting": 3, "at": None, "used": 48, "of": 50, "percent": 81,
    "version": "v21.0", "served": "v22.0", "ahead": -75, "name": "store", "megabytes": 812, "given_up": 2,
    "count": 5, "zone": "Europe/Helsinki", "network": "facebook", "ours": "reach",
    "on": "2026-11-20", "by": "Aino", "was": "Olli", "kind": "changed", "entry": 5, "place": 7,
}  # fmt: skip


def test_each_code_has_its_words() -> None:
    assert set(WORDS) == set(Code)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", list(Code))
def test_every_warning_can_be_said(code: Code, locale: str) -> None:
    light = Lit(
        code, Severity.NOW, unit_id=3, unit="Koivuranta", channel_id=7, channel="Koivuranta page",
        publication_id=5, title="Reading dogs", facts=FACTS, until_at=NOW + timedelta(days=3),
    )  # fmt: skip
    told = said(light, locale, "Europe/Helsinki", NOW)
    assert told.what
    assert told.to_do
    assert told.path in ("/channels/7", "/publications/5", "/mails", "/strategy?unit=3")
    assert "%(" not in f"{told}"
    assert "…" not in told.what


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(0), "No time left"), (timedelta(minutes=30), "0 hours left"),
        (timedelta(hours=1, minutes=59), "1 hour left"), (timedelta(hours=23, minutes=59), "23 hours left"),
        (timedelta(days=1), "1 day left"), (timedelta(days=14, seconds=1), "15 days left"),
    ],
)  # fmt: skip
def test_time_left(left: timedelta, words: str) -> None:
    assert left_words(NOW + left, NOW, "en") == words


def test_a_mail_is_the_same_in_both_forms_and_safe() -> None:
    points = [
        Point(f"<b>{number}</b>", "Do it", f"/channels/{number}", "3 days left") for number in range(22)
    ]
    told = mails.warnings("Aino <x>", points, "en", "https://kuliss.example")
    assert told.subject == "22 things need you"
    for number in range(20):
        assert f"https://kuliss.example/channels/{number}\n" in told.text
        assert f'href="https://kuliss.example/channels/{number}"' in told.html
    assert "<b>" not in told.html
    assert "Aino &lt;x&gt;" in told.html
    for form in (told.text, told.html):
        assert "And 2 things more, on the first page of Kuliss." in form
        assert "/channels/20" not in form
    one = mails.warnings("Aino", [Point("x" * 400, "")], "fi", "https://kuliss.example")
    assert len(one.subject) == 150
    assert '<html lang="fi">' in one.html
