"""Trouble around us: the database, the disk, the clock, the network; and a process that sleeps too long."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from app.domain.publications import Status
from app.errands.ground import line_to
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind
from tests.faults.scene import Killed, Scene
from tests.faults.worlds import WORLDS

# When it begins, in seconds after planning; the time is at 600.
STEPS = (0, 299, 479, 560, 570, 598, 599.9)
pytestmark = pytest.mark.catalogue

# SQLite has one process at a time.
several_processes = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_database_is_away_for_a_minute(scene: Scene, kind: Kind, step: float, lost: bool) -> None:
    """With `lost` it goes in the middle of a call, whose answer can't be written down."""
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.advance(step)
    with _away(scene, in_a_call=lost):
        scene.advance(60)
    scene.advance(1800)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


@contextmanager
def _away(scene: Scene, in_a_call: bool) -> Iterator[None]:
    def go() -> None:
        scene.trouble.away = True
        scene.trouble.lose_connections()

    scene.practice.line.afterwards = go if in_a_call else lambda: None
    if not in_a_call:
        go()
    yield
    scene.practice.line.afterwards = lambda: None
    scene.trouble.away = False


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_disk_is_full(scene: Scene, kind: Kind, step: float, lost: bool) -> None:
    """Nothing can be written for five minutes; with `lost` from the middle of a call on."""
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.advance(step)

    def fill() -> None:
        scene.trouble.full = True

    if lost:
        scene.practice.line.afterwards = fill
    else:
        fill()
    scene.advance(300)
    scene.practice.line.afterwards = lambda: None
    scene.trouble.full = False
    scene.advance(1800)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_clock_jumps(scene: Scene, kind: Kind, hours: int, step: float, back: bool) -> None:
    """Nothing goes out early by more than a minute, nor later than the clock is wrong."""
    scene.start()
    publication_id, other = scene.plan(kind, lateness=180), judge.beside(scene, lateness=180)
    scene.advance(step)
    scene.practice.jump(hours * 3600)
    if back:
        scene.advance(45)
        scene.practice.jump(-hours * 3600)
    scene.advance(7200)
    for one in (publication_id, other):
        rows, found = scene.seen(one), scene.read(one)
        assert (len(rows), found.status) == (1, Status.PUBLISHED)
        assert -60 <= (scene.shown_at(rows[0]) - found.due_at).total_seconds() <= 3600 + 300


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_clock_jumps_while_nobody_knows(scene: Scene, kind: Kind, hours: int) -> None:
    scene.start()
    publication_id = scene.plan(kind)
    scene.practice.script("closed", calls=kind.shows, moment="after")
    jumps = [hours * 3600.0]

    def jump() -> None:
        if scene.seen(publication_id) and jumps:
            scene.practice.jump(jumps.pop())

    scene.practice.line.afterwards = jump
    scene.advance(7200)
    assert len(scene.seen(publication_id)) == 1
    assert scene.read(publication_id).status is Status.PUBLISHED


@pytest.mark.parametrize("lateness", [30, 120])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_network_is_away_for_an_hour(scene: Scene, kind: Kind, step: float, lateness: int) -> None:
    """What is still in its limit goes out when the network is back; the rest is asked about."""
    scene.start()
    publication_id = scene.plan(kind, lateness=lateness)
    scene.advance(step)
    scene.practice.line.away = True
    scene.advance(3600)
    scene.practice.line.away = False
    scene.advance(1800)
    if lateness > 60:
        assert judge.once(scene, publication_id)
    else:
        assert judge.told(scene, publication_id, Status.MISSED, reason="network_down")


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_call_hangs_for_an_hour(scene: Scene, kind: Kind, answers: bool, world: str) -> None:
    """`answers`: each call is carried out in the end, long after we gave up."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id, other = scene.plan(kind, lateness=120), judge.beside(scene)
    scene.advance(590)
    scene.practice.script(
        "timeout", seconds=45, moment="late" if answers else "before", times=None,
        page=scene.places[kind.network],
    )  # fmt: skip
    scene.advance(3600)
    scene.practice.ask("script", method="DELETE")
    scene.advance(5000)
    assert judge.once(scene, publication_id, timedelta(hours=2))
    assert judge.untouched(scene, other)


@several_processes
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("part", ["stage", "show", "look"])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_process_sleeps_for_five_minutes(
    scene: Scene, kind: Kind, part: str, moment: str, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease runs out, another takes over, and then it wakes in the middle of what it was doing."""
    scene.practice.switches(**WORLDS[world])
    asleep = scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    with scene.database.reads() as session:
        network = line_to(session, scene.ground, scene.channels[kind.network]).network
    do = getattr(network, part)
    sleeps = [300.0]

    def sleep() -> None:
        if sleeps and scene.read(publication_id).channel_id in asleep.life.leases:
            _another_works(scene, asleep, sleeps.pop())

    def slowly(*given: Any) -> Any:
        if moment == "before":
            sleep()
        try:
            return do(*given)
        finally:
            if moment == "after":
                sleep()

    monkeypatch.setattr(network, part, slowly)
    scene.advance(3600)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


def _another_works(scene: Scene, asleep: Any, seconds: float) -> None:
    mark, scene.practice.mark = scene.practice.mark, None
    scene.workers.remove(asleep)
    scene.start()
    scene.advance(seconds)
    scene.workers.append(asleep)
    scene.practice.mark = mark


@several_processes
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("moment", range(0, 70, 5))
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_two_workers_of_which_one_dies(scene: Scene, kind: Kind, moment: int, world: str) -> None:
    scene.practice.switches(**WORLDS[world])
    scene.start()
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.trouble.dies_in = moment
    with suppress(Killed):
        scene.advance(3600)
    scene.trouble.dies_in = None
    scene.advance(3600)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)
