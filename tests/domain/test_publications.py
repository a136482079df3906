"""The table of moves, and the waits between looks and tries."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import publications as rules
from app.domain.errors import Conflict
from app.domain.publications import MOVES, OPEN, OUT, Status


def test_every_status_has_its_row() -> None:
    assert set(MOVES) == set(Status)


def test_nothing_leads_from_the_public_back_to_publishing() -> None:
    seen, next_ones = set(), set(OUT)
    while next_ones:
        status = next_ones.pop()
        seen.add(status)
        next_ones |= MOVES[status] - seen
    assert seen == {*OUT, Status.REMOVED}


def test_only_what_is_over_leads_nowhere() -> None:
    assert {status for status, moves in MOVES.items() if not moves} == {Status.CANCELLED, Status.REMOVED}
    assert not OPEN & (OUT | {Status.CANCELLED, Status.REMOVED})


def test_the_visible_call_is_only_made_of_what_lies_ready() -> None:
    assert [status for status, moves in MOVES.items() if Status.PUBLISHING in moves] == [Status.STAGED]


def test_every_doubt_can_be_settled() -> None:
    assert MOVES[Status.UNSURE] >= {Status.PUBLISHED, Status.STAGED, Status.REJECTED}


@pytest.mark.parametrize("new", [Status.HELD, Status.CANCELLED, Status.PLANNED])
def test_on_its_way_has_words_of_its_own(new: Status) -> None:
    if new in MOVES[Status.PUBLISHING]:
        return
    with pytest.raises(Conflict) as refused:
        rules.check_move(Status.PUBLISHING, new)
    assert refused.value.code == "on_its_way"


def test_illegal_jump() -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_move(Status.PROPOSED, Status.PUBLISHED)
    assert refused.value.code == "publication_move"


def test_lateness() -> None:
    due = datetime(2026, 11, 22, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert not rules.is_too_late(due, hour, due + hour)
    assert rules.is_too_late(due, hour, due + hour + timedelta(seconds=1))


def test_looks_grow_rarer_and_never_stop() -> None:
    waits = [rules.next_look_after(looks) for looks in range(15)]
    assert waits[0] == timedelta(0)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    assert rules.retry_after(0) < rules.retry_after(3) <= rules.retry_after(50) == timedelta(minutes=2)
