"""What must have come of a publication: seen exactly once and in time, or not at all and a person told."""

from datetime import timedelta

from app.domain.publications import NEEDS_PERSON, Status
from tests.faults.kinds import BY_NAME
from tests.faults.scene import Scene

# A post on a Page that has no trouble: as long as a call may hang on the only thread there is here.
BESIDE_LATE = timedelta(minutes=10)


def once(scene: Scene, publication_id: int, late: timedelta | None = None) -> Status:
    """Seen exactly once, not before its time nor later than its limit (or `late`), and recorded so.

    Returns the status that is recorded; so do `told` and `untouched`.
    """
    found, rows = scene.read(publication_id), scene.seen(publication_id)
    assert len(rows) == 1, f"seen {len(rows)} times; recorded as {found.status} ({found.reason})"
    kind = scene.kinds[publication_id]
    own = found.remote_id in rows[0]["ids"] or (kind.nameless and not found.remote_id)
    assert (found.status, own) == (Status.PUBLISHED, True), found.reason
    if kind.comment:
        assert len(scene.comments(publication_id)) == 1, f"{len(scene.comments(publication_id))} comments"
    lateness = scene.shown_at(rows[0]) - found.due_at
    assert timedelta(0) <= lateness <= (late or found.lateness), lateness
    return found.status


def told(scene: Scene, publication_id: int, *statuses: Status, reason: str = "") -> Status:
    """It was never seen, stands still in one of these statuses, and a person is told why."""
    found = scene.read(publication_id)
    assert scene.seen(publication_id) == []
    assert found.status in (statuses or NEEDS_PERSON), (found.status, found.reason)
    assert found.reason or scene.holds(publication_id), "nobody is told why"
    assert not reason or found.reason == reason, found.reason
    return found.status


def beside(scene: Scene, lateness: int = 60) -> int:
    """A post on another Page, due in the same second as the others: no trouble of theirs may touch it."""
    return scene.plan_on(scene.beside, BY_NAME["text"], lateness=lateness)


def untouched(scene: Scene, publication_id: int) -> Status:
    """The post on the other Page went out, once and about in time."""
    return once(scene, publication_id, BESIDE_LATE)
