"""Minutes: what a week of them may say, and to whom."""

from datetime import date

import pytest

from app.domain.ledger import Eyes, LedgerKind, Line, Verdict, Week, may_undo, shown, summed, week_of, weeks

MONDAY = date(2030, 2, 18)
ME = Eyes(1)


def line(person: int, minutes: int = 30, kind: LedgerKind = LedgerKind.POST, unit: int = 1) -> Line:
    return Line(MONDAY, person, unit, kind, minutes, 1)


@pytest.mark.parametrize(
    ("week", "verdict", "ratio"),
    [
        (Week(MONDAY, 60, 30, 2), Verdict.TOO_LITTLE, None),
        (Week(MONDAY, 30, 60, 3), Verdict.BELOW, 0.5),
        (Week(MONDAY, 96, 100, 3), Verdict.REACHED, 0.96),  # shown as 1.0
        (Week(MONDAY, 94, 100, 3), Verdict.BELOW, 0.94),
        (Week(MONDAY, 60, 0, 3), Verdict.ALONE, None),
        (Week(MONDAY), Verdict.TOO_LITTLE, None),
    ],
)
def test_a_ratio_needs_three_entries_and_minutes_on_posts(
    week: Week, verdict: Verdict, ratio: float | None
) -> None:
    assert (week.judged(1.0), week.ratio) == (verdict, ratio)


def test_sides_are_summed_apart() -> None:
    lines = [line(1), line(2, 10, LedgerKind.REPLY), line(2, 5, LedgerKind.RESIDENTS)]
    assert summed(MONDAY, lines) == Week(MONDAY, 15, 30, 3, 2)


@pytest.mark.parametrize(
    ("eyes", "lines", "seen"),
    [
        (ME, [], True),
        (ME, [line(1), line(1)], True),
        (ME, [line(1), line(2)], False),  # what is not mine is theirs
        (ME, [line(2), line(3)], False),
        (ME, [line(1), line(2), line(3)], True),
        (Eyes(9, {1}), [line(2)], True),
        (Eyes(9, {1}), [line(2), line(3), line(4, unit=2)], False),  # all but one in sight
        (Eyes(9, {1}), [line(2), line(3, unit=2), line(4, unit=2)], True),
    ],
)
def test_no_sum_tells_what_one_person_did(eyes: Eyes, lines: list[Line], seen: bool) -> None:
    assert (shown(summed(MONDAY, lines), lines, eyes) is not None) is seen


def test_weeks_stand_in_order_with_empty_ones() -> None:
    old = Line(date(2030, 2, 3), 1, 1, LedgerKind.REPLY, 20, 1)
    found = weeks([line(1), old], ME, date(2030, 2, 20), 4)
    assert [(week.begins_on.day, week.minutes) for week in found if week] == [
        (28, 20),
        (4, 0),
        (11, 0),
        (18, 30),
    ]


def test_taken_back_until_sunday() -> None:
    assert week_of(date(2030, 2, 24)) == MONDAY
    assert may_undo(MONDAY, date(2030, 2, 24))
    assert not may_undo(MONDAY, date(2030, 2, 25))
