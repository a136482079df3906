"""What colleagues do in Meta's own tools, and what people press twice, while a post is on its way."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from app.actions import publications
from app.domain.errors import Refusal
from app.domain.networks import Format, NetworkKind
from app.domain.publications import Status
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind, of
from tests.faults.scene import Scene
from tests.faults.worlds import WORLDS

ON_PAGES = of(lambda kind: kind.network is NetworkKind.FACEBOOK)
# Other words for what was a reel or a story make a post of it.
IN_FEEDS = [kind for kind in ON_PAGES if kind.format is Format.POST]
# A colleague's hand: before our look, between it and the time, and while our call is on its way.
STEPS = (540, 580, 599.9)
pytestmark = pytest.mark.catalogue


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("kind", ON_PAGES, ids=str)
def test_shown_by_somebody_else(scene: Scene, kind: Kind, at: float, world: str) -> None:
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id = scene.plan(kind)
    scene.advance(at)
    scene.show_by_hand(publication_id)
    scene.advance(1800)
    assert len(scene.seen(publication_id)) == 1
    assert scene.read(publication_id).status is Status.PUBLISHED


@pytest.mark.parametrize("away", [5, 400])
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("kind", IN_FEEDS, ids=str)
def test_shown_by_somebody_else_and_written_anew(scene: Scene, kind: Kind, world: str, away: float) -> None:
    """While no network answers nobody knows that the old words are public; the new ones wait for it."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id = scene.plan(kind)
    scene.advance(540)
    scene.show_by_hand(publication_id)
    scene.edit(publication_id, "Other words")
    scene.practice.line.away = True
    scene.advance(away)
    scene.practice.line.away = False
    scene.advance(1800)
    assert len(scene.seen(publication_id)) == 1
    assert scene.read(publication_id).status in (Status.HELD, Status.PUBLISHED)
    assert scene.read(publication_id).reason == "shown_elsewhere"


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("kind", ON_PAGES, ids=str)
def test_deleted_while_hidden(scene: Scene, kind: Kind, at: float) -> None:
    """Before its time it is laid ready anew; on its way to the public a person is asked."""
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    scene.advance(at)
    scene.delete_by_hand(scene.read(publication_id).remote_id)
    scene.advance(1800)
    if scene.seen(publication_id):
        assert judge.once(scene, publication_id)
    else:
        assert judge.told(scene, publication_id, Status.UNSURE, reason="post_gone")
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_deleted_right_after_it_was_shown(scene: Scene, kind: Kind, public: bool) -> None:
    """The answer was lost, and when we look it is gone: a person is asked, and it is never made anew."""
    scene.start()
    publication_id = scene.plan(kind)
    scene.practice.script("closed", calls=kind.shows, moment="after")

    def delete() -> None:
        rows = scene.seen(publication_id)
        if rows and rows[0]["object"] not in scene.practice.disappeared():
            scene.delete_by_hand(rows[0]["object"])

    scene.practice.line.afterwards = delete
    scene.advance(3600)
    if scene.read(publication_id).status is Status.UNSURE:
        scene.act(publications.settle, publication_id, publications.SettleInput(public=public))
    scene.advance(7200)
    assert len(scene.seen(publication_id)) == 1
    assert scene.read(publication_id).status in (Status.PUBLISHED, Status.REJECTED, Status.UNSURE)


Deed = Callable[[Scene, int], None]


def _now(scene: Scene, publication_id: int) -> None:
    scene.act(publications.publish_now, publication_id)


def _hold_and_release(scene: Scene, publication_id: int) -> None:
    scene.act(publications.hold, publication_id)
    scene.act(publications.release, publication_id)


def _answer(scene: Scene, publication_id: int) -> None:
    scene.act(publications.settle, publication_id, publications.SettleInput(public=False))


def _plan_again(scene: Scene, publication_id: int) -> None:
    found = scene.read(publication_id)
    given = publications.PlanInput(channel_id=found.channel_id, due_at=found.due_at)
    with scene.database.writes() as session:
        publications.plan(session, scene.stand.writer, found.post_id, given)


DEEDS = (_now, _hold_and_release, _answer, _plan_again)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("moment", range(0, 40, 3))
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_form_is_sent_again_and_again(
    scene: Scene, kind: Kind, deed: Deed, moment: int, world: str
) -> None:
    """The same button, three times over, at some moment on the way: also in the middle of a call."""
    scene.practice.switches(**WORLDS[world])
    scene.start()
    publication_id, other = scene.plan(kind), judge.beside(scene)
    again = _Again(scene, lambda: deed(scene, publication_id), moment)
    scene.practice.line.moment = again.moment
    scene.advance(1800)
    _again_and_again(lambda: deed(scene, publication_id))
    scene.advance(600)
    found = scene.read(publication_id)
    rows = scene.seen(publication_id)
    assert len(rows) == 1
    assert (found.status, found.remote_id in rows[0]["ids"]) == (Status.PUBLISHED, True)
    assert judge.untouched(scene, other)


class _Again:
    """Does a deed three times at the nth moment that the network is told of."""

    def __init__(self, scene: Scene, deed: Callable[[], None], nth: int) -> None:
        self._scene, self._deed, self._left = scene, deed, nth

    def moment(self, name: str) -> None:
        """One moment on the way."""
        self._left -= 1
        if self._left == -1:
            mark, self._scene.practice.mark = self._scene.practice.mark, None
            _again_and_again(self._deed)
            self._scene.practice.mark = mark


def _again_and_again(deed: Callable[[], None]) -> None:
    for _ in range(3):
        with suppress(Refusal):
            deed()
