"""Who takes part, in numbers as the reader's language writes them."""

import pytest

from app.domain.idea_numbers import Counted
from app.web.idea_numbers import _share


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en", "25 % (3,100 / 12,400)"),
        ("sv", "25 % (3 100 / 12 400)"),
        ("fi", "25 % (3 100 / 12 400)"),
        ("nb", "25 % (3 100 / 12 400)"),
    ],
)
def test_a_share_is_told_with_what_it_is_of(locale: str, told: str) -> None:
    assert _share(Counted(0, 0, 0, posts=12_400, outside=3_100), locale).replace("\u00a0", " ") == told
    assert _share(Counted(0, 0, 0, posts=0, outside=0), locale) == "–"
