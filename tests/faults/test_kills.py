"""The process dies at every single moment on the way, one after the other; a new run goes on."""

import pytest

from app.domain.publications import Status
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind
from tests.faults.scene import Killed, Scene
from tests.faults.worlds import WORLDS

# From the death to the end of all doubt, in seconds (and as long as a call may take).
PAGE_SETTLED, PROFILE_SETTLED = 30, 120
TOLD_LATE = 60  # where the network tells late what has happened
pytestmark = pytest.mark.catalogue


CASES = [
    pytest.param(kind, moment, world, id=f"{kind}-{moment}-{world}")
    for kind in KINDS
    for moment in range(kind.moments)
    for world in WORLDS
    if world == "harsh" or moment % 4 == 0
]


@pytest.mark.parametrize(("kind", "moment", "world"), CASES)
def test_killed(scene: Scene, kind: Kind, moment: int, world: str) -> None:
    """Also while the call is under way: it is carried out although nobody waits for it any more."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.trouble.dies_in = moment
    try:
        scene.advance(900)
    except Killed:
        scene.passage.wait(2)
        scene.start()
    scene.trouble.dies_in = None
    died_at = scene.passage.passed
    due_in = (scene.read(publication_id).due_at - scene.passage.true_time()).total_seconds()
    scene.run_to(publication_id, Status.PUBLISHED)
    settled = PAGE_SETTLED if kind.sets_a_flag else PROFILE_SETTLED
    settled += TOLD_LATE if world == "harsh" else 0
    assert scene.passage.passed - died_at <= max(due_in, 0) + settled
    scene.advance(900)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_killed_again_and_again(scene: Scene, kind: Kind) -> None:
    """Every process dies at its ninth moment, the next begins a little later."""
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    for lives in range(9, 120):
        scene.trouble.dies_in = 9 + lives // 6
        try:
            scene.advance(1800)
            break
        except Killed:
            scene.passage.wait(1)
            _start_whatever_it_takes(scene)
    scene.trouble.dies_in = None
    scene.advance(900)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


def _start_whatever_it_takes(scene: Scene) -> None:
    while not scene.workers:
        try:
            scene.start()
        except Killed:
            scene.passage.wait(1)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_moment_is_left_out(scene: Scene, kind: Kind, world: str) -> None:
    """An ordinary life has no more moments than its kind says."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    scene.plan(kind)
    judge.beside(scene)
    scene.trouble.moments.clear()
    scene.advance(900)
    assert {"sending", "in flight", "answered", "writing down"} <= set(scene.trouble.moments)
    assert len(scene.trouble.moments) <= kind.moments
