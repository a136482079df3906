"""How a channel and its sign-ins are, in words: what ends soon is not told as what has ended."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.domain.networks import NetworkKind
from app.foundation.i18n import LOCALES
from app.words.channels import health, sign_in

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = "Europe/Helsinki"


@pytest.mark.parametrize("locale", LOCALES)
def test_an_end_behind_us_is_told_as_one(locale: str) -> None:
    told = set()
    for days in (-1, 5, 60):
        until = NOW + timedelta(days=days)
        channel = SimpleNamespace(
            network=NetworkKind.FACEBOOK, token_state="ok", data_access_until=until, reach="", checked_at=NOW,
            health={"scopes": ["read_insights"]},
        )  # fmt: skip
        state, words = health(channel, locale, NOW, ZONE)
        assert state == ("ok" if days == 60 else "look")
        token = SimpleNamespace(state="ok", expires_at=None, data_access_until=until, in_use=True)
        told |= {words, sign_in(token, locale, NOW, ZONE)}
    assert len(told) == 6


def test_what_has_ended_says_what_to_do() -> None:
    until = NOW - timedelta(hours=1)
    channel = SimpleNamespace(
        network=NetworkKind.INSTAGRAM, token_state="ok", data_access_until=until, reach="ok"
    )
    assert "Connect it again" in health(channel, "en", NOW, ZONE)[1]
    assert "until" not in health(channel, "en", NOW, ZONE)[1]


def test_what_stops_it_now_comes_before_what_ends_soon() -> None:
    channel = SimpleNamespace(
        network=NetworkKind.INSTAGRAM, token_state="ok", data_access_until=NOW, reach="failed"
    )
    assert health(channel, "en", NOW, ZONE)[0] == "stop"
