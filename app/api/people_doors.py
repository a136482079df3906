"""The doors of people: an invitation mailed again, whether they have a second factor or a work account, and
taking lost ones away."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import identities, second_factors
from app.actions import people as deeds
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import NotFound
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.queries import people
from app.queries import second_factors as questions

router = api_router(prefix="/people/{person_id}", tags=["people"])


class DoorsOut(Shape):
    """How a person may come in, beside a password and links."""

    second_factor: bool
    work_account: bool


class InvitedOut(Shape):
    """Whose invitation is mailed once more."""

    id: int


@router.get("/doors")
def show(viewer: ByToken, session: Reads, person_id: PathId) -> DoorsOut:
    """Whether a person whom you look after has a second factor, and a work account that is linked.

    Of others both are told as false.
    """
    scope = viewer.actor.scope
    found = questions.doors(session, scope, people.person(session, scope, person_id).id)
    return DoorsOut(second_factor=found.second_factor, work_account=found.provider)


@router.post("/invitation", status_code=201, response_model=InvitedOut)
def invite_again(viewer: ByToken, sent: Sent, settings: Configured, person_id: PathId) -> Response:
    """Mail the invitation once more to somebody who has not come in yet; 404 where no mail is sent."""
    return sent.once(201, lambda session: _invited(session, viewer, settings, person_id))


def _invited(session: Session, viewer: Viewer, settings: Settings, person_id: int) -> InvitedOut:
    if postman_of(settings) is None:
        raise NotFound
    return InvitedOut(id=deeds.invite_again(session, viewer.actor, person_id, settings.address).id)


@router.delete("/second-factor", status_code=204)
def remove_second_factor(viewer: ByToken, db: Db, settings: Configured, person_id: PathId) -> None:
    """Remove the second factor of somebody who lost the phone; they are told by mail where mail is set up."""
    tell = postman_of(settings) is not None
    with db.writes() as session:
        second_factors.remove_for(session, viewer.actor, person_id, clock.now(), settings.address, tell=tell)


@router.delete("/work-account", status_code=204)
def remove_account(viewer: ByToken, db: Db, person_id: PathId) -> None:
    """Remove the link between a person and their work account."""
    with db.writes() as session:
        identities.unlink_for(session, viewer.actor, person_id, clock.now())
