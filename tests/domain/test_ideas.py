"""What may become of an idea, and when it has waited too long."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from app.domain.errors import Conflict
from app.domain.ideas import ANSWER_WITHIN, MOVES, IdeaState, check_move, is_late, waits, wakes_at

TODAY = date(2030, 2, 20)
NOW = datetime(2030, 2, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(("old", "new"), list(product(IdeaState, IdeaState)))
def test_only_legal_steps_are_taken(old: IdeaState, new: IdeaState) -> None:
    if new in MOVES[old]:
        check_move(old, new)
        return
    with pytest.raises(Conflict, match="idea_move"):
        check_move(old, new)


def test_every_answer_can_be_taken_back() -> None:
    assert all(IdeaState.NEW in MOVES[state] for state in IdeaState if state is not IdeaState.NEW)


@pytest.mark.parametrize(
    ("state", "wakes", "waiting"),
    [
        (IdeaState.NEW, None, True),
        (IdeaState.PARKED, NOW, True),
        (IdeaState.PARKED, NOW - timedelta(days=3), True),
        (IdeaState.PARKED, NOW + timedelta(minutes=1), False),
        (IdeaState.ACCEPTED, None, False),
        (IdeaState.DECLINED, None, False),
        (IdeaState.MERGED, None, False),
    ],
)
def test_what_waits(state: IdeaState, wakes: datetime | None, waiting: bool) -> None:
    assert waits(state, wakes, NOW) is waiting


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Europe/Helsinki", 22), ("Europe/Stockholm", 23), ("Atlantic/Reykjavik", 0), ("America/Nuuk", 2)],
)
def test_a_day_begins_at_its_units_midnight(zone: str, hour: int) -> None:
    before = timedelta(days=1 if hour > 12 else 0)
    assert wakes_at(TODAY, zone) == datetime(2030, 2, 20, hour, tzinfo=UTC) - before


def test_fourteen_days_are_not_too_long() -> None:
    assert not is_late(NOW - ANSWER_WITHIN, None, NOW)
    assert is_late(NOW - ANSWER_WITHIN - timedelta(seconds=1), None, NOW)


def test_what_was_kept_waits_from_its_day() -> None:
    long_ago = NOW - timedelta(days=100)
    assert not is_late(long_ago, NOW - ANSWER_WITHIN, NOW)
    assert is_late(long_ago, NOW - ANSWER_WITHIN - timedelta(seconds=1), NOW)
