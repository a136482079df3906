"""Turns and pools: who waits for whom, and for how long."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.errands.ground import Ground, Line
from app.worker import lanes as lanes_module
from app.worker.lanes import Job, Lane, Lanes
from app.worker.turns import Turns
from tests.support.waiting import comes


def test_units_take_turns_and_in_each_its_channels() -> None:
    turns: Turns[str] = Turns()
    for number in range(4):
        turns.add(1, 10, f"big {number}")
    turns.add(1, 11, "big, other channel")
    turns.add(2, 20, "small")
    order = [turns.next(()) for _ in range(6)]
    assert order == ["big 0", "small", "big, other channel", "big 1", "big 2", "big 3"]
    assert not turns


def test_a_shut_channel_is_passed_over_and_keeps_its_order() -> None:
    turns: Turns[str] = Turns()
    for name in ("first", "second"):
        turns.add(1, 10, name)
    turns.add(2, 20, "other")
    assert turns.next({10}) == "other"
    assert turns.next({10}) is None
    assert [turns.next(()), turns.next(())] == ["first", "second"]
    turns.add(1, 10, "left")
    assert turns.empty() == ["left"]
    assert turns.channels() == set()


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lanes]:
    """Lanes with two quiet threads and one for long files, where every channel has its line."""
    monkeypatch.setattr(lanes_module, "QUIET_THREADS", 2)
    monkeypatch.setattr(lanes_module, "LONG_THREADS", 1)
    monkeypatch.setattr(lanes_module, "SLOW", 0.25)
    monkeypatch.setattr(lanes_module, "LONG_TURN", 0.05)
    made = Lanes(_no_ground(), 2, lambda: None)
    monkeypatch.setattr(made, "_line", lambda _job: _no_line())
    yield made
    made.close()


def _no_ground() -> Ground:
    return object()  # type: ignore[return-value]


def _no_line() -> Line:
    return object()  # type: ignore[return-value]


def _job(name: str, channel_id: int, lane: Lane, work: Callable[[], Any], unit_id: int = 1) -> Job:
    return Job(name, channel_id, lane, lambda _line: work(), lambda: None, unit_id)


def test_hanging_pages_make_room_for_the_others(lanes: Lanes) -> None:
    """Ten pages hang on two threads; a page that is well waits hardly longer than a call may be slow."""
    let_go, done = threading.Event(), threading.Event()
    for number in range(10):
        lanes.take(_job(f"hangs {number}", number, Lane.QUIET, let_go.wait))
    lanes.take(_job("well", 99, Lane.QUIET, done.set, unit_id=2))

    def over() -> bool:
        lanes.look_after()
        return done.is_set()

    assert comes(over)
    let_go.set()


def test_a_channel_that_hung_takes_nobodys_place_until_it_is_quick_again(lanes: Lanes) -> None:
    let_go = threading.Event()
    for number in range(2):
        lanes.take(_job(f"hangs {number}", number, Lane.QUIET, let_go.wait))

    def both_hang() -> bool:
        lanes.look_after()
        return len(lanes._pools[Lane.QUIET]._slow) == 2

    assert comes(both_hang)
    let_go.set()
    assert comes(lambda: not lanes.busy_channels())

    def quick_again() -> bool:
        lanes.take(_job("quick again", 0, Lane.QUIET, lambda: None))
        return lanes._pools[Lane.QUIET]._slow == {1}

    assert comes(quick_again)  # on a busy machine not at once


def test_a_long_file_holds_up_neither_its_own_channel_nor_others(lanes: Lanes) -> None:
    let_go, shown, laid = threading.Event(), threading.Event(), threading.Event()
    lanes.take(_job("video", 1, Lane.LONG, let_go.wait))
    lanes.take(_job("show", 1, Lane.SHOW, shown.set))
    lanes.take(_job("lay ready", 1, Lane.QUIET, laid.set))
    assert comes(lambda: shown.is_set() and laid.is_set())
    let_go.set()


def test_a_look_at_what_may_be_public_waits_for_no_staging_that_hangs(lanes: Lanes) -> None:
    let_go, looked = threading.Event(), threading.Event()
    lanes.take(_job("lay ready", 1, Lane.QUIET, let_go.wait))
    lanes.take(_job("look", 1, Lane.DOUBT, looked.set))
    assert comes(looked.is_set)
    let_go.set()


def test_long_files_of_others_have_their_turn_too(lanes: Lanes) -> None:
    """One thread for two files: the first is broken off between two pieces when it has had its time."""
    order: list[str] = []

    def send() -> None:
        assert comes(lambda: not lanes.going())
        order.append("broken off")

    began = threading.Event()

    def big() -> None:
        began.set()
        send()

    lanes.take(_job("big", 1, Lane.LONG, big))
    assert comes(began.is_set)
    lanes.take(_job("other", 2, Lane.LONG, lambda: order.append("other")))
    assert comes(lambda: order == ["broken off", "other"])


def test_at_the_end_long_files_stop_at_a_piece_and_other_calls_are_waited_for(lanes: Lanes) -> None:
    ended: list[str] = []
    began = threading.Barrier(3)

    def upload() -> None:
        began.wait(30)
        assert comes(lambda: not lanes.going())
        ended.append("upload")

    def call() -> None:
        began.wait(30)
        assert comes(lambda: ended == ["upload"])  # so that it is under way when the end is asked for
        ended.append("call")

    lanes.take(_job("video", 1, Lane.LONG, upload))
    lanes.take(_job("show", 2, Lane.SHOW, call))
    lanes.take(_job("waits", 2, Lane.SHOW, lambda: ended.append("never")))
    began.wait(30)
    lanes.close()
    assert ended == ["upload", "call"]
    lanes.take(_job("too late", 3, Lane.SHOW, lambda: ended.append("never")))
    assert len(ended) == 2
