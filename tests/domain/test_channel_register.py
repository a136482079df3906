"""What a channel's plan must have, when it is silent, when somebody should look at it again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.channel_register import FIELDS, Lack, Matter, Whole, privacy_matter, silent_since

NOW = datetime(2030, 2, 20, 9, tzinfo=UTC)
TODAY = NOW.date()


def test_every_part_that_is_missing_is_named() -> None:
    assert Whole().lacks() == tuple(Lack)
    whole = dict.fromkeys(("purpose", "audience", "owner", "deputy", "hours", "rhythm", "review"), True)
    assert Whole(**whole).lacks() == ()
    for lack in Lack:
        assert Whole(**{**whole, lack.value: False}).lacks() == (lack,)
    assert FIELDS.keys() == set(Lack)


def test_where_only_one_person_works_nobody_deputises() -> None:
    assert Lack.DEPUTY not in Whole(alone=True).lacks()
    assert Lack.OWNER in Whole(alone=True).lacks()


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (None, Matter.PRIVACY_MISSING),
        (TODAY, None),
        (TODAY - timedelta(days=365), None),
        (date(2029, 2, 19), Matter.PRIVACY_OLD),
    ],
)
def test_privacy_is_assessed_each_year(on: date | None, due: Matter | None) -> None:
    assert privacy_matter(on, TODAY) == due


def test_three_weeks_without_a_post_are_silence() -> None:
    long_ago = NOW - timedelta(days=300)
    last = NOW - timedelta(days=21)
    assert silent_since(last, long_ago, NOW) == last
    assert silent_since(last + timedelta(seconds=1), long_ago, NOW) is None
    assert silent_since(None, long_ago, NOW) == long_ago
    assert silent_since(None, NOW - timedelta(days=20), NOW) is None
