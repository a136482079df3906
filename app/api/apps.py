"""Meta apps: which holds for which unit, and how far the way to one is."""

from datetime import datetime

from starlette.responses import Response

from app.actions.inputs import Input
from app.actions.meta_apps import MetaAppInput
from app.api.ground import Grounded
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Forbidden
from app.domain.roles import Right
from app.errands import connect_app, connect_guide
from app.errands.connect_guide import Step, Told
from app.errands.ground import Ground
from app.queries import meta_apps as questions

router = api_router(tags=["channels"])


class AppOut(Shape):
    """The Meta app that holds for a unit; its secret is never told.

    `app_id`: empty when there is none. `of`: the unit whose app it is; null for that of the settings.
    `parted`: active channels of the unit that were connected by another app and must be connected again.
    """

    unit_id: int
    unit: str
    app_id: str
    of: int | None
    own: bool
    changed_at: datetime | None
    parted: int


class AppsOut(Shape):
    """Of every unit where you look after channels, parents before children."""

    items: list[AppOut]


class Removal(Input):
    """`sure`: needed when channels must be connected again after it."""

    sure: bool = False


class StepOut(Shape):
    """One step of the way to an app. `why`: a code for more, with its facts; empty for none."""

    step: Step
    told: Told
    why: str
    facts: dict[str, str]


class StepsOut(Shape):
    """The steps, in the order in which they are taken."""

    items: list[StepOut]


@router.get("/channels/apps")
def listed(viewer: ByToken, session: Reads, settings: Configured) -> AppsOut:
    """Which Meta app holds for which unit."""
    held = questions.listed(session, viewer.actor.scope, settings.meta_app_id)
    return AppsOut(items=[AppOut.model_validate(one) for one in held])


@router.put("/units/{unit_id}/meta-app")
def put(viewer: ByToken, ground: Grounded, unit_id: PathId, data: MetaAppInput) -> AppOut:
    """Enter or change a unit's app, whole."""
    connect_app.put(ground, viewer.actor, unit_id, data)
    return _one(ground, viewer, unit_id)


@router.delete("/units/{unit_id}/meta-app")
def remove(viewer: ByToken, ground: Grounded, unit_id: PathId, data: Removal | None = None) -> AppOut:
    """Take a unit's own app away; the one above holds again."""
    connect_app.remove(ground, viewer.actor, unit_id, bool(data and data.sure))
    return _one(ground, viewer, unit_id)


def _one(ground: Ground, viewer: Viewer, unit_id: int) -> AppOut:
    with ground.database.reads() as session:
        held = questions.held(session, viewer.actor.scope, unit_id, ground.settings.meta_app_id)
    return AppOut.model_validate(held)


@router.post("/units/{unit_id}/meta-app/steps", response_model=StepsOut)
def steps(viewer: ByToken, sent: Sent, ground: Grounded, unit_id: PathId) -> Response:
    """Ask how far the way to an app is; nothing is changed by it."""

    def work() -> StepsOut:
        with ground.database.reads() as session:
            questions.held(session, viewer.actor.scope, unit_id, "")
        if not viewer.actor.scope.may(Right.CHANNELS, unit_id):
            raise Forbidden("not_allowed")
        found = connect_guide.steps(ground, viewer.actor.scope, unit_id, asked=True)
        return StepsOut(items=[StepOut.model_validate(one) for one in found])

    return sent.step_by_step(200, work)
