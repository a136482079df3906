"""What the network refuses for a while or for good: it waits or a person is told, nothing else suffers."""

from itertools import product
from typing import Any

import pytest

from app.actions import publications
from app.connectors.reasons import Reason
from app.domain.networks import NetworkKind
from app.domain.publications import Status
from app.errands.connect import check
from tests.faults import judge
from tests.faults.kinds import KINDS, Kind, of
from tests.faults.scene import Scene

SUBCODES = ("458", "459", "460", "463", "464", "467", "492")
# When it begins: before anything is laid ready, when it lies ready, when it is shown.
STEPS = {"before": 0, "staged": 500, "shown": 599.5}
WITHDRAWN = {
    NetworkKind.FACEBOOK: ["pages_manage_posts", "pages_read_engagement"],
    NetworkKind.INSTAGRAM: ["instagram_content_publish", "instagram_basic"],
}
pytestmark = pytest.mark.catalogue


def _begin(scene: Scene, kind: Kind, step: str, lateness: int = 60) -> tuple[int, int]:
    """The ids of a post and of another Page's, at a step of their way (see `STEPS`)."""
    scene.start()
    publication_id, other = scene.plan(kind, lateness=lateness), judge.beside(scene)
    if STEPS[step]:  # even a moment would lay a video ready
        scene.advance(STEPS[step])
    return publication_id, other


def _set(scene: Scene, kind: Kind, **switches: Any) -> None:
    scene.practice.switches(page=scene.places[kind.network], **switches)


@pytest.mark.parametrize("in_time", [True, False])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        *product(KINDS, ({"token_error": subcode} for subcode in SUBCODES)),
        *(
            (kind, {"withdrawn": WITHDRAWN[kind.network], "permission_code": code})
            for kind, code in product(KINDS, ("200", "10"))
        ),
    ],
    ids=lambda given: "-".join(str(one) for one in given.values()) if isinstance(given, dict) else str(given),
)
def test_signed_out(scene: Scene, kind: Kind, trouble: dict[str, Any], step: str, in_time: bool) -> None:
    """Held and told; connected again it goes on, or asks when it is too late."""
    publication_id, other = _begin(scene, kind, step)
    _set(scene, kind, **trouble)
    scene.advance(1200)
    assert judge.told(scene, publication_id, Status.HELD)
    assert judge.untouched(scene, other)
    if not in_time:
        scene.advance(4 * 3600)
    _set(scene, kind, **dict.fromkeys(trouble))
    check(scene.ground, scene.channels[kind.network])
    scene.advance(1200)
    if in_time:
        assert judge.once(scene, publication_id)
    else:
        assert judge.told(scene, publication_id, Status.MISSED)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_blocked_by_the_network(scene: Scene, kind: Kind, step: str) -> None:
    publication_id, other = _begin(scene, kind, step)
    _set(scene, kind, blocked=True)
    scene.advance(6000)
    assert judge.told(scene, publication_id, Status.HELD, reason=Reason.BLOCKED_FOR_NOW)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("code", ["80001", "4", "17", "32", "613"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_too_many_calls(scene: Scene, kind: Kind, step: str, code: str) -> None:
    """Not one call more than needed to learn of it, until the time that the network named."""
    publication_id, other = _begin(scene, kind, step)
    _set(scene, kind, usage_percent=100, regain_minutes=20, limit_code=code)
    scene.advance(1190 if step == "before" else 700)
    place = scene.places[kind.network]
    refused = [row for row in scene.practice.transcript(page=place) if row["status"] == 400]
    assert 1 <= len(refused) <= 2
    assert scene.seen(publication_id) == []
    _set(scene, kind, usage_percent=None)
    scene.advance(3600)
    assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_too_many_calls_for_too_long(scene: Scene, kind: Kind) -> None:
    publication_id, other = _begin(scene, kind, "staged", lateness=10)
    _set(scene, kind, usage_percent=100, regain_minutes=90)
    scene.advance(1500)
    assert judge.told(scene, publication_id, Status.MISSED, reason=Reason.RATE_LIMITED)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", of(lambda kind: kind.network is NetworkKind.INSTAGRAM), ids=str)
@pytest.mark.parametrize("in_time", [True, False])
def test_no_more_posts_today(scene: Scene, kind: Kind, step: str, in_time: bool) -> None:
    publication_id, other = _begin(scene, kind, step)
    _set(scene, kind, quota_used=50)
    scene.advance(2400)
    assert scene.seen(publication_id) == []
    if in_time:
        _set(scene, kind, quota_used=0)
        scene.advance(2400)
        assert judge.once(scene, publication_id)
    else:
        scene.advance(6000)
        assert judge.told(scene, publication_id, Status.MISSED, reason=Reason.QUOTA_USED)
    assert judge.untouched(scene, other)


REFUSED = [
    *((kind, {"fault": "bad_video", "calls": "rupload upload video"}) for kind in KINDS if kind.film),
    *((kind, {"fault": "bad_image", "calls": kind.staging[0]}) for kind in KINDS if kind.shots),
    *((kind, {"fault": "duplicate", "calls": "create"}) for kind in KINDS if "create" in kind.staging),
    *(
        (kind, {"fault": "error", "calls": "container", "code": code, "subcode": subcode})
        for kind in KINDS
        for code, subcode in ((36003, 2207009), (36001, 2207005), (36000, 2207004), (36004, 2207010))
        if "container" in kind.staging
    ),
]


@pytest.mark.parametrize(("kind", "rule"), REFUSED, ids=str)
def test_the_content_is_refused(scene: Scene, kind: Kind, rule: dict[str, Any]) -> None:
    publication_id, other = _begin(scene, kind, "before")
    scene.practice.script(page=scene.places[kind.network], times=None, **rule)
    scene.advance(1200)
    assert judge.told(scene, publication_id, Status.REJECTED)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("for_long", [False, True])
@pytest.mark.parametrize("kind", of(lambda kind: kind.network is NetworkKind.INSTAGRAM), ids=str)
def test_our_pictures_cannot_be_fetched(scene: Scene, kind: Kind, for_long: bool) -> None:
    publication_id, other = _begin(scene, kind, "before")
    scene.practice.script(
        "not_fetched", calls="container", page=scene.places[kind.network], times=None if for_long else 3
    )
    scene.advance(6000)
    if for_long:
        assert judge.told(scene, publication_id)
    else:
        assert judge.once(scene, publication_id)
    assert judge.untouched(scene, other)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_connected_again_and_sent_at_once(scene: Scene, kind: Kind) -> None:
    publication_id, _ = _begin(scene, kind, "staged")
    _set(scene, kind, token_error="460")
    scene.advance(300)
    assert judge.told(scene, publication_id, Status.HELD)
    _set(scene, kind, token_error=None)
    check(scene.ground, scene.channels[kind.network])
    scene.act(publications.publish_now, publication_id)
    scene.advance(600)
    assert judge.once(scene, publication_id)
