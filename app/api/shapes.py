"""What every answer and every question has in common: the form of times and of ids."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer
from pydantic_core import PydanticCustomError

from app.actions.inputs import ID_MOST


class Shape(BaseModel):
    """The base of answers; they are read off rows, entities and plain values alike."""

    model_config = ConfigDict(from_attributes=True)


def _wall(local: datetime) -> str:
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        raise PydanticCustomError("datetime_range", "out of range") from None


# "2026-11-25T12:00": the time on the wall, in the zone that stands beside it.
WallTime = Annotated[datetime, PlainSerializer(_wall, return_type=str)]
# An instant that a program gives, as UTC.
GivenInstant = Annotated[AwareDatetime, AfterValidator(_utc)]
PathId = Annotated[int, Path(ge=1, le=ID_MOST)]
