"""Every sort of lost answer at every call on the way: public once, in time, and nobody is asked."""

from itertools import product

import pytest

from app.domain.publications import Status
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind
from tests.faults.scene import Scene
from tests.faults.worlds import AGAIN, WORLDS

LOST = ("code_2", "code_1_99", "http_502", "closed", "timeout")
MOMENTS = ("before", "after", "late")
LATE = 20  # seconds after which a call is carried out all the same
pytestmark = pytest.mark.catalogue

CASES = [
    pytest.param(kind, call, fault, moment, world, id=f"{kind}-{call}-{fault}-{moment}-{world}")
    for kind, moment, world in product(KINDS, MOMENTS, WORLDS)
    for call in dict.fromkeys(kind.calls)
    for fault in (*LOST, *(("fatal",) if call == "media_publish" else ()))
]


@pytest.mark.parametrize(("kind", "call", "fault", "moment", "world"), CASES)
def test_a_lost_answer(scene: Scene, kind: Kind, call: str, fault: str, moment: str, world: str) -> None:
    scene.practice.switches(**WORLDS[world])
    scene.practice.script(fault, calls=call, moment=moment, seconds=LATE, page=scene.places[kind.network])
    assert _out_once(scene, kind)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if len(kind.shots) > 1], ids=str)
def test_the_answer_to_a_later_part_is_lost(scene: Scene, kind: Kind, moment: str, nth: int) -> None:
    scene.practice.script("closed", calls=kind.staging[0], moment=moment, skip=nth)
    assert _out_once(scene, kind)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_looks_are_lost_too(scene: Scene, kind: Kind, moment: str, world: str) -> None:
    """Whether it is public nobody tells for a while."""
    place = scene.places[kind.network]
    scene.practice.switches(**WORLDS[world])
    scene.practice.script("closed", calls=kind.shows, moment=moment, seconds=LATE, page=place)
    for call in dict.fromkeys(kind.looks):
        scene.practice.script("http_502", calls=call, page=place, skip=1, times=6)
    assert _out_once(scene, kind)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_lost_three_times_in_a_row(scene: Scene, kind: Kind, moment: str) -> None:
    scene.practice.switches(**WORLDS["harsh"])
    page = scene.places[kind.network]
    scene.practice.script("closed", calls=kind.shows, moment=moment, seconds=LATE, page=page, times=3)
    assert _out_once(scene, kind)


REPEATS = [
    pytest.param(kind, moment, again, id=f"{kind}-{moment}-{'-'.join(again.values())}")
    for kind, moment in product(KINDS, MOMENTS)
    for again in AGAIN[kind.shows]
]


@pytest.mark.parametrize(("kind", "moment", "again"), REPEATS)
def test_whatever_a_repeat_would_answer(scene: Scene, kind: Kind, moment: str, again: dict[str, str]) -> None:
    scene.practice.switches(**again)
    scene.practice.script("timeout", calls=kind.shows, moment=moment, seconds=LATE)
    assert _out_once(scene, kind)


def _out_once(scene: Scene, kind: Kind) -> Status:
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.run_to(publication_id, Status.PUBLISHED, Status.REJECTED, Status.MISSED)
    scene.advance(1200)
    judge.untouched(scene, other)
    return judge.once(scene, publication_id)
