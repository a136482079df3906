"""How late posts are on a machine that is not busy: time is moved by hand, only our waiting counts."""

from datetime import timedelta

import pytest

from app.domain.publications import Status
from tests.faults.kinds import BY_NAME
from tests.faults.scene import Scene

AT_MOST = timedelta(seconds=0.1)


@pytest.mark.parametrize("due_in", [5.0, 12.4])
def test_at_their_second_and_together(scene: Scene, due_in: float) -> None:
    """The clock waits as long as it says itself, as its thread would."""
    scene.practice.switches(latency_ms=5)
    worker, text = scene.start(), BY_NAME["text"]
    planned = [scene.plan(text, due_in=due_in), scene.plan_on(scene.beside, text, due_in=due_in)]
    for _ in range(60):
        scene.passage.wait(worker.clock.turn())
    for one in planned:
        [row], found = scene.seen(one), scene.read(one)
        assert found.status is Status.PUBLISHED
        assert timedelta(0) <= scene.shown_at(row) - found.due_at <= AT_MOST
