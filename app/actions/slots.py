"""The rhythm that a channel promises: set as a whole, posts a week and the hours kept for them."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.actions import history
from app.actions.inputs import Input
from app.domain.errors import Forbidden, Invalid
from app.domain.roles import Actor, Right
from app.domain.slots import Hour, in_order
from app.foundation import clock
from app.models.slots import Rhythm, Slot
from app.queries import channels as questions

MOST_A_WEEK = 100
MOST_HOURS = 70


def _wall(value: time) -> time:
    if value.tzinfo is not None:
        raise PydanticCustomError("timezone_naive", "a wall time has no zone")
    return value.replace(second=0, microsecond=0)


Number = Annotated[int, Field(ge=0, le=MOST_A_WEEK)]


class HourInput(Input):
    """An hour of each week. `weekday`: 1 is Monday, 7 is Sunday; `local_time`: in the zone of the unit."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    local_time: Annotated[time, AfterValidator(_wall)]


class RhythmInput(Input):
    """What a channel promises. Neither number: no promise; without `at_most` there is no upper end."""

    at_least: Number | None = None
    at_most: Number | None = None
    slots: Annotated[list[HourInput], Field(default_factory=list, max_length=MOST_HOURS)]


def promise(session: Session, actor: Actor, channel_id: int, data: RhythmInput) -> None:
    """Put a channel's promise in the place of the one before.

    Raises NotFound, Forbidden, and Invalid when the most is below the least, or stands without it.
    """
    channel = questions.channel(session, actor.scope, channel_id)
    if not actor.scope.may(Right.CHANNELS, channel.unit_id):
        raise Forbidden("not_allowed")
    _check(data)
    session.execute(delete(Rhythm).where(Rhythm.channel_id == channel.id))
    session.execute(delete(Slot).where(Slot.channel_id == channel.id))
    if data.at_least is not None:
        session.add(Rhythm(channel_id=channel.id, at_least=data.at_least, at_most=data.at_most))
    hours = in_order(Hour(one.weekday, one.local_time) for one in data.slots)
    session.add_all(
        Slot(channel_id=channel.id, weekday=hour.weekday, local_time=hour.local_time) for hour in hours
    )
    session.flush()
    history.record(
        session, actor, "channel", channel.id, "promised", unit_id=channel.unit_id, now=clock.now(),
        at_least=data.at_least, at_most=data.at_most, hours=len(hours),
    )  # fmt: skip


def _check(data: RhythmInput) -> None:
    if data.at_most is None:
        return
    if data.at_least is None:
        raise Invalid("missing", "at_least")
    if data.at_most < data.at_least:
        raise Invalid("most_below_least", "at_most")
