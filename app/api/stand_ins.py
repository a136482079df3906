"""Who stands in for whom, and who keeps a channel."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import keepers, people, stand_ins
from app.actions.keepers import KeepersEdit
from app.actions.stand_ins import NewStandIn
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import NotFound
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.queries import channels
from app.queries import keepers as keeper_questions
from app.queries import people as people_questions
from app.queries import stand_ins as questions

router = api_router()


class StandInOut(Shape):
    """Somebody stands in for a person, both days included, as days are in `zone`."""

    id: int
    person_id: int
    person: str
    deputy_id: int
    deputy: str
    from_on: date
    until_on: date
    zone: str
    from_at: datetime
    until_at: datetime


class StandInsOut(Shape):
    """Who stands in for a person now and later, the earliest first."""

    items: list[StandInOut]


class KeepersOut(Shape):
    """Who answers for a channel; null and "" for nobody. `on_duty`: who does, or in their place, just now."""

    owner_id: int | None
    owner: str
    deputy_id: int | None
    deputy: str
    on_duty_id: int | None
    on_duty: str


@router.get("/people/{person_id}/deputies", tags=["people"])
def listed(viewer: ByToken, session: Reads, person_id: PathId) -> StandInsOut:
    """Who stands in for a person."""
    return _listed(session, viewer, person_id)


def _listed(session: Session, viewer: Viewer, person_id: int) -> StandInsOut:
    people_questions.person(session, viewer.actor.scope, person_id)
    rows = questions.coming(session, viewer.actor.scope, person_id, clock.now())
    return StandInsOut(items=[StandInOut.model_validate(row) for row in rows])


@router.post("/people/{person_id}/deputies", status_code=201, response_model=StandInsOut, tags=["people"])
def name(viewer: ByToken, sent: Sent, settings: Configured, person_id: PathId, data: NewStandIn) -> Response:
    """Name somebody who stands in: for yourself, or for somebody about whom you may decide."""
    return sent.once(201, lambda session: _named(session, viewer, settings, person_id, data))


def _named(
    session: Session, viewer: Viewer, settings: Settings, person_id: int, data: NewStandIn
) -> StandInsOut:
    if person_id != viewer.person_id:
        people.governed(session, viewer.actor, person_id)
    address = settings.address if postman_of(settings) is not None else ""
    stand_ins.name(session, viewer.actor, person_id, data, address)
    return _listed(session, viewer, person_id)


@router.delete("/people/{person_id}/deputies/{stand_in_id}", tags=["people"])
def end(viewer: ByToken, db: Db, person_id: PathId, stand_in_id: PathId) -> StandInsOut:
    """It is over at once, or does not begin."""
    with db.writes() as session:
        row = stand_ins.end(session, viewer.actor, stand_in_id)
        if row.person_id != person_id:
            raise NotFound
        return _listed_after(session, viewer, person_id)


def _listed_after(session: Session, viewer: Viewer, person_id: int) -> StandInsOut:
    """Whoever stood in may end it also where the person is out of their sight; then nothing is listed."""
    try:
        return _listed(session, viewer, person_id)
    except NotFound:
        return StandInsOut(items=[])


@router.get("/channels/{channel_id}/keepers", tags=["channels"])
def kept(viewer: ByToken, session: Reads, channel_id: PathId) -> KeepersOut:
    """Who answers for a channel, and who is on duty just now."""
    return _kept(session, viewer, channel_id)


def _kept(session: Session, viewer: Viewer, channel_id: int) -> KeepersOut:
    channels.channel(session, viewer.actor.scope, channel_id)
    found = keeper_questions.of_channel(session, viewer.actor.scope, channel_id, clock.now())
    return KeepersOut.model_validate(found)


@router.put("/channels/{channel_id}/keepers", tags=["channels"])
def keep(viewer: ByToken, db: Db, channel_id: PathId, data: KeepersEdit) -> KeepersOut:
    """Name a channel's owner and deputy; what is left out is nobody."""
    with db.writes() as session:
        keepers.edit(session, viewer.actor, channel_id, data)
        session.flush()
        return _kept(session, viewer, channel_id)
