"""The three circles: which is missing, and what is honestly not known."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.health_check import Circle, Facts, Sign, check

WELL = Facts(
    staff=10, contributors=4, ideas=6, hours_promised=10, hours_written=8, channels=3, kept=3, planned=2,
    promising=3, in_rhythm=2, in_force=True, reviewed=True, posts=20, with_goal=12,
)  # fmt: skip


def test_all_three_are_there() -> None:
    found = check(WELL)
    assert (found.missing, found.unknown) == (None, False)
    assert [one.there for one in found.circles] == [True, True, True]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"contributors": 1, "ideas": 2}, Circle.ENTHUSIASM),
        ({"hours_written": 6.9, "in_rhythm": 1}, Circle.RESOURCES),
        ({"kept": 1, "in_rhythm": 1}, Circle.RESOURCES),
        ({"in_force": False, "reviewed": None}, Circle.STRATEGY),  # whatever the plans of channels say
        ({"reviewed": False, "with_goal": 9, "planned": 1}, Circle.STRATEGY),
        ({"contributors": 1, "ideas": 0, "in_rhythm": 0, "kept": 0}, Circle.ENTHUSIASM),  # the weakest
        (
            {
                "contributors": 1,
                "ideas": 0,
                "in_force": False,
                "with_goal": 0,
                "planned": 0,
                "reviewed": None,
            },
            Circle.STRATEGY,
        ),  # both are at nothing
    ],
)
def test_the_missing_one_is_named(changes: dict[str, Any], missing: Circle) -> None:
    found = check(replace(WELL, **changes)).missing
    assert found is not None
    assert found.circle is missing


def test_nothing_known_is_not_called_missing() -> None:
    found = check(Facts(in_force=True))
    assert [one.there for one in found.circles] == [None, None, True]
    assert (found.missing, found.unknown) == (None, True)


def test_who_has_not_begun_misses_no_enthusiasm() -> None:
    for staff in (1, 5):
        (enthusiasm, *_) = check(Facts(staff=staff)).circles
        assert enthusiasm.there is None
    (silent, *_) = check(Facts(staff=5, channels=1)).circles
    assert silent.there is False


def test_a_channel_younger_than_four_weeks_broke_no_promise() -> None:
    for kept, young, good in ((0, 3, None), (1, 2, True), (0, 2, False)):
        (_, resources, _) = check(replace(WELL, in_rhythm=kept, young=young)).circles
        (rhythm,) = (measure for measure in resources.measures if measure.sign is Sign.RHYTHM)
        assert (rhythm.good, rhythm.value, rhythm.of) == (good, kept, 3)


def test_who_works_alone_needs_no_ideas_from_others() -> None:
    (enthusiasm, *_) = check(Facts(staff=1, contributors=1, ideas=0)).circles
    assert enthusiasm.there
    assert [measure.good for measure in enthusiasm.measures] == [True, None]


def test_hours_that_must_not_be_told_are_not_judged() -> None:
    resources = check(replace(WELL, hours_written=None)).circles[1]
    hours = next(one for one in resources.measures if one.sign is Sign.HOURS)
    assert (hours.good, hours.of, resources.there) == (None, 10, True)
