"""The doors of somebody else: a second factor that was lost, a work account that is no longer theirs."""

from fastapi import APIRouter
from starlette.responses import Response

from app.actions import identities, second_factors
from app.actions.inputs import Id
from app.dependencies.database import Configured, Db
from app.dependencies.viewers import SignedIn
from app.foundation import clock
from app.foundation.mail import postman_of
from app.web.forms import Posted, go

router = APIRouter(prefix="/people/{person_id}")


@router.post("/second-factor/remove")
def remove_second_factor(
    viewer: SignedIn, _form: Posted, db: Db, settings: Configured, person_id: Id
) -> Response:
    """Remove the second factor of somebody who lost the phone; they are told by mail."""
    with db.writes() as session:
        second_factors.remove_for(
            session,
            viewer.actor,
            person_id,
            clock.now(),
            settings.address,
            tell=postman_of(settings) is not None,
        )
    return go(f"/people/{person_id}", "second_factor_removed")


@router.post("/provider/remove")
def remove_account(viewer: SignedIn, _form: Posted, db: Db, person_id: Id) -> Response:
    """Remove a person's link to their account at the provider."""
    with db.writes() as session:
        identities.unlink_for(session, viewer.actor, person_id, clock.now())
    return go(f"/people/{person_id}", "account_unlinked")
