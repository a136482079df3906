"""The registry of metrics: one name at a time, breaks where names change, nothing compared across."""

from collections import Counter
from datetime import date

import pytest

from app.connectors import registry
from app.domain.metrics import METRICS, About, breaks, comparable, ours_of, today
from app.domain.networks import NetworkKind
from app.foundation.i18n import LOCALES
from app.words import metrics as words

FACEBOOK, INSTAGRAM = NetworkKind.FACEBOOK, NetworkKind.INSTAGRAM


def test_each_number_has_one_name_at_a_time() -> None:
    now = Counter((one.network, one.about, one.ours) for one in METRICS if one.until is None)
    assert set(now.values()) == {1}
    for one in METRICS:
        assert one.ours in words.WORDS
        assert one.since is None or one.until is None or one.since <= one.until
        assert (one.network, one.about, one.ours) in now


def test_the_connectors_ask_by_the_registry() -> None:
    for kind in (FACEBOOK, INSTAGRAM):
        asked = today(kind, About.POST, insight=True) | today(kind, About.POST, insight=False)
        assert set(asked) == set(registry.network(kind).profile.metrics)


def test_a_rename_is_a_break() -> None:
    (found,) = breaks(FACEBOOK, About.POST, "reach", date(2026, 1, 1), date(2026, 12, 31))
    assert (found.day, found.before, found.after) == (
        date(2026, 6, 15), "post_impressions_unique", "post_total_media_view_unique",
    )  # fmt: skip
    assert breaks(FACEBOOK, About.POST, "reach", date(2026, 6, 15), date(2026, 12, 31)) == []
    assert breaks(FACEBOOK, About.POST, "clicks", date(2020, 1, 1), date(2026, 12, 31)) == []
    assert len(breaks(INSTAGRAM, About.DAY, "views", date(2025, 1, 1), date(2026, 1, 1))) == 1


def test_only_the_same_name_is_compared() -> None:
    old, new = {"reach": "post_impressions_unique"}, {"reach": "post_total_media_view_unique"}
    assert comparable("reach", new, dict(new))
    assert not comparable("reach", old, new)
    assert not comparable("views", new, new)  # not told at all
    assert ours_of(FACEBOOK, "post_impressions") == "views"
    assert ours_of(FACEBOOK, "unheard_of") == ""


@pytest.mark.parametrize("locale", LOCALES)
def test_it_can_be_said(locale: str) -> None:
    (found,) = breaks(FACEBOOK, About.DAY, "views", date(2025, 1, 1), date(2026, 1, 1))
    assert "page_media_view" in words.broken(found, locale)
    assert words.name("reach", locale)
    assert words.meaning("reach", locale)
    assert words.name("unheard_of", locale)
    assert words.by_posts(locale)
