"""A wish about a post that is out: what was asked, that it is still public, whose turn it is."""

from types import SimpleNamespace

import pytest

from app.domain.publications import Wish
from app.foundation.i18n import LOCALES
from app.words.wishes import wish_standing


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", list(Wish))
@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("reason", ["", "not_offered", "post_gone"])
def test_every_wish_can_be_told(kind: Wish, by_hand: bool, reason: str, locale: str) -> None:
    wish = SimpleNamespace(
        kind=kind, by_hand=by_hand, reason=reason, person="Sara", note="Wrong dog", revision=3
    )
    told = wish_standing(wish, "Facebook", locale)
    assert told.happened
    assert told.turn
    assert told.next
    assert "Wrong dog" in told.happened
    assert "%(" not in f"{told}"
