"""A wish about a post that is out: what was asked, that it is still public, whose turn it is."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.domain.publications import Wish
from app.foundation.i18n import LOCALES
from app.words.wishes import wish_standing


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", list(Wish))
@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("reason", ["", "not_offered", "post_gone"])
@pytest.mark.parametrize("tried_at", [None, datetime(2030, 1, 7, tzinfo=UTC)])
def test_every_wish_can_be_told(
    kind: Wish, by_hand: bool, reason: str, tried_at: datetime | None, locale: str
) -> None:
    wish = SimpleNamespace(
        kind=kind,
        by_hand=by_hand,
        reason=reason,
        person="Sara",
        note="Wrong dog",
        revision=3,
        tried_at=tried_at,
    )  # fmt: skip
    told = wish_standing(wish, "Facebook", locale)
    assert told.happened
    assert told.turn
    assert told.next
    assert kind is Wish.COMMENT or "Wrong dog" in told.happened
    assert "%(" not in f"{told}"
