"""Stop and replace: a whole queue held at once, and let go."""

from starlette.responses import Response

from app.actions import queue
from app.actions.inputs import Id, Input
from app.actions.queue import StopInput
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import Shape
from app.dependencies.database import Db
from app.dependencies.viewers import ByToken, Viewer
from app.foundation.database import Database

router = api_router(prefix="/queue", tags=["queue"])


class ReleaseInput(Input):
    """Of which unit, with everything below it; of all in sight without."""

    unit_id: Id | None = None


class StoppedOut(Shape):
    """Ids of the publications that stand still now, and of those that were on their way already."""

    held: list[int]
    on_their_way: list[int]


class LetGoOut(Shape):
    """Ids of publications: waiting for their times again, missed meanwhile, held for another reason too."""

    released: list[int]
    missed: list[int]
    still_held: list[int]


@router.post("/hold", response_model=StoppedOut)
def hold(viewer: ByToken, sent: Sent, data: StopInput | None = None) -> Response:
    """Hold everything that waits for its time, of a unit and below it, or wherever you may plan."""
    wanted = data or StopInput()
    return sent.once(
        200, lambda session: StoppedOut.model_validate(queue.hold_all(session, viewer.actor, wanted))
    )


@router.post("/release", response_model=LetGoOut)
def release(viewer: ByToken, sent: Sent, db: Db, data: ReleaseInput | None = None) -> Response:
    """End exactly the holds of such a stop. What is late does not go out: it is missed, and asks."""
    unit_id = data.unit_id if data else None
    return sent.step_by_step(200, lambda: _let_go(db, viewer, unit_id))


def _let_go(db: Database, viewer: Viewer, unit_id: int | None) -> LetGoOut:
    told = LetGoOut(released=[], missed=[], still_held=[])
    more = True
    while more:
        with db.writes() as session:
            part = queue.release_all(session, viewer.actor, unit_id)
        told.released += part.released
        told.missed += part.missed
        told.still_held += part.still_held
        more = part.more
    return told
