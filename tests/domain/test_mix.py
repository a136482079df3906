"""The mix warns of the whole, never of one post."""

import pytest

from app.domain.mix import USUAL, Target, mix, wilson
from app.domain.results import ToneCount


def test_wilsons_interval_is_all_shares_that_the_count_does_not_speak_against() -> None:
    """By its definition: at each end the observed share lies as many deviations away as 80 % leaves."""
    for share, n in ((0.1, 10), (0.5, 12), (0.9, 200)):
        for end in wilson(share, n):
            assert abs(share - end) / (end * (1 - end) / n) ** 0.5 == pytest.approx(1.2816, abs=1e-3)
    assert wilson(0.0, 5)[0] == 0
    assert wilson(1.0, 5)[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("human", "informative", "little", "much"),
    [
        (0, 1, False, False),  # one post, however neutral
        (0, 9, False, False),
        (0, 10, True, False),
        (2, 8, False, False),  # 20 %, and may well be 38 %
        (10, 90, True, False),
        (10, 0, False, True),
        (5, 5, False, False),
        (80, 20, False, True),
    ],
)
def test_it_warns_only_when_the_target_lies_outside(
    human: int, informative: int, little: bool, much: bool
) -> None:
    found = mix(ToneCount(informative, human, unknown=40))
    assert (found.too_little_human, found.too_much_human) == (little, much)
    assert found.share == human / (human + informative)
    assert found.target is USUAL


def test_without_posts_there_is_no_share() -> None:
    found = mix(ToneCount(unknown=12), Target(0.4, 0.6))
    assert (found.share, found.low, found.high) == (None, None, None)
    assert not found.too_little_human
