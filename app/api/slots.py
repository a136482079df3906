"""Promised rhythms: what a channel promises, and how a week stands against it."""

import re
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Query
from pydantic import PlainSerializer
from sqlalchemy.orm import Session

from app.actions import slots
from app.actions.inputs import ID_MOST
from app.actions.slots import RhythmInput
from app.api.paging import Listed, whole
from app.api.routing import api_router
from app.api.shapes import PathId, Shape, WallTime
from app.dependencies.database import Db, Reads
from app.dependencies.viewers import ByToken, Viewer
from app.domain import timing
from app.domain.errors import Invalid
from app.domain.slots import Kept, monday_of
from app.foundation import clock
from app.queries import slots as questions
from app.queries.slots import Promised, Week
from app.queries.surroundings import zone

router = api_router(tags=["slots"])
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
# "10:00": an hour on the wall of the channel's unit.
WallHour = Annotated[time, PlainSerializer(lambda at: at.isoformat("minutes"), return_type=str)]
Filter = Annotated[int | None, Query(ge=1, le=ID_MOST)]


class HourOut(Shape):
    """An hour that is kept for a post each week. `weekday`: 1 is Monday, 7 is Sunday."""

    weekday: int
    local_time: WallHour


class RhythmOut(Shape):
    """What a channel promises; nulls where it promises nothing. `zone`: in which its hours are meant."""

    channel_id: int
    channel: str
    zone: str
    at_least: int | None
    at_most: int | None
    slots: list[HourOut]


class FreeOut(Shape):
    """An hour of a channel in one week that no post has taken, still to come."""

    local_due: WallTime
    zone: str
    due_at: datetime


class WeekOut(RhythmOut):
    """A channel's week. `planned`: posts that are out or go out. `kept`: null where nothing is promised."""

    week: str
    planned: int
    kept: Kept | None
    free: list[FreeOut]


@router.get("/channels/{channel_id}/rhythm")
def show(viewer: ByToken, session: Reads, channel_id: PathId) -> RhythmOut:
    """What one of your units' channels promises."""
    return _shown(session, viewer, channel_id)


@router.put("/channels/{channel_id}/rhythm")
def promise(viewer: ByToken, db: Db, channel_id: PathId, data: RhythmInput) -> RhythmOut:
    """Put a promise in the place of the one before."""
    with db.writes() as session:
        slots.promise(session, viewer.actor, channel_id, data)
        return _shown(session, viewer, channel_id)


def _shown(session: Session, viewer: Viewer, channel_id: int) -> RhythmOut:
    return RhythmOut.model_validate(_rhythm(questions.rhythm(session, viewer.actor.scope, channel_id)))


def _rhythm(of: Promised) -> dict[str, object]:
    return {
        "channel_id": of.channel_id,
        "channel": of.name,
        "zone": of.zone,
        "at_least": of.promise and of.promise.at_least,
        "at_most": of.promise and of.promise.at_most,
        "slots": [HourOut.model_validate(hour) for hour in of.hours],
    }


@router.get("/slots")
def weeks(
    viewer: ByToken,
    session: Reads,
    week: Annotated[
        str, Query(max_length=8, description="ISO 8601, for example 2030-W08; this week without it.")
    ] = "",
    channel: Filter = None,
    unit: Filter = None,
) -> Listed[WeekOut]:
    """How a week stands on your units' channels that promise something, and which hours are free."""
    now = clock.now()
    scope = viewer.actor.scope
    monday = _monday(week) if week else monday_of(timing.to_local(now, zone(session, scope)).date())
    rows = questions.weeks(session, scope, monday, now, channel, unit)
    return whole(rows, lambda row: _week(row, monday))


def _monday(week: str) -> date:
    """The Monday of a week. Raises Invalid."""
    found = _WEEK.fullmatch(week)
    try:
        if found and "1990" <= week[:4] <= "2200":
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise Invalid("bad_week", "week")


def _week(row: Week, monday: date) -> WeekOut:
    of, iso = row.of, monday.isocalendar()
    free = [
        FreeOut(local_due=wall, zone=of.zone, due_at=timing.to_instant(wall, of.zone)) for wall in row.free
    ]
    kept = of.promise.kept(row.planned) if of.promise else None
    named = f"{iso.year}-W{iso.week:02}"
    return WeekOut.model_validate(
        {**_rhythm(of), "week": named, "planned": row.planned, "kept": kept, "free": free}
    )
