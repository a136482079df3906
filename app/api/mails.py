"""Mails: which come to oneself, when a unit is at work, and how mail fares."""

from datetime import datetime, time
from typing import Annotated

from pydantic import PlainSerializer
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.actions import mails
from app.actions.mails import HoursEdit, MailsEdit
from app.api.repeats import Sent
from app.api.routing import api_router
from app.api.shapes import PathId, Shape
from app.dependencies.database import Configured, Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain.errors import Conflict, Forbidden
from app.domain.mails import CHOICES, MailKind
from app.foundation import clock
from app.foundation.mail import postman_of
from app.foundation.settings import Settings
from app.models.mails import is_off
from app.queries import mails as questions
from app.queries import units

router = api_router()
WallHour = Annotated[time, PlainSerializer(lambda at: at.isoformat("minutes"), return_type=str)]


class MailsOut(Shape):
    """What comes to you by mail. `any_hour`: what is urgent comes also at night, at weekends, on holidays."""

    kinds: list[MailKind]
    any_hour: bool


class HoursOut(Shape):
    """From when to when people at a unit work, wall time in its zone. `own`: not those of the unit above."""

    begins: WallHour
    ends: WallHour
    zone: str
    own: bool


class TroubledOut(Shape):
    """A mail that did not go yet, or was given up. `person`: null for one without an account."""

    id: int
    kind: MailKind
    person: str | None
    reason: str
    tries: int
    next_at: datetime | None
    given_up_at: datetime | None


class HealthOut(Shape):
    """How mail fares to people in your units. `sends`: a mail server is set.

    `sent` and `given_up`: in the last seven days. `planned`: waiting for a working hour. `troubled`: the
    latest of those that did not go.
    """

    sends: bool
    last_sent_at: datetime | None
    sent: int
    waiting: int
    planned: int
    given_up: int
    troubled: list[TroubledOut]


class TriedOut(Shape):
    """The number of a mail that is on its way to you."""

    id: int


@router.get("/mails/mine", tags=["people"])
def mine(viewer: ByToken, session: Reads) -> MailsOut:
    """Which kinds of mails come to you."""
    return _mine(session, viewer)


def _mine(session: Session, viewer: Viewer) -> MailsOut:
    choice = questions.choices(session, viewer.actor.scope, [viewer.person_id]).get(viewer.person_id)
    kinds = [kind for kind in CHOICES if not is_off(choice, kind)]
    return MailsOut(kinds=kinds, any_hour=choice is not None and choice.any_hour)


@router.put("/mails/mine", tags=["people"])
def choose(viewer: ByToken, db: Db, data: MailsEdit) -> MailsOut:
    """Choose them; kinds that are left out do not come."""
    with db.writes() as session:
        mails.choose(session, viewer.actor, data)
        return _mine(session, viewer)


@router.get("/units/{unit_id}/hours", tags=["units"])
def hours(viewer: ByToken, session: Reads, unit_id: PathId) -> HoursOut:
    """When a unit is at work."""
    return _hours(session, viewer, unit_id)


def _hours(session: Session, viewer: Viewer, unit_id: int) -> HoursOut:
    scope = viewer.actor.scope
    units.unit(session, scope, unit_id)
    found = questions.hours(session, scope, [unit_id])[unit_id]
    own = questions.own_hours(session, scope, unit_id) is not None
    return HoursOut(begins=found.begins, ends=found.ends, zone=found.zone, own=own)


@router.put("/units/{unit_id}/hours", tags=["units"])
def set_hours(viewer: ByToken, db: Db, unit_id: PathId, data: HoursEdit) -> HoursOut:
    """Give a unit hours of its own."""
    with db.writes() as session:
        mails.set_hours(session, viewer.actor, unit_id, data)
        return _hours(session, viewer, unit_id)


@router.delete("/units/{unit_id}/hours", tags=["units"])
def drop_hours(viewer: ByToken, db: Db, unit_id: PathId) -> HoursOut:
    """Take them away: those of the unit above count."""
    with db.writes() as session:
        mails.set_hours(session, viewer.actor, unit_id, None)
        return _hours(session, viewer, unit_id)


@router.get("/mails/health", tags=["people"])
def health(viewer: ByToken, session: Reads, settings: Configured) -> HealthOut:
    """How mail of the installation fares, for administrators."""
    if not mails.may_look_after(viewer.actor):
        raise Forbidden("not_allowed")
    told = questions.health(session, viewer.actor.scope, clock.now())
    return HealthOut(
        sends=postman_of(settings) is not None, last_sent_at=told.last_sent_at, sent=told.sent,
        waiting=told.waiting, planned=told.planned, given_up=told.given_up,
        troubled=[TroubledOut.model_validate(row) for row in told.rows],
    )  # fmt: skip


@router.post("/mails/try", status_code=201, response_model=TriedOut, tags=["people"])
def try_it(viewer: ByToken, sent: Sent, settings: Configured) -> Response:
    """Send a mail to yourself, to see whether mail works."""
    return sent.once(201, lambda session: _tried(session, viewer, settings))


def _tried(session: Session, viewer: Viewer, settings: Settings) -> TriedOut:
    if postman_of(settings) is None:
        raise Conflict("mail_off")
    return TriedOut(id=mails.try_it(session, viewer.actor, settings.address).id)
